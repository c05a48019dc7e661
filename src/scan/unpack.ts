/** What clears the table, and what ends the pixels. */
const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const WIDTH_MIN = 9;
const WIDTH_MAX = 12;
const TABLE = 1 << WIDTH_MAX;
const AT_ONCE = 16;

/**
 * Unpacks a part of a TIFF that is packed by LZW (TIFF 6.0, section 13).
 *
 * @param bytes where they go: at its end it ends
 * @returns how many they are; undefined if a code is not in the table when it comes, and is not the
 *   next one
 */
export function unpackLzw(part: Uint8Array, bytes: Uint8Array): number | undefined {
  const max = bytes.length;
  // What a code stands for came out before: it is a string and the byte after it.
  const starts = new Uint32Array(TABLE);
  const lengths = new Uint32Array(TABLE);
  let [width, free] = [WIDTH_MIN, FIRST_FREE];
  let last = { start: 0, length: 0 };
  let end = 0;
  for (let bit = 0; bit + width <= 8 * part.length && end < max;) {
    const code = bitsAt(part, bit, width);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      [width, free] = [WIDTH_MIN, FIRST_FREE];
      last = { start: 0, length: 0 };
      continue;
    }
    if (last.length > 0 && free < TABLE) {
      starts[free] = last.start;
      lengths[free] = last.length + 1;
      free++;
      if (free + 1 === 1 << width && width < WIDTH_MAX) width++;
    }
    if (code >= free) return undefined;
    const start = end;
    const length = code < CLEAR ? 1 : lengths[code]!;
    if (code < CLEAR) bytes[end++] = code;
    else {
      const from = starts[code]!;
      const to = Math.min(end + length, max);
      // Long ones at once, for the loop is slow until it is compiled. The last byte may be a copy of
      // the first, which only the loop does.
      if (length >= AT_ONCE && from + length <= end) bytes.copyWithin(end, from, from + to - end);
      else for (let i = 0; end + i < to; i++) bytes[end + i] = bytes[from + i]!;
      end = to;
    }
    last = { start, length };
  }
  return end;
}

/** So many bits, the most significant first; there are zeros after the end. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >>> 3;
  const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >>> (24 - (bit & 7) - width)) & ((1 << width) - 1);
}

/**
 * Unpacks a part of a TIFF that is packed by PackBits (TIFF 6.0, section 9).
 *
 * @param bytes where they go: at its end it ends
 * @returns how many they are
 */
export function unpackBits(part: Uint8Array, bytes: Uint8Array): number {
  const max = bytes.length;
  let end = 0;
  for (let at = 0; at < part.length && end < max;) {
    const count = part[at++]!;
    if (count < 128) {
      const run = part.subarray(at, at + Math.min(count + 1, max - end));
      bytes.set(run, end);
      end += run.length;
      at += count + 1;
    } else if (count > 128) {
      const to = Math.min(end + 257 - count, max);
      bytes.fill(part[at++] ?? 0, end, to);
      end = to;
    }
  }
  return end;
}
