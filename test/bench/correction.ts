// How well mistyped slips come back, and whether a wrong one is ever taken for right:
//
//   npx esbuild test/bench/correction.ts --bundle --platform=node --format=esm \
//     | node --input-type=module - [slips] [corruptions]
import { readDocument } from "../../src/core/document.ts";
import { BreakglassError } from "../../src/core/errors.ts";
import { readSlip } from "../../src/core/reader.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { drawSetId, joinSlips, splitSecret } from "../../src/core/split.ts";
import { seeded } from "../core/seeded.ts";
import { forgeLine } from "../vectors/forge.ts";
import {
  SYMBOLS,
  blur,
  change,
  double,
  drop,
  put,
  rowsOf,
  swap,
  typed,
  type Rows,
} from "../core/typed.ts";

const [slipCount = 40, corruptionCount = 1_000_000] = process.argv.slice(2).map(Number);
const PLACES = [...Array(20).keys()];

/** Uniform enough for a bench, and fast: xorshift (Marsaglia, 2003), seeded once. */
let state = new DataView(seeded("correction")(4).buffer).getUint32(0);
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
const another = (symbol: string): string => {
  const value = SYMBOLS.indexOf(symbol);
  return SYMBOLS.charAt((value + 1 + below(31)) % 32);
};
const wrong = (text: string, places: readonly number[]): string =>
  places.reduce((sum, place) => put(sum, place, another(sum.charAt(place))), text);
const somePlaces = (count: number): number[] => {
  const rest = [...PLACES];
  return Array.from({ length: count }, () => rest.splice(below(rest.length), 1)[0]!);
};

/** Two slips each of sets with passwords of 12 to 24 bytes, blinded or not. */
function makeSlips(count: number): Slip[] {
  const random = seeded("slips");
  return Array.from({ length: count }, (_, i) => {
    const secret = random(12 + (i % 13)).map((byte) => 33 + (byte % 90));
    const header = { setId: drawSetId(random), threshold: 2, total: 3 };
    return splitSecret(secret, { ...header, scheme: "shamir", blinded: i % 4 === 0 }, random)[
      i % 3
    ]!;
  });
}

function read(rows: Rows): Slip {
  const [draft, ...more] = readDocument(typed(rows));
  if (more.length > 0) throw new BreakglassError("usage", "several slips", "");
  return readSlip(draft!, { acceptCorrections: true }).slip;
}

const same = (a: Slip, b: Slip): boolean => encodeSlip(a).qr === encodeSlip(b).qr;

/** Every mistake of a kind in a line, or a sample of them where they are many. */
const kinds: Record<string, (text: string) => string[]> = {
  "one wrong symbol (all)": (text) =>
    PLACES.flatMap((place) =>
      [...SYMBOLS].filter((s) => s !== text[place]).map((s) => put(text, place, s)),
    ),
  "two wrong symbols (5 at each pair of places)": (text) =>
    PLACES.flatMap((a) =>
      PLACES.slice(a + 1).flatMap((b) => Array.from({ length: 5 }, () => wrong(text, [a, b]))),
    ),
  "neighbours swapped (all)": (text) => PLACES.slice(1).map((place) => swap(text, place - 1)),
  "four illegible symbols (300)": (text) =>
    Array.from({ length: 300 }, () => blur(text, somePlaces(4))),
  "one symbol dropped (all)": (text) => PLACES.map((place) => drop(text, place)),
  "one symbol doubled (all)": (text) => PLACES.map((place) => double(text, place)),
  "a whole line lost": () => ["?"],
  "three wrong symbols, with the spare line (100)": (text) =>
    Array.from({ length: 100 }, () => wrong(text, somePlaces(3))),
  "four wrong symbols, with the spare line (100)": (text) =>
    Array.from({ length: 100 }, () => wrong(text, somePlaces(4))),
};

function correction(slips: readonly Slip[]): void {
  console.log(`\nMistakes in each line of ${slips.length} slips, one line at a time:\n`);
  console.log("| mistake | tried | right | refused | wrong |\n|---|---|---|---|---|");
  for (const [kind, mistakes] of Object.entries(kinds)) {
    let tried = 0;
    let right = 0;
    let wrongly = 0;
    const refusals = new Map<string, number>();
    for (const slip of slips) {
      const rows = rowsOf(encodeSlip(slip));
      for (const { label, symbols } of rows.slice(0, -1))
        for (const mistake of mistakes(symbols)) {
          tried++;
          try {
            if (same(read(change(rows, label, () => mistake)), slip)) right++;
            else wrongly++;
          } catch (error) {
            count(refusals, error);
          }
        }
    }
    const percent = ((100 * right) / tried).toFixed(right === tried ? 0 : 4);
    console.log(`| ${kind} | ${tried} | ${percent} % | ${show(refusals)} | ${wrongly} |`);
  }
}

function count(classes: Map<string, number>, error: unknown): void {
  if (!(error instanceof BreakglassError)) throw error;
  classes.set(error.code, (classes.get(error.code) ?? 0) + 1);
}

function show(classes: ReadonlyMap<string, number>): string {
  const sorted = [...classes].sort(([, a], [, b]) => b - a);
  return sorted.map(([code, times]) => `${code} ${times}`).join(", ") || "0";
}

/** A line whose parity fits whatever stands on it, so that only the check can tell. */
function refit(label: string, symbols: string): string {
  const data = [...symbols].slice(0, 16).map((symbol) => Math.max(0, SYMBOLS.indexOf(symbol)));
  return forgeLine(label === "S" ? 0 : Number(label), data);
}

/** What may happen to a line. */
const blows: Record<string, (text: string, label: string, rows: Rows) => string> = {
  "one or two wrong": (text) => wrong(text, somePlaces(1 + below(2))),
  "three wrong": (text) => wrong(text, somePlaces(3)),
  "three to eight wrong": (text) => wrong(text, somePlaces(3 + below(6))),
  illegible: (text) => blur(text, somePlaces(1 + below(6))),
  dropped: (text) => drop(text, below(text.length)),
  doubled: (text) => double(text, below(text.length)),
  swapped: (text) => swap(text, below(19)),
  "something else": () => PLACES.map(() => pick([...SYMBOLS])).join(""),
  lost: () => "?",
  "another line": (_, __, rows) => pick(rows).symbols,
  "one wrong, parity fits": (text, label) => refit(label, wrong(text, somePlaces(1))),
  "four wrong, parity fits": (text, label) => refit(label, wrong(text, somePlaces(4))),
  "another line, parity fits": (_, label, rows) => refit(label, pick(rows).symbols),
};

function strike(rows: Rows): Rows {
  const { label } = pick(rows);
  const blow = pick(Object.values(blows));
  return change(rows, label, (text) => blow(text, label, rows));
}

function corruption(slips: readonly Slip[], times: number): void {
  const refused = new Map<string, number>();
  const printed = slips.map((slip) => ({ slip, rows: rowsOf(encodeSlip(slip)) }));
  const begun = process.hrtime.bigint();
  let right = 0;
  let wrongly = 0;
  for (let i = 0; i < times; i++) {
    const { slip, rows } = pick(printed);
    let noisy = rows;
    for (let hits = 1 + below(4); hits > 0; hits--) noisy = strike(noisy);
    try {
      if (same(read(noisy), slip)) right++;
      else wrongly++;
    } catch (error) {
      count(refused, error);
    }
  }
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  console.log(`\n${times} random corruptions, ${seconds.toFixed(0)} s:\n`);
  console.log(`| came back right | wrong slips accepted | refused |\n|---|---|---|`);
  console.log(`| ${right} | ${wrongly} | ${show(refused)} |`);
  if (wrongly > 0) process.exitCode = 1;
}

const slips = makeSlips(slipCount);
if (slips.some((slip) => joinSlips([slip]) !== undefined)) throw new Error("one slip is enough");
correction(slips);
corruption(slips, corruptionCount);
