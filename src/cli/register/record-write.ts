import type { CustodyEvent, EventOf } from "../../custody/events.ts";
import { nearName } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { refText } from "../../custody/slip-ref.ts";
import { appendWithDue } from "../journal/became-due.ts";
import { deedOf } from "../journal/deed.ts";
import { optionOf } from "../journal/event-flags.ts";
import { rehearseEvents } from "../journal/journal-append.ts";
import type { OpenRegister } from "../journal/journal-file.ts";
import { refuseWrong } from "../journal/refuse-wrong.ts";
import { recoveryEvents } from "../reading/recover-record.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { wasAsked } from "../terminal/asked.ts";
import { refuseClaims, refuseMistyped } from "./record-guards.ts";
import type { RecordForm } from "./record-form.ts";
import type { RecordOptions } from "./recordable.ts";
import { sealedNotes } from "./sealed-notes.ts";

/**
 * Writes down what a form says, after it was agreed to if any of it was asked for.
 *
 * @param folder the register's
 */
export async function writeRecord(
  folder: string,
  form: RecordForm,
  { register }: OpenRegister,
  clock: Clock,
): Promise<void> {
  const { what, recordable, abouts, told } = form;
  const deed = deedOf(told);
  const [first] = abouts.map((about) => recordable.event(about, told, deed(clock())));
  refuseWrong(first as CustodyEvent, (field) =>
    Object.hasOwn(told, optionOf(field)) ? undefined : "what it is about",
  );
  if (what === "recovered") refuseMistyped(first as EventOf<"password-recovered">, register);
  for (const name of [told.by, told.witness]) noteNear(name, register);
  const events = (now: OpenRegister): CustodyEvent[] => {
    if (what === "checked" && told.checkWord === undefined) refuseClaims(abouts, now.register);
    const fields = deed(clock());
    return abouts.flatMap((about) =>
      withSetting(recordable.event(about, told, fields) as CustodyEvent, now.register),
    );
  };
  if (wasAsked()) rehearseEvents(folder, events);
  await agreeToWrite(summaryOf(what, form.subjects, told));
  // Together: if one of them is refused, none is written.
  const { journal, nowDue } = appendWithDue(folder, events, clock);
  const number = journal.head.n - abouts.length + 1;
  const names =
    recordable.subject === "slips"
      ? abouts.map(({ slip }) => refText(slip))
      : [form.subjects.join(" ")];
  for (const [i, name] of names.entries())
    answer(`entry ${number + i}: ${what}${name === "" ? "" : ` ${name}`}\n`);
  if (nowDue !== undefined) say(nowDue);
  if (what === "sealed") for (const note of sealedNotes(abouts, told)) say(note);
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
