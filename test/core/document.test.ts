import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/core/document.ts";

/** The slips found in a text: for each line its number, for a QR text `BG` and its number before. */
function found(text: string): string[] {
  return readDocument(text).map(({ version, lines }) => {
    const numbers = [...lines.keys()].map((number) => (number === 0 ? "S" : number)).join(" ");
    return version === undefined ? numbers : `BG${version} ${numbers}`;
  });
}

const lines = (...labels: (number | string)[]): string =>
  labels.map((label) => `${label}) 0000\n`).join("");

describe("rows", () => {
  it("end with any of the line ends", () => {
    for (const end of ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"])
      expect(found(["1) A", "2) B", "3) C"].join(end)), JSON.stringify(end)).toEqual(["1 2 3"]);
  });

  it("are code lines with a number or S, blanks or none, and a bracket", () => {
    const [draft] = readDocument(" \u00a01 )A\n\t29)\tB C\ns\u3000) D\n");
    expect([...draft!.lines]).toEqual([
      [1, "A"],
      [29, "\tB C"],
      [0, " D"],
    ]);
  });

  it("are commentary otherwise", () => {
    const rows = ["0) A", "01) A", "30) A", "1 A", "1. A", "x1) A", "1 2) A", "\u0661) A", "SS) A"];
    for (const row of [...rows, `3) ${"0".repeat(2048)}`])
      expect(found(`1) A\n${row}\n2) B`), row.slice(0, 9)).toEqual(["1 2"]);
    expect(() => found(rows.join("\n"))).toThrow(expect.objectContaining({ code: "no-slip" }));
  });

  it("are QR texts with BG, a number and a colon, at the beginning or after no letter or digit", () => {
    expect(readDocument(" code: bg1:AA:bB : \n")).toEqual([
      {
        version: 1,
        lines: new Map([
          [1, "AA"],
          [2, "bB "],
          [3, ""],
        ]),
      },
    ]);
    for (const row of ["BG12:A", "(BG1:A", "\u00e9BG1:A", "_BG1:A"])
      expect(found(row), row).toHaveLength(1);
    for (const row of ["BG:A", "BG123:A", "XBG1:A", "1BG1:A", "B G1:A", "BG1 :A"])
      expect(() => found(row), row).toThrow(expect.objectContaining({ code: "no-slip" }));
  });
});

describe("a slip ends", () => {
  it.each([
    ["with line 1, given before or not", lines(2, "S", 1, 2), ["2 S", "1 2"]],
    [
      "on the page after its spare line, though others followed that",
      `${lines(1, "S", 2)}\f${lines(3)}`,
      ["1 S 2", "3"],
    ],
    ["with line 1 of the next", lines(1, 2, "S", 1, 2), ["1 2 S", "1 2"]],
    ["with a number that was given before", lines(1, 2, 2, 3), ["1 2", "2 3"]],
    ["with a second spare line", lines(1, "S", "S"), ["1 S", "S"]],
    ["with a QR text", `${lines(1)}BG1:A:B\n${lines(2)}`, ["1", "BG1 1 2", "2"]],
    ["not with commentary", `${lines(1)}hello\n${lines(3, 2)}`, ["1 3 2"]],
    ["not on a page without a line", `${lines(1)}\f\f\n\f${lines(2)}`, ["1 2"]],
    ["not on a page that begins with its next line", `${lines(1, 2)}\f${lines(3, 5)}`, ["1 2 3 5"]],
    ["not on a page that begins with its spare line", `${lines(1, 2)}\f${lines("S")}`, ["1 2 S"]],
    ["on a page that begins with another line", `${lines(1, 2)}\f${lines(4)}`, ["1 2", "4"]],
    ["on the page after its spare line", `${lines(1, "S")}\f${lines(2)}`, ["1 S", "2"]],
    [
      "on a page that begins with a QR text",
      `${lines(1)}\fBG1:A\n${lines(2)}`,
      ["1", "BG1 1", "2"],
    ],
  ])("%s", (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe("a document", () => {
  it("has at most 64 slips", () => {
    expect(found("BG1:A\n".repeat(64))).toHaveLength(64);
    expect(found(lines(1).repeat(64))).toHaveLength(64);
    for (const text of ["BG1:A\n".repeat(65), lines(1).repeat(65), "1) A\f".repeat(65)])
      expect(() => found(text)).toThrow(expect.objectContaining({ code: "input-too-large" }));
  });

  it("has at most 1 MiB", () => {
    const text = "1) A\n".padEnd(1024 * 1024, " \n");
    expect(found(text)).toEqual(["1"]);
    expect(() => found(`${text} `)).toThrow(expect.objectContaining({ code: "input-too-large" }));
  });

  it("of anything at all has slips or is refused", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("1) ", "2)", "S)", "BG1:", "\f", "\n", "\r", "?", "\0", " "),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        try {
          for (const { lines: given } of readDocument(parts.join("")))
            for (const number of given.keys()) expect(number).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ code: "no-slip" });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
