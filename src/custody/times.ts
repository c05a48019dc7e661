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
