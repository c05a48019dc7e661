import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpackBits, unpackLzw } from "../../src/scan/unpack.ts";

/** Up to so many bytes that come out. */
function unpacked(unpack: typeof unpackLzw, part: Uint8Array, max: number): Uint8Array | undefined {
  const bytes = new Uint8Array(max);
  const length = unpack(part, bytes);
  return length === undefined ? undefined : bytes.subarray(0, length);
}

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

describe("what is packed by LZW in a TIFF", () => {
  it("is what an encoder packed, through every width and a full table", () => {
    const long = Array.from({ length: 40_000 }, (_, i) => (i * i * 7919) % 251);
    expect([...unpacked(unpackLzw, packed(encoded(long)), 50_000)!]).toEqual(long);
    // A code that stands for itself and its first symbol comes before the table has it.
    expect(encoded([7, 7, 7, 7])).toContain(FIRST_FREE);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 2000 }), (pixels) => {
        expect([...unpacked(unpackLzw, packed(encoded(pixels)), 2000)!]).toEqual(pixels);
      }),
    );
  });

  it.each([
    ["is not in the table, nor the next", [CLEAR, 65, FIRST_FREE + 1]],
    ["is left from before the table was cleared", [CLEAR, 65, 66, CLEAR, FIRST_FREE]],
    ["is the last place's, long before it is there", [CLEAR, 65, 511]],
    ["stands for itself after the table was cleared twice", [CLEAR, CLEAR, FIRST_FREE]],
  ])("is nothing if a code %s", (_, codes) => {
    expect(unpacked(unpackLzw, packed(codes), 1000)).toBeUndefined();
  });

  it("needs no end, as where a file was cut off", () => {
    const bytes = packed([CLEAR, 65, 66, FIRST_FREE, 67]);
    for (let length = 0; length < bytes.length; length++)
      expect([65, 66, 65, 66, 67]).toEqual(
        expect.arrayContaining([...unpacked(unpackLzw, bytes.subarray(0, length), 9)!]),
      );
    expect([...unpacked(unpackLzw, bytes, 9)!]).toEqual([65, 66, 65, 66, 67]);
  });

  it("ends where there would be more than there should be", () => {
    const long = encoded(Array.from({ length: 10_000 }, () => 5));
    for (const max of [0, 1, 2, 3, 4, 100, 9999])
      expect([...unpacked(unpackLzw, packed(long), max)!]).toEqual(
        Array.from({ length: max }, () => 5),
      );
  });
});

describe("what is packed by PackBits", () => {
  it("is what was packed, and no more than there should be", () => {
    // The sample of TIFF 6.0, section 9, as Apple gave it.
    const sample = "FE AA 02 80 00 2A FD AA 03 80 00 2A 22 F7 AA".split(" ");
    const bytes = Uint8Array.from(sample, (hex) => parseInt(hex, 16));
    const plain = "AA AA AA 80 00 2A AA AA AA AA 80 00 2A 22".split(" ");
    const all = [...plain, ...Array.from({ length: 10 }, () => "AA")];
    const pixels = all.map((hex) => parseInt(hex, 16));
    expect([...unpacked(unpackBits, bytes, 100)!]).toEqual(pixels);
    for (let max = 0; max < pixels.length; max++)
      expect([...unpacked(unpackBits, bytes, max)!]).toEqual(pixels.slice(0, max));
    for (let length = 0; length < bytes.length; length++)
      expect(unpackBits(bytes.subarray(0, length), new Uint8Array(100))).toBeLessThanOrEqual(24);
  });
});
