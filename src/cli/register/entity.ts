import { BreakglassError } from "../../core/errors.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import type { Refusal } from "../../custody/lifecycle/refusal.ts";
import type { Register } from "../../custody/register.ts";
import { deedOf, given, type DeedFields, type DeedOptions } from "../journal/deed.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { Answer } from "../terminal/answer.ts";
import { wasAsked } from "../terminal/asked.ts";
import { askFor, type Question } from "../terminal/questions.ts";
import type { NAME_PROBLEMS } from "./name-problems.ts";

/** Fields that stand on the command line without a flag. */
const NAMES: ReadonlySet<string> = new Set(["account", "custodian", "location"]);

function nameOf(field: string): string | undefined {
  return NAMES.has(field) ? "the name" : undefined;
}

/** Who says so, given or asked for in its turn. */
export function sayerOf({ by }: DeedOptions): Answer {
  return new Answer("--by", by, async () =>
    askFor("--by", "Who says so", undefined, { back: true }),
  );
}

/** The flags, with who says so. */
export function saidBy(options: DeedOptions, { value }: Answer): DeedOptions {
  return { ...options, ...given({ by: value }) };
}

/**
 * The name that a command is about, given or asked for in its turn. What the register says against
 * it is told at once: whoever has answered all questions should not hear only then that the name is
 * taken.
 *
 * @param use the command
 * @param more what else is to be known of the question
 * @throws BreakglassError `refused` for a name that was given, where a person is asked for the rest
 */
export async function nameFor(
  use: keyof typeof NAME_PROBLEMS,
  question: string,
  said: string | undefined,
  options: DeedOptions,
  more: Question = {},
): Promise<Answer> {
  const problemOf = async (name: string): Promise<Refusal | undefined> => {
    const { NAME_PROBLEMS: problems } = await import("./name-problems.ts");
    return problems[use](name.trim(), await registerOf(options));
  };
  const name = new Answer("NAME", said, async () =>
    askFor("NAME", question, undefined, {
      ...{ ...more, back: true },
      judge: async (typed) => {
        const verdict = (await more.judge?.(typed)) ?? true;
        if (verdict !== true) return verdict;
        const refused = await problemOf(typed);
        return refused === undefined || `${refused.refusal}; ${refused.hint}`;
      },
    }),
  );
  const refused = name.isSaid() && hasTerminal() ? await problemOf(said!) : undefined;
  if (refused !== undefined) throw new BreakglassError("refused", refused.refusal, refused.hint);
  return name;
}

/**
 * Appends one event, made from the flags that say who and when.
 *
 * @param what it says, in a few words
 */
export async function write(
  options: DeedOptions,
  clock: Clock,
  what: string,
  event: (deed: DeedFields) => CustodyEvent,
): Promise<void> {
  const by = await askFor("--by", "Who says so", options.by);
  const deed = deedOf({ ...options, by });
  // Nobody waits for what writes before the first question.
  const { refuseWrong } = await import("../journal/refuse-wrong.ts");
  const { appendWithDue } = await import("../journal/became-due.ts");
  const { rehearseEvents } = await import("../journal/journal-append.ts");
  const folder = registerFolder(options.register);
  const events = (): CustodyEvent[] => [event(deed(clock()))];
  refuseWrong(event(deed(clock())), nameOf);
  if (wasAsked()) rehearseEvents(folder, events);
  await agreeToWrite([`${what}; says ${by}`]);
  const { nowDue } = appendWithDue(folder, events, clock);
  if (nowDue !== undefined) say(nowDue);
}

/** Names to choose from, of which an answer must be one. */
export async function knownNames(
  options: DeedOptions,
  names: (register: Register) => string[],
): Promise<Question> {
  if (!hasTerminal()) return {};
  const known = names(await registerOf(options));
  return { known, closed: known.length > 0 };
}

export async function list(
  options: DeedOptions,
  lines: (register: Register) => string[],
): Promise<void> {
  for (const line of lines(await registerOf(options))) answer(`${oneLine(line)}\n`);
}

/** As it is now: nobody waits for it before a first question that does not need it. */
export async function registerOf({ register }: DeedOptions): Promise<Register> {
  const { openRegister } = await import("../journal/journal-file.ts");
  return openRegister(registerFolder(register)).register;
}
