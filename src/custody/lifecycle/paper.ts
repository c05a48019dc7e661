import { COMMANDS } from "../commands.ts";
import {
  isPerhapsSet,
  isUsable,
  type Register,
  type SetState,
  type SlipState,
} from "../register.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { refText } from "../slip-ref.ts";

/** What makes a slip of a set that is not set yet unfit for it. */
export function spoiled(slip: SlipState): string | undefined {
  if (slip.destroyed) return "destroyed";
  if (slip.lost) return "lost";
  if (slip.found) return "found again, and was lost for a time";
  if (slip.compromised) return "compromised";
  return slip.damaged && "damaged";
}

export function spoiledProblem(set: SetState): Refusal | undefined {
  const bad = set.slips.find((slip) => spoiled(slip) !== undefined);
  const abandon = `abandon the set and issue another: ${COMMANDS.recordSet("abandoned", set.set)}`;
  if (bad !== undefined) return refuse(`${refText(bad)} is ${spoiled(bad)!}`, abandon);
  return set.compromised && refuse(`set ${set.set} is compromised`, abandon);
}

/** The slips that never came out: a set whose issue broke off can't be gone on with. */
export function unprinted({ slips }: SetState): SlipState[] {
  return slips.filter(({ printed, checked }) => !printed && !checked);
}

/**
 * Whether enough slips of a set are known to be on paper: that they went into files doesn't say that they were
 * printed; only a check does.
 */
export function isPaperKnown({ slips, threshold }: SetState): boolean {
  return slips.filter((slip) => isUsable(slip) && slip.checked !== undefined).length >= threshold;
}

/** Whether the files of a set may be all there is of a password that the tenant may hold. */
export function needsFiles(set: SetState, register: Register): boolean {
  return isPerhapsSet(set, register) && !isPaperKnown(set);
}

/** How many slips are left that count, in words. */
export function leftText({ slips, threshold }: SetState): string {
  return leftWords(slips.filter(isUsable).length, threshold);
}

/** The same of so many slips. */
export function leftWords(left: number, threshold: number): string {
  return `${left} of its slips ${left === 1 ? "is" : "are"} left, and ${threshold} are needed`;
}
