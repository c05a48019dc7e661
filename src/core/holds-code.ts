import { BLANKS, DASHES } from "./separators.ts";

/** Five groups of four symbols with a digit among them, or a QR text. */
const CODE = /BG\d+:|(?=[A-Z -]{0,23}\d)(?:\b[0-9A-HJKMNP-TV-Z]{4}\b[ -]*){5}/i;

/** Nearly a line, however it is cut: with a symbol left out, or run together with the next. */
const RUN = /[0-9A-TV-Z]{19,}/gi;
/** How often letters and digits follow on each other in such a run; in names and serials they hardly do. */
const CHANGES = 5;
/** A hash, or the identifier of a tenant or subscription, is no code, though it looks like one. */
const HEX = /\b[0-9a-f]{8}(?:-?[0-9a-f]{4,}){2,}\b/gi;
/** Nor is a day, or a time: they stand in notes and in the names of folders, and in hardly any code. */
const DATE = /\b(?:19|20)\d\d-?[01]\d-?[0-3]\d(?:T\d\d-?\d\d(?:-?\d\d)?Z?)?(?!\d)/gi;

const ANY_BLANK = new RegExp(`[${BLANKS}]`, "gu");
const ANY_DASH = new RegExp(`[${DASHES}]`, "gu");

/** Whether a text looks like a line of a slip's code, or holds one: it belongs in no name and no register. */
export function holdsCode(given: string): boolean {
  // What was copied from elsewhere may have others between its groups, and is read as a slip's all the same.
  const text = given.replaceAll(ANY_BLANK, " ").replaceAll(ANY_DASH, "-");
  if (CODE.test(text)) return true;
  const others = text.replaceAll(HEX, "|").replaceAll(DATE, "|");
  const runs = others.replaceAll(/[ -]/g, "").match(RUN) ?? [];
  return runs.some((run) => (run.match(/\d(?=\D)|\D(?=\d)/g) ?? []).length >= CHANGES);
}
