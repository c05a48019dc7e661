/** In milliseconds. */
export const DAY = 24 * 60 * 60 * 1000;

/** YYYY-MM-DD. */
export function isoDate(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** A time in UTC, in whole seconds. */
export function isoTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Two clocks are never the same: so much later is not later, in milliseconds. */
const CLOCK_TOLERANCE = 120_000;

/** Whether a moment lies so far after another that a clock must have been wrong. */
export function isAfter(
  moment: string | undefined,
  other: string,
  tolerance = CLOCK_TOLERANCE,
): boolean {
  return (
    moment !== undefined && moment > other && Date.parse(moment) > Date.parse(other) + tolerance
  );
}
