import { Inflate } from "fflate";

/** Bytes that are unpacked at a time: at most some thousand times as many come out of them. */
const STEP = 4096;

/** So many unpacked bytes are held at most, where counting them would take longer. */
export const HELD_MAX = 40_000_000;

/**
 * How many bytes come out of what is packed with deflate, counted without keeping them.
 *
 * @param parts the packed bytes, without a header
 * @param max where counting ends, for there may be gigabytes
 * @returns more than `max` for more than that; fewer than were packed if it is damaged or cut off
 */
export function inflatedLength(parts: readonly Uint8Array[], max: number): number {
  let length = 0;
  const inflate = new Inflate((bytes) => {
    length += bytes.length;
  });
  try {
    for (const part of parts)
      for (let at = 0; at < part.length && length <= max; at += STEP)
        inflate.push(part.subarray(at, at + STEP));
  } catch {
    // What came out before was counted.
  }
  return length;
}
