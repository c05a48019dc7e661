import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctLine, lineParity } from "../../src/core/reed-solomon.ts";
import { product } from "../vectors/forge.ts";
import { anyRow } from "./arbitrary.ts";
import { seeded } from "./seeded.ts";

type Received = (number | undefined)[];

const numbers = fc.nat(29);
const PLACES = Array.from({ length: 20 }, (_, place) => place);

function codeword(number: number, data: Uint8Array): number[] {
  return [...data, ...lineParity(number, data)];
}

/** Whether number and line are zero at the four roots, by the format's own words. */
function isCodeword(number: number, line: Iterable<number>): boolean {
  const coefficients = [number, ...line];
  let root = 1;
  return [1, 2, 3, 4].every(() => {
    root = product(root, 2);
    return coefficients.reduce((sum, symbol) => product(sum, root) ^ symbol, 0) === 0;
  });
}

const random = seeded("reed-solomon");
const samples = Array.from({ length: 4 }, (_, i) => {
  const number = [0, 1, 7, 29][i]!;
  const line = codeword(
    number,
    random(16).map((byte) => byte & 31),
  );
  return { number, line };
});

/** `line` with some places replaced. */
function spoil(
  line: readonly number[],
  places: readonly number[],
  by: (place: number) => number | undefined,
): Received {
  return line.map((symbol, place) => (places.includes(place) ? by(place) : symbol));
}

/** Any other symbol than the one that stands there. */
function another(line: readonly number[]): (place: number) => number {
  return (place) => line[place]! ^ (1 + (random(1)[0]! % 31));
}

describe("parity", () => {
  it("makes number, data and parity zero at alpha to alpha^4", () => {
    fc.assert(
      fc.property(numbers, anyRow, (number, data) => {
        expect(isCodeword(number, codeword(number, data))).toBe(true);
      }),
    );
  });
});

describe("a line is corrected", () => {
  it("if it has no error", () => {
    for (const { number, line } of samples)
      expect(correctLine(number, line, 2)).toEqual(Uint8Array.from(line));
  });

  it("with any one wrong symbol", () => {
    for (const { number, line } of samples)
      for (const place of PLACES)
        for (let error = 1; error < 32; error++) {
          const typed = spoil(line, [place], () => line[place]! ^ error);
          expect(correctLine(number, typed, 2)).toEqual(Uint8Array.from(line));
        }
  });

  it("with two wrong symbols, at every pair of places", () => {
    for (const { number, line } of samples)
      for (const a of PLACES)
        for (const b of PLACES.slice(a + 1))
          for (let i = 0; i < 5; i++)
            expect(correctLine(number, spoil(line, [a, b], another(line)), 2)).toEqual(
              Uint8Array.from(line),
            );
  });

  it("with two neighbours in the other order", () => {
    for (const { number, line } of samples)
      for (const a of PLACES.slice(0, -1)) {
        const typed = line.with(a, line[a + 1]!).with(a + 1, line[a]!);
        expect(correctLine(number, typed, 2)).toEqual(Uint8Array.from(line));
      }
  });

  it("with one to four illegible symbols, at every set of places", () => {
    const { number, line } = samples[1]!;
    const erase = (places: readonly number[]): void => {
      if (places.length > 0)
        expect(
          correctLine(
            number,
            spoil(line, places, () => undefined),
            0,
          ),
        ).toEqual(Uint8Array.from(line));
      if (places.length < 4)
        for (const next of PLACES.slice((places.at(-1) ?? -1) + 1)) erase([...places, next]);
    };
    erase([]);
  });

  it("with one wrong symbol beside one or two illegible ones", () => {
    for (const { number, line } of samples)
      for (const a of PLACES)
        for (const b of PLACES)
          for (const wrong of PLACES.filter((place) => place !== a && place !== b)) {
            const typed = spoil(
              spoil(line, [a, b], () => undefined) as number[],
              [wrong],
              another(line),
            );
            expect(correctLine(number, typed, 2)).toEqual(Uint8Array.from(line));
          }
  });
});

describe("whatever is typed", () => {
  it("becomes a line within reach or none", () => {
    const received = fc.array(fc.option(fc.nat(31), { nil: undefined, freq: 12 }), {
      minLength: 20,
      maxLength: 20,
    });
    const near = fc
      .tuple(
        numbers,
        anyRow,
        fc.array(fc.tuple(fc.nat(19), fc.option(fc.nat(31), { nil: undefined })), { maxLength: 6 }),
      )
      .map(([number, data, edits]) => {
        const line: Received = codeword(number, data);
        for (const [place, symbol] of edits) line[place] = symbol;
        return { number, line };
      });
    const any = fc.oneof(near, fc.record({ number: numbers, line: received }));
    const reach = fc.constantFrom<0 | 1 | 2>(0, 1, 2);
    fc.assert(
      fc.property(any, reach, ({ number, line }, maxErrors) => {
        const found = correctLine(number, line, maxErrors);
        if (found === undefined) return;
        const erased = line.filter((symbol) => symbol === undefined).length;
        const wrong = line.filter(
          (symbol, i) => symbol !== undefined && symbol !== found[i],
        ).length;
        expect(isCodeword(number, found)).toBe(true);
        expect(wrong).toBeLessThanOrEqual(maxErrors);
        expect(2 * wrong + erased).toBeLessThanOrEqual(4);
      }),
      { numRuns: 1000 },
    );
  });

  it("with five illegible symbols stays as it is", () => {
    const { number, line } = samples[0]!;
    expect(
      correctLine(
        number,
        spoil(line, [0, 4, 8, 12, 16], () => undefined),
        2,
      ),
    ).toBeUndefined();
  });
});
