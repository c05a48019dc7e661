import { COMMANDS } from "../commands.ts";
import { replaceCommand } from "../lifecycle/standing.ts";
import type { Policy } from "../policy.ts";
import {
  graveCause,
  inUse,
  isLoss,
  isOpen,
  isPending,
  isUsable,
  type Register,
  type SetState,
  type Trigger,
} from "../register.ts";
import { refText } from "../slip-ref.ts";
import { slipPlace, within, Duties } from "./duty.ts";

/** There is no grace after a loss. */
export function triggerTerm(
  trigger: Trigger,
  { graceDays }: Policy,
): { readonly since: string; readonly until: string } {
  return within(trigger, isLoss(trigger) ? 0 : graceDays);
}

/** Whether a trigger is about the paper or the password of one set, and not about people. */
function isOfSet({ kind, slip }: Trigger): boolean {
  return slip !== undefined || kind === "compromised";
}

/** After a loss of paper, whether another one could be borne. */
function leftText({ kind }: Trigger, set: SetState): string {
  if (kind !== "lost" && kind !== "damaged") return "";
  const left = set.slips.filter(isUsable).length;
  return `; ${left} of ${set.slips.length} slips ${left === 1 ? "is" : "are"} left, ${set.threshold} are needed`;
}

/** A slip that is still missing or damaged, though somebody judged that this asks for no rotation: nobody is to forget it. */
function judgedHarm(trigger: Trigger, register: Register, found: Duties): void {
  const { kind, slip: ref } = trigger;
  if (kind !== "lost" && kind !== "damaged") return;
  const set = ref === undefined ? undefined : register.sets.get(ref.set);
  const slip = set?.slips.find(({ slip: number }) => number === ref?.slip);
  if (set === undefined || slip === undefined) return;
  const judged = trigger.assessed.get(set.account);
  if (judged === undefined || slip[kind]?.n !== trigger.n) return;
  if (!inUse(set) || isPending(set)) return;
  const day = trigger.at.slice(0, 10);
  const what = kind === "lost" ? `is lost since ${day}` : `was found damaged on ${day}`;
  found.note({
    ...{ id: `${kind}:${refText(slip)}`, ...slipPlace(set, slip) },
    what: `${refText(slip)} ${what}, and was judged on ${judged.at.slice(0, 10)} to ask for no rotation (${judged.reason})${leftText(trigger, set)}`,
    command: kind === "lost" ? COMMANDS.recordSlip("found", slip) : COMMANDS.check(slip),
    alternative: replaceCommand(register, set.account),
    since: trigger.at,
  });
}

/** A trigger, for each account that it still concerns. */
export function triggerDuties(trigger: Trigger, register: Register, found: Duties): void {
  judgedHarm(trigger, register, found);
  const open = trigger.sets
    .map((name) => register.sets.get(name))
    .filter((set) => set !== undefined)
    .filter((set) => isOpen(trigger, set))
    // A set that was never set is abandoned, and the tenant's password stays as it is.
    .filter((set) => !(isPending(set) && isOfSet(trigger)));
  for (const account of new Set(open.map((set) => set.account))) {
    const set = open.find((other) => other.account === account)!;
    found.date({
      ...{ id: `trigger:${trigger.n}:${account}`, account, set: set.set },
      ...(trigger.slip === undefined ? {} : { slip: trigger.slip.slip }),
      what: `the password of ${account} is to be replaced: ${trigger.what}${leftText(trigger, set)}`,
      command: replaceCommand(register, account),
      ...(isLoss(trigger)
        ? {}
        : {
            alternative: COMMANDS.assess(trigger.n, account, graveCause(trigger) !== undefined),
          }),
      ...triggerTerm(trigger, register.policy),
    });
  }
}
