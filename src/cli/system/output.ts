import { writeSync } from "node:fs";
import { wrapAnsi } from "fast-wrap-ansi";
import { BreakglassError } from "../../core/errors.ts";
import { isTerminal } from "./is-terminal.ts";
import { patiently } from "./patiently.ts";

/** Control characters, of which a terminal could make something else than text. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside (a file's name, a message of the system) as one harmless line. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, "\u{fffd}");
}

const STDOUT = 1;
const STDERR = 2;

/*
 * Both are written by file descriptor: Node's own streams for them bring its whole network stack
 * along, a third of the time to start, and tell of a closed pipe only later.
 */

/**
 * Says something to the person: on standard error, so that standard output is the answer alone. On
 * a terminal in rows of whole words.
 */
export function say(text: string): void {
  sayText(`${inRows(text)}\n`);
}

/** Lines that fit any terminal, whose width need not be asked for then. */
const SHORT = 40;
/** Rows that are narrower are no help. */
const NARROWEST = 20;

/**
 * Lines in rows of whole words, each row under the text of the first one, if the stream is a
 * terminal; a pipe or file gets them as they are.
 */
export function inRows(text: string, stream: typeof STDOUT | typeof STDERR = STDERR): string {
  if (text.length <= SHORT || !isTerminal(stream)) return text;
  // A terminal that does not tell its size says 0.
  const columns = (stream === STDERR ? process.stderr : process.stdout).columns || 80;
  return text
    .split("\n")
    .map((line) => lineInRows(line, columns))
    .join("\n");
}

/** What stands before a text: a number, a word with a gap, or one of the labels that leave no room for a gap. */
const HEAD = /^ *(?:\d+\. |[a-z\d]+ {2,}|in progress |or (?:back )?)?/i;

/** What has one column for each character. */
const NARROW = /^[ -~]*$/;

function lineInRows(line: string, columns: number): string {
  if (line.length <= columns && NARROW.test(line)) return line;
  const head = HEAD.exec(line)![0];
  const body = line.slice(head.length).trimEnd();
  if (head.length + NARROWEST > columns) return line;
  // A row that is a command alone is there to be copied: a line end within it would end the command.
  if (isCommand(body)) return line;
  const rows = wholeWords(body, columns - head.length);
  const end = line.slice(head.length + body.length);
  return head + rows.join(`\n${" ".repeat(head.length)}`) + end;
}

/** A command in a text, up to what can't be part of it; a name in quotes can hold anything. */
const COMMAND = /\bbreakglass [a-z](?:\\.|'[^']*'|,(?! )|[^',;)\\])*/g;

function isCommand(text: string): boolean {
  return text.match(COMMAND)?.[0] === text;
}

/** How many rows a text takes at a terminal that breaks what is longer than a row. */
export function countRows(text: string, columns: number): number {
  const rows = inRows(text).split("\n");
  return rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(row.length / columns)), 0);
}

/** Stands for a blank at which no row ends: no text has it, for it is no character. */
const KEPT = "\u{fdd0}";

/** Rows of whole words; a command that fits into a row stands in one, to be copied. */
function wholeWords(text: string, columns: number): string[] {
  const kept = text.replaceAll(COMMAND, (command) =>
    wrapAnsi(command, columns).includes("\n") ? command : command.replaceAll(" ", KEPT),
  );
  return wrapAnsi(kept, columns).replaceAll(KEPT, " ").split("\n");
}

/** The same, without a line end. What nobody can be told, because standard error is closed, is dropped. */
export function sayText(text: string): void {
  try {
    writeAll(STDERR, Buffer.from(text));
  } catch {
    return;
  }
}

/**
 * Writes the answer to standard output.
 *
 * @throws BreakglassError `file` if nobody reads it to the end
 */
export function answer(bytes: Uint8Array | string): void {
  try {
    writeAll(STDOUT, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  } catch {
    throw new BreakglassError(
      "file",
      "standard output was closed, or is full, before everything was written",
      "run the command again and read all of its output",
    );
  }
}

/**
 * The same for a text of lines, on a terminal in rows of whole words.
 *
 * @throws BreakglassError `file`
 */
export function answerInRows(text: string): void {
  answer(inRows(text, STDOUT));
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += patiently(() => writeSync(handle, bytes, done));
}
