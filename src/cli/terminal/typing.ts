import { existsSync } from "node:fs";
import type { Assembly } from "../../core/assembly.ts";
import { symbolsToText } from "../../core/base32.ts";
import { isFirstRow, numberedRow, readDocument } from "../../core/document.ts";
import { BreakglassError } from "../../core/errors.ts";
import { SPARE, fillsOnly, lineName, type Suggestion } from "../../core/line.ts";
import { readSlip, type SlipReading } from "../../core/reader.ts";
import { LINES_MAX, groupLine, slipName, type Heading, setName } from "../../core/slip.ts";
import {
  asPrinted,
  disputeError,
  headingDoubt,
  headingOf,
  judgeLine,
  readTyped,
  type ConfirmedLine,
} from "../../core/typing.ts";
import { looksLikeCode } from "../system/looks-like-code.ts";
import { refuseRecording } from "./private-screen.ts";
import type { Terminal } from "./terminal.ts";

const INDENT = "    ";

export interface TypingOptions {
  /** Slips that are there already, so that a repeated or foreign one is noticed at its first line. */
  readonly assembly?: Assembly;
  /** What is to be known before, such as what is still needed. */
  readonly news?: readonly string[];
  /** Whether to ask for the spare line even if nothing is lost; `must`: it can't be left out. */
  readonly wantSpare?: boolean | "must";
  /** The slip that is to be typed: another one is noticed at its first line. */
  readonly expected?: { readonly set: string; readonly slip: number };
  /** Whether a file can be named in place of the first line. */
  readonly takesFiles?: boolean;
}

/** A file that was named in place of a slip's first line. */
export interface NamedFile {
  readonly file: string;
}

/**
 * Leads through typing one slip, or takes the text of its QR code. Each line is judged as soon as
 * it is typed; what looks like a slip of the finger is shown with a suggestion below it, and only
 * counts once the person has compared it with the paper.
 *
 * @returns the slip, or undefined if nothing was typed
 * @throws BreakglassError for a slip that can't be read, `no-terminal` if the screen is recorded, or
 *   `interrupted`
 */
export async function typeSlip(
  terminal: Terminal,
  options: TypingOptions & { readonly takesFiles: true },
): Promise<SlipReading | NamedFile | undefined>;
export async function typeSlip(
  terminal: Terminal,
  options: TypingOptions & { readonly takesFiles?: never },
): Promise<SlipReading | undefined>;
export async function typeSlip(
  terminal: Terminal,
  options: TypingOptions,
): Promise<SlipReading | NamedFile | undefined> {
  refuseRecording();
  for (const line of options.news ?? []) terminal.say(line);
  if (options.news !== undefined && options.news.length > 0) terminal.say();
  // Slips and scripts speak of numbered lines alone: who checks should not learn at the end of one more.
  const what = options.wantSpare === "must" ? "numbered lines and line S" : "numbered lines";
  terminal.say(`Type the ${what} of a slip as printed; blanks do not matter.`);
  terminal.say("? is a symbol you can't read; a line that is lost is only ?.");
  terminal.say("Or paste the text of the QR code (BG1:...).");
  if (options.takesFiles === true)
    terminal.say("Or name a file with a scan or photograph: type its path, or drop it here.");
  terminal.say("b alone goes back a line; Enter alone at line 1 leaves; Ctrl-C leaves anywhere.");
  terminal.say();
  const first = await askFirst(terminal, options);
  if (first === undefined || "slip" in first || "file" in first) return first;
  const lines = new Map([[1, first]]);
  const heading = first.line === undefined ? undefined : headingOf(first.line);
  if (heading !== undefined && !(await wanted(terminal, heading, options)))
    return typeSlip(terminal, options as TypingOptions & { readonly takesFiles: true });
  const count = heading?.lines ?? (await askCount(terminal));
  return (await typeOthers(terminal, lines, count, options)) === BACK
    ? typeSlip(terminal, { ...options, news: [] } as TypingOptions & { readonly takesFiles: true })
    : finish(terminal, lines, count);
}

/** What is typed alone to type the line before anew. */
const BACK = "b";

/**
 * Has the lines typed that follow the first one, and the spare line if it is needed.
 *
 * @returns BACK if the first line is to be typed anew
 */
async function typeOthers(
  terminal: Terminal,
  lines: Map<number, ConfirmedLine>,
  count: number,
  { wantSpare }: TypingOptions,
): Promise<typeof BACK | "typed"> {
  for (let number = 2; ;) {
    if (number < 2) return BACK;
    const isLost = [...lines.values()].some((line) => line.line === undefined);
    if (number > count && !isLost && wantSpare === undefined) return "typed";
    const line =
      number <= count
        ? await askLine(terminal, number, count, true)
        : await askSpare(terminal, count, isLost || wantSpare === "must");
    if (line === BACK) {
      number--;
      lines.delete(number);
      continue;
    }
    if (number > count) {
      if (line !== undefined) lines.set(SPARE, line);
      return "typed";
    }
    lines.set(number, line!);
    number++;
  }
}

async function askFirst(
  terminal: Terminal,
  { takesFiles = false, assembly }: TypingOptions,
): Promise<ConfirmedLine | SlipReading | NamedFile | undefined> {
  for (;;) {
    const typed = await terminal.ask("1) ");
    if (typed.trim() === "") return undefined;
    const file = fileNamed(typed);
    if (file !== undefined && takesFiles) return { file };
    if (file !== undefined || looksLikeFile(typed)) {
      terminal.say(`${INDENT}${takesFiles ? NO_FILE : NO_FILES}`);
      continue;
    }
    if (isBack(typed)) {
      terminal.say(`${INDENT}this is the first line; Enter alone leaves`);
      continue;
    }
    if (isFirstRow(typed) && numberedRow(typed) === undefined) {
      const reading = tryRead(terminal, typed);
      if (reading !== undefined) return reading;
      continue;
    }
    if (isSpareLine(typed)) {
      const isWhole = (assembly?.sets.length ?? 0) > 0;
      terminal.say(
        `${INDENT}${isWhole ? SPARE_TOO_MANY : "that is the spare line; a slip begins with line 1"}`,
      );
      continue;
    }
    const confirmed = await judge(terminal, 1, typed, LINES_MAX);
    if (confirmed?.line === undefined) {
      if (confirmed !== undefined) return confirmed;
      continue;
    }
    try {
      headingOf(confirmed.line);
      return confirmed;
    } catch (error) {
      tell(terminal, error);
    }
  }
}

const NO_FILE = "there is no file of that name; name it again, or type the first line";
const NO_FILES = "no file can be named here; type the lines from the paper";

const SPARE_TOO_MANY =
  "that is a spare line: the slip before is whole without it; line 1 of the next slip is asked for";

/** Whether it is the one line that has a check of its own place: typed to the end, since it is printed. */
function isSpareLine(typed: string): boolean {
  const judgement = judgeLine(SPARE, typed, LINES_MAX);
  return judgement.kind === "taken" && judgement.line.line !== undefined;
}

/** Whether a path was meant: no line of a slip has a slash, or ends like a file. */
function looksLikeFile(typed: string): boolean {
  const path = typed.trim().replace(/["']$/, "");
  return /[/\\]|\.(?:png|jpe?g|webp|tiff?|pdf|txt)$/i.test(path) && !looksLikeCode(path);
}

/** A file that is there, as somebody types its path, or a terminal writes it when it is dropped. */
function fileNamed(typed: string): string | undefined {
  const path = typed.trim();
  // A line of a slip has neither, and is not looked for on the disk.
  if (!/[./\\]/.test(path)) return undefined;
  const quoted = /^(["'])(.*)\1$/.exec(path)?.[2];
  return [path, quoted ?? path.replaceAll(/\\(.)/g, "$1")].find((each) => existsSync(each));
}

function tryRead(terminal: Terminal, text: string): SlipReading | undefined {
  try {
    return readSlip(readDocument(text)[0]!, { acceptCorrections: false });
  } catch (error) {
    tell(terminal, error, "paste it again, or type the lines: then each mistake is shown");
    return undefined;
  }
}

/** Shows an expected error; anything else is passed on. */
function tell(terminal: Terminal, error: unknown, hint?: string): void {
  if (!(error instanceof BreakglassError)) throw error;
  terminal.say(`${INDENT}${error.message}`);
  terminal.say(`${INDENT}${hint ?? error.hint}`);
}

/** Says which slip this is as soon as its first line is in, and whether typing on is of use. */
async function wanted(
  terminal: Terminal,
  heading: Heading,
  { assembly, expected }: TypingOptions,
): Promise<boolean> {
  terminal.say(`${INDENT}this is ${slipName(heading)}; it has ${heading.lines} lines`);
  if (
    expected !== undefined &&
    (setName(heading.setId) !== expected.set || heading.index !== expected.slip)
  ) {
    terminal.say(
      `${INDENT}slip ${expected.slip} of set ${expected.set} is asked for: take that one`,
    );
    return false;
  }
  const doubt = headingDoubt(heading, assembly?.sets ?? []);
  if (doubt !== undefined) {
    terminal.say(`${INDENT}${doubt}`);
    return terminal.confirm(`${INDENT}type it all the same?`);
  }
  return true;
}

async function askCount(terminal: Terminal): Promise<number> {
  for (;;) {
    const typed = await terminal.ask("How many numbered lines does the slip have? ");
    const count = /^\s*\d{1,2}\s*$/.test(typed) ? Number(typed) : 0;
    if (count >= 2 && count <= LINES_MAX) return count;
    terminal.say(`${INDENT}the highest number before a bracket, 2 to ${LINES_MAX}`);
  }
}

async function askLine(terminal: Terminal, number: number, count: number): Promise<ConfirmedLine>;
async function askLine(
  terminal: Terminal,
  number: number,
  count: number,
  mayGoBack: true,
): Promise<ConfirmedLine | typeof BACK>;
async function askLine(
  terminal: Terminal,
  number: number,
  count: number,
  mayGoBack = false,
): Promise<ConfirmedLine | typeof BACK> {
  for (;;) {
    const typed = await terminal.ask(`${number === SPARE ? "S" : number}) `);
    if (mayGoBack && isBack(typed)) return BACK;
    if (typed.trim() === "") {
      terminal.say(`${INDENT}give only ? if ${lineName(number)} is lost; Ctrl-C leaves`);
      continue;
    }
    const confirmed = await judge(terminal, number, typed, count);
    if (confirmed !== undefined) return confirmed;
  }
}

async function askSpare(
  terminal: Terminal,
  count: number,
  needed: boolean,
): Promise<ConfirmedLine | typeof BACK | undefined> {
  if (!needed) terminal.say(`${INDENT}the spare line too, or Enter to leave it out`);
  for (;;) {
    const typed = await terminal.ask("S) ");
    if (isBack(typed)) return BACK;
    if (typed.trim() === "") {
      if (!needed) return undefined;
      terminal.say(`${INDENT}the spare line is needed here`);
      continue;
    }
    const confirmed = await judge(terminal, SPARE, typed, count);
    if (confirmed !== undefined) return confirmed;
  }
}

function isBack(typed: string): boolean {
  return typed.trim().toLowerCase() === BACK;
}

/**
 * Judges a typed line and has a correction confirmed.
 *
 * @returns the line, or undefined if it is to be typed again
 */
async function judge(
  terminal: Terminal,
  number: number,
  typed: string,
  count: number,
): Promise<ConfirmedLine | undefined> {
  const judgement = judgeLine(number, typed, count);
  switch (judgement.kind) {
    case "taken":
      if (judgement.line.line === undefined)
        terminal.say(`${INDENT}${lineName(number)} counts as lost`);
      return judgement.line;
    case "suggested":
      return confirmOne(terminal, number, judgement.text, judgement.suggestions);
    default:
      tell(terminal, judgement.fault);
      return undefined;
  }
}

/** Shows each line that may be meant under what was typed, until one is what the paper says. */
async function confirmOne(
  terminal: Terminal,
  number: number,
  text: string,
  suggestions: readonly Suggestion[],
): Promise<ConfirmedLine | undefined> {
  for (const { line, edits } of suggestions) {
    const shown = symbolsToText(line);
    terminal.say(`${INDENT}typed    ${asPrinted(text)}`);
    terminal.say(`${INDENT}perhaps  ${groupLine(shown)}`);
    terminal.say(
      `${INDENT}         ${groupLine(marks(edits.map((edit) => edit.place)))}`.trimEnd(),
    );
    const question = fillsOnly(edits)
      ? "does the paper agree where it can be read?"
      : "does the paper say this?";
    if (await terminal.confirm(INDENT + question)) return { typed: text, line: shown };
  }
  terminal.say(`${INDENT}then type ${lineName(number)} again`);
  return undefined;
}

/** A line of 20 with a caret under each of some places. */
function marks(places: readonly number[]): string {
  return Array.from({ length: 20 }, (_, place) => (places.includes(place) ? "^" : "\u00a0")).join(
    "",
  );
}

/**
 * Reads the slip as typed. If its check does not hold, a line that was corrected is the suspect:
 * the spare line is asked for, and what comes out is compared with the paper once more.
 *
 * @throws BreakglassError what was wrong last, if the person leaves
 */
async function finish(
  terminal: Terminal,
  lines: Map<number, ConfirmedLine>,
  count: number,
): Promise<SlipReading> {
  for (;;) {
    const reading = await readConfirmed(terminal, lines);
    if (!(reading instanceof BreakglassError)) return reading;
    if (!lines.has(SPARE)) {
      terminal.say(`${INDENT}the spare line can show which line is wrong`);
      lines.set(SPARE, await askLine(terminal, SPARE, count));
      continue;
    }
    const typed = await terminal.ask("Which line shall be typed again? (Enter to leave) ");
    if (typed.trim() === "") throw reading;
    const number = /^\s*[Ss]\s*$/.test(typed) ? SPARE : Number(typed);
    if (lines.has(number)) lines.set(number, await askLine(terminal, number, count));
  }
}

async function readConfirmed(
  terminal: Terminal,
  lines: ReadonlyMap<number, ConfirmedLine>,
): Promise<SlipReading | BreakglassError> {
  try {
    const { reading, disputed } = readTyped(lines);
    for (const { number, line } of disputed) {
      terminal.say(`${INDENT}${lineName(number)} must be something else than was confirmed:`);
      terminal.say(`${INDENT}         ${groupLine(line)}`);
      if (!(await terminal.confirm(`${INDENT}does the paper say this?`)))
        return disputeError(number);
    }
    return reading;
  } catch (error) {
    tell(terminal, error);
    return error as BreakglassError;
  }
}
