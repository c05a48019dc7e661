import { COMMANDS } from "../commands.ts";
import type { EventOf, Kind } from "../events.ts";
import { isSameName } from "../names.ts";
import {
  activeSet,
  graveCause,
  inUse,
  isLeft,
  isPending,
  isPerhapsSet,
  isRecoverable,
  isSealed,
  pendingSet,
  type Register,
  type SetState,
  type SlipState,
} from "../register.ts";
import {
  needAccount,
  needNews,
  needOpenTrigger,
  needPresent,
  needUsed,
  withSet,
  withSlip,
} from "./needs.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { looseEnd, nextStep, otherBeingSet, stepText, waitsForNewer } from "./standing.ts";
import { ownRecovery, secondPersonProblem, slipsProblem } from "./subsets.ts";
import { restoredAgain, wayBack } from "./way-back.ts";
import { leftText, spoiledProblem } from "./paper.ts";
import { refText } from "../slip-ref.ts";

export type Guard<K extends Kind> = (event: EventOf<K>, register: Register) => Refusal | undefined;

/** A slip goes to people and safes that are there, and something is different then. */
export function guardMoved(event: EventOf<"slip-moved">, register: Register): Refusal | undefined {
  const { location, custodian, alternate } = event;
  return withSlip(event.slip, register, (state) => {
    for (const person of [custodian, alternate])
      if (person !== undefined) {
        const absent = needPresent(person, register);
        if (absent !== undefined) return absent;
      }
    const nowhere = location === undefined ? undefined : needUsed(location, register);
    if (nowhere !== undefined) return nowhere;
    const flags = "--location, --custodian or --alternate";
    const given = { location, custodian, alternate };
    return needNews(`${refText(state)} is held so`, given, { ...state }, flags);
  });
}

/** What is open of a trigger may be judged; of a loss or an emergency only by two people. */
export function guardAssessed(
  { trigger, account, actor, witness }: EventOf<"trigger-assessed">,
  register: Register,
): Refusal | undefined {
  const open = needOpenTrigger(trigger, register, account);
  if ("refusal" in open) return open;
  const cause = graveCause(open.trigger);
  return cause !== undefined && (witness === undefined || isSameName(actor, witness))
    ? refuse(
        `after ${cause} the password is replaced: ${open.what}`,
        `${COMMANDS.rotate(open.accounts[0]!)}; if it proved not to be ${cause}, a second person has to agree: --witness NAME`,
      )
    : undefined;
}

export function finishFirst(set: SetState): string {
  return set.stage === "setting"
    ? `finish or back out first: ${COMMANDS.confirm(set.account)}`
    : `finish it, or abandon it: ${COMMANDS.recordSet("abandoned", set.set)}`;
}

export function guardIssued(event: EventOf<"set-issued">, register: Register): Refusal | undefined {
  const known = needAccount(event.account, register);
  if ("refusal" in known) return known;
  if (register.sets.has(event.set))
    return refuse(`set ${event.set} is in the register already`, "draw another name for the set");
  const unfinished = unfinishedProblem(register, event.account);
  if (unfinished !== undefined) return unfinished;
  const latest = Math.max(0, ...known.sets.map(({ generation }) => generation));
  return event.generation > latest
    ? undefined
    : refuse(
        `${event.account} has had generation ${latest}, and generations only go up`,
        `issue it as generation ${latest + 1}`,
      );
}

/** What keeps an account from another set: one that is under way, or what the last one left undone. */
export function unfinishedProblem(register: Register, account: string): Refusal | undefined {
  const pending = pendingSet(register, account);
  if (pending !== undefined)
    return refuse(
      `set ${pending.set} (generation ${pending.generation}) of ${account} is ${pending.stage}`,
      finishFirst(pending),
    );
  const loose = looseEnd(register, account);
  return loose && refuse(loose.where, `first ${stepText(loose.next)}`);
}

export function guardDestroyed(
  { actor, witness }: EventOf<"slip-destroyed">,
  slip: SlipState,
  set: SetState,
  register: Register,
): Refusal | undefined {
  const name = refText(slip);
  if (slip.destroyed !== undefined)
    return refuse(
      `${name} was destroyed already, says entry ${slip.destroyed.n}`,
      "compare the slip",
    );
  if (isSameName(actor, witness))
    return refuse(
      "nobody is a witness to what they do themselves",
      "name the other person who saw it",
    );
  const gone = `if it no longer exists: ${COMMANDS.recordSlip("lost", slip)}`;
  if (inUse(set))
    return refuse(
      `set ${set.set} is ${set.stage}, and its slips are needed until a newer set is active and sealed`,
      `keep it; ${gone}`,
    );
  if (isPerhapsSet(set, register))
    return refuse(
      `an emergency showed the password of set ${set.set}, and the tenant may hold it`,
      `keep ${name} until a sign-in with another set was confirmed; ${gone}`,
    );
  if (!waitsForNewer(set, register)) return undefined;
  const active = activeSet(register, set.account);
  if (active === undefined)
    return refuse(`no newer set of ${set.account} is active`, `keep ${name}; ${gone}`);
  if (!isRecoverable(active))
    return refuse(
      `the new set ${active.set} can't be recovered any more: ${leftText(active)}`,
      `keep ${name}, and replace the new one: ${COMMANDS.rotate(set.account)}; ${gone}`,
    );
  const unsealed = active.slips.filter((other) => isLeft(other) && !isSealed(other));
  return unsealed.length === 0
    ? undefined
    : refuse(
        `${unsealed.map(refText).join(", ")} of the new set ${unsealed.length === 1 ? "is" : "are"} not sealed yet`,
        `seal first: ${COMMANDS.recordSlip("sealed", unsealed[0]!)}; ${gone}`,
      );
}

export function guardBegun(
  event: EventOf<"setting-begun">,
  register: Register,
): Refusal | undefined {
  return withSet(event.set, register, (set) => {
    if (set.stage === "issued") {
      const open = set.slips.filter(({ checked }) => checked === undefined);
      return (
        spoiledProblem(set) ??
        refuse(
          `${open.map(refText).join(", ")} ${open.length === 1 ? "was" : "were"} not checked from paper yet`,
          `check every slip before the password is set: ${COMMANDS.check(open[0]!)}`,
        )
      );
    }
    if (set.stage !== "checked" && set.stage !== "setting")
      return refuse(
        `set ${set.set} is ${set.stage}, and its password is not to be set`,
        set.stage === "active"
          ? "it is set already"
          : `issue another: ${COMMANDS.rotate(set.account)}`,
      );
    const other = otherBeingSet(set, register);
    if (other !== undefined)
      return refuse(
        `account ${other.account} of this tenant is being set`,
        `one at a time: ${COMMANDS.confirm(other.account)}`,
      );
    // Once it may be in the tenant, a spoiled slip is a reason to hurry and not to stop.
    return (
      (set.stage === "checked" ? spoiledProblem(set) : undefined) ?? slipsProblem(event.slips, set)
    );
  });
}

export function guardConfirmed(
  event: EventOf<"sign-in-confirmed">,
  register: Register,
): Refusal | undefined {
  return withSet(event.set, register, (set) => {
    if (set.stage !== "active" && set.stage !== "setting")
      return refuse(
        `set ${set.set} is ${set.stage}, and was not about to be set`,
        `go on with the step that is missing: ${stepText(nextStep(register, set.account).next)}`,
      );
    const { actor, slips } = event;
    if (set.stage === "active") return slipsProblem(slips, set);
    return (
      secondPersonProblem(actor, slips, set, register) ??
      (ownRecovery(event, set) === undefined
        ? refuse(
            `the register has no recovery of set ${set.set} from slips ${slips.join(",")} by ${actor}`,
            `let ${actor} recover it (${COMMANDS.recover(set.set)}); if that was done without this tool: ${COMMANDS.recordRecovered(set.set, slips, actor)}`,
          )
        : undefined)
    );
  });
}

export function guardBackedOut(
  event: EventOf<"set-backed-out">,
  register: Register,
): Refusal | undefined {
  return withSet(event.set, register, (set) => {
    if (set.stage !== "setting")
      return refuse(
        `set ${set.set} is ${set.stage}, and there is nothing to back out of`,
        isPending(set)
          ? `abandon it: ${COMMANDS.recordSet("abandoned", set.set)}`
          : `replace it: ${COMMANDS.rotate(set.account)}`,
      );
    const { to: earlier, open } = wayBack(set, register);
    if (earlier === undefined)
      return event.restored === undefined
        ? undefined
        : refuse(
            `set ${event.restored} is not an earlier set whose password can be set again`,
            "leave it out",
          );
    if (!open)
      return refuse(
        `set ${earlier.set} can't be recovered any more, so there is nothing to go back to`,
        `go on: ${COMMANDS.confirm(set.account)}`,
      );
    if (event.restored === earlier.set)
      return restoredAgain(set, register) === undefined
        ? refuse(
            `the register has no recovery of set ${earlier.set} since set ${set.set} was about to be set`,
            `recover it and set it again (${COMMANDS.recoverAgain(earlier.set)}); if that was done without this tool: ${COMMANDS.recordRecovered(earlier.set)}`,
          )
        : undefined;
    return refuse(
      `the password of set ${earlier.set} (generation ${earlier.generation}) has to be set again first`,
      `${COMMANDS.recoverAgain(earlier.set)}; then say that it was restored: --restored ${earlier.set}`,
    );
  });
}
