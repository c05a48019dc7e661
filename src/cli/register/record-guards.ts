import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { EventOf } from "../../custody/events.ts";
import type { Refusal } from "../../custody/lifecycle/refusal.ts";
import type { Register } from "../../custody/register.ts";
import { oneLine } from "../system/output.ts";
import { entryProblem, nothingFor } from "./record-entry.ts";
import type { About, RecordOptions } from "./recordable.ts";
import { slipFilesNearby } from "./slip-files-nearby.ts";

/**
 * A recovery that is written down afterwards names a set, and slips, that there were: a mistyped
 * name would leave nothing due. The recovery itself never comes by here.
 */
export function refuseMistyped(
  { set, slips }: EventOf<"password-recovered">,
  register: Register,
): void {
  const known = register.sets.get(set);
  if (known === undefined)
    throw new BreakglassError(
      "refused",
      `set ${set} is not in this register`,
      "see breakglass status, or the four symbols at the top of the slips",
    );
  const numbers = new Set(slips);
  if ([...numbers].some((number) => number > known.slips.length))
    throw new BreakglassError(
      "refused",
      `set ${set} has no slip ${Math.max(...numbers)}`,
      `give --slips numbers from 1 to ${known.slips.length}`,
    );
  if (numbers.size < known.threshold)
    throw new BreakglassError(
      "refused",
      `${numbers.size} of its slips recover no password of set ${set}`,
      `give all that were used, ${known.threshold} at least: --slips 1,2`,
    );
}

/** Nobody can say that a new slip is as it was issued but who read it: the check word is from its paper. */
export function refuseClaims(abouts: readonly About[], { sets }: Register): void {
  const claimed = abouts.find(({ slip }) => sets.get(slip.set)?.stage === "issued");
  if (claimed !== undefined)
    throw new BreakglassError(
      "refused",
      `set ${claimed.slip.set} is not checked yet, and what proves a check is the check word of the slip`,
      `${COMMANDS.check(claimed.slip)} says it; then add --check-word 'WORD'`,
    );
}

/** Where nothing is open, nobody is asked which it is. */
export function refuseNothing(what: string, register: Register): void {
  refuse(nothingFor(what, register));
}

/** An entry that asks for nothing any more is told before anything else is asked for. */
export function refuseClosedEntry(what: string, { number }: About, register: Register): void {
  refuse(entryProblem(what, number, register));
}

function refuse(refused: Refusal | undefined): void {
  if (refused !== undefined) throw new BreakglassError("refused", refused.refusal, refused.hint);
}

/** Nobody deleted what still lies here. */
export function refuseFilesHere({ set }: About): void {
  const [first, ...others] = slipFilesNearby(set);
  if (first !== undefined)
    throw new BreakglassError(
      "refused",
      `${others.length + 1} of its slip files ${others.length === 0 ? "is" : "are"} still here, such as ${oneLine(first)}`,
      "delete them first, and empty the bin",
    );
}

/** What belongs to one slip can't be said of several at once. */
export function refuseOneForSeveral(abouts: readonly About[], options: RecordOptions): void {
  if (abouts.length === 1) return;
  const flag = [options.bag && "--bag", options.checkWord && "--check-word"].find(Boolean);
  if (flag !== undefined)
    throw new BreakglassError(
      "usage",
      `${flag} belongs to one slip, and several were named`,
      "record each of them with its own",
    );
}
