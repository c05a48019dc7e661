import { BreakglassError } from "../core/errors.ts";
import type { Register } from "../custody/register.ts";
import { registerDefaults } from "./issue-defaults.ts";
import type { IssueOptions } from "./issue-options.ts";
import { parseSplit } from "./options.ts";
import { oneLine, say } from "./output.ts";
import { askFor } from "./questions.ts";

/**
 * Shows whom the next set is for before it is issued, and has holders changed.
 *
 * @returns the flags, with a holder for every slip
 */
export async function reviewPlan(
  register: Register,
  account: string,
  options: IssueOptions,
): Promise<IssueOptions> {
  const defaults = registerDefaults(register, account);
  const { total } = parseSplit(options.split ?? defaults.split);
  const named = [options.custodian, options.alternate, options.location].some(
    (given) => given !== undefined,
  );
  // A first set, or another split, has no holders to go by: `issue` asks for each of them.
  if (named || defaults.holders.length !== total) return options;
  const holders = defaults.holders.map((holder) => ({ ...holder }));
  say(`generation ${defaults.generation} of ${account}, ${options.split ?? defaults.split}, for:`);
  for (;;) {
    for (const [i, { custodian, alternate, location }] of holders.entries())
      say(oneLine(`  ${i + 1}  ${custodian}, alternate ${alternate}, ${location}`));
    const typed = await askFor(
      "--custodian",
      "y to issue it so, the number of a slip to change who holds it, q to leave",
      undefined,
    );
    const holder = holders[Number(typed) - 1];
    if (typed === "q")
      throw new BreakglassError("interrupted", "nothing was issued", "run it again when ready");
    if (typed === "y") break;
    if (holder === undefined) continue;
    holder.custodian = await askFor("--custodian", "Custodian", undefined);
    holder.alternate = await askFor(
      "--alternate",
      "Alternate",
      defaults.alternateOf(holder.custodian),
    );
    holder.location = await askFor("--location", "Where it will lie", undefined);
  }
  return {
    ...options,
    custodian: holders.map(({ custodian }) => custodian),
    alternate: holders.map(({ alternate }) => alternate),
    location: holders.map(({ location }) => location),
  };
}
