import { BreakglassError } from "./errors.ts";

/** A source of `length` random bytes, fresh at every call. */
export type RandomBytes = (length: number) => Uint8Array;

const RANGE = 2 ** 16;
/** A source that never yields a number in range is broken; this many tries in a row are not chance. */
const TRIES_MAX = 1000;

/**
 * A number below `limit`, each equally likely: draws that would favour the smaller ones are
 * thrown away.
 *
 * @param limit 1 to 65,536
 */
export function uniform(limit: number, random: RandomBytes): number {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const bytes = random(2);
    const drawn = bytes[0]! * 256 + bytes[1]!;
    bytes.fill(0);
    if (drawn < RANGE - (RANGE % limit)) return drawn % limit;
  }
  throw brokenRandom();
}

/** What to throw when a random source keeps failing a test that chance would pass. */
export function brokenRandom(): BreakglassError {
  return new BreakglassError(
    "internal",
    "the random number generator repeats itself",
    "do not use this computer for a ceremony",
  );
}
