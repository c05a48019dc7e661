import { BreakglassError } from "../../core/errors.ts";
import { choicesOf, missingFields, type CustodyEvent, type EventOf } from "../../custody/events.ts";
import { nearName } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { refText } from "../../custody/slip-ref.ts";
import { deedOf, given } from "../journal/deed.ts";
import { flagOf, optionOf } from "../journal/event-flags.ts";
import { appendEvents } from "../journal/journal-append.ts";
import { openRegister } from "../journal/journal-file.ts";
import { peopleIn } from "../journal/people.ts";
import { refuseWrong } from "../journal/refuse-wrong.ts";
import { recoveryEvents } from "../reading/recover-record.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor, askOptional } from "../terminal/questions.ts";
import {
  refuseClaims,
  refuseFilesHere,
  refuseMistyped,
  refuseOneForSeveral,
} from "./record-guards.ts";
import { askSubject, readSubjects } from "./record-subject.ts";
import { RECORDABLE, type About, type RecordOptions, type Recordable } from "./recordable.ts";

/**
 * Writes an event down; at a terminal, what was not said of it is asked for.
 *
 * @param folder the register's
 * @param what the event, as the command line calls it
 * @param subjects what it is about, as given
 */
export async function recordEvent(
  folder: string,
  what: string,
  subjects: readonly string[],
  options: RecordOptions,
  clock: Clock,
): Promise<void> {
  const recordable = RECORDABLE[what]!;
  const state = openRegister(folder);
  const { register } = state;
  const named = await askSubject(what, recordable.subject, subjects, register);
  const abouts = readSubjects(recordable.subject, named);
  if (what === "files-deleted") refuseFilesHere(abouts[0]!);
  refuseOneForSeveral(abouts, options);
  const by = await askFor("--by", "Who did it", options.by, { known: peopleIn(state) });
  const asked = hasTerminal() && options.by === undefined;
  const more = asked ? await askAlso(what, abouts.length, { ...options, by }) : { ...options, by };
  const told = await askMissing(recordable, abouts[0]!, more, clock);
  const deed = deedOf(told);
  const [first] = abouts.map((about) => recordable.event(about, told, deed(clock())));
  refuseWrong(first as CustodyEvent, (field) =>
    Object.hasOwn(told, optionOf(field)) ? undefined : "what it is about",
  );
  if (what === "recovered") refuseMistyped(first as EventOf<"password-recovered">, register);
  for (const name of [told.by, told.witness]) noteNear(name, register);
  await agreeToWrite(summaryOf(what, named, told));
  // Together: if one of them is refused, none is written.
  const { journal } = appendEvents(folder, (state) => {
    if (what === "checked" && told.checkWord === undefined) refuseClaims(abouts, state.register);
    const fields = deed(clock());
    return abouts.flatMap((about) =>
      withSetting(recordable.event(about, told, fields) as CustodyEvent, state.register),
    );
  });
  const number = journal.head.n - abouts.length + 1;
  const names =
    recordable.subject === "slips" ? abouts.map(({ slip }) => refText(slip)) : [named.join(" ")];
  for (const [i, name] of names.entries())
    answer(`entry ${number + i}: ${what}${name === "" ? "" : ` ${name}`}\n`);
}

/** Anybody may do something or see it; a known name that was mistyped stays in the journal as another's. */
function noteNear(name: string | undefined, { custodians }: Register): void {
  const near = name === undefined ? undefined : nearName(name, custodians.keys());
  if (near !== undefined)
    say(oneLine(`note: ${name!} is not in the register, and ${near} is: compare the spelling`));
}

/** A password that was recovered by hand in a ceremony was about to be set, as one that is shown. */
function withSetting(event: CustodyEvent, register: Register): CustodyEvent[] {
  return event.kind === "password-recovered" ? recoveryEvents(register, event) : [event];
}

/** What will be written, in one line. */
function summaryOf(what: string, about: readonly string[], options: RecordOptions): string[] {
  const details = Object.entries(options)
    .filter(([flag]) => flag !== "register" && flag !== "by")
    .map(([flag, value]) => `${flagName(flag)} ${String(value)}`);
  return [[`${what} ${about.join(" ")}`.trim(), `by ${options.by!}`, ...details].join("; ")];
}

function flagName(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Asks for every flag without which the event could not be written. */
async function askMissing(
  recordable: Recordable,
  about: About,
  options: RecordOptions,
  clock: Clock,
): Promise<RecordOptions> {
  let told = options;
  for (;;) {
    const event = recordable.event(about, told, deedOf(told)(clock())) as CustodyEvent;
    const [field] = missingFields(event);
    if (field === undefined) return told;
    const flag = flagOf(field);
    const known = choicesOf(event.kind, field);
    if (known.length > 0 && !hasTerminal())
      throw new BreakglassError(
        "usage",
        `${flag} is missing`,
        `give ${flag} one of: ${known.join(", ")}`,
      );
    const answered = await askFor(flag, QUESTIONS[field] ?? flag, undefined, {
      ...{ known, closed: known.length > 0 },
    });
    told = { ...told, [field]: answered };
  }
}

/** Who is asked for an event is asked, too, for what can be left out of it and seldom should be. */
const ALSO: Readonly<Record<string, readonly ("bag" | "witness" | "reason")[]>> = {
  sealed: ["bag", "witness"],
  opened: ["witness"],
  damaged: ["reason"],
  lost: ["reason"],
  compromised: ["reason"],
};

async function askAlso(
  what: string,
  count: number,
  options: RecordOptions,
): Promise<RecordOptions> {
  let told = options;
  for (const field of ALSO[what] ?? []) {
    if (field === "bag" && count > 1) continue; // each slip lies in one of its own
    const answered = await askOptional(flagOf(field), QUESTIONS[field]!, options[field]);
    told = { ...told, ...given({ [field]: answered }) };
  }
  return told;
}

/** What is asked where a flag is missing. */
const QUESTIONS: Readonly<Record<string, string>> = {
  reason: "Why",
  remedy: "How it was settled",
  slips: "Which slips were used (such as 1,3)",
  type: "Type",
  result: "How it went",
  witness: "Who saw it",
  bag: "Serial of the bag",
};
