import type { SlipRef } from "../events.ts";
import type { Policy } from "../policy.ts";
import type { Deed, SetState } from "../register.ts";
import { DAY, isoTime } from "../times.ts";

/** How much a finding matters; the worst first. */
export const SEVERITIES = ["overdue", "due", "in progress", "soon", "note"] as const;

/** See {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** Something that is to be done. */
export interface Duty {
  /** The same as long as it is about the same thing, whatever its date becomes. */
  readonly id: string;
  readonly account?: string;
  readonly set?: string;
  readonly slip?: number;
  /** One plain sentence. */
  readonly what: string;
  /** The command that settles it, if one does. */
  readonly command?: string;
  /** The command that settles it in another way, where there is a choice. */
  readonly alternative?: string;
  /** From when on it is to be done. */
  readonly since?: string;
  /** The last moment to do it. */
  readonly until?: string;
}

/** A duty as of a moment. Times are in UTC, in whole seconds. */
export interface Finding extends Duty {
  readonly severity: Severity;
}

/** A duty with a date, near or far: what a calendar shows. */
export type DueDate = Duty & { readonly until: string };

/** A duty without a date: to be done, or only to be known. */
interface Remark extends Duty {
  readonly severity: "due" | "note";
}

/** The last second of a day that many days later. */
export function endOfDay(time: number, days = 0): number {
  return Math.floor(time / DAY) * DAY + (days + 1) * DAY - 1000;
}

/** A duty that comes round: so many days after it was last done. */
export function recurring(last: Deed, days: number): Pick<DueDate, "until"> {
  return { until: isoTime(new Date(endOfDay(Date.parse(last.at), days))) };
}

/** A duty that is there from a moment on, and overdue so many days later. */
export function within(
  start: Deed,
  days: number,
): { readonly since: string; readonly until: string } {
  const time = Date.parse(start.at);
  return {
    since: start.at,
    until: days === 0 ? start.at : isoTime(new Date(endOfDay(time, days))),
  };
}

/** Done so often, and soon if it never was. */
export function validated(
  last: Deed | undefined,
  start: Deed,
  { validationDays, graceDays }: Policy,
): Pick<DueDate, "until" | "since"> {
  return last === undefined ? within(start, graceDays) : recurring(last, validationDays);
}

/** Where a duty about a slip belongs. */
export function slipPlace(
  set: SetState,
  { slip }: SlipRef,
): { readonly account: string; readonly set: string; readonly slip: number } {
  return { account: set.account, set: set.set, slip };
}

/** What the parts below find. */
export class Duties {
  readonly dated: DueDate[] = [];
  /** Ceremonies that were begun. */
  readonly going: DueDate[] = [];
  readonly remarks: Remark[] = [];

  date(duty: DueDate): void {
    this.dated.push(duty);
  }

  note(duty: Duty): void {
    this.remarks.push({ ...duty, severity: "note" });
  }
}
