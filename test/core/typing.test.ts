import fc from "fast-check";
import { expect, test } from "vitest";
import { Assembly } from "../../src/core/assembly.ts";
import { SPARE } from "../../src/core/line.ts";
import { encodeSlip, groupLine, slipName, type Slip } from "../../src/core/slip.ts";
import {
  headingDoubt,
  headingOf,
  judgeLine,
  readTyped,
  type ConfirmedLine,
} from "../../src/core/typing.ts";
import { makeSet } from "../vectors/scenario.ts";
import { mistype } from "./typed.ts";

const [one, two] = makeSet("typing") as [Slip, Slip];
const [other] = makeSet("typing another") as [Slip];
const { lines, spare } = encodeSlip(one);

/** A slip's lines as confirmed, with the spare line. */
function confirmed(): Map<number, ConfirmedLine> {
  return new Map([
    ...lines.map((line, i): [number, ConfirmedLine] => [i + 1, { typed: line, line }]),
    [SPARE, { typed: spare, line: spare }],
  ]);
}

test("a line as printed is taken, with its number or without, and under no other number", () => {
  const numbers = fc.integer({ min: 1, max: lines.length });
  fc.assert(
    fc.property(numbers, numbers, fc.boolean(), (number, asked, numbered) => {
      const line = lines[number - 1]!;
      const typed = `${numbered ? `${number}) ` : ""}${groupLine(line).toLowerCase()}`;
      const judged = judgeLine(asked, typed, lines.length);
      if (asked === number) expect(judged).toMatchObject({ kind: "taken", line: { line } });
      else expect(judged).toMatchObject({ kind: "refused", fault: { code: "line-misplaced" } });
    }),
  );
});

test("only ? is a lost line, and a slip of the finger is a suggestion", () => {
  expect(judgeLine(2, "?", 3)).toEqual({ kind: "taken", line: { typed: "?", line: undefined } });
  const judged = judgeLine(2, mistype(lines[1]!, [7]), 3);
  expect(judged.kind).toBe("suggested");
  expect(judged).toMatchObject({ suggestions: [{ edits: [{ kind: "wrong", place: 7 }] }] });
});

test("line 1 says whether typing on is of use", () => {
  const assembly = new Assembly();
  const heading = headingOf(lines[0]!);
  expect(slipName(heading)).toBe(slipName(one));
  expect(headingDoubt(heading, assembly.sets)).toBeUndefined();
  assembly.add(two);
  expect(headingDoubt(heading, assembly.sets)).toBeUndefined();
  assembly.add(one);
  expect(headingDoubt(heading, assembly.sets)).toContain("is here already");
  const elsewhere = headingOf(encodeSlip(other).lines[0]!);
  expect(headingDoubt(elsewhere, assembly.sets)).toContain("they do not go together");
});

test("a confirmed line that the check and the spare line overrule is disputed", () => {
  expect(readTyped(confirmed()).disputed).toEqual([]);
  const typed = mistype(lines[1]!, [0, 1, 2]);
  const wrong = confirmed().set(2, { typed, line: typed });
  // Three wrong symbols stand for nothing, so the spare line gives what the line must be
  expect(readTyped(wrong).disputed).toEqual([{ number: 2, line: lines[1] }]);
});
