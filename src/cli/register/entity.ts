import type { CustodyEvent } from "../../custody/events.ts";
import type { Register } from "../../custody/register.ts";
import { deedOf, type DeedFields, type DeedOptions } from "../journal/deed.ts";
import { needRegister, registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { answer, oneLine } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor, type Question } from "../terminal/questions.ts";

/** Fields that stand on the command line without a flag. */
const NAMES: ReadonlySet<string> = new Set(["account", "custodian", "location"]);

function nameOf(field: string): string | undefined {
  return NAMES.has(field) ? "the name" : undefined;
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
  const { appendEvents } = await import("../journal/journal-append.ts");
  refuseWrong(event(deed(clock())), nameOf);
  await agreeToWrite([`${what}; says ${by}`]);
  appendEvents(registerFolder(options.register), () => [event(deed(clock()))]);
}

/** A name that the register does not have yet; but there must be a register. */
export function newName({ register }: DeedOptions): Question {
  needRegister(register);
  return {};
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
