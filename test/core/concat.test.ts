import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, joinConcat, splitConcat } from "../../src/core/concat.ts";
import { seeded } from "./seeded.ts";
import { chiSquare, chiSquareLimit, tally } from "./statistics.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(part);
/** Text of code points of one to four bytes. */
const anyText = fc.string({ unit: "binary", minLength: 3, maxLength: 60 });
const parts = fc.constantFrom(2, 3);

describe("text is cut", () => {
  it("at code points, as even as possible, longer parts first", () => {
    fc.assert(
      fc.property(anyText, parts, (secret, count) => {
        const cut = cutText(bytes(secret), count).map(text);
        expect(cut.join("")).toBe(secret);
        const lengths = cut.map((part) => [...part].length);
        expect(lengths).toHaveLength(count);
        expect(lengths.toSorted((a, b) => b - a)).toEqual(lengths);
        expect(lengths[0]! - lengths.at(-1)!).toBeLessThanOrEqual(1);
      }),
    );
    expect(cutText(bytes("abcde"), 3).map(text)).toEqual(["ab", "cd", "e"]);
    expect(cutText(bytes("e\u0301\u20ac"), 2).map(text)).toEqual(["e\u0301", "\u20ac"]);
  });

  it("into no more parts than it has code points", () => {
    for (const [secret, count] of [
      ["", 2],
      ["a", 2],
      ["\u{1f511}", 2],
      ["ab", 3],
    ] as const)
      expect(() => cutText(bytes(secret), count)).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
  });
});

describe("a concatenation", () => {
  const digest = Uint8Array.of(1, 2, 3, 4);

  it("is joined again, and carries its fragments in clear", () => {
    fc.assert(
      fc.property(anyText, parts, (secret, count) => {
        const whole = Uint8Array.from([...digest, ...bytes(secret)]);
        const bodies = splitConcat(whole, count, seeded("concat"));
        expect(joinConcat(bodies)).toEqual(whole);
        expect(bodies.map((body) => text(body.subarray(4))).join("")).toBe(secret);
      }),
    );
  });

  it.each([2, 3])("has a digest in %i parts, of which all but one are uniform", (count) => {
    const random = seeded(`digest ${count}`);
    const whole = Uint8Array.from([...digest, ...bytes("abc")]);
    const drawn = Array.from({ length: 3000 }, () => splitConcat(whole, count, random));
    const at = (part: number, place: number): number[] =>
      drawn.map((bodies) => bodies[part]![place]!);
    for (let part = 0; part < count; part++)
      for (let place = 0; place < 4; place++) {
        expect(chiSquare(tally(at(part, place), 256))).toBeLessThan(chiSquareLimit(256));
        // Any two parts together are uniform too, where there is a third.
        const next = at((part + 1) % count, place);
        const sums = at(part, place).map((byte, i) => byte ^ next[i]!);
        if (count === 3) expect(chiSquare(tally(sums, 256))).toBeLessThan(chiSquareLimit(256));
        else expect(new Set(sums)).toEqual(new Set([digest[place]]));
      }
  });
});
