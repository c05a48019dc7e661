import { BreakglassError } from "../../core/errors.ts";
import type { SlipRef } from "../../custody/events.ts";
import { given, type DeedFields, type DeedOptions } from "../journal/deed.ts";
import { parseSlips } from "../system/options.ts";
import { answer } from "../system/output.ts";

/** What an event is about, as it is given on the command line. */
export type Subject = "slips" | "set" | "number" | "name" | "names" | "text" | "nothing";

/** The subject, read. Only the field that belongs to its kind is meant. */
export interface About {
  readonly slip: SlipRef;
  readonly set: string;
  readonly number: number;
  readonly name: string;
  readonly names: readonly string[];
}

/** What each of them looks like. */
export const EXAMPLES: Readonly<Record<Subject, string>> = {
  slips: "slips, such as K7Q2/2",
  set: "a set, such as K7Q2",
  number: "the number of an entry",
  name: "a name",
  names: "names",
  text: "a sentence",
  nothing: "",
};

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

/** Something that can be recorded. */
export interface Recordable {
  readonly subject: Subject;
  /** What it says, for the help. */
  readonly help: string;
  /** The event, from the subject and the flags; the register checks its fields. Of several slips, one for each. */
  readonly event: (about: About, options: RecordOptions, deed: DeedFields) => unknown;
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
export const RECORDABLE: Readonly<Record<string, Recordable>> = {
  checked: {
    subject: "slips",
    help: "a slip was checked; from afar with --check-word",
    event: aboutSlip("slip-checked", "checkWord"),
  },
  printed: {
    subject: "slips",
    help: "the page of a slip was bad and was printed again, before it was checked",
    event: ({ slip }, _, deed) => ({ kind: "slip-printed", ...deed, slip, to: "printer" }),
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
    help: "a trigger (the number of its entry) needs no rotation, and the --reason; after a loss or an emergency a --witness agrees",
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

/** Says what can be recorded. */
export function listEvents(): void {
  for (const [word, { subject, help }] of Object.entries(RECORDABLE))
    answer(`${word.padEnd(22)} ${subject === "nothing" ? "" : `${EXAMPLES[subject]}: `}${help}\n`);
}
