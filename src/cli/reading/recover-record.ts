import { BreakglassError } from "../../core/errors.ts";
import { setName, slipName, type Slip } from "../../core/slip.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { CustodyEvent, EventOf } from "../../custody/events.ts";
import { isAsIssued } from "../../custody/genuine.ts";
import { permits } from "../../custody/lifecycle/permits.ts";
import { isSameName } from "../../custody/names.ts";
import {
  isBackedOutTo,
  isPending,
  pendingSet,
  type Register,
  type SetState,
} from "../../custody/register.ts";
import { triggerTerm } from "../../custody/schedule/trigger-duties.ts";
import { deedOf, given } from "../journal/deed.ts";
import { appendEvents } from "../journal/journal-append.ts";
import { openRegister } from "../journal/journal-file.ts";
import { SOMEBODY, peopleIn } from "../journal/people.ts";
import { say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import type { Purpose, RecoverOptions } from "./recover-options.ts";

/** A password that was put together, as a register is to know it. */
export interface Recovery {
  readonly folder: string;
  /** The set's name. */
  readonly set: string;
  /** The slips that were used. */
  readonly slips: readonly number[];
  /** undefined: what the set's stage suggests. */
  readonly purpose: Purpose | undefined;
  /** Whether it is shown to be set, in a ceremony; undefined: what comes next by the register. */
  readonly toSet?: boolean;
  readonly options: RecoverOptions;
  readonly clock: Clock;
}

/**
 * Whether the recovery belongs to a ceremony: then it is written down before the password is shown,
 * and a step out of turn is refused. Anything else is written down afterwards, since a register must
 * not hold up an emergency.
 *
 * @throws BreakglassError `refused` for a drill with another set than the active one: nobody needs
 *   to see that password
 */
export function isCeremony(recovery: Recovery): boolean {
  const { folder, set, purpose } = recovery;
  if (purpose === "ceremony" || purpose === "emergency") return purpose === "ceremony";
  let register: Register;
  try {
    ({ register } = openRegister(folder));
  } catch {
    return false; // told when it is written down
  }
  if (purpose === undefined) return usualPurpose(register, set) === "ceremony";
  if (register.sets.has(set)) refuseDrill(recovery, register);
  return false;
}

function refuseDrill({ set, slips, options, clock }: Recovery, register: Register): void {
  const deed = deedOf({ ...options, by: options.by ?? SOMEBODY })(clock());
  const refused = permits(register, {
    ...{ kind: "password-recovered", ...deed, set, slips, purpose: "drill" },
  });
  if (refused !== undefined) throw new BreakglassError("refused", refused.refusal, refused.hint);
}

/**
 * Holds the slips that gave a password against those that were issued.
 *
 * @returns the names of those that are others; none if no register can say it
 */
export function notAsIssued(folder: string, slips: readonly Slip[]): string[] {
  try {
    const { register } = openRegister(folder);
    return slips.filter((slip) => isAsIssued(register, slip) === false).map(slipName);
  } catch {
    return []; // told when it is written down
  }
}

/** The account of a set, if a register can say it. */
export function accountOf(folder: string, set: string): string | undefined {
  try {
    return openRegister(folder).register.sets.get(set)?.account;
  } catch {
    return undefined; // told when the recovery is written down
  }
}

/** Who is there to be named, if a register can say it. */
export function peopleHere(folder: string): string[] {
  try {
    return peopleIn(openRegister(folder));
  } catch {
    return []; // told when the recovery is written down
  }
}

/** What is to be known of such slips before their password is shown. */
export function notIssuedWarning(names: readonly string[]): string[] {
  const are = names.length === 1 ? "is not the one that was" : "are not those that were";
  return [
    `careful: ${names.join(", ")} ${are} issued; somebody who knew the password may have forged this one`,
    "  try other slips of the set first; keep the paper as evidence, and treat the set as compromised",
  ];
}

/** What is to be known of slips that should be no more; without a register that can be read, nothing. */
export function destroyedWarning(folder: string, slips: readonly Slip[]): string[] {
  let register: Register;
  try {
    ({ register } = openRegister(folder));
  } catch {
    return []; // told when it is written down
  }
  return slips.flatMap((slip) => {
    const known = register.sets.get(setName(slip.setId))?.slips[slip.index - 1];
    return known?.destroyed === undefined
      ? []
      : [
          `careful: ${slipName(slip)} was destroyed, says entry ${known.destroyed.n} of the register: keep it apart, and find out where it was`,
        ];
  });
}

/** The error where no password may be set from such slips. */
export function notIssuedError(names: readonly string[]): BreakglassError {
  const are = names.length === 1 ? "is not the one that was" : "are not those that were";
  return new BreakglassError(
    "misfit",
    `${names.join(", ")} ${are} issued, so this password must not be set`,
    "keep the paper as evidence and tell the security officer; in an emergency: breakglass recover --purpose emergency",
  );
}

/**
 * Writes a recovery down.
 *
 * @returns whether that could be done; why not is told
 * @throws BreakglassError `refused` for a step of a ceremony that is out of turn
 */
export function recordRecovery(recovery: Recovery): boolean {
  const { folder, set, slips, purpose, toSet, options, clock } = recovery;
  try {
    const deed = deedOf({ ...options, by: options.by ?? SOMEBODY });
    let taken: Purpose | undefined;
    const { journal, register: after } = appendEvents(folder, ({ register }) => {
      if (!register.sets.has(set)) throw notThere(set);
      taken = purpose ?? usualPurpose(register, set);
      if (taken === "ceremony") refuseUncalled(register, set);
      const recovered = { kind: "password-recovered" as const, set, purpose: taken, slips };
      const reason = given({ reason: options.reason });
      return recoveryEvents(register, { ...recovered, ...deed(clock()), ...reason }, toSet);
    });
    const trigger = after.triggers.get(journal.head.n);
    if (trigger !== undefined) {
      const when = taken === "emergency" ? " when the emergency is over" : "";
      const by = triggerTerm(trigger, after.policy).until.slice(0, 10);
      say(
        `replace this password${when}, by ${by}: ${COMMANDS.rotate(after.sets.get(set)!.account)}`,
      );
    }
    say(`written down as entry ${journal.head.n}, purpose ${taken!}`);
    return true;
  } catch (error) {
    if (!(error instanceof BreakglassError) || error.code === "refused") throw error;
    reportError(error);
    return false;
  }
}

function notThere(set: string): BreakglassError {
  return new BreakglassError(
    "register",
    `set ${set} is not in this register`,
    "name the right one with --register",
  );
}

/** The password of an active set is part of a ceremony only where it is gone back to. */
function refuseUncalled(register: Register, name: string): void {
  const set = register.sets.get(name);
  if (set?.stage !== "active" || isBackedOutTo(set, register)) return;
  throw new BreakglassError(
    "refused",
    `set ${name} is active, and no rotation is under way that could be backed out`,
    "say what it is for: --purpose emergency, or --purpose drill",
  );
}

/**
 * A set that is being set is recovered in a ceremony; any other, in an emergency. Whoever sets the one before it again
 * says so (`--purpose ceremony`): a responder who fetched its slips in the middle of a rotation is not held up.
 */
function usualPurpose(register: Register, set: string): Purpose {
  const known = register.sets.get(set);
  if (known === undefined) return "emergency";
  return known === pendingSet(register, known.account) ? "ceremony" : "emergency";
}

/**
 * What is written of a recovery: in a ceremony also that the password is about to be set, by the
 * first person, and by one who set it before, after a sign-in that failed.
 *
 * @param toSet whether it is to be set, where somebody said so
 */
export function recoveryEvents(
  register: Register,
  recovered: EventOf<"password-recovered">,
  toSet?: boolean,
): CustodyEvent[] {
  const { at, actor, recorded, witness, set, slips, purpose } = recovered;
  const known = register.sets.get(set);
  const isFirst = known !== undefined && isPending(known);
  // A set in use is recovered in a ceremony to go back to it, not to set it for the first time.
  const isAgain = known?.stage === "setting" && (toSet ?? isSetAgain(known, actor));
  if (purpose !== "ceremony" || (!isFirst && !isAgain)) return [recovered];
  const deed = { at, actor, ...given({ recorded, witness }) };
  return [{ kind: "setting-begun", ...deed, set, slips }, recovered];
}

/** After a sign-in that failed; anybody else than who set it recovers it to sign in. */
function isSetAgain({ failed, setters }: SetState, actor: string): boolean {
  return failed !== undefined && setters.some((setter) => isSameName(setter.actor, actor));
}
