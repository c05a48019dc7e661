import fc from "fast-check";
import { expect, test } from "vitest";
import { spawnSync } from "../child.ts";
import { csv } from "../../src/cli/system/csv.ts";
import { needs } from "../tools.ts";

const READ = `
import csv, json, sys
text = sys.stdin.buffer.read().decode("utf-8")
print(json.dumps(list(csv.reader(text.splitlines(keepends=True), strict=True))))
`;

/** The cells as Python's own reader finds them. */
function read(text: string): string[][] {
  const ran = spawnSync("python3", ["-c", READ], { input: text, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  return JSON.parse(ran.stdout) as string[][];
}

const FORMULA = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;
const cell = fc
  .tuple(
    fc.constantFrom("", "=", "+", "-", "@", "'", '"', ",", ";", " ", "\uff1d", "\uff0b", "|"),
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom("", '"', ",", '",=', "'", '=HYPERLINK("x")'),
  )
  .map((parts) => parts.join(""))
  // What no text of a register has: see `text` in fields.ts.
  .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text));

test.skipIf(needs("python3"))("a table reads back, and no cell of it is a formula", () => {
  const table = fc.integer({ min: 2, max: 6 }).chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
      ...{ minLength: 1, maxLength: 40 },
    }),
  );
  fc.assert(
    fc.property(table, ([header, ...rows]) => {
      const text = csv(header!, rows);
      const found = read(text);
      expect(found).toEqual(
        [header!, ...rows].map((row) =>
          row.map((each) => (FORMULA.test(each) ? `'${each}` : each)),
        ),
      );
      expect(found.flat().filter((each) => FORMULA.test(each))).toEqual([]);
      expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 60 },
  );
});
