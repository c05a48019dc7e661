import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import {
  choicesOf,
  missingFields,
  parseRef,
  type CustodyEvent,
  type EventOf,
  type SlipRef,
} from "../../custody/events.ts";
import { nearName } from "../../custody/names.ts";
import { isLeft, type Register } from "../../custody/register.ts";
import { deedOf, given, type DeedFields, type DeedOptions } from "../journal/deed.ts";
import { flagOf, optionOf } from "../journal/event-flags.ts";
import { appendEvents, openRegister } from "../journal/journal-file.ts";
import { peopleIn } from "../journal/people.ts";
import { refuseWrong } from "../journal/refuse-wrong.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { recoveryEvents } from "../reading/recover-record.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { parseEntry, parseSetName, parseSlips } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor, askOptional } from "../terminal/questions.ts";
import { slipFilesNearby } from "./slip-files-nearby.ts";
import { refText } from "../../custody/slip-ref.ts";

/** The flags of `record`. Each event says which of them it takes. */
export interface RecordOptions extends DeedOptions {
  readonly bag?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly custodian?: string;
  readonly alternate?: string;
  readonly checkWord?: string;
  readonly slips?: string;
  readonly purpose?: string;
  readonly restored?: string;
  readonly result?: string;
  readonly type?: string;
  readonly serial?: string;
  readonly scenario?: string;
  readonly minutes?: string;
  readonly target?: string;
  readonly remedy?: string;
  readonly account?: readonly string[];
}

/** What an event is about, as it is given on the command line. */
type Subject = "slips" | "set" | "number" | "name" | "names" | "text" | "nothing";

interface Recordable {
  readonly subject: Subject;
  /** What it says, for the help. */
  readonly help: string;
  /** The event, from the subject and the flags; the register checks its fields. Of several slips, one for each. */
  readonly event: (about: About, options: RecordOptions, deed: DeedFields) => unknown;
}

/** The subject, read. Only the field that belongs to its kind is meant. */
interface About {
  readonly slip: SlipRef;
  readonly set: string;
  readonly number: number;
  readonly name: string;
  readonly names: readonly string[];
}

const aboutSlip =
  (kind: string, ...flags: (keyof RecordOptions)[]): Recordable["event"] =>
  ({ slip }, options, deed) => ({ kind, ...deed, slip, ...picked(options, flags) });

function picked(options: RecordOptions, flags: readonly (keyof RecordOptions)[]): object {
  return given(Object.fromEntries(flags.map((flag) => [flag, options[flag]])));
}

/** `1,3` as numbers. */
function slipNumbers({ slips }: RecordOptions): number[] | undefined {
  return slips === undefined ? undefined : parseSlips(slips);
}

function minutesOf(options: RecordOptions): object {
  return given({
    minutes: options.minutes === undefined ? undefined : Number(options.minutes),
    targetMinutes: options.target === undefined ? undefined : Number(options.target),
  });
}

function accountsOf({ account }: RecordOptions): object {
  return account === undefined || account.length === 0 ? {} : { accounts: account };
}

function accountOf({ account = [] }: RecordOptions): string | undefined {
  if (account.length <= 1) return account[0];
  throw new BreakglassError(
    "usage",
    "--account was given more than once",
    "record it for one account, and then for the next; or leave it out: for all of them",
  );
}

/** Everything that can be recorded, by the word it has on the command line. */
const RECORDABLE: Readonly<Record<string, Recordable>> = {
  checked: {
    subject: "slips",
    help: "a slip was checked; from afar with --check-word",
    event: aboutSlip("slip-checked", "checkWord"),
  },
  sealed: {
    subject: "slips",
    help: "a slip was sealed; --bag is the bag's serial",
    event: aboutSlip("slip-sealed", "bag"),
  },
  moved: {
    subject: "slips",
    help: "a slip has a new --location, --custodian or --alternate",
    event: aboutSlip("slip-moved", "location", "custodian", "alternate"),
  },
  opened: {
    subject: "slips",
    help: "a slip was taken out of its bag, and the --reason",
    event: aboutSlip("slip-opened", "reason", "bag"),
  },
  damaged: {
    subject: "slips",
    help: "a slip was found damaged",
    event: aboutSlip("slip-damaged", "reason"),
  },
  lost: {
    subject: "slips",
    help: "a slip was found lost",
    event: aboutSlip("slip-lost", "reason"),
  },
  found: {
    subject: "slips",
    help: "a slip that was lost is there again, or was recorded as lost by mistake",
    event: aboutSlip("slip-found"),
  },
  compromised: {
    subject: "slips",
    help: "somebody who must not has seen a slip",
    event: aboutSlip("slip-compromised", "reason"),
  },
  destroyed: {
    subject: "slips",
    help: "a slip was destroyed before a --witness",
    event: aboutSlip("slip-destroyed"),
  },
  "files-deleted": {
    subject: "set",
    help: "the files with the slips of a set were deleted",
    event: ({ set }, _, deed) => ({ kind: "slip-files-deleted", ...deed, set }),
  },
  recovered: {
    subject: "set",
    help: "a password was recovered from --slips; --purpose emergency, drill or ceremony",
    event: ({ set }, options, deed) => ({
      ...{ kind: "password-recovered", ...deed, set, slips: slipNumbers(options) },
      ...{ purpose: options.purpose ?? "emergency", ...picked(options, ["reason"]) },
    }),
  },
  "sign-in-failed": {
    subject: "set",
    help: "the password of a set did not let anybody sign in",
    event: ({ set }, options, deed) => ({
      ...{ kind: "sign-in-failed", ...deed, set, ...picked(options, ["reason"]) },
      ...(options.slips === undefined ? {} : { slips: slipNumbers(options) }),
    }),
  },
  "backed-out": {
    subject: "set",
    help: "setting a password was given up; --restored names the set that was set again",
    event: ({ set }, options, deed) => ({
      ...{ kind: "set-backed-out", ...deed, set, ...picked(options, ["restored"]) },
    }),
  },
  abandoned: {
    subject: "set",
    help: "a set will never be set, and the --reason",
    event: ({ set }, options, deed) => ({
      kind: "set-abandoned",
      ...deed,
      set,
      reason: options.reason,
    }),
  },
  "set-compromised": {
    subject: "set",
    help: "the password of a set is known to somebody who must not, and the --reason",
    event: ({ set }, options, deed) => ({
      kind: "set-compromised",
      ...deed,
      set,
      reason: options.reason,
    }),
  },
  "alert-seen": {
    subject: "name",
    help: "the alert on an account's sign-in was seen to fire",
    event: ({ name }, _, deed) => ({ kind: "alert-seen", ...deed, account: name }),
  },
  "combination-changed": {
    subject: "name",
    help: "a safe has a new combination",
    event: ({ name }, _, deed) => ({ kind: "combination-changed", ...deed, location: name }),
  },
  "item-added": {
    subject: "name",
    help: "a FIDO2 key or other item is kept; its --type, --serial, --account, --location, --custodian",
    event: ({ name }, options, deed) => ({
      ...{ kind: "item-added", ...deed, item: name, type: options.type },
      ...picked(options, ["serial", "location", "custodian"]),
      ...given({ account: accountOf(options) }),
    }),
  },
  "item-gone": {
    subject: "name",
    help: "an item is no longer kept, and the --reason",
    event: ({ name }, options, deed) => ({
      ...{ kind: "item-gone", ...deed, item: name, ...picked(options, ["reason"]) },
    }),
  },
  "item-tested": {
    subject: "name",
    help: "a FIDO2 key or other item was tried; --result passed or failed",
    event: ({ name }, { result = "passed" }, deed) => ({
      kind: "item-tested",
      ...deed,
      item: name,
      result,
    }),
  },
  "item-moved": {
    subject: "name",
    help: "an item has a new --location or --custodian",
    event: ({ name }, options, deed) => ({
      ...{ kind: "item-moved", ...deed, item: name, ...picked(options, ["location", "custodian"]) },
    }),
  },
  drill: {
    subject: "nothing",
    help: "a drill was held; --type check or full, --result passed or failed; --account, --scenario, --minutes, --target",
    event: (_, options, deed) => ({
      ...{ kind: "drill-held", ...deed, ...accountsOf(options), ...minutesOf(options) },
      ...picked(options, ["type", "result", "scenario"]),
    }),
  },
  reviewed: {
    subject: "nothing",
    help: "the process and its documents were reviewed",
    event: (_, __, deed) => ({ kind: "process-reviewed", ...deed }),
  },
  trained: {
    subject: "names",
    help: "people were trained",
    event: ({ names }, _, deed) => ({ kind: "people-trained", ...deed, people: names }),
  },
  "staff-changed": {
    subject: "text",
    help: "somebody of the staff left or came; --account if it is about some accounts only",
    event: ({ name }, options, deed) => ({
      kind: "staff-changed",
      ...deed,
      change: name,
      ...accountsOf(options),
    }),
  },
  "subscriptions-changed": {
    subject: "text",
    help: "subscriptions changed; --account if it is about some accounts only",
    event: ({ name }, options, deed) => ({
      ...{ kind: "subscriptions-changed", ...deed, change: name, ...accountsOf(options) },
    }),
  },
  assessed: {
    subject: "number",
    help: "a trigger (the number of its entry) needs no rotation, and the --reason",
    event: ({ number }, options, deed) => ({
      ...{ kind: "trigger-assessed", ...deed, trigger: number, reason: options.reason },
      ...given({ account: accountOf(options) }),
    }),
  },
  exception: {
    subject: "text",
    help: "something went otherwise than planned; --remedy, --account",
    event: ({ name }, options, deed) => ({
      ...{ kind: "exception-noted", ...deed, problem: name, ...picked(options, ["remedy"]) },
      ...given({ account: accountOf(options) }),
    }),
  },
  "exception-closed": {
    subject: "number",
    help: "an exception (the number of its entry) was settled, and the --remedy",
    event: ({ number }, { remedy }, deed) => ({
      kind: "exception-closed",
      ...deed,
      exception: number,
      remedy,
    }),
  },
};

/** The events by the words that the command line has for them. */
export const RECORDABLE_WORDS = Object.keys(RECORDABLE);

/**
 * `breakglass record`: writes down what happened away from the tool; at a terminal, what was not
 * said is asked for.
 *
 * @param word the event, as the command line calls it
 * @param subjects what it is about, as given
 */
export async function record(
  word: string | undefined,
  subjects: readonly string[],
  options: RecordOptions,
  clock: Clock,
): Promise<void> {
  const folder = registerFolder(options.register);
  const state = openRegister(folder);
  const { register } = state;
  const what = await askFor("EVENT", "What happened", word, {
    ...{ known: RECORDABLE_WORDS, closed: true },
  });
  const recordable = RECORDABLE[what];
  if (recordable === undefined)
    throw new BreakglassError(
      "usage",
      "this is nothing that can be recorded",
      `one of: ${RECORDABLE_WORDS.join(", ")}`,
    );
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

/**
 * A recovery that is written down afterwards names a set, and slips, that there were: a mistyped
 * name would leave nothing due. The recovery itself never comes by here.
 */
function refuseMistyped({ set, slips }: EventOf<"password-recovered">, register: Register): void {
  const known = register.sets.get(set);
  if (known === undefined)
    throw new BreakglassError(
      "refused",
      `set ${set} is not in this register`,
      "see breakglass status, or the four symbols at the top of the slips",
    );
  const numbers = new Set(slips);
  if ([...numbers].some((number) => number > known.slips.length))
    throw new BreakglassError(
      "refused",
      `set ${set} has no slip ${Math.max(...numbers)}`,
      `give --slips numbers from 1 to ${known.slips.length}`,
    );
  if (numbers.size < known.threshold)
    throw new BreakglassError(
      "refused",
      `${numbers.size} of its slips recover no password of set ${set}`,
      `give all that were used, ${known.threshold} at least: --slips 1,2`,
    );
}

/** A password that was recovered by hand in a ceremony was about to be set, as one that is shown. */
function withSetting(event: CustodyEvent, register: Register): CustodyEvent[] {
  return event.kind === "password-recovered" ? recoveryEvents(register, event) : [event];
}

/** Nobody can say that a new slip is as it was issued but who read it: the check word is from its paper. */
function refuseClaims(abouts: readonly About[], { sets }: Register): void {
  const claimed = abouts.find(({ slip }) => sets.get(slip.set)?.stage === "issued");
  if (claimed !== undefined)
    throw new BreakglassError(
      "refused",
      `set ${claimed.slip.set} is not checked yet, and what proves a check is the check word of the slip`,
      `${COMMANDS.check(claimed.slip)} says it; then add --check-word 'WORD'`,
    );
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

/** Nobody deleted what still lies here. */
function refuseFilesHere({ set }: About): void {
  const [first, ...others] = slipFilesNearby(set);
  if (first !== undefined)
    throw new BreakglassError(
      "refused",
      `${others.length + 1} of its slip files ${others.length === 0 ? "is" : "are"} still here, such as ${oneLine(first)}`,
      "delete them first, and empty the bin",
    );
}

/** What belongs to one slip can't be said of several at once. */
function refuseOneForSeveral(abouts: readonly About[], options: RecordOptions): void {
  if (abouts.length === 1) return;
  const flag = [options.bag && "--bag", options.checkWord && "--check-word"].find(Boolean);
  if (flag !== undefined)
    throw new BreakglassError(
      "usage",
      `${flag} belongs to one slip, and several were named`,
      "record each of them with its own",
    );
}

/** Asks what the event is about, if that was not said and somebody can be asked. */
async function askSubject(
  what: string,
  subject: Subject,
  given: readonly string[],
  register: Register,
): Promise<readonly string[]> {
  if (given.length > 0 || subject === "nothing" || !hasTerminal()) return given;
  const known = namesFor(what, subject, register);
  const about = await askFor("ABOUT", EXAMPLES[subject], undefined, {
    known,
    closed: known.length > 0,
    judge: (typed) => verdictOf(subject, typed),
  });
  return [about];
}

/** The names that an event of this kind can be about, as far as the register has them. */
function namesFor(
  what: string,
  subject: Subject,
  { sets, accounts, locations, items, custodians }: Register,
): string[] {
  switch (subject) {
    case "slips":
      return [...sets.values()].flatMap(({ slips }) => slips.filter(isLeft).map(refText));
    case "set":
      return [...sets.keys()];
    case "names":
      return [...custodians.values()]
        .filter(({ gone }) => gone === undefined)
        .map(({ custodian }) => custodian);
    case "name":
      if (what === "combination-changed") return [...locations.keys()];
      if (what === "item-added") return [];
      return what.startsWith("item-") ? [...items.keys()] : [...accounts.keys()];
    default:
      return [];
  }
}

/** Whether an answer can be what an event is about, or why not. */
function verdictOf(subject: Subject, typed: string): true | string {
  try {
    readSubjects(subject, [typed]);
    return true;
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    return `${error.message}; ${error.hint}`;
  }
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

/** Says what can be recorded. */
export function listEvents(): void {
  for (const [word, { subject, help }] of Object.entries(RECORDABLE))
    answer(`${word.padEnd(22)} ${subject === "nothing" ? "" : `${EXAMPLES[subject]}: `}${help}\n`);
}

const NO_SLIP: SlipRef = { set: "", slip: 0 };

/** One for each slip that is named; of anything else there is one. */
function readSubjects(subject: Subject, given: readonly string[]): readonly About[] {
  const about = readSubject(subject, given);
  if (subject !== "slips") return [about];
  const slips = given.map(readRef);
  if (new Set(slips.map(refText)).size < slips.length)
    throw new BreakglassError("usage", "a slip is named twice", "name each slip once");
  return slips.map((slip) => ({ ...about, slip }));
}

function readSubject(subject: Subject, given: readonly string[]): About {
  const [first = ""] = given;
  const wanted = subject === "nothing" ? 0 : 1;
  const several = subject === "names" || subject === "slips";
  if (given.length < wanted || (!several && given.length > wanted))
    throw new BreakglassError(
      "usage",
      wanted === 0 ? "this takes no argument" : `this needs one argument: ${EXAMPLES[subject]}`,
      "see breakglass record --help",
    );
  return {
    slip: NO_SLIP,
    set: subject === "set" ? parseSetName(first) : "",
    number: subject === "number" ? parseEntry(first) : 0,
    name: first,
    names: given,
  };
}

const EXAMPLES: Readonly<Record<Subject, string>> = {
  slips: "slips, such as K7Q2/2",
  set: "a set, such as K7Q2",
  number: "the number of an entry",
  name: "a name",
  names: "names",
  text: "a sentence",
  nothing: "",
};

function readRef(text: string): SlipRef {
  const ref = parseRef(text);
  if (ref === undefined)
    throw new BreakglassError(
      "usage",
      "this does not name a slip",
      `give its set and number, such as ${refText({ set: "K7Q2", slip: 2 })}`,
    );
  return ref;
}
