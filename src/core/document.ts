import { BreakglassError } from "./errors.ts";
import { SPARE } from "./line.ts";
import { BLANKS } from "./separators.ts";

/** A slip as it was given, before anything in it is judged. */
export interface SlipDraft {
  /** The number after `BG` for a QR text; undefined for typed lines. */
  readonly version: number | undefined;
  /** What was given for each line, by its number; {@link SPARE} for the spare line. */
  readonly lines: ReadonlyMap<number, string>;
}

/** More than any real document of slips; bounds the work of reading a hostile one. */
export const DOCUMENT_MAX = 1024 * 1024;
const DRAFTS_MAX = 64;
const ROW_MAX = 2048;

/** A row that holds a code line: its number (1 to 29, as many as the longest slip has) or S, a bracket, the symbols. */
const NUMBERED = new RegExp(`^[${BLANKS}]*([1-9]|1[0-9]|2[0-9]|[Ss])[${BLANKS}]*\\)(.*)$`, "u");
/** A QR text anywhere on a row, for readers put words before it. */
const QR_TEXT = /(?:^|[^0-9A-Za-z])BG([0-9]{1,2}):(.*)$/iu;

/**
 * Finds the slips in a text by the grammar of docs/slip-format.md ("Documents"). Rows that are
 * neither a code line nor a QR text are commentary.
 *
 * @throws BreakglassError `input-too-large`, or `no-slip` where there is none
 */
export function readDocument(text: string): SlipDraft[] {
  if (text.length > DOCUMENT_MAX) throw tooLarge();
  const drafts: { version: number | undefined; lines: Map<number, string> }[] = [];
  let open: Map<number, string> | undefined;
  let last = 0;
  for (const page of text.split("\f")) {
    let pageBegins = true;
    for (const row of page.split(/\r\n|[\n\r\u0085\u2028\u2029]/u)) {
      if (row.length > ROW_MAX) continue;
      const qr = QR_TEXT.exec(row);
      if (qr !== null) {
        const parts = qr[2]!.trim().split(":");
        drafts.push({
          version: Number(qr[1]),
          lines: new Map(parts.map((part, i) => [i + 1, part])),
        });
        open = undefined;
      }
      const numbered = qr === null ? numberedRow(row) : undefined;
      if (numbered === undefined) continue;
      const { number } = numbered;
      // A page may carry on the slip of the page before, but only with its very next line.
      const carriesOn = !pageBegins || number === last + 1 || (number === SPARE && last > 0);
      if (open === undefined || number === 1 || open.has(number) || !carriesOn) {
        open = new Map();
        drafts.push({ version: undefined, lines: open });
      }
      open.set(number, numbered.text);
      last = open.has(SPARE) ? -1 : number;
      pageBegins = false;
    }
    if (drafts.length > DRAFTS_MAX) throw tooLarge();
  }
  if (drafts.length === 0)
    throw new BreakglassError(
      "no-slip",
      "there is no slip in this text",
      "give the slip's lines, each with its number and bracket as printed (1) ...), or the text of its QR code (BG1:...)",
    );
  return drafts;
}

function tooLarge(): BreakglassError {
  return new BreakglassError(
    "input-too-large",
    "this is too much text to be slips",
    `give at most ${DRAFTS_MAX} slips in at most ${DOCUMENT_MAX / 1024 / 1024} MiB`,
  );
}

/** Whether a row begins a slip whatever stands before it: a line 1, or a QR text. */
export function isFirstRow(row: string): boolean {
  return NUMBERED.exec(row)?.[1] === "1" || QR_TEXT.test(row);
}

/**
 * The number (or S, as {@link SPARE}) that a row gives for its line, and the rest of it; undefined
 * if it gives none.
 */
export function numberedRow(row: string): { number: number; text: string } | undefined {
  const match = NUMBERED.exec(row);
  if (match === null) return undefined;
  return { number: /s/i.test(match[1]!) ? SPARE : Number(match[1]), text: match[2]! };
}
