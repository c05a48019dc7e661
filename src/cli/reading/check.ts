import { BreakglassError } from "../../core/errors.ts";
import { parseRef, type SlipRef } from "../../custody/events.ts";
import { hasRegister, registerFolder } from "../journal/register-folder.ts";
import { warnOfCoreDumps } from "../system/core-dumps.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { noteAnswer, noteFile, noteTypedSlip, restateArguments } from "../terminal/asked.ts";
import { askAtTerminal } from "../terminal/questions.ts";
import { Terminal } from "../terminal/terminal.ts";
import { typeSlip, type TypingOptions } from "../terminal/typing.ts";
import type { CheckRecord } from "./check-record.ts";
import { Checks, type CheckOptions } from "./checks.ts";
import { SlipInput } from "./slip-input.ts";
import { refText } from "../../custody/slip-ref.ts";

/**
 * `breakglass check`: judges each slip alone, and says nothing about the secret. Slips are never
 * joined here.
 *
 * @returns the exit status: that of the last slip that is not intact, or was named and not read, or 0
 */
export async function check(
  given: readonly string[],
  options: CheckOptions,
  clock: Clock,
): Promise<number> {
  warnOfCoreDumps();
  const expected = given.flatMap((name) => parseRef(name) ?? []);
  const files = given.filter((name) => parseRef(name) === undefined);
  if (files.length === 0) {
    const told = await askWho(options);
    const checks = new Checks(told, await registerOf(told, clock), expected);
    return checkTyped(checks, expected.length === 0 ? [[]] : expected.map((ref) => [ref]));
  }
  const checks = new Checks(options, await registerOf(options, clock), expected);
  const input = new SlipInput(files);
  const read: string[] = [];
  for (const [i, file] of files.entries()) {
    const { length } = checks.unread;
    const isAnswered = await checks.file(input, i, expected);
    if (isAnswered || checks.unread.length === length) read.push(file);
  }
  // The paper may be whole where its picture can't be read: at a terminal it can be typed.
  if (checks.unread.length === 0 || options.json === true || files.includes("-") || !hasTerminal())
    return checks.end();
  restateArguments([...expected.map(refText), ...read]);
  const told = await askWho(options);
  if (told !== options) {
    if (read.length > 0) say(NOT_WRITTEN);
    checks.record = await openRecord(told, clock);
  }
  return checkTyped(
    checks,
    checks.unread.map(() => expected),
  );
}

/** The answer of somebody who wants nothing written into the register. */
const NOBODY = "-";

/** The command that is said in the end names who checks, and so writes down more than was. */
const NOT_WRITTEN =
  "note: what was read before this question is not written down; the command in the end would write it, too";

/** A check that is written down settles what is due, so who checks is asked before anything is typed. */
async function askWho(options: CheckOptions): Promise<CheckOptions> {
  if (options.by !== undefined || !hasTerminal() || !hasRegister(registerFolder(options.register)))
    return options;
  const by = await askAtTerminal(`Who checks it, for the register (${NOBODY}: not written down)`);
  if (by === NOBODY) return options;
  noteAnswer("--by", by);
  return { ...options, by };
}

/** The register that is named, or lies here; without one a slip is judged by itself. */
async function registerOf(options: CheckOptions, clock: Clock): Promise<CheckRecord | undefined> {
  const folder = registerFolder(options.register);
  if (options.register === undefined && options.by === undefined && !hasRegister(folder))
    return undefined;
  const record = await openRecord(options, clock);
  for (const note of record.notes) say(`note: ${note}`);
  return record;
}

async function openRecord(options: CheckOptions, clock: Clock): Promise<CheckRecord> {
  const { CheckRecord } = await import("./check-record.ts");
  return new CheckRecord(registerFolder(options.register), options, clock);
}

/**
 * Slips typed one after the other, or files that are named in their place: better pictures of those
 * that could not be read, perhaps.
 *
 * @param places for each slip, which it may be; none: any
 * @returns the exit status
 */
async function checkTyped(
  checks: Checks,
  places: readonly (readonly SlipRef[])[],
): Promise<number> {
  const terminal = new Terminal();
  const unreadBefore = checks.unread.length;
  try {
    for (const [i, expected] of places.entries()) {
      let came: Came;
      do came = await checkOne(terminal, checks, stillToCome(checks, expected));
      while (came === "unread");
      if (came === "left") {
        if (checks.unread.length > 0 || checks.hasRead) return checks.end();
        throw nothingTyped();
      }
      // What is read now makes one good that could not be read before.
      checks.makeGood(Math.max(0, unreadBefore - i - 1));
    }
    return checks.end();
  } finally {
    terminal.close();
  }
}

/** What is read already is expected no more; if that was all, another of them is to be read better. */
function stillToCome(checks: Checks, expected: readonly SlipRef[]): readonly SlipRef[] {
  const left = expected.filter((ref) => !checks.wasRead(ref));
  return left.length === 0 ? expected : left;
}

/** Whether a slip that was expected came and could be read, or nothing was given any more. */
type Came = "read" | "unread" | "left";

async function checkOne(
  terminal: Terminal,
  checks: Checks,
  expected: readonly SlipRef[],
): Promise<Came> {
  const names = expected.map(refText).join(" or ");
  if (names !== "") terminal.say(`slip ${names}`);
  const unread = checks.unread;
  const options: TypingOptions & { readonly takesFiles: true } = {
    ...{ wantSpare: true, takesFiles: true },
    news: unread.flatMap(({ code, message, hint }) => [
      `not ${code === "misfit" ? "taken" : "read"}: ${message}`,
      `  ${hint}`,
    ]),
    ...(expected.length === 1 ? { expected: expected[0]! } : {}),
  };
  const given = await terminal.alternate(() => typeSlip(terminal, options));
  if (given === undefined) return "left";
  if ("file" in given) {
    const isAnswered = await checks.file(new SlipInput([given.file]), 0, expected, true);
    if (isAnswered) noteFile(given.file);
    return isAnswered && checks.unread.length === unread.length ? "read" : "unread";
  }
  try {
    if (!checks.typed(given, expected)) return "unread";
    noteTypedSlip();
    return "read";
  } finally {
    given.slip.payload.fill(0);
  }
}

function nothingTyped(): BreakglassError {
  return new BreakglassError(
    "no-slip",
    "no slip was typed, so none was checked",
    "run the command again when you have the slip",
  );
}
