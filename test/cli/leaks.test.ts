import fc from "fast-check";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { rowsOf, typed, typedSlip, type Rows } from "../core/typed.ts";
import { concat, makeSet } from "../vectors/scenario.ts";
import { breakglass } from "./breakglass.ts";
import { SAMPLE_PASSWORD } from "./sample-slips.ts";

const sets = [
  makeSet("leaks"),
  makeSet("leaks, blinded", { blinded: true }),
  makeSet("leaks, in two", concat(2)),
];

/** Runs of this many symbols do not stand in a message by chance; a set's name has only four. */
const RUN = 6;

/** Every run of share symbols on some slips, and of characters of the password. */
function secretRuns(slips: readonly Slip[]): Set<string> {
  const runs = new Set<string>();
  for (const slip of slips)
    for (const { symbols } of rowsOf(encodeSlip(slip)))
      for (let i = 0; i + RUN <= symbols.length; i++) runs.add(symbols.slice(i, i + RUN));
  for (let i = 0; i + 3 <= SAMPLE_PASSWORD.length; i++)
    runs.add(SAMPLE_PASSWORD.slice(i, i + 3).toUpperCase());
  return runs;
}

/** Whether a text shows any of some runs, however it is grouped or written. */
function shows(text: string, runs: ReadonlySet<string>): string[] {
  const plain = text.toUpperCase().replaceAll(/[\s"',:;()-]/g, "");
  return [...runs].filter((run) => plain.includes(run));
}

/** One thing that goes wrong between paper and keyboard. */
interface Mistake {
  readonly row: number;
  readonly place: number;
  readonly text: string;
  readonly length: number;
}

const mistake: fc.Arbitrary<Mistake> = fc.record({
  row: fc.nat(5),
  place: fc.nat(24),
  text: fc.oneof(
    fc.constantFrom("", "?", "U", "\0", "\f", ":", "BG1:", "BG2:", "1)", "S)", "\n", "\u001b[31m"),
    fc.string({ minLength: 1, maxLength: 3 }),
  ),
  length: fc.nat(3),
});

function garble(rows: Rows, mistakes: readonly Mistake[]): string {
  const lines = typed(rows).split("\n");
  for (const { row, place, text, length } of mistakes) {
    const at = row % lines.length;
    const line = lines[at]!;
    lines[at] = line.slice(0, place) + text + line.slice(place + length);
  }
  return lines.join("\n");
}

const garbled = fc
  .tuple(
    fc.constantFrom(...sets),
    fc.array(fc.array(mistake, { maxLength: 9 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([slips, mistakes]) => ({
    slips,
    texts: mistakes.map((each, i) => garble(rowsOf(encodeSlip(slips[i % slips.length]!)), each)),
  }));

test("whatever is typed, no message holds a password, a fragment or a share", () => {
  fc.assert(
    fc.property(garbled, fc.boolean(), ({ slips, texts }, accept) => {
      const folder = mkdtempSync(join(tmpdir(), "leaks-"));
      const files = texts.map((text, i) => {
        const file = join(folder, `${i}.txt`);
        writeFileSync(file, text);
        return file;
      });
      const flags = accept ? ["--accept-corrections"] : [];
      const runs = secretRuns(slips);
      const checked = breakglass(["check", ...flags, ...files]);
      expect(shows(checked.stdout + checked.stderr, runs)).toEqual([]);
      expect([0, 3]).toContain(checked.status);
      const recovered = breakglass(["recover", "--stdout", ...flags, ...files]);
      expect(shows(recovered.stderr, runs)).toEqual([]);
      expect([0, 3, 4, 5, 6]).toContain(recovered.status);
      expect(recovered.stdout).toBe(recovered.status === 0 ? SAMPLE_PASSWORD : "");
    }),
    { numRuns: 60 },
  );
});

test("what is given in the wrong place is not repeated", () => {
  const slips = sets[0]!;
  const code = encodeSlip(slips[0]!);
  const line = `2) ${code.lines[1]!}`;
  const runs = secretRuns(slips);
  for (const args of [
    ["check", line],
    ["recover", "--stdout", code.qr],
    ["recover", "--stdout", "--set", code.lines[1]!],
    ["recover", "--stdout", typedSlip(slips[0]!)],
    [line],
    ["status", "--register", line],
    ["exposure", line, "--register", "."],
    ["record", "sealed", line, "--by", "Sample One"],
    [`--${code.lines[1]!}`],
    ["check", `--${SAMPLE_PASSWORD}`],
    ["issue", "a", "--no-register", "--import", SAMPLE_PASSWORD],
    ["issue", "a", "--no-register", "--split", SAMPLE_PASSWORD],
    ["issue", "a", "--no-register", "--secret", SAMPLE_PASSWORD],
    ["issue", "a", "--no-register", "--length", SAMPLE_PASSWORD],
    ["issue", "a", "--no-register", "--replace-by", SAMPLE_PASSWORD],
  ]) {
    const ran = breakglass(args);
    expect(ran.status).toBeGreaterThan(1);
    expect(shows(ran.stdout + ran.stderr, runs), args[0]).toEqual([]);
    expect(ran.stderr.trimEnd().split("\n")).toHaveLength(2);
  }
});
