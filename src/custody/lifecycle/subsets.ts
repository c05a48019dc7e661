import { combinations } from "../../core/choose.ts";
import type { EventOf } from "../events.ts";
import { isSameName } from "../names.ts";
import { isRecoverable, isUsable, type Deed, type Register, type SetState } from "../register.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { backOutOf, stepText } from "./standing.ts";
import { leftText, spoiled } from "./paper.ts";
import { refText } from "../slip-ref.ts";

export function slipsProblem(slips: readonly number[], set: SetState): Refusal | undefined {
  const given = new Set(slips);
  if (given.size !== slips.length || slips.some((slip) => slip > set.slips.length))
    return refuse(
      `these are not different slips of set ${set.set}`,
      `name each slip once, from 1 to ${set.slips.length}`,
    );
  return slips.length >= set.threshold
    ? undefined
    : refuse(`set ${set.set} needs ${set.threshold} slips`, "name every slip that was used");
}

/**
 * What keeps somebody from confirming a sign-in with a set that is being set: another person than
 * those who set it has to, from slips that are there, and from other ones where that can be.
 */
export function secondPersonProblem(
  actor: string,
  slips: readonly number[],
  set: SetState,
  register: Register,
): Refusal | undefined {
  const lost = set.slips.find((slip) => slips.includes(slip.slip) && !isUsable(slip));
  if (!isRecoverable(set))
    return refuse(
      `set ${set.set} must not become the active one: ${leftText(set)}`,
      `back out: ${stepText(backOutOf(set, register))}`,
    );
  const problem = slipsProblem(slips, set);
  if (problem !== undefined) return problem;
  if (lost !== undefined)
    return refuse(
      `${refText(lost)} is ${spoiled(lost) ?? "not there"}`,
      "let the second person recover it from the slips that are left",
    );
  const setter = set.setters.find((other) => isSameName(other.actor, actor));
  if (setter !== undefined)
    return refuse(
      `${setter.actor} recovered the password to set it`,
      "let a second person recover it and sign in on another computer",
    );
  return isTaken(slips, set) && !isTaken(subsetForSecond(set), set)
    ? refuse(
        "the sign-in is from the same slips as the password that was set",
        "let the second person recover it from other slips",
      )
    : undefined;
}

/**
 * Slips for the second person: the last ones that suffice, or others if the password was set from
 * these; the same ones once more where no others are left.
 */
export function subsetForSecond(set: SetState): readonly number[] {
  const subsets = subsetsLeft(set).toReversed();
  return subsets.find((subset) => !isTaken(subset, set)) ?? subsets[0] ?? [];
}

/** Whether the password was set from just these slips. */
function isTaken(slips: readonly number[], { setters }: SetState): boolean {
  return setters.some((setter) => sameSlips(setter.slips, slips));
}

/** Every choice of just enough slips that are left. */
function subsetsLeft(set: SetState): number[][] {
  return [
    ...combinations(
      set.slips.filter(isUsable).map(({ slip }) => slip),
      set.threshold,
    ),
  ];
}

function sameSlips(slips: readonly number[], others: readonly number[]): boolean {
  return slips.length === others.length && slips.every((slip) => others.includes(slip));
}

/** The recovery from which somebody signs in with a set that is being set. */
export function ownRecovery(
  { actor, slips }: EventOf<"sign-in-confirmed">,
  { recoveries, setters }: SetState,
): Deed | undefined {
  return recoveries.findLast(
    (recovery) =>
      recovery.purpose === "ceremony" &&
      recovery.n > (setters[0]?.n ?? 0) &&
      isSameName(recovery.actor, actor) &&
      sameSlips(recovery.slips, slips),
  );
}
