import type { SetState } from "./assembly.ts";
import { symbolsToText } from "./base32.ts";
import { numberedRow } from "./document.ts";
import { BreakglassError } from "./errors.ts";
import { SPARE, lineData, lineName, readLine, type Suggestion } from "./line.ts";
import { lineFault, readSlip, type SlipReading } from "./reader.ts";
import { LINE_LENGTH } from "./reed-solomon.ts";
import { LINES_MAX, decodeHeading, encodeSlip, groupLine, setName, type Heading } from "./slip.ts";

/** A line as it was typed, and as the person confirmed it. */
export interface ConfirmedLine {
  readonly typed: string;
  /** 20 symbols, or undefined if the line is lost. */
  readonly line: string | undefined;
}

/** What is to be done about a line that was just typed. */
export type Judgement =
  | { readonly kind: "taken"; readonly line: ConfirmedLine }
  /** To be compared with the paper; `text` is what was typed, without the line's number. */
  | {
      readonly kind: "suggested";
      readonly text: string;
      readonly suggestions: readonly Suggestion[];
    }
  /** To be typed again. */
  | { readonly kind: "refused"; readonly fault: BreakglassError };

/**
 * Judges a line as soon as it is typed.
 *
 * @param number the line that was asked for; {@link SPARE} for the spare line
 * @param typed with its number and bracket or without
 * @param lastNumber the highest number another line of the slip may have
 */
export function judgeLine(number: number, typed: string, lastNumber: number): Judgement {
  const row = numberedRow(typed);
  if (row !== undefined && row.number !== number)
    return { kind: "refused", fault: otherNumber(row.number, number) };
  const text = row?.text ?? typed;
  const reading = readLine(number, text, lastNumber);
  switch (reading.kind) {
    case "exact":
      return { kind: "taken", line: { typed: text, line: symbolsToText(reading.line) } };
    case "lost":
      return { kind: "taken", line: { typed: "?", line: undefined } };
    case "suggested":
      return { kind: "suggested", text, suggestions: reading.suggestions };
    default:
      return { kind: "refused", fault: lineFault(number, reading, text) };
  }
}

function otherNumber(given: number, asked: number): BreakglassError {
  return new BreakglassError(
    "line-misplaced",
    `that is ${lineName(given)}, and ${lineName(asked)} is asked for`,
    "type each line where its number stands",
  );
}

/**
 * What a confirmed line 1 says of its slip.
 *
 * @param line 20 symbols
 * @throws BreakglassError `version` or `structure`
 */
export function headingOf(line: string): Heading {
  const reading = readLine(1, line, LINES_MAX);
  if (reading.kind !== "exact")
    throw new BreakglassError("internal", "a confirmed line is not exact", "report this defect");
  return decodeHeading(lineData(reading.line));
}

/**
 * Why typing on may be of no use, as soon as line 1 is known.
 *
 * @param sets of the slips that are here already
 * @returns undefined if the slip is one that is wanted
 */
export function headingDoubt(heading: Heading, sets: readonly SetState[]): string | undefined {
  const own = sets.find((set) => set.setId === heading.setId);
  if (own?.have.includes(heading.index) === true)
    return `this slip is here already; another one of set ${own.name} is needed`;
  if (own !== undefined || sets.length === 0) return undefined;
  const others = sets.map((set) => set.name).join(", ");
  return `it is of set ${setName(heading.setId)}, and the slips so far are of set ${others}: they do not go together`;
}

/** A slip from typed lines, and the lines for which it asks something else than was confirmed. */
export interface TypedReading {
  readonly reading: SlipReading;
  /** To be compared with the paper once more. */
  readonly disputed: readonly { readonly number: number; readonly line: string }[];
}

/**
 * Reads a slip from lines that a person confirmed. Where the check does not hold with one of them,
 * the spare line may show which, and that line is then disputed.
 *
 * @throws BreakglassError with one of the codes for a slip that can't be read
 */
export function readTyped(lines: ReadonlyMap<number, ConfirmedLine>): TypedReading {
  const texts = new Map([...lines].map(([number, { typed }]) => [number, typed]));
  const reading = readSlip({ version: undefined, lines: texts }, { acceptCorrections: true });
  const printed = encodeSlip(reading.slip).lines;
  const disputed = [...lines].flatMap(([number, { line }]) => {
    if (number === SPARE || line === undefined || line === printed[number - 1]) return [];
    return [{ number, line: printed[number - 1]! }];
  });
  return { reading, disputed };
}

/** The error for a disputed line of which the person says that the paper has what was confirmed. */
export function disputeError(number: number): BreakglassError {
  return new BreakglassError(
    "check-failed",
    `${lineName(number)} on the paper is not what the check and the spare line ask for`,
    "compare every line with the paper; if they are as printed, the slip is damaged",
  );
}

/** What was typed, in the groups of the paper if it has no more than a line's symbols and one. */
export function asPrinted(text: string): string {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, "");
  return plain.length <= LINE_LENGTH + 1 ? groupLine(plain) : text.trim();
}
