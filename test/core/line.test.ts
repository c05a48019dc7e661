import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symbolsToText } from "../../src/core/base32.ts";
import { hasLetterU, placeName, readLine, SPARE } from "../../src/core/line.ts";
import { lineParity } from "../../src/core/reed-solomon.ts";
import { anyRow } from "./arbitrary.ts";
import { blur, double, drop, mistype, put } from "./typed.ts";

const LAST = 5;
const anyLine = fc.tuple(fc.nat(LAST), anyRow).map(([number, data]) => ({
  number,
  text: symbolsToText(data) + symbolsToText(lineParity(number, data)),
}));
const place = fc.nat(19);

/** The lines suggested for a text, and their edits in words. */
function suggestions(number: number, text: string): { line: string; edits: string[] }[] {
  const reading = readLine(number, text, LAST);
  if (reading.kind !== "suggested") return [];
  return reading.suggestions.map(({ line, edits }) => ({
    line: symbolsToText(line),
    edits: edits.map(({ kind, place }) => `${kind} ${place}`),
  }));
}

describe("a typed line", () => {
  it("is exact as printed, whatever the case, groups and look-alikes", () => {
    const gap = fc.constantFrom("", " ", "-", "\t", "\u00a0", "\u200b", "\u2013", "\ufeff");
    fc.assert(
      fc.property(
        anyLine,
        fc.array(gap, { minLength: 20, maxLength: 20 }),
        ({ number, text }, gaps) => {
          const loose = [...text.toLowerCase()]
            .map(
              (char, i) =>
                (char === "0" ? "o" : char === "1" ? "iIlL".charAt(i % 4) : char) + gaps[i]!,
            )
            .join("");
          const reading = readLine(number, loose, LAST);
          expect(reading.kind === "exact" && symbolsToText(reading.line)).toBe(text);
        },
      ),
    );
  });

  it("with one or two wrong symbols has one suggestion, which names the places", () => {
    fc.assert(
      fc.property(anyLine, place, place, fc.integer({ min: 1, max: 31 }), (line, a, b, step) => {
        const places = [...new Set([a, b])].sort((x, y) => x - y);
        const found = suggestions(line.number, mistype(line.text, places, step));
        expect(found).toEqual([{ line: line.text, edits: places.map((at) => `wrong ${at}`) }]);
      }),
    );
  });

  it("has its illegible symbols filled in", () => {
    const places = fc.uniqueArray(place, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyLine, places, (line, at) => {
        const edits = [...at].sort((x, y) => x - y).map((one) => `illegible ${one}`);
        expect(suggestions(line.number, blur(line.text, at))).toEqual([{ line: line.text, edits }]);
      }),
    );
  });

  it("with a character that is no symbol is told so, and it is not taken for illegible", () => {
    const foreign = fc.constantFrom("U", "u", "#", "\0", "\x1f", "\u00e9", "\u{1f511}");
    fc.assert(
      fc.property(anyLine, place, foreign, (line, at, char) => {
        const found = suggestions(line.number, put(line.text, at, char));
        expect(found).toEqual([{ line: line.text, edits: [`not a symbol ${at}`] }]);
      }),
    );
    expect(hasLetterU("00u0")).toBe(true);
    expect(hasLetterU("00V0")).toBe(false);
  });

  it("with a dropped or a doubled symbol has the right line among its suggestions", () => {
    fc.assert(
      fc.property(anyLine, place, ({ number, text }, at) => {
        const lines = (typed: string): string[] =>
          suggestions(number, typed).map(({ line }) => line);
        expect(lines(drop(text, at))).toContain(text);
        expect(lines(double(text, at))).toContain(text);
      }),
    );
  });

  it("under another number, with at most one wrong symbol, is always noticed", () => {
    const wrong = fc.option(fc.tuple(place, fc.integer({ min: 1, max: 31 })), { nil: undefined });
    fc.assert(
      fc.property(anyLine, fc.nat(LAST), wrong, (line, number, typo) => {
        fc.pre(number !== line.number);
        const text = typo === undefined ? line.text : mistype(line.text, [typo[0]], typo[1]);
        expect(readLine(number, text, LAST)).toEqual({ kind: "misplaced", number: line.number });
      }),
      { numRuns: 1000 },
    );
  });

  it("is lost if only ? is given, and only then", () => {
    for (const text of ["?", "????", "?? ??-??", "????????????????????"])
      expect(readLine(2, text, LAST).kind).toBe("lost");
    for (const text of ["", " - ", "#", "?U", "???????????????????0"])
      expect(readLine(2, text, LAST).kind).toBe("unreadable");
  });

  it("of another length than 19 to 21 is unreadable, and its length is told", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(..."0AZ?"), { maxLength: 40 }), (chars) => {
        fc.pre(Math.abs(chars.length - 20) > 1 && chars.some((char) => char !== "?"));
        const illegible = chars.filter((char) => char === "?").length;
        expect(readLine(1, chars.join(""), LAST)).toEqual({
          ...{ kind: "unreadable", length: chars.length, illegible },
        });
      }),
    );
  });
});

describe("a place", () => {
  it("is named as a person finds it on the paper", () => {
    expect(placeName(2, 0)).toBe("line 2, group 1, symbol 1");
    expect(placeName(2, 13)).toBe("line 2, group 4, symbol 2");
    expect(placeName(SPARE, 19)).toBe("the spare line, group 5, symbol 4");
  });
});
