import { concatBytes } from "@noble/hashes/utils.js";
import { product } from "./choose.ts";
import type { SlipDraft } from "./document.ts";
import { BreakglassError } from "./errors.ts";
import {
  SPARE,
  fillsOnly,
  hasLetterU,
  lineData,
  lineName,
  placeName,
  readLine,
  type Edit,
  type LineReading,
} from "./line.ts";
import { LINE_LENGTH, LINE_PARITY } from "./reed-solomon.ts";
import { LINES_MAX, VERSION, decodeHeading, decodeStream, xorRows, type Slip } from "./slip.ts";

/** Whole slips tried for one draft; the check's 40 bits hold against this many. */
const CANDIDATES_MAX = 1024;

/** A line of which something typed was overruled. */
export interface Correction {
  /** The line's number; {@link SPARE} for the spare line. */
  readonly line: number;
  /** Where; empty if the whole line was replaced by what the spare line gives for it. */
  readonly edits: readonly Edit[];
}

/** A slip whose check holds, and how it differs from what was typed. */
export interface SlipReading {
  readonly slip: Slip;
  /** What was typed otherwise, line by line; empty if nothing was overruled. */
  readonly corrections: readonly Correction[];
  /** Lines that were lost and came back from the spare line. */
  readonly restored: readonly number[];
  /** How many symbols were given as illegible, and filled in. */
  readonly illegible: number;
  /** What the spare line, which is only needed for a lost line, says of the others. */
  readonly spare: "absent" | "agrees" | "mistyped" | "differs";
}

/** How one line enters a candidate: its 16 data symbols, and what was overruled for it. */
interface Choice {
  readonly number: number;
  readonly data: Uint8Array;
  /** Of the line itself, or of the spare line where it was restored from that. */
  readonly edits: readonly Edit[];
  /** Whether the line came from the spare line. */
  readonly restored: boolean;
}

/**
 * Reads one slip from what was given for it.
 *
 * Nothing typed is overruled unless `acceptCorrections` is set: what was typed as `?` is filled
 * in, a line given as `?` comes back from the spare line, and everything else that would have to
 * change, or that was left out, is reported by its place.
 *
 * @throws BreakglassError with one of the codes for a slip that can't be read
 */
export function readSlip(
  draft: SlipDraft,
  { acceptCorrections }: { acceptCorrections: boolean },
): SlipReading {
  if (draft.version !== undefined && draft.version !== VERSION)
    throw new BreakglassError(
      "version",
      `this QR text says that it has format version ${draft.version}, and only version ${VERSION} is known here`,
      "use the release of breakglass that printed the slip, or type its lines",
    );
  const last = Math.max(...draft.lines.keys());
  if (last > LINES_MAX) throw lineCountError(LINES_MAX, last, "a slip has at most");
  const first = new Map([[1, readLine(1, draft.lines.get(1) ?? "", last)]]);
  const lastNumber = Math.max(last, knownCount(first) ?? 0);
  const readings = new Map(
    [...draft.lines].map(([number, text]) => [number, readLine(number, text, lastNumber)]),
  );
  const found = search(readings);
  if (found === undefined) throw failure(draft, readings);
  const corrections = found.choices.flatMap((choice) => overruled(choice, readings));
  if (corrections.length > 0 && !acceptCorrections)
    throw misplacedLine(draft, readings) ?? correctionsNeeded(corrections);
  return {
    slip: found.slip,
    corrections,
    restored: found.choices.filter((choice) => choice.restored).map((choice) => choice.number),
    illegible: found.choices
      .flatMap((choice) => choice.edits)
      .filter((edit) => edit.kind === "illegible").length,
    spare: judgeSpare(readings.get(SPARE), found.choices),
  };
}

/** What a choice overrules of what was typed. */
function overruled(choice: Choice, readings: ReadonlyMap<number, LineReading>): Correction[] {
  const { number, edits, restored } = choice;
  const corrections: Correction[] = [];
  if (restored && readings.get(number)?.kind !== "lost")
    corrections.push({ line: number, edits: [] });
  if (!fillsOnly(edits)) corrections.push({ line: restored ? SPARE : number, edits });
  return corrections;
}

interface Found {
  readonly slip: Slip;
  readonly choices: readonly Choice[];
}

/** The one slip whose check holds among all that the readings allow. */
function search(readings: ReadonlyMap<number, LineReading>): Found | undefined {
  const found = new Map<string, Found>();
  let tried = 0;
  for (const choices of candidates(readings)) {
    if (++tried > CANDIDATES_MAX) break;
    const stream = concatBytes(...choices.map((choice) => choice.data));
    const key = stream.join();
    if (found.has(key)) continue;
    try {
      found.set(key, { slip: decodeStream(stream), choices });
    } catch (error) {
      const certain = choices.every((choice) => choice.edits.length === 0 && !choice.restored);
      // A slip typed without a doubt is judged by what it says; a guess is only dropped.
      if (!(error instanceof BreakglassError) || (certain && error.code !== "check-failed"))
        throw error;
    }
  }
  if (found.size > 1)
    throw new BreakglassError(
      "ambiguous",
      "what was typed can be corrected to more than one slip",
      "compare every line with the paper again; give ? for each symbol that can't be read",
    );
  return [...found.values()][0];
}

/**
 * Every way to fill the lines of the slip: first each line as read or suggested, a lost line from
 * the spare line; then, since a line with three wrong symbols can look like another one with two,
 * the spare line in place of each line that was corrected.
 */
function* candidates(readings: ReadonlyMap<number, LineReading>): Generator<Choice[]> {
  const spares = choicesFor(SPARE, readings.get(SPARE));
  const firsts = choicesFor(1, readings.get(1));
  const last = Math.max(...readings.keys());
  const counts = firsts.map(countAfter);
  // Where line 1 is lost or in doubt, the lines that were given may say how many there are.
  if (firsts.every((first) => first.edits.length > 0)) counts.push(last);
  for (const count of new Set(counts)) {
    if (count === undefined || count < 1 || last > count) continue;
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    const options = numbers.map((number) => choicesFor(number, readings.get(number)));
    const holes = numbers.filter((number) => options[number - 1]!.length === 0);
    if (holes.length === 0) yield* product(options);
    for (const number of numbers) {
      const suspect = options[number - 1]!.some((choice) => choice.edits.length > 0);
      const hole = holes.length === 1 && holes[0] === number;
      if (hole || (holes.length === 0 && suspect)) yield* withHole(options, number, spares);
    }
  }
}

function choicesFor(number: number, reading: LineReading | undefined): Choice[] {
  if (reading?.kind === "exact")
    return [{ number, data: lineData(reading.line), edits: [], restored: false }];
  if (reading?.kind !== "suggested") return [];
  return reading.suggestions.map(({ line, edits }) => ({
    number,
    data: lineData(line),
    edits,
    restored: false,
  }));
}

/** How many lines the slip has if this is its first; undefined if it is no first line for sure. */
function countAfter(first: Choice): number | undefined {
  try {
    return decodeHeading(first.data).lines;
  } catch (error) {
    if (first.edits.length === 0) throw error;
    return undefined;
  }
}

/** Fills one line with what the spare line and all others give for it. */
function* withHole(
  options: readonly (readonly Choice[])[],
  number: number,
  spares: readonly Choice[],
): Generator<Choice[]> {
  for (const spare of spares)
    for (const others of product(options.toSpliced(number - 1, 1))) {
      const data = xorRows([spare, ...others].map((choice) => choice.data));
      const filled = { number, data, edits: spare.edits, restored: true };
      yield others.toSpliced(number - 1, 0, filled);
    }
}

function judgeSpare(
  reading: LineReading | undefined,
  choices: readonly Choice[],
): SlipReading["spare"] {
  if (reading === undefined || reading.kind === "lost") return "absent";
  const expected = xorRows(choices.map((choice) => choice.data)).join();
  const near = choicesFor(SPARE, reading).find((choice) => choice.data.join() === expected);
  if (near === undefined) return "differs";
  return fillsOnly(near.edits) ? "agrees" : "mistyped";
}

/** Says why no slip came out, by the first line in which it shows. */
function failure(draft: SlipDraft, readings: ReadonlyMap<number, LineReading>): BreakglassError {
  const given = [...readings].sort(([a], [b]) => (a || Infinity) - (b || Infinity));
  const last = Math.max(...readings.keys());
  const count = knownCount(readings);
  for (const [number, reading] of given) {
    const text = draft.lines.get(number) ?? "";
    if (reading.kind === "misplaced") return lineFault(number, reading, text);
    if (reading.kind === "unreadable" && !(number === SPARE && count === last))
      return lineFault(number, reading, text);
  }
  if (count !== undefined && last > count) return lineCountError(count, last, "this slip has");
  const spareGiven = choicesFor(SPARE, readings.get(SPARE)).length > 0;
  const numbers = Array.from({ length: Math.max(count ?? last, 1) }, (_, i) => i + 1);
  const missing = numbers.filter((number) => (readings.get(number)?.kind ?? "lost") === "lost");
  const restorable = spareGiven && missing.length === 1 && numbers.length > 1;
  if (missing.length > 0 && !restorable)
    return lineMissing(missing, draft.version !== undefined, spareGiven);
  return new BreakglassError(
    "check-failed",
    "the check of this slip does not hold: something in its lines is wrong",
    "compare every line with the paper, symbol by symbol, and give the spare line (S) too",
  );
}

/** The error for a line of another number, which is not to be taken for one that was misread. */
function misplacedLine(
  draft: SlipDraft,
  readings: ReadonlyMap<number, LineReading>,
): BreakglassError | undefined {
  for (const [number, reading] of readings)
    if (reading.kind === "misplaced" && number !== SPARE)
      return lineFault(number, reading, draft.lines.get(number) ?? "");
  return undefined;
}

function knownCount(readings: ReadonlyMap<number, LineReading>): number | undefined {
  const first = choicesFor(1, readings.get(1))[0];
  return first === undefined ? undefined : countAfter(first);
}

/**
 * What is wrong with a line that is no line of its number, nor near one.
 *
 * @param text what was typed, of which nothing is repeated
 */
export function lineFault(
  number: number,
  reading: Extract<LineReading, { kind: "misplaced" | "unreadable" }>,
  text: string,
): BreakglassError {
  const name = lineName(number);
  if (reading.kind === "misplaced")
    return new BreakglassError(
      "line-misplaced",
      `what was given as ${name} is ${lineName(reading.number)}`,
      "give each line with the number printed before it",
    );
  if (reading.illegible > LINE_PARITY)
    return new BreakglassError(
      "line-unreadable",
      `${name} has ${reading.illegible} illegible symbols, and at most ${LINE_PARITY} can be filled in`,
      "give only ? for the whole line, and add the spare line (S)",
    );
  return new BreakglassError(
    "line-unreadable",
    reading.length === LINE_LENGTH
      ? `${name} has more than two wrong symbols, so they can't be located`
      : `${name} has ${reading.length} ${reading.length === 1 ? "symbol" : "symbols"}, and ${LINE_LENGTH} are printed`,
    hasLetterU(text)
      ? "U is no symbol, V is likely meant; compare the line with the paper"
      : "compare it with the paper; give ? for a symbol you can't read, only ? for a lost line",
  );
}

function lineCountError(count: number, last: number, subject: string): BreakglassError {
  return new BreakglassError(
    "line-count",
    `${subject} ${count} lines of code, and a line ${last} was given`,
    "give every line of the slip, and no other",
  );
}

function lineMissing(
  missing: readonly number[],
  isQr: boolean,
  spareGiven: boolean,
): BreakglassError {
  const names = missing.slice(0, 3).map(lineName).join(", ");
  const ofPaper =
    spareGiven && missing.length > 1
      ? "give every line; the spare line can replace only one, so if more are lost, use another slip"
      : "give every line; for one that is lost give only ? after its number, and add the spare line (S)";
  return new BreakglassError(
    "line-missing",
    `missing: ${names}${missing.length > 3 ? " and more" : ""}`,
    isQr ? "the QR text is cut off; scan it again, or type the lines" : ofPaper,
  );
}

function correctionsNeeded(corrections: readonly Correction[]): BreakglassError {
  const foreign = corrections.some(({ edits }) =>
    edits.some((edit) => edit.kind === "not a symbol"),
  );
  const advice =
    "compare these places with the paper and mend them, or run again with --accept-corrections";
  return new BreakglassError(
    "corrections-needed",
    `not as printed: ${corrections.flatMap(correctionPlaces).join("; ")}`,
    foreign ? `U is no symbol, V is likely meant; ${advice}` : advice,
  );
}

/** Where a line was overruled, in the words of the paper. */
export function correctionPlaces({ line, edits }: Correction): string[] {
  if (edits.length === 0) return [`${lineName(line)} as a whole (the spare line gives it)`];
  return edits
    .filter((edit) => !fillsOnly([edit]))
    .map((edit) => `${placeName(line, edit.place)} (${edit.kind})`);
}
