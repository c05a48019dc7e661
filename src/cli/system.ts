import { randomBytes as nodeRandomBytes } from "node:crypto";
import { BreakglassError } from "../core/errors.ts";
import type { RandomBytes } from "../core/random.ts";

/** The operating system's random numbers. */
export const randomBytes: RandomBytes = (length) => new Uint8Array(nodeRandomBytes(length));

/** Before this date there was no breakglass: an earlier clock is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Today's date in UTC.
 *
 * @throws BreakglassError `refused` if the clock can't be right
 */
export function today(): Date {
  const now = Date.now();
  if (now < EARLIEST)
    throw new BreakglassError(
      "refused",
      `this computer's clock says ${isoDate(new Date(now))}, which can't be right`,
      "set the clock: its date is printed on the slips",
    );
  return new Date(now - (now % DAY_MS));
}

/** A day some days after another. */
export function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY_MS);
}

/** YYYY-MM-DD. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
