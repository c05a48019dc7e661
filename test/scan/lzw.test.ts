import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSoundLzw } from "../../src/scan/lzw.ts";

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;

/** Codes as a TIFF has them: a bit wider as soon as the next place of the table needs it. */
function packed(codes: readonly number[]): Uint8Array {
  let bits = "";
  let width = 9;
  let free = FIRST_FREE;
  for (const [i, code] of codes.entries()) {
    bits += code.toString(2).padStart(width, "0");
    if (code === CLEAR) [width, free] = [9, FIRST_FREE];
    else if (codes[i - 1] !== CLEAR) free++;
    if (free + 1 === 2 ** width && width < 12) width++;
  }
  const bytes = bits.padEnd(8 * Math.ceil(bits.length / 8), "0").match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => parseInt(byte, 2));
}

/** Pixels as codes, by the algorithm in TIFF 6.0, section 13. */
function encoded(pixels: readonly number[]): number[] {
  const codes = [CLEAR];
  let table = new Map<string, number>();
  let known = "";
  const codeOf = (text: string): number => table.get(text) ?? text.charCodeAt(0);
  for (const pixel of pixels) {
    const next = known + String.fromCharCode(pixel);
    if (next.length === 1 || table.has(next)) {
      known = next;
      continue;
    }
    codes.push(codeOf(known));
    table.set(next, FIRST_FREE + table.size);
    if (table.size === 4094 - FIRST_FREE) {
      codes.push(CLEAR);
      table = new Map();
    }
    known = next.slice(-1);
  }
  return known === "" ? [...codes, END] : [...codes, codeOf(known), END];
}

describe("the codes of a TIFF that is packed by LZW", () => {
  it("are sound as an encoder writes them, through every width and a full table", () => {
    const long = Array.from({ length: 40_000 }, (_, i) => (i * i * 7919) % 251);
    expect(isSoundLzw(packed(encoded(long)))).toBe(true);
    // A code that stands for itself and its first symbol comes before the table has it.
    expect(encoded([7, 7, 7, 7])).toContain(FIRST_FREE);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 2000 }), (pixels) => {
        expect(isSoundLzw(packed(encoded(pixels)))).toBe(true);
      }),
    );
  });

  it.each([
    ["is not in the table, nor the next", [CLEAR, 65, FIRST_FREE + 1]],
    ["is left from before the table was cleared", [CLEAR, 65, 66, CLEAR, FIRST_FREE]],
    ["is the last place's, long before it is there", [CLEAR, 65, 511]],
  ])("are none if one %s", (_, codes) => {
    expect(isSoundLzw(packed(codes))).toBe(false);
  });

  it("need no end, as where a file was cut off", () => {
    const bytes = packed([CLEAR, 65, 66, FIRST_FREE, 67]);
    for (let length = 0; length <= bytes.length; length++)
      expect(typeof isSoundLzw(bytes.subarray(0, length))).toBe("boolean");
    expect(isSoundLzw(bytes)).toBe(true);
  });
});
