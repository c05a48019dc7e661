/** What clears the table, and what ends the pixels. */
const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const WIDTH_MIN = 9;
const WIDTH_MAX = 12;

/**
 * Whether each code in a part of a TIFF that is packed by LZW (TIFF 6.0, section 13) is in the table
 * when it comes, or is the next one: the decoder goes in circles for ever after one that is not.
 */
export function isSoundLzw(part: Uint8Array): boolean {
  let [width, free] = [WIDTH_MIN, FIRST_FREE];
  let cleared = false;
  for (let bit = 0; bit < 8 * part.length;) {
    const code = bitsAt(part, bit, width);
    bit += width;
    if (code === END) return true;
    if (code === CLEAR) {
      [width, free] = [WIDTH_MIN, FIRST_FREE];
      cleared = true;
      continue;
    }
    if (cleared ? code > CLEAR : code > free) return false;
    if (!cleared) free++;
    if (free + 1 === 1 << width && width < WIDTH_MAX) width++;
    cleared = false;
  }
  return true;
}

/** So many bits, the most significant first; there are zeros after the end. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >>> 3;
  const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >>> (24 - (bit & 7) - width)) & ((1 << width) - 1);
}
