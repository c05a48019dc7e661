import { BreakglassError } from "../../core/errors.ts";
import { commandLine } from "../../custody/commands.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { oneLine, say } from "../system/output.ts";
import { isoDate } from "../system/system.ts";
import { asked } from "../terminal/asked.ts";
import { askFor } from "../terminal/questions.ts";
import type { Holder, IssueDefaults, IssuePlan } from "./issue-plan.ts";

/** What is decided of a set besides its holders. */
export type Terms = Pick<
  IssuePlan,
  "account" | "generation" | "split" | "replaceBy" | "stays" | "destination"
>;

/**
 * Shows a person at the terminal what will be issued, and has holders changed, before anything is
 * made. Then it says the flags that make the same without a question.
 *
 * @param holders as they were given, asked for or taken from the set before
 * @throws BreakglassError `interrupted` if it is not to be issued
 */
export async function reviewHolders(
  terms: Terms,
  holders: readonly Holder[],
  { known, alternateOf }: IssueDefaults,
): Promise<readonly Holder[]> {
  if (!hasTerminal()) return holders;
  const { account, generation, replaceBy, stays } = terms;
  const by = `${stays ? "sign-in to be tried" : "to be replaced"} by ${isoDate(replaceBy)}`;
  const reviewed = holders.map((holder) => ({ ...holder }));
  for (;;) {
    say("");
    say(oneLine(`generation ${generation} of ${account}, ${splitText(terms)}`));
    for (const [i, { custodian, alternate, location }] of reviewed.entries())
      say(oneLine(`  ${i + 1}  ${custodian}, alternate ${alternate}, ${location}`));
    say(oneLine(`${by}; ${placeWords(terms)}`));
    const typed = await askFor("y", "y issues it, a number changes who holds that slip, q leaves");
    if (typed.toLowerCase() === "q")
      throw new BreakglassError("interrupted", "nothing was issued", "run it again when ready");
    if (typed.toLowerCase() === "y") break;
    const holder = reviewed[Number(typed) - 1];
    if (holder === undefined) continue;
    holder.custodian = await askFor("--custodian", "Custodian", undefined, {
      ...{ known: known.custodians, usual: holder.custodian },
      closed: known.custodians.length > 0,
    });
    const usual = alternateOf(holder.custodian) ?? holder.alternate;
    holder.alternate = await askFor("--alternate", "Alternate", undefined, {
      ...{ usual, known: known.custodians, closed: known.custodians.length > 0 },
    });
    holder.location = await askFor("--location", "Where it will lie", undefined, {
      ...{ known: known.locations, usual: holder.location },
      closed: known.locations.length > 0,
    });
  }
  // Answers that were changed afterwards would mislead.
  asked.length = 0;
  say(`the same without questions: ${flagsOf(terms, reviewed)}`);
  return reviewed;
}

/** As `--split` takes it. */
function splitText({ split: { scheme, threshold, total } }: Pick<Terms, "split">): string {
  return scheme === "concat" ? `concat:${total}` : `${threshold}of${total}`;
}

function placeWords({ destination }: Terms): string {
  return destination.kind === "folder"
    ? `slips into the folder ${destination.folder}`
    : `slips to ${destination.name ?? "the usual printer"}`;
}

function flagsOf(terms: Terms, holders: readonly Holder[]): string {
  const { account, destination } = terms;
  const place =
    destination.kind === "folder"
      ? ["--out", destination.folder]
      : ["--print", ...(destination.name === undefined ? [] : [destination.name])];
  return commandLine([
    ...["breakglass", "issue", account, "--split", splitText(terms), ...place],
    ...holders.flatMap(({ custodian, alternate, location }) => [
      ...["--custodian", custodian, "--alternate", alternate, "--location", location],
    ]),
  ]);
}
