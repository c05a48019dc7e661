import { BreakglassError } from "../../core/errors.ts";
import { slipName, type Slip } from "../../core/slip.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import { isAsIssued } from "../../custody/genuine.ts";
import { pendingSet, type Register } from "../../custody/register.ts";
import { deedOf, given, type DeedFields } from "../journal/deed.ts";
import { appendEvents, openRegister } from "../journal/journal-file.ts";
import { say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import type { Purpose, RecoverOptions } from "./recover-options.ts";

/** Who recovers, if nobody was named: an emergency does not wait for a name. */
const SOMEBODY = "not named";

/** A password that was put together, as a register is to know it. */
export interface Recovery {
  readonly folder: string;
  /** The set's name. */
  readonly set: string;
  /** The slips that were used. */
  readonly slips: readonly number[];
  /** undefined: what the set's stage suggests. */
  readonly purpose: Purpose | undefined;
  readonly options: RecoverOptions;
  readonly clock: Clock;
}

/**
 * Whether the recovery belongs to a ceremony: then it is written down before the password is shown,
 * and a step out of turn is refused. Anything else is written down afterwards, since a register must
 * not hold up an emergency.
 */
export function isCeremony({ folder, set, purpose }: Recovery): boolean {
  if (purpose !== undefined) return purpose === "ceremony";
  try {
    return usualPurpose(openRegister(folder).register, set) === "ceremony";
  } catch {
    return false; // told when it is written down
  }
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

/** What is to be known of such slips before their password is shown. */
export function notIssuedWarning(names: readonly string[]): string[] {
  const are = names.length === 1 ? "is not the one that was" : "are not those that were";
  return [
    `careful: ${names.join(", ")} ${are} issued; somebody who knew the password may have forged this one`,
    "  try other slips of the set first; keep the paper as evidence, and treat the set as compromised",
  ];
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
export function recordRecovery({ folder, set, slips, purpose, options, clock }: Recovery): boolean {
  try {
    const deed = deedOf({ ...options, by: options.by ?? SOMEBODY });
    let taken: Purpose | undefined;
    const { journal, register: after } = appendEvents(folder, ({ register }) => {
      if (!register.sets.has(set)) throw notThere(set);
      taken = purpose ?? usualPurpose(register, set);
      return eventsOf(register, set, taken, slips, {
        ...deed(clock()),
        ...given({ reason: options.reason }),
      });
    });
    if (taken === "emergency")
      say(
        `replace this password when the emergency is over: ${COMMANDS.rotate(after.sets.get(set)!.account)}`,
      );
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

/**
 * A set that is being set is recovered in a ceremony, and so is the one before it, to set that again;
 * one that is in use otherwise, in an emergency.
 */
function usualPurpose(register: Register, set: string): Purpose {
  const known = register.sets.get(set);
  if (known === undefined) return "emergency";
  const pending = pendingSet(register, known.account);
  return known === pending || (known.stage === "active" && pending?.stage === "setting")
    ? "ceremony"
    : "emergency";
}

function eventsOf(
  register: Register,
  set: string,
  purpose: Purpose,
  slips: readonly number[],
  { reason, ...deed }: DeedFields & { readonly reason?: string },
): CustodyEvent[] {
  const stage = register.sets.get(set)?.stage;
  // A set in use is recovered in a ceremony to go back to it, not to set it for the first time.
  const begins = purpose === "ceremony" && (stage === "issued" || stage === "checked");
  const recovered: CustodyEvent = {
    ...{ kind: "password-recovered", ...deed, set, purpose, slips },
    ...given({ reason }),
  };
  return begins ? [{ kind: "setting-begun", ...deed, set, slips }, recovered] : [recovered];
}
