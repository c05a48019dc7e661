import { keepsPassword } from "../policy.ts";
import {
  activeSet,
  isOpen,
  isRecoverable,
  pendingSet,
  type AccountState,
  type Register,
  type SetState,
} from "../register.ts";
import { DAY, isoDate } from "../times.ts";
import { endOfDay } from "./duty.ts";
import { overrideOf } from "./rule-remarks.ts";
import { triggerTerm } from "./trigger-duties.ts";

/** An account at a glance. */
export interface AccountLine {
  readonly account: string;
  /** The set whose password the tenant was proven to hold. */
  readonly active: string | undefined;
  readonly generation: number | undefined;
  /** Whether enough slips of the active set are left. */
  readonly recoverable: boolean | undefined;
  /**
   * The day by which it is to be replaced, by its age or by what happened; undefined where neither asks for it, and
   * where it can't be recovered any more: days left would say that all is well.
   */
  readonly replaceBy: string | undefined;
  /** Whole days until then, negative if it is past. */
  readonly daysLeft: number | undefined;
  readonly pending: string | undefined;
}

/** Every account that was not retired, in the order in which they were added. */
export function accountLines(register: Register, now: Date): AccountLine[] {
  return liveAccounts(register).map(({ account }) => {
    const active = activeSet(register, account);
    const recoverable = active && isRecoverable(active);
    const until = active && isRecoverable(active) ? replaceUntil(active, register) : undefined;
    const today = Math.floor(now.getTime() / DAY);
    return {
      account,
      active: active?.set,
      generation: active?.generation,
      recoverable,
      replaceBy: until === undefined ? undefined : isoDate(new Date(until)),
      daysLeft: until === undefined ? undefined : Math.floor(until / DAY) - today,
      pending: pendingSet(register, account)?.set,
    };
  });
}

function liveAccounts({ accounts }: Register): AccountState[] {
  return [...accounts.values()].filter(({ retired }) => retired === undefined);
}

/** When a set is to be replaced, by its age or by the first thing that happened to it. */
function replaceUntil(set: SetState, register: Register): number | undefined {
  const open = [...register.triggers.values()].filter((trigger) => isOpen(trigger, set));
  const times = [
    rotationUntil(set, register),
    ...open.map((trigger) => Date.parse(triggerTerm(trigger, register.policy).until)),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * The date on the slips, or an earlier one where the policy has become stricter; a later one only
 * if somebody gave a reason for it when the set was issued.
 */
export function rotationUntil(set: SetState, register: Register): number | undefined {
  const { policy } = register;
  if (keepsPassword(policy)) return undefined;
  const printed = endOfDay(Date.parse(set.replaceBy));
  return overrideOf(set, "replace-by", register) === undefined
    ? Math.min(printed, endOfDay(Date.parse(set.issued.at), policy.rotationDays))
    : printed;
}
