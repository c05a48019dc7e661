import { COMMANDS } from "../commands.ts";
import {
  activeSet,
  heldSets,
  isBackedOutTo,
  isLeft,
  isLoss,
  isOnPaper,
  isOpen,
  isPerhapsSet,
  isRecoverable,
  isSealed,
  pendingSet,
  setsOf,
  type Register,
  type SetState,
  type SlipState,
  type Trigger,
} from "../register.ts";
import { wayBack } from "./way-back.ts";
import { leftText, spoiledProblem, unprinted } from "./paper.ts";
import { refText } from "../slip-ref.ts";

/** The steps of a ceremony, in the order in which a set goes through them; then those that come before it. */
export type StepName =
  | "add account"
  | "issue"
  | "check"
  | "recover"
  | "confirm"
  | "seal"
  | "destroy"
  | "abandon"
  | "back out"
  /** The active set shows what the tenant holds. */
  | "sign in"
  /** What another account comes first with. */
  | "other account";

/** Something to do, and the command for it if there is one. */
interface Step {
  readonly step: StepName;
  /** One line, as an instruction. */
  readonly what: string;
  readonly command: string | undefined;
}

/** Where an account stands. */
export interface Standing {
  /** One line: how far the ceremony has come. */
  readonly where: string;
  /** One line: which set the tenant holds, or may hold and what to try first. */
  readonly holds: string;
  /** Names of the sets to try, in this order. */
  readonly tries: readonly string[];
  /** The set that is under way. */
  readonly pending: string | undefined;
  /** Undefined if nothing is left to do. */
  readonly next: Step | undefined;
  /** Undefined if there is nothing to back out of. */
  readonly backOut: Step | undefined;
}

/** A step, with its command, as part of a sentence. */
export function stepText(step: Step | undefined): string {
  if (step === undefined) return "nothing";
  return step.command === undefined ? step.what : `${step.what} (${step.command})`;
}

/** A step, with its command, as a line of its own. */
export function stepLine({ what, command }: Step): string {
  return command === undefined ? what : `${what}: ${command}`;
}

/**
 * Sets in the order in which to try them: one with which a sign-in failed, or that can't be recovered, after one that
 * may do.
 */
function inTurn(sets: readonly SetState[]): SetState[] {
  const isLikely = (set: SetState): boolean => set.failed === undefined && isRecoverable(set);
  return sets.toSorted((a, b) => Number(isLikely(b)) - Number(isLikely(a)));
}

/** What speaks against each of them, before what is to be tried. */
function doubtsText(held: readonly SetState[]): string {
  return held
    .map((set) => {
      const { generation, failed } = set;
      if (failed !== undefined)
        return `a sign-in with ${generation} failed on ${failed.at.slice(0, 10)}, `;
      return isRecoverable(set) ? "" : `too few sound slips of ${generation} are left, `;
    })
    .join("");
}

function holdsText(held: readonly SetState[]): string {
  const [first, second] = held;
  if (first === undefined) return "no set of this register";
  const name = (set: SetState): string => `generation ${set.generation} (set ${set.set})`;
  if (second !== undefined)
    return `generation ${held.map(({ generation }) => generation).join(" or ")}: ${doubtsText(held)}try ${first.generation} first (set ${first.set}, then set ${held
      .slice(1)
      .map(({ set }) => set)
      .join(", then set ")})`;
  return first.stage === "setting"
    ? `${name(first)}, or a password that is in no set: ${doubtsText(held)}try generation ${first.generation} first`
    : `${name(first)}${first.failed === undefined ? "" : `, with which a sign-in failed on ${first.failed.at.slice(0, 10)}`}`;
}

/** Whoever saw a password in an emergency may have set it. */
function seenText({ generation, set }: SetState, isFirst: boolean): string {
  const order = isFirst ? ": try it first" : "";
  return `; or generation ${generation} (set ${set}), whose password was shown in an emergency before it was set${order}`;
}

/**
 * What is tried before a set whose password was seen is abandoned: somebody may have set it. Where the active set
 * can't show that any more, nothing is tried, and the slips of the other are kept.
 */
export function unprovenStep(set: SetState, register: Register): Step | undefined {
  const active = activeSet(register, set.account);
  if (active === undefined || !isRecoverable(active) || !isPerhapsSet(set, register))
    return undefined;
  return {
    step: "sign in",
    what: isBackedOutTo(active, register)
      ? `recover set ${active.set} from its slips (${COMMANDS.recoverAgain(active.set)}), set that password again, sign in, and confirm`
      : `sign in with set ${active.set} (if that fails, ${ifSignInFails(set, active)}), which shows that nobody set the password of set ${set.set}`,
    command: COMMANDS.confirm(set.account),
  };
}

/** What is done where the sign-in fails that is to show that nobody set a set's password. */
function ifSignInFails(set: SetState, active: SetState): string {
  return spoiledProblem(set) === undefined && unprinted(set).length === 0
    ? `go on with set ${set.set}`
    : `write that down: ${COMMANDS.recordSet("sign-in-failed", active.set)}`;
}

/** What becomes of the slips of a set that is abandoned, with all that comes before. */
export function abandonedText(set: SetState, register: Register): string {
  if (unprovenStep(set, register) !== undefined)
    return `its slips are shredded once a sign-in with set ${activeSet(register, set.account)!.set} was confirmed`;
  return isPerhapsSet(set, register)
    ? "its slips are kept, since somebody may have set its password"
    : "its slips are shredded";
}

function abandonStep(set: SetState, register: Register): Step {
  const after = isPerhapsSet(set, register)
    ? abandonedText(set, register)
    : "the password in the tenant stays as it is";
  return {
    step: "abandon",
    what: `abandon set ${set.set}; ${after}`,
    command: COMMANDS.recordSet("abandoned", set.set),
  };
}

export function backOutOf(set: SetState, register: Register): Step {
  const { to: earlier, open } = wayBack(set, register);
  const command = COMMANDS.recordSet("backed-out", set.set);
  if (earlier === undefined)
    return {
      step: "back out",
      what: "let an administrator set any other password, then say that the set was backed out",
      command,
    };
  if (!open)
    return {
      step: "back out",
      what: `there is no way back: set ${earlier.set} can't be recovered any more`,
      command: undefined,
    };
  return {
    step: "back out",
    what: `recover set ${earlier.set} from its slips (${COMMANDS.recoverAgain(earlier.set)}), set that password again, sign in, then say so`,
    command: `${command} --restored ${earlier.set}`,
  };
}

/**
 * Says exactly where an account's ceremony stands, what comes next, how to back out, and which set
 * the tenant holds or may hold.
 */
export function nextStep(register: Register, account: string): Standing {
  const held = inTurn(heldSets(register, account));
  const pending = pendingSet(register, account);
  const seen = setsOf(register, account).filter((set) => isPerhapsSet(set, register));
  const tries = inTurn([...held, ...seen]);
  const common = {
    holds: [
      holdsText(held),
      ...seen.map((set) => seenText(set, tries.length > 1 && set === tries[0])),
    ].join(""),
    tries: tries.map(({ set }) => set),
    pending: pending?.set,
  };
  if (pending !== undefined) return { ...common, ...pendingStep(pending, register) };
  return {
    ...common,
    ...quietStep(account, activeSet(register, account), register),
    backOut: undefined,
  };
}

type Place = Pick<Standing, "where" | "next" | "backOut">;

/** Another set of the tenant that is being set: passwords are set one at a time. */
export function otherBeingSet({ set }: SetState, { sets }: Register): SetState | undefined {
  return [...sets.values()].find((other) => other.stage === "setting" && other.set !== set);
}

/** The step of an account that is being set, for one that waits for it. */
function firstOf(other: SetState, register: Register): Step | undefined {
  const { next } = pendingStep(other, register);
  return (
    next && {
      ...next,
      step: "other account",
      what: `first, for account ${other.account}: ${next.what}`,
    }
  );
}

function pendingStep(set: SetState, register: Register): Place {
  const name = `set ${set.set} (generation ${set.generation})`;
  if (set.stage === "setting" && !isRecoverable(set)) {
    const backOut = backOutOf(set, register);
    return {
      where: `${name}: its password was shown to be set, and ${leftText(set)}`,
      next: backOut,
      backOut,
    };
  }
  if (set.stage === "setting")
    return {
      where:
        set.failed === undefined
          ? `${name}: its password was shown to be set, and no sign-in was confirmed`
          : `${name}: its password was shown to be set, and a sign-in failed`,
      next: {
        step: "confirm",
        what:
          set.failed === undefined
            ? "set the password if that is not done, let a second person recover it from other slips, sign in on another computer, and confirm"
            : `set the password again (${COMMANDS.recover(set.set)}), let a second person sign in, and confirm`,
        command: COMMANDS.confirm(set.account),
      },
      backOut: backOutOf(set, register),
    };
  const unproven = unprovenStep(set, register);
  const backOut = unproven ?? abandonStep(set, register);
  const problem = spoiledProblem(set);
  if (problem !== undefined)
    return {
      where: `${name}: ${problem.refusal}`,
      next: unproven ?? { ...backOut, what: `${backOut.what}, and another set can be issued` },
      backOut,
    };
  if (set.stage === "checked") {
    const other = otherBeingSet(set, register);
    return {
      where:
        set.backedOut === undefined
          ? `${name}: every slip was checked, and the password is not set yet`
          : `${name}: every slip was checked, and setting it was backed out`,
      next:
        other === undefined
          ? {
              step: "recover",
              what: "recover the password from the slips and set it in the tenant",
              command: COMMANDS.recover(set.set),
            }
          : firstOf(other, register),
      backOut,
    };
  }
  const missing = unprinted(set);
  if (missing.length > 0)
    return {
      where: `${name}: interrupted before ${missing.map(refText).join(", ")} was printed`,
      next: backOut,
      backOut,
    };
  const open = set.slips.filter(({ checked }) => checked === undefined);
  return {
    where: `${name}: ${set.slips.length - open.length} of ${set.slips.length} slips checked from paper`,
    next: {
      step: "check",
      what: `check ${refText(open[0]!)} from paper`,
      command: COMMANDS.check(open[0]!),
    },
    backOut,
  };
}

/** What a ceremony leaves to be done; slips whose password may have been set in an emergency are none of it. */
interface Leftovers {
  /** Slips of the active set that are in no bag. */
  readonly unsealed: readonly SlipState[];
  /** Slips of sets that have ended, which may be destroyed now. */
  readonly old: readonly SlipState[];
  /** Such slips that are kept until the new ones are sealed. */
  readonly kept: readonly SlipState[];
}

/**
 * Whether the slips of a set are kept until a newer one is safe: it was replaced by one, and did not
 * end with its account, which may have been added again since.
 */
export function waitsForNewer(
  { stage, superseded, account }: SetState,
  { accounts }: Register,
): boolean {
  if (stage !== "superseded" || superseded === undefined) return false;
  const known = accounts.get(account);
  return known === undefined || (known.retired === undefined && known.added.n < superseded.n);
}

/** The slips that are to be sealed, and those that are to be destroyed, now or then. */
export function leftovers(register: Register, account: string): Leftovers {
  const active = activeSet(register, account);
  const unsealed = (active?.slips ?? []).filter((slip) => isLeft(slip) && !isSealed(slip));
  const isSafe = active !== undefined && unsealed.length === 0 && isRecoverable(active);
  const old: SlipState[] = [];
  const kept: SlipState[] = [];
  const sets = setsOf(register, account);
  for (const stage of ["superseded", "abandoned"] as const)
    for (const set of sets.filter(
      (other) => other.stage === stage && !isPerhapsSet(other, register),
    ))
      (isSafe || !waitsForNewer(set, register) ? old : kept).push(...set.slips.filter(isOnPaper));
  return { unsealed, old, kept };
}

/**
 * What the last rotation left undone, which comes before the next one. A loss does not wait for it,
 * nor a password that was used, and a slip that was taken out of its bag since is replaced by the
 * next one anyway.
 */
export function looseEnd(register: Register, account: string): Omit<Place, "backOut"> | undefined {
  const active = activeSet(register, account);
  if (active !== undefined && isUrgent(active, register)) return undefined;
  const { unsealed, old, kept } = leftovers(register, account);
  // What was abandoned opened nothing, and waits for nothing.
  const replaced = [...old, ...kept].some(({ set }) => isReplaced(register.sets.get(set)));
  const isNew = ({ opened, sealed }: SlipState): boolean => (opened ?? sealed) === undefined;
  return replaced || unsealed.some(isNew) ? quietStep(account, active, register) : undefined;
}

/** The command that leads to another set: the next thing that it waits for, if there is one. */
export function replaceCommand(
  register: Register,
  account: string,
  command = COMMANDS.rotate(account),
): string {
  return looseEnd(register, account)?.next?.command ?? command;
}

function isReplaced(set: SetState | undefined): boolean {
  return set?.stage === "superseded";
}

/** Whether others may know the password or a part of it, or it can't be recovered any more. */
function isUrgent(active: SetState, { triggers }: Register): boolean {
  const isKnown = (trigger: Trigger): boolean =>
    isLoss(trigger) || trigger.kind === "emergency" || trigger.kind === "used";
  return (
    !isRecoverable(active) ||
    [...triggers.values()].some((trigger) => isKnown(trigger) && isOpen(trigger, active))
  );
}

/** What slips of sets that have ended are called together. */
function endedWord(slips: readonly SlipState[], { sets }: Register): string {
  const abandoned = slips.filter(({ set }) => sets.get(set)?.stage === "abandoned").length;
  if (abandoned === 0) return "old";
  return abandoned === slips.length ? "abandoned" : "old or abandoned";
}

function quietStep(
  account: string,
  active: SetState | undefined,
  register: Register,
): Omit<Place, "backOut"> {
  const known = register.accounts.get(account);
  if (known === undefined)
    return {
      where: `account ${account} is not in the register`,
      next: { step: "add account", what: "add the account", command: COMMANDS.addAccount() },
    };
  // Nothing helps such a set any more, not even its bags.
  if (active !== undefined && !isRecoverable(active))
    return {
      where: `set ${active.set} (generation ${active.generation}) is active, and ${leftText(active)}`,
      next: { step: "issue", what: "issue another set", command: COMMANDS.rotate(account) },
    };
  const { unsealed, old } = leftovers(register, account);
  const [loose] = unsealed;
  if (active !== undefined && loose !== undefined)
    return {
      where: `set ${active.set} (generation ${active.generation}) is active, and ${unsealed.length} of its slips ${unsealed.length === 1 ? "is" : "are"} not sealed`,
      next: {
        step: "seal",
        what: `seal ${refText(loose)}`,
        command: COMMANDS.recordSlip("sealed", loose),
      },
    };
  const [oldest] = old;
  if (oldest !== undefined)
    return {
      where: `${old.length} ${endedWord(old, register)} ${old.length === 1 ? "slip is" : "slips are"} not destroyed yet`,
      next: {
        step: "destroy",
        what: `destroy ${refText(oldest)} before a witness`,
        command: COMMANDS.recordSlip("destroyed", oldest),
      },
    };
  if (known.retired !== undefined)
    return { where: `account ${account} was retired`, next: undefined };
  return active === undefined
    ? {
        where: `account ${account} has no password on slips`,
        next: { step: "issue", what: "issue one", command: COMMANDS.issue(account) },
      }
    : {
        where: `set ${active.set} (generation ${active.generation}) is active, and nothing is under way`,
        next: undefined,
      };
}
