import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/core/document.ts";
import { BreakglassError } from "../../src/core/errors.ts";
import { readSlip, type SlipReading } from "../../src/core/reader.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { contentOf, checkOf, forgeLine, forgeLines, streamOf } from "../vectors/forge.ts";
import { anySlip } from "./arbitrary.ts";
import {
  blur,
  change,
  double,
  drop,
  mistype,
  put,
  rowsOf,
  swap,
  SYMBOLS,
  typed,
  without,
} from "./typed.ts";
import type { Rows } from "./typed.ts";

function read(rows: Rows, acceptCorrections = false): SlipReading {
  const drafts = readDocument(typed(rows));
  expect(drafts).toHaveLength(1);
  return readSlip(drafts[0]!, { acceptCorrections });
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (error instanceof BreakglassError) return error.code;
    throw error;
  }
}

/** A slip, its rows, and one of its lines (not the spare line). */
const anyCase = fc.tuple(anySlip({ maxBody: 40 }), fc.nat()).map(([slip, n]) => {
  const rows = rowsOf(encodeSlip(slip));
  return { slip, rows, label: String(1 + (n % (rows.length - 1))) };
});
const somePlaces = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.nat(19), { minLength: min, maxLength: max });
const step = fc.integer({ min: 1, max: 31 });

describe("a slip as printed", () => {
  it("is read without a correction, and its spare line agrees", () => {
    fc.assert(
      fc.property(anyCase, ({ slip, rows }) => {
        expect(read(rows)).toEqual({
          ...{ slip, corrections: [], restored: [], illegible: 0, spare: "agrees" },
        });
        expect(read(without(rows, "S"))).toMatchObject({ slip, spare: "absent" });
        const foreign = change(rows, "S", () => forgeLine(0, Array<number>(16).fill(5)));
        expect(read(foreign)).toMatchObject({ slip, corrections: [], spare: "differs" });
      }),
    );
  });
});

describe("a lost line", () => {
  it("comes back from the spare line, asked or not", () => {
    fc.assert(
      fc.property(anyCase, ({ slip, rows, label }) => {
        const lost = change(rows, label, () => "?");
        for (const accept of [false, true])
          expect(read(lost, accept)).toEqual({
            illegible: 0,
            ...{ slip, corrections: [], restored: [Number(label)], spare: "agrees" },
          });
        expect(codeOf(() => read(without(lost, "S"), true))).toBe("line-missing");
      }),
    );
  });

  it("that was left out comes back only if corrections are accepted", () => {
    fc.assert(
      fc.property(anyCase, ({ slip, rows, label }) => {
        const left = without(rows, label);
        expect(codeOf(() => read(left))).toBe("corrections-needed");
        const line = Number(label);
        expect(read(left, true)).toMatchObject({ slip, corrections: [{ line, edits: [] }] });
        expect(codeOf(() => read(without(left, "S"), true))).toBe("line-missing");
      }),
    );
  });

  it("comes back beside mistakes in other lines and in the spare line", () => {
    fc.assert(
      fc.property(anyCase, somePlaces(1, 2), step, ({ slip, rows, label }, places, by) => {
        const mistyped = rows.map((row) => ({ ...row, symbols: mistype(row.symbols, places, by) }));
        const lost = change(mistyped, label, () => "????");
        expect(read(lost, true).slip).toEqual(slip);
        expect(codeOf(() => read(lost))).toBe("corrections-needed");
      }),
    );
  });

  it("from a mistyped spare line is a correction of that", () => {
    fc.assert(
      fc.property(anyCase, somePlaces(1, 2), step, ({ slip, rows, label }, places, by) => {
        const lost = change(rows, label, () => "?");
        const mistyped = change(lost, "S", (s) => mistype(s, places, by));
        expect(codeOf(() => read(mistyped))).toBe("corrections-needed");
        const { corrections, ...reading } = read(mistyped, true);
        expect(reading.slip).toEqual(slip);
        expect(corrections.map(({ line }) => line)).toEqual([0]);
      }),
    );
  });

  it("does not come back where two are lost", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), ({ rows, label }, n) => {
        const other = String(1 + ((Number(label) + (n % (rows.length - 2))) % (rows.length - 1)));
        const lost = change(
          change(rows, label, () => "?"),
          other,
          () => "?",
        );
        expect(codeOf(() => read(lost, true))).toBe("line-missing");
      }),
    );
  });
});

describe("a mistake in a line", () => {
  const mistakes: [string, fc.Arbitrary<(symbols: string) => string>][] = [
    [
      "one or two wrong symbols",
      fc.tuple(somePlaces(1, 2), step).map(
        ([places, by]) =>
          (s) =>
            mistype(s, places, by),
      ),
    ],
    ["neighbours in the other order", fc.nat(18).map((place) => (s) => swap(s, place))],
    ["a symbol left out", fc.nat(19).map((place) => (s) => drop(s, place))],
    ["a symbol twice", fc.nat(19).map((place) => (s) => double(s, place))],
    ["U in place of a symbol", fc.nat(19).map((place) => (s) => put(s, place, "U"))],
    [
      "three or four wrong symbols, with the spare line",
      fc.tuple(somePlaces(3, 4), step).map(
        ([places, by]) =>
          (s) =>
            mistype(s, places, by),
      ),
    ],
    [
      "anything else, with the spare line",
      fc
        .array(fc.constantFrom(...SYMBOLS, "U", "?"), { minLength: 16, maxLength: 24 })
        .map((chars) => () => chars.join("")),
    ],
  ];
  it.each(mistakes)("%s, is corrected if that is asked for", (_, mistake) => {
    fc.assert(
      fc.property(anyCase, mistake, ({ slip, rows, label }, how) => {
        const mistyped = change(rows, label, how);
        const same = typed(mistyped) === typed(rows);
        const reading = read(mistyped, true);
        expect(reading.slip).toEqual(slip);
        expect(reading.corrections.map(({ line }) => line)).toEqual(same ? [] : [Number(label)]);
        if (!same)
          expect(codeOf(() => read(mistyped))).toMatch(/^(corrections-needed|line-misplaced)$/);
      }),
      { numRuns: 200 },
    );
  });

  it("in every line at once is corrected", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(19), fc.nat(19), step, ({ slip, rows }, a, b, by) => {
        const mistyped = rows.map((row) => ({ ...row, symbols: mistype(row.symbols, [a, b], by) }));
        expect(read(mistyped, true).slip).toEqual(slip);
      }),
    );
  });

  it("of four illegible symbols a line is filled in without asking", () => {
    fc.assert(
      fc.property(anyCase, somePlaces(1, 4), ({ slip, rows }, places) => {
        const faint = rows.map((row) => ({ ...row, symbols: blur(row.symbols, places) }));
        expect(read(faint)).toMatchObject({ slip, corrections: [] });
      }),
    );
  });
});

describe("unless corrections are accepted", () => {
  /** What may happen to a line between the paper and the reader. */
  const noise = fc.oneof(
    fc.tuple(somePlaces(1, 8), step).map(
      ([places, by]) =>
        (s: string): string =>
          mistype(s, places, by),
    ),
    somePlaces(1, 6).map(
      (places) =>
        (s: string): string =>
          blur(s, places),
    ),
    fc.tuple(somePlaces(1, 4), somePlaces(1, 3), step).map(
      ([faint, wrong, by]) =>
        (s: string): string =>
          blur(mistype(s, wrong, by), faint),
    ),
    fc.nat(19).map(
      (place) =>
        (s: string): string =>
          drop(s, place),
    ),
    fc.constant(() => "?"),
  );

  it("nothing that was typed is overruled", () => {
    const edits = fc.array(fc.tuple(fc.nat(), noise), { maxLength: 4 });
    let readable = 0;
    fc.assert(
      fc.property(anyCase, edits, ({ slip, rows }, given) => {
        let noisy = rows;
        for (const [n, how] of given) noisy = change(noisy, rows[n % rows.length]!.label, how);
        let reading;
        try {
          reading = read(noisy);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakglassError);
          return;
        }
        readable++;
        expect(reading.slip).toEqual(slip);
        expect(reading.corrections).toEqual([]);
        for (const { label, symbols } of without(noisy, "S")) {
          const printed = rows.find((row) => row.label === label)!.symbols;
          const lost = /^\?+$/.test(symbols);
          const legible = [...symbols].every((char, i) => char === "?" || char === printed[i]);
          expect(lost || (symbols.length === 20 && legible)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
    expect(readable).toBeGreaterThan(100);
  });

  it("whatever could be corrected is refused, and the rest as well", () => {
    fc.assert(
      fc.property(anyCase, noise, ({ rows, label }, how) => {
        const noisy = change(rows, label, how);
        const { corrections } = read(noisy, true);
        const unasked = codeOf(() => read(noisy));
        if (corrections.length === 0) expect(unasked).toBe("none");
        else expect(["corrections-needed", "line-misplaced"]).toContain(unasked);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the search", () => {
  it("refuses what can be corrected to two slips", () => {
    fc.assert(
      fc.property(anySlip({ maxBody: 40 }), (slip) => {
        const payload = slip.payload.with(-1, slip.payload.at(-1)! ^ 1);
        const rows = rowsOf(encodeSlip(slip));
        const twin = rowsOf(encodeSlip({ ...slip, payload }));
        // Its last byte may lie on the last two lines; then the spare line gives no second slip.
        const differ = rows.filter((row, i) => row.symbols !== twin[i]!.symbols);
        fc.pre(differ.length === 2);
        const spare = change(rows, "S", () => twin.at(-1)!.symbols);
        const doubtful = change(spare, differ[0]!.label, (s) => mistype(s, [3]));
        expect(codeOf(() => read(doubtful, true))).toBe("ambiguous");
      }),
    );
  });

  it("ends, however many ways there are to correct the lines", () => {
    // In a line of one symbol only, any of them may be the one left out or doubled.
    const slip: Slip = {
      ...{ setId: 1, scheme: "shamir", blinded: false, threshold: 2, total: 2, index: 1 },
      payload: new Uint8Array(260),
    };
    const rows = rowsOf(encodeSlip(slip));
    const noisy = rows.map(({ label, symbols }) => ({ label, symbols: drop(symbols, 16) }));
    expect(read(noisy, true).slip).toEqual(slip);
  });
});

describe("a slip that is wrong from the start", () => {
  const slip: Slip = {
    ...{ setId: 5, scheme: "shamir", blinded: false, threshold: 2, total: 3, index: 1 },
    payload: Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
  };
  const content = contentOf(streamOf(slip));

  it("has a line too many", () => {
    const more = forgeLines([...content, ...checkOf(content), ...Array<number>(16).fill(1)]);
    expect(codeOf(() => read(without(rowsOf(more), "S")))).toBe("line-count");
  });

  it("has a QR text of more lines than any slip", () => {
    const lines = new Map(Array.from({ length: 30 }, (_, i) => [i + 1, "0"]));
    expect(codeOf(() => readSlip({ version: 1, lines }, { acceptCorrections: true }))).toBe(
      "line-count",
    );
  });

  it("has a check that never fitted, so nothing is corrected to it", () => {
    const check = checkOf(content).with(0, checkOf(content)[0]! ^ 1);
    const rows = rowsOf(forgeLines([...content, ...check]));
    expect(codeOf(() => read(rows, true))).toBe("check-failed");
    expect(
      codeOf(() =>
        read(
          change(rows, "2", (s) => mistype(s, [4])),
          true,
        ),
      ),
    ).toBe("check-failed");
  });

  it("is only a spare line", () => {
    expect(codeOf(() => read(rowsOf(encodeSlip(slip)).slice(-1), true))).toBe("line-missing");
  });
});
