import { BreakglassError } from "../../core/errors.ts";
import { canBeName } from "../../custody/names.ts";
import { NO_SERIAL, isBagSerial } from "../system/bag-serial.ts";
import { interrupted, onStop } from "../system/interrupt.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { looksLikeCode } from "../system/looks-like-code.ts";
import { inRows, oneLine, say } from "../system/output.ts";
import { lastTeller, noteAnswer } from "./asked.ts";
import { isPlain } from "./plain.ts";

/** Whether an answer will do, or why not. */
export type Verdict = true | string;

export interface Question {
  /** How often the flag is to be given, if more than once. */
  readonly times?: number;
  /** What Enter takes. */
  readonly usual?: string | undefined;
  /** Names that a register has, of which a number can be typed instead. */
  readonly known?: readonly string[];
  /** Whether it must be one of these names. */
  readonly closed?: boolean;
  /** Whether an answer will do, or why not; what that needs may be loaded then. */
  readonly judge?: (answer: string) => Verdict | Promise<Verdict>;
  /** What is meant by leaving it out, if it can be. */
  readonly otherwise?: string;
  /** Whether the question before can be gone back to. */
  readonly back?: boolean;
}

/** Flags whose answer is a person. */
const PEOPLE: ReadonlySet<string> = new Set(["--by", "--witness", "--custodian", "--alternate"]);

/** What is said where an answer can't be anybody's name. */
export const NO_NAME = "that is nobody's name: it stays in the register as it is typed";

/** What is answered where there is nothing to say. */
const NONE = "-";

/** What is typed to go back to the question before. */
export const BACK = "<";

/** Somebody wants to answer the question before anew. */
export class GoneBack extends Error {
  override readonly name = "GoneBack";
}

/**
 * What was given for a flag, or what the person at the terminal says.
 *
 * @param flag how messages name it
 * @throws BreakglassError `usage` if it is missing or empty and nobody can be asked, or `interrupted`
 * @throws GoneBack if that is allowed
 */
export async function askFor(
  flag: string,
  question: string,
  given?: string,
  options: Question = {},
): Promise<string> {
  requireText(flag, given);
  if (given !== undefined && given.trim() !== "") return given;
  const { times = 1 } = options;
  if (!hasTerminal())
    throw new BreakglassError(
      "usage",
      `${flag} is missing`,
      times > 1 ? `give ${flag} once for every slip, in order (${times} times)` : `give ${flag}`,
    );
  const usual = options.usual ?? (flag === "--by" ? lastTeller() : undefined);
  const answer = await askAtTerminal(question, {
    ...{ ...options, usual },
    judge: async (typed) => {
      if (typed === NONE) return "this can't be left out";
      return judgeAnswer(flag, typed, options);
    },
  });
  noteAnswer(flag, answer, times > 1);
  return answer;
}

/**
 * What was given for a flag that can be left out, or what the person at the terminal says; NONE leaves it out.
 *
 * @throws BreakglassError `interrupted`
 */
export async function askOptional(
  flag: string,
  question: string,
  given: string | undefined,
  options: Question = {},
): Promise<string | undefined> {
  requireText(flag, given);
  if (given !== undefined) return given;
  const { otherwise = "none" } = options;
  const answer = await askAtTerminal(`${question} (${NONE}: ${otherwise})`, {
    ...{ ...options, usual: NONE },
    judge: async (typed) => typed === NONE || judgeAnswer(flag, typed, options),
  });
  if (answer === NONE) return undefined;
  noteAnswer(flag, answer);
  return answer;
}

/** Whether what was typed will do for a flag: a name can be nobody's, a serial no bag's, and both stay for good. */
async function judgeAnswer(
  flag: string,
  typed: string,
  { known = [], judge }: Question,
): Promise<Verdict> {
  if (PEOPLE.has(flag) && !canBeName(typed, known)) return NO_NAME;
  if (flag === "--bag" && !isBagSerial(typed)) return NO_SERIAL;
  return (await judge?.(typed)) ?? true;
}

/** @throws BreakglassError `usage` if what was given for a flag is no text */
export function requireText(flag: string, given: string | undefined): void {
  if (given?.includes("\u{fffd}") === true)
    throw new BreakglassError("usage", `${flag} is not text in UTF-8`, `type ${flag} again`);
}

const CODE_TYPED = "that looked like a slip's code, which is not asked for here; it was erased";

/**
 * What the person at the terminal says to a question that no flag answers.
 *
 * @throws BreakglassError `interrupted`
 * @throws GoneBack if that is allowed
 */
export async function askAtTerminal(
  question: string,
  { usual = "", known = [], closed = false, judge, back = false }: Question = {},
): Promise<string> {
  for (const row of numbered(known)) say(row);
  const meant = (typed: string): string => known[Number(typed) - 1] ?? typed.trim();
  const validate = async (typed: string): Promise<Verdict> => {
    if (back && typed.trim() === BACK) return true;
    if (typed.trim() === BACK) return "there is no way back from here; Ctrl-C leaves";
    if (looksLikeCode(typed)) return CODE_TYPED;
    if (closed && typed.trim() !== usual && !known.includes(meant(typed)))
      return "type one of these names, or its number";
    return (await judge?.(meant(typed))) ?? true;
  };
  const typed = isPlain()
    ? await askPlainly(question, usual, validate)
    : await askInColour(question, usual, validate, meant);
  if (back && typed.trim() === BACK) throw new GoneBack();
  const answer = meant(typed.trim());
  // A number next to the one that was meant is noticed by its name.
  if (isPlain() && answer !== typed.trim()) say(oneLine(answer));
  return answer;
}

async function askInColour(
  question: string,
  usual: string,
  validate: (typed: string) => Promise<Verdict>,
  meant: (typed: string) => string,
): Promise<string> {
  const { default: input } = await import("@inquirer/input");
  for (;;) {
    // A slip's code does not stay in the field to be edited, as any other answer that will not do.
    const erase = new AbortController();
    const typed = await prompted(async () =>
      input(
        {
          message: `${question}:`,
          required: true,
          validate: async (answer) => {
            const verdict = await validate(answer);
            if (looksLikeCode(answer)) {
              erase.abort();
              // No verdict, upon which the prompt would write into a line that is closed: newer Nodes throw then.
              return new Promise<never>(() => undefined);
            }
            return verdict === true || besideMark(verdict);
          },
          // A number next to the one that was meant is noticed by its name.
          transformer: (answer, { isFinal }) =>
            looksLikeCode(answer) ? "" : isFinal ? oneLine(meant(answer)) : answer,
          ...(usual === "" ? {} : { default: oneLine(usual), prefill: "tab" as const }),
        },
        { output: process.stderr, signal: erase.signal },
      ).catch((error: unknown) => {
        if (!erase.signal.aborted) throw error;
        return undefined;
      }),
    );
    if (typed !== undefined) return typed;
    say(CODE_TYPED);
  }
}

/** What the prompt library writes before an error, whose rows it would end within words. */
const ERROR_MARK = "> ";

/** An error in rows of whole words, once its mark stands before it. */
function besideMark(error: string): string {
  return inRows(`${ERROR_MARK}${error}`).slice(ERROR_MARK.length);
}

/** More names than this would scroll away, so they stand side by side, to be read downwards. */
const LONG = 12;
const NAMES_GAP = 2;

/** Names with their numbers, in rows, side by side if they are many; for a screen reader, which goes along the rows, one in each. */
export function numbered(names: readonly string[]): string[] {
  const cells = names.map((name, i) => `${String(i + 1).padStart(3)}  ${oneLine(name)}`);
  if (cells.length <= LONG || isPlain()) return cells;
  const width = Math.max(...cells.map(({ length }) => length)) + NAMES_GAP;
  const across = Math.max(1, Math.floor((process.stderr.columns || 80) / width));
  const rows = Math.ceil(cells.length / across);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: across }, (__, column) => (cells[column * rows + row] ?? "").padEnd(width))
      .join("")
      .trimEnd(),
  );
}

async function askPlainly(
  question: string,
  usual: string,
  validate: (typed: string) => Promise<Verdict>,
): Promise<string> {
  const { Terminal } = await import("./terminal.ts");
  const terminal = new Terminal();
  try {
    for (;;) {
      const hint = usual === "" ? "" : ` [${oneLine(usual)}]`;
      const typed = (await terminal.askWords(`${question}${hint}: `)) || usual;
      const verdict = typed === "" ? "say something; Ctrl-C leaves" : await validate(typed);
      if (verdict === true) return typed;
      say(verdict);
    }
  } finally {
    terminal.close();
  }
}

/**
 * A secret typed at the terminal, unseen, and once more to be sure.
 *
 * @throws BreakglassError `interrupted`
 */
export async function askHidden(question: string): Promise<string> {
  if (!isPlain()) return askTwice(question, askMasked);
  const { Terminal } = await import("./terminal.ts");
  const terminal = new Terminal();
  try {
    return await askTwice(question, async (message) => terminal.askUnseen(`${message} `));
  } finally {
    terminal.close();
  }
}

async function askTwice(
  question: string,
  ask: (message: string) => Promise<string>,
): Promise<string> {
  for (;;) {
    const first = await ask(`${question}:`);
    if (first === (await ask("The same again:"))) return first;
    say("the two differ; type it again");
  }
}

async function askMasked(message: string): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  return prompted(() =>
    password({ message, mask: false, toggleMask: false }, { output: process.stderr }),
  );
}

async function prompted<T>(prompt: () => Promise<T>): Promise<T> {
  const release = onStop(() => undefined); // and so listens for signals, Ctrl-Z's too
  try {
    return await prompt();
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw interrupted();
    throw error;
  } finally {
    release();
  }
}
