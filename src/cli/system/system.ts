import { BreakglassError } from "../../core/errors.ts";
import type { RandomBytes } from "../../core/random.ts";
import { DAY, isoDate } from "../../custody/times.ts";

/** The operating system's random numbers; the module is loaded where they are drawn. */
export const randomBytes: RandomBytes = (length) =>
  process.getBuiltinModule("node:crypto").randomFillSync(new Uint8Array(length));

/**
 * Tells the time when it is asked. What writes into the register asks while it holds the lock: it
 * may have waited for it, and entries that stand one after the other were written in that order.
 */
export type Clock = () => Date;

/** Before this date there was no breakglass: an earlier clock is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);

/**
 * The time.
 *
 * @throws BreakglassError `refused` if the clock can't be right
 */
export function currentTime(): Date {
  const now = new Date();
  if (!isPlausible(now))
    throw new BreakglassError(
      "refused",
      `this computer's clock says ${isoDate(now)}, which can't be right`,
      "set the clock: dates are printed on the slips, and written into the register",
    );
  return now;
}

/** Whether it can be so late, or so early. */
export function isPlausible(time: Date): boolean {
  return time.getTime() >= EARLIEST;
}

/** A day some days after another. */
export function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}
