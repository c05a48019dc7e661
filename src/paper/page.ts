import { BreakglassError } from "../core/errors.ts";
import type { FontRole } from "./fonts.ts";

/**
 * What a line of text is, where it has to be found again: a code line or the spare line with its
 * number, a character of the fragment, or the words that spell it.
 */
export type TextRole = "code" | "spare" | "fragment" | "spelling";

/** One line of text. Lengths in millimetres from the page's upper left corner. */
export interface TextItem {
  readonly kind: "text";
  readonly text: string;
  readonly x: number;
  readonly baseline: number;
  readonly width: number;
  readonly font: FontRole;
  /** In points. */
  readonly size: number;
  /** Added after every character, in points. */
  readonly spacing: number;
  readonly role: TextRole | undefined;
}

/** A QR code. Its quiet zone, four modules wide, is not in `size`. */
export interface QrItem {
  readonly kind: "qr";
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Width and height of the dark part, in millimetres. */
  readonly size: number;
  /** Modules along a side. */
  readonly side: number;
  /** `side` x `side` modules, row by row; 1 is dark. */
  readonly dark: Uint8Array;
}

/** A straight line. */
export interface RuleItem {
  readonly kind: "rule";
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** In points. */
  readonly weight: number;
  readonly dashed: boolean;
}

export type Item = TextItem | QrItem | RuleItem;

/** What a block is to somebody who has the page read out; `Artifact` is passed over. */
type Tag = "H1" | "H2" | "P" | "Figure" | "Artifact";

/** Items that belong together, in reading order. */
export interface Block {
  readonly tag: Tag;
  /** What a picture shows, in words. */
  readonly alt?: string;
  readonly items: readonly Item[];
}

/** A page as plain data. Lengths in millimetres. */
export interface Page {
  readonly width: number;
  readonly height: number;
  readonly blocks: readonly Block[];
}

/** All items of some pages, in reading order. */
export function pageItems(pages: readonly Page[]): Item[] {
  return pages.flatMap((page) => page.blocks.flatMap((block) => block.items));
}

function textsOf(pages: readonly Page[], role: TextRole): string[] {
  return pageItems(pages).flatMap((item) =>
    item.kind === "text" && item.role === role ? [item.text] : [],
  );
}

/** A code line without its number and the blanks between its groups. */
function symbolsOf(printed: string, marker: string): string {
  if (!printed.startsWith(`${marker}) `)) throw misprint();
  return printed.slice(marker.length + 1).replaceAll(" ", "");
}

function misprint(): BreakglassError {
  return new BreakglassError(
    "internal",
    "a slip's page does not hold one whole code in order",
    "report this defect; do not use the slip",
  );
}

/**
 * The code of a slip, read from what its pages will print.
 *
 * @returns the lines and the spare line, 20 symbols each, and the text of the QR code
 * @throws BreakglassError `internal` if lines are not numbered 1, 2, 3 ..., or there is not exactly
 * one spare line and one QR code
 */
export function printedCode(pages: readonly Page[]): {
  lines: string[];
  spare: string;
  qr: string;
} {
  const spares = textsOf(pages, "spare");
  const codes = pageItems(pages).filter((item) => item.kind === "qr");
  if (spares.length !== 1 || codes.length !== 1) throw misprint();
  return {
    lines: textsOf(pages, "code").map((line, i) => symbolsOf(line, String(i + 1))),
    spare: symbolsOf(spares[0]!, "S"),
    qr: codes[0]!.text,
  };
}

/** Stands for a blank among the characters of a fragment. */
export const OPEN_BOX = "\u2423";

/**
 * The fragment of a slip, read from what its pages will print.
 *
 * @returns the characters that the slip adds to the password, or undefined if it prints none
 */
export function printedFragment(pages: readonly Page[]): string | undefined {
  const cells = textsOf(pages, "fragment");
  if (cells.length === 0) return undefined;
  return cells.map(readCell).join("");
}

function readCell(cell: string): string {
  if (cell === OPEN_BOX) return " ";
  const named = /^U\+([0-9A-F]{4,6})$/.exec(cell);
  return named === null ? cell : String.fromCodePoint(parseInt(named[1]!, 16));
}
