import { symbolOf } from "./base32.ts";
import { LINE_DATA, LINE_LENGTH, LINE_PARITY, correctLine } from "./reed-solomon.ts";
import { BLANKS, DASHES } from "./separators.ts";

/** The number of the spare line in the line code. */
export const SPARE = 0;

/** How a typed line differs from the line that was meant, at a place 0..19 of the latter. */
export interface Edit {
  readonly kind: "wrong" | "not a symbol" | "illegible" | "left out" | "too many";
  readonly place: number;
}

/** A line that the line code allows, near the one that was typed. */
export interface Suggestion {
  /** All 20 symbols. */
  readonly line: Uint8Array;
  readonly edits: readonly Edit[];
}

/** What can be said of one typed line, knowing only its number. */
export type LineReading =
  /** Exactly as printed, as far as the line code can tell. */
  | { readonly kind: "exact"; readonly line: Uint8Array }
  /** Near one or more lines the code allows: for a person to confirm, and for the slip's check to judge. */
  | { readonly kind: "suggested"; readonly suggestions: readonly Suggestion[] }
  /** Only `?`: given as lost. */
  | { readonly kind: "lost" }
  /** A line of another number (0: the spare line). */
  | { readonly kind: "misplaced"; readonly number: number }
  | { readonly kind: "unreadable"; readonly length: number; readonly illegible: number };

/** Blanks and hyphens group symbols and mean nothing. */
const SEPARATOR = new RegExp(`[${BLANKS}${DASHES}]`, "u");

type Symbols = (number | undefined)[];

interface TypedSymbols {
  /** undefined where the character is `?` or no symbol. */
  readonly symbols: Symbols;
  /** Places of characters that are no symbol, such as U. */
  readonly foreign: ReadonlySet<number>;
}

function readSymbols(text: string): TypedSymbols {
  const symbols: Symbols = [];
  const foreign = new Set<number>();
  for (const char of text) {
    if (SEPARATOR.test(char)) continue;
    const symbol = symbolOf(char);
    if (symbol === undefined && char !== "?") foreign.add(symbols.length);
    symbols.push(symbol);
  }
  return { symbols, foreign };
}

/** Whether a typed line has a `U`, which is no symbol and mostly a misread `V`. */
export function hasLetterU(text: string): boolean {
  return /u/i.test(text);
}

/** Whether every edit only fills in what was typed as `?`, so that nothing typed is overruled. */
export function fillsOnly(edits: readonly Edit[]): boolean {
  return edits.every((edit) => edit.kind === "illegible");
}

/**
 * Judges one typed line.
 *
 * @param number the number it was typed under; {@link SPARE} for the spare line
 * @param text what was typed, without the number and bracket
 * @param lastNumber the highest number another line of the slip may have
 */
export function readLine(number: number, text: string, lastNumber: number): LineReading {
  const typed = readSymbols(text);
  const { symbols } = typed;
  if (symbols.length > 0 && symbols.every((s) => s === undefined) && typed.foreign.size === 0)
    return { kind: "lost" };
  const suggestions = suggest(number, typed);
  const first = suggestions[0];
  if (first?.edits.length === 0) return { kind: "exact", line: first.line };
  if (first !== undefined) return { kind: "suggested", suggestions };
  const illegible = symbols.filter(
    (symbol, i) => symbol === undefined && !typed.foreign.has(i),
  ).length;
  if (symbols.length === LINE_LENGTH) {
    // The number counts as one symbol of the code, whose distance is 5: a line this near to
    // another number can't be near enough to its own, so nothing above took it.
    const unknown = illegible + typed.foreign.size;
    const nearness = unknown > 0 ? 0 : 1;
    for (let other = SPARE; unknown <= 2 && other <= lastNumber; other++)
      if (other !== number && correctLine(other, symbols, nearness) !== undefined)
        return { kind: "misplaced", number: other };
  }
  return { kind: "unreadable", length: symbols.length, illegible };
}

function suggest(number: number, typed: TypedSymbols): Suggestion[] {
  const { symbols } = typed;
  switch (symbols.length) {
    case LINE_LENGTH: {
      const line = correctLine(number, symbols, 2);
      if (line === undefined) return [];
      const edits = [...line.keys()]
        .filter((place) => line[place] !== symbols[place])
        .map((place): Edit => ({ kind: editKind(typed, place), place }));
      return [{ line, edits }];
    }
    case LINE_LENGTH - 1:
      return distinct(
        [...Array(LINE_LENGTH).keys()].map((place) => ({
          line: correctLine(number, symbols.toSpliced(place, 0, undefined), 0),
          edits: [{ kind: "left out", place }],
        })),
      );
    case LINE_LENGTH + 1:
      return distinct(
        [...symbols.keys()].map((place) => ({
          line: correctLine(number, symbols.toSpliced(place, 1), 0),
          edits: [{ kind: "too many", place: Math.min(place, LINE_LENGTH - 1) }],
        })),
      );
    default:
      return [];
  }
}

function editKind({ symbols, foreign }: TypedSymbols, place: number): Edit["kind"] {
  if (foreign.has(place)) return "not a symbol";
  return symbols[place] === undefined ? "illegible" : "wrong";
}

/** Those that were found, each line once: dropping either of two equal neighbours is one answer. */
function distinct(
  tried: readonly { line: Uint8Array | undefined; edits: readonly Edit[] }[],
): Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const { line, edits } of tried)
    if (line !== undefined && !found.has(line.join())) found.set(line.join(), { line, edits });
  return [...found.values()];
}

/** The 16 stream symbols of a line of 20. */
export function lineData(line: Uint8Array): Uint8Array {
  return line.subarray(0, LINE_DATA);
}

/** A place 0..19 in the words of the paper: `line 2, group 4, symbol 2`. */
export function placeName(number: number, place: number): string {
  const group = Math.floor(place / LINE_PARITY) + 1;
  return `${lineName(number)}, group ${group}, symbol ${(place % LINE_PARITY) + 1}`;
}

/** `line 2`, or `the spare line`. */
export function lineName(number: number): string {
  return number === SPARE ? "the spare line" : `line ${number}`;
}
