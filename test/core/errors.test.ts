import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakglassError } from "../../src/core/errors.ts";
import { encodeSlip, setName } from "../../src/core/slip.ts";
import { concat, makeSet } from "../vectors/scenario.ts";
import { recover } from "./read.ts";
import { SYMBOLS, typedSlip } from "./typed.ts";

/** Characters that stand in no message, so that three of them in a row can't be chance. */
const PASSWORD = "^~|{^|}~{\u00a7\u00b5^}|~{\u00a7^{~\u00b5|}^";

/** Runs of `length` characters. */
function runs(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, i) =>
    text.slice(i, i + length),
  );
}

const sets = [{}, { blinded: true }, { threshold: 3, total: 4 }, concat(2), concat(3)].map(
  (header, i) => makeSet(`errors ${i}`, { ...header, password: PASSWORD }),
);

type Edit = (text: string) => string;
const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const anyChar = fc.constantFrom(...SYMBOLS, ..."?U#)S1:;\n\f\0 ");
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(at, anyChar).map(
    ([place, char]): Edit =>
      (text) =>
        splice(text, place, 1, char),
  ),
  fc.tuple(at, anyChar).map(
    ([place, char]): Edit =>
      (text) =>
        splice(text, place, 0, char),
  ),
  fc.tuple(at, fc.integer({ min: 1, max: 60 })).map(
    ([place, count]): Edit =>
      (text) =>
        splice(text, place, count, ""),
  ),
  fc.tuple(at, fc.string({ unit: anyChar, maxLength: 30 })).map(
    ([place, words]): Edit =>
      (text) =>
        splice(text, place, words.length, words),
  ),
  at.map((place): Edit => (text) => {
    const rows = text.split("\n");
    const [row] = rows.splice(Math.floor(place * rows.length), 1);
    return [...rows, row!].join("\n");
  }),
);

function splice(text: string, place: number, remove: number, insert: string): string {
  const begin = Math.floor(place * text.length);
  return text.slice(0, begin) + insert + text.slice(begin + remove);
}

describe("an error", () => {
  it("has nothing of the password, of a slip or of what was typed in it", () => {
    let errors = 0;
    const classes = new Set<string>();
    const input = fc.record({
      set: fc.constantFrom(...sets),
      other: fc.option(fc.constantFrom(...sets), { nil: undefined, freq: 6 }),
      few: fc.boolean(),
      asQr: fc.boolean(),
      edits: fc.array(anyEdit, { maxLength: 12 }),
      acceptCorrections: fc.boolean(),
    });
    fc.assert(
      fc.property(input, ({ set, other, few, asQr, edits, acceptCorrections }) => {
        const given = [
          ...set.slice(0, set[0]!.threshold - (few ? 1 : 0)),
          ...(other ?? []).slice(0, 1),
        ];
        const printed = given
          .map((slip) => (asQr ? encodeSlip(slip).qr : typedSlip(slip)))
          .join("\n");
        const text = edits.reduce((sum, edit) => edit(sum), printed);
        let error: unknown;
        try {
          recover({ documents: [text], acceptCorrections });
          return;
        } catch (thrown) {
          error = thrown;
        }
        if (!(error instanceof BreakglassError)) throw error;
        errors++;
        classes.add(error.code);
        // The set's name is four symbols of a slip, and public.
        const names = [...sets.map((one) => setName(one[0]!.setId))];
        const said = names.reduce(
          (words, name) => words.replaceAll(name, " "),
          `${error.message}\n${error.hint}`,
        );
        const symbols = given.flatMap((slip) => {
          const { lines, spare } = encodeSlip(slip);
          return [...lines, spare];
        });
        const typed = text.split(/\n/).map((row) => row.replace(/^\s*(\d+|S)\)/, ""));
        const secrets = [
          ...runs(PASSWORD, 3),
          ...symbols.flatMap((line) => runs(line, 4)),
          ...typed.flatMap((row) => runs(row.replaceAll(" ", ""), 5)),
        ];
        expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(errors).toBeGreaterThan(500);
    expect(classes.size).toBeGreaterThan(5);
  });
});
