import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToSymbols, symbolOf, symbolsToBytes, symbolsToText } from "../../src/core/base32.ts";
import { SYMBOLS } from "./typed.ts";

describe("symbols", () => {
  it("are read in either case, with O as 0, I and L as 1", () => {
    const read = (text: string): (number | undefined)[] => [...text].map((char) => symbolOf(char));
    const all = Array.from({ length: 32 }, (_, value) => value);
    expect(read(SYMBOLS)).toEqual(all);
    expect(read(SYMBOLS.toLowerCase())).toEqual(all);
    expect(read("OoIiLl")).toEqual([0, 0, 1, 1, 1, 1]);
    expect(symbolsToText(Uint8Array.from(all))).toBe(SYMBOLS);
  });

  it("are nothing else", () => {
    const known = new Set([...SYMBOLS, ...SYMBOLS.toLowerCase(), ..."OoIiLl"]);
    for (let code = 0; code < 0x3000; code++) {
      const char = String.fromCodePoint(code);
      if (!known.has(char)) expect(symbolOf(char), `U+${code.toString(16)}`).toBeUndefined();
    }
  });
});

describe("bytes as symbols", () => {
  it("agree with the bits written out", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
        const padded = bits.padEnd(Math.ceil(bits.length / 5) * 5, "0");
        const expected = (padded.match(/.{5}/g) ?? []).map((five) => parseInt(five, 2));
        expect([...bytesToSymbols(bytes)]).toEqual(expected);
        expect(symbolsToBytes(bytesToSymbols(bytes))).toEqual(bytes);
      }),
    );
  });

  it("come from no other symbols", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40, max: 31 }), (symbols) => {
        const bytes = symbolsToBytes(symbols);
        if (bytes !== undefined) expect(bytesToSymbols(bytes)).toEqual(symbols);
      }),
    );
    // One symbol more than the bytes need, a bit set after the last byte.
    expect(symbolsToBytes(Uint8Array.of(0))).toBeUndefined();
    expect(symbolsToBytes(Uint8Array.of(0, 0, 0))).toBeUndefined();
    expect(symbolsToBytes(Uint8Array.of(0, 1))).toBeUndefined();
    expect(symbolsToBytes(Uint8Array.of(0, 4))).toEqual(Uint8Array.of(1));
  });
});
