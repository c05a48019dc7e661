import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsCode } from "../../src/core/holds-code.ts";
import { encodeSlip, groupLine } from "../../src/core/slip.ts";
import { makeSet } from "../vectors/scenario.ts";

const slips = ["one", "two", "three", "four"].flatMap((name) => makeSet(`holds code ${name}`));
const lines = slips.flatMap((slip) => encodeSlip(slip).lines);
const line = fc.constantFrom(...lines);

test("a slip's line is seen, in groups, in one run, in small letters, and within a sentence", () => {
  for (const each of lines)
    for (const typed of [
      groupLine(each),
      groupLine(each).toLowerCase(),
      `by ${groupLine(each)}, or so`,
    ])
      expect(holdsCode(typed), typed).toBe(true);
  const runs = lines.filter(holdsCode).length;
  expect(runs / lines.length).toBeGreaterThan(0.9);
});

test("a slip's line is seen whatever stands between its groups that a reader of slips passes over", () => {
  for (const between of "\t\u00a0\u00ad\u2009\u200b\u2060\ufeff\u2010\u2011\u2013\u2014\u2212")
    for (const each of lines) {
      const typed = groupLine(each).replaceAll(" ", between);
      expect(holdsCode(typed), JSON.stringify(typed)).toBe(true);
    }
});

test("two lines are seen, however they run into each other, and with a symbol too many or too few", () => {
  const changed = fc
    .tuple(line, line, fc.constantFrom(" ", "", "-", "  "), fc.nat({ max: 40 }), fc.boolean())
    .map(([a, b, between, at, more]) => {
      const both = `${groupLine(a)}${between}${groupLine(b)}`;
      return more
        ? `${both.slice(0, at)}7${both.slice(at)}`
        : both.slice(0, at) + both.slice(at + 1);
    });
  fc.assert(fc.property(changed, (typed) => holdsCode(typed)));
});

test.each([
  ["Sample Custodian Number Twenty-One of the Second Line"],
  ["Safe 1 behind the stairs, second door on the left"],
  ["bg-1@contoso.onmicrosoft.com"],
  ["Serial 5C1234567890ABCD"],
  ["+41 44 123 45 67 or +41 79 765 43 21"],
  ["2026-11-26T03:20:48Z to 2026-11-27T05:20:00Z"],
  ["subscription 550e8400-e29b-41d4-a716-446655440000"],
  ["subscription 550e8400\u2013e29b\u201341d4\u2013a716\u2013446655440000"],
  ["anchor 12-4f0c8e1b77aa25d09c3f61e2b4d8f0, read off the minutes"],
  ["bag C19-60-1 opened on 2026-11-27 at Safe 3"],
  ["audit 2026-11-27 bg-1 generation 2"],
  ["/srv/rotation-2026-11-27-bg-1-set-K7Q2"],
  ["evidence-2026-11-27T10-30Z-bg1"],
  ["evidence-20261127T103000Z-bg1-gen2"],
  ["Q4-2026-evidence-2026-10-01-to-2026-12-31"],
  ["bags C19-60-1, C19-60-2 and C19-60-3"],
])("%s is no code", (text) => {
  expect(holdsCode(text)).toBe(false);
});
