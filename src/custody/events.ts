import { BreakglassError } from "../core/errors.ts";
import { holdsCode } from "../core/holds-code.ts";
import { CONCAT_TOTAL_MAX, SHAMIR_TOTAL_MAX, type Scheme } from "../core/scheme.ts";
import {
  amount,
  anything,
  count,
  day,
  flag,
  list,
  matching,
  maybe,
  moment,
  oneOf,
  record,
  recordCheck,
  text,
  type Checked,
  type Fields,
  type RecordCheck,
} from "./fields.ts";
import { POLICY_FIELDS } from "./policy.ts";

const setName = matching(/^[0-9A-HJKMNP-TV-Z]{4}$/, "is no name of a set such as K7Q2");
const index = count(1, SHAMIR_TOTAL_MAX);
const slip = record({ set: setName, slip: index });
const indexes = list(index, SHAMIR_TOTAL_MAX);
const entryNumber = count(1, Number.MAX_SAFE_INTEGER);
const bits = amount(4096);

/** A slip as it was issued: its place in the list is its number. */
const issuedSlip = record({
  /** 16 bytes in hex (docs/slip-format.md). */
  commitment: matching(/^[0-9a-f]{32}$/, "is no commitment (32 hex digits)"),
  custodian: text,
  alternate: maybe(text),
  location: text,
});

const SET_FIELDS = {
  set: setName,
  account: text,
  generation: count(1, 100_000),
  scheme: oneOf<Scheme>("concat", "shamir"),
  blinded: flag,
  threshold: count(2, SHAMIR_TOTAL_MAX),
  slips: list(issuedSlip, SHAMIR_TOTAL_MAX),
  replaceBy: day,
  /** Bits, from the recipe and the cut alone (see `Strength`); left out if nobody knows. */
  strength: maybe(
    record({
      ...{ whole: bits, afterOne: bits, afterAllButOne: bits },
      /** Of a concatenation: for each slip, what is left if it alone is seen, or all others are. */
      afterSlip: maybe(list(bits, CONCAT_TOTAL_MAX)),
      onlySlip: maybe(list(bits, CONCAT_TOTAL_MAX)),
    }),
  ),
  /** Kinds of things that the sign-in needs too, such as a FIDO2 key. */
  alsoNeeded: maybe(list(text)),
} as const;

function splitProblem({
  scheme,
  threshold,
  slips,
}: Checked<typeof SET_FIELDS>): string | undefined {
  if (threshold > slips.length) return "has a threshold above its number of slips";
  if (scheme === "concat" && (slips.length > CONCAT_TOTAL_MAX || threshold !== slips.length))
    return "has a split that no concatenation has";
  return undefined;
}

/** Where a set or a slip is meant. */
const ofSet = { set: setName };
const ofSlip = { slip };

/** The fields that every event has, besides those of its kind. */
const COMMON = {
  /** When it happened. */
  at: moment,
  /** Who did it. */
  actor: text,
  /** When it was written down, if that was later. */
  recorded: maybe(moment),
  witness: maybe(text),
  note: maybe(text),
} as const;

/**
 * Every kind of event, and its fields.
 *
 * No field holds more than a short text, and none is for anything that was on a slip: the
 * commitment, which is blinded where it could be guessed from, is all that a register has of it.
 */
const KINDS = {
  "register-opened": {
    format: count(1, 1),
    tenant: text,
    policy: record(POLICY_FIELDS),
  },
  "policy-changed": { policy: record(POLICY_FIELDS) },

  "account-added": {
    account: text,
    /** What its slips carry: the account's password, or the PIN of a key that belongs to it. */
    secret: oneOf("password", "pin"),
    /** The account that a PIN belongs to. */
    belongsTo: maybe(text),
  },
  "account-retired": { account: text },

  "custodian-added": {
    custodian: text,
    alternate: maybe(text),
    phone: maybe(text),
    email: maybe(text),
    role: maybe(text),
  },
  "custodian-changed": {
    custodian: text,
    alternate: maybe(text),
    phone: maybe(text),
    email: maybe(text),
    role: maybe(text),
  },
  "custodian-gone": { custodian: text },

  "location-added": { location: text, site: text },
  "location-changed": { location: text, site: text },
  "location-gone": { location: text },
  "combination-changed": { location: text },

  "item-added": {
    item: text,
    type: text,
    serial: maybe(text),
    account: maybe(text),
    location: maybe(text),
    custodian: maybe(text),
  },
  "item-tested": { item: text, result: oneOf("passed", "failed") },
  "item-moved": { item: text, location: maybe(text), custodian: maybe(text) },
  "item-gone": { item: text, reason: maybe(text) },

  "set-issued": SET_FIELDS,
  "slip-printed": {
    ...ofSlip,
    /** A file is a copy of the slip: somebody has to delete it. */
    to: oneOf("printer", "file"),
  },
  "slip-files-deleted": ofSet,
  "slip-checked": {
    ...ofSlip,
    /** What was read out, if the slip was checked far from the register. */
    checkWord: maybe(matching(/^[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}$/, "is no check word")),
  },
  "slip-sealed": { ...ofSlip, bag: maybe(text) },
  "slip-moved": {
    ...ofSlip,
    location: maybe(text),
    custodian: maybe(text),
    alternate: maybe(text),
  },
  "slip-opened": { ...ofSlip, reason: text, bag: maybe(text) },
  "slip-damaged": { ...ofSlip, reason: maybe(text) },
  "slip-lost": { ...ofSlip, reason: maybe(text) },
  /** A lost slip is there again, or was never lost. */
  "slip-found": ofSlip,
  "slip-compromised": { ...ofSlip, reason: maybe(text) },
  "slip-destroyed": { ...ofSlip, witness: text },

  "password-recovered": {
    ...ofSet,
    purpose: oneOf("ceremony", "drill", "emergency"),
    slips: indexes,
    reason: maybe(text),
  },
  /** Written before the password is shown to whoever sets it. */
  "setting-begun": { ...ofSet, slips: indexes },
  "sign-in-confirmed": { ...ofSet, slips: indexes },
  "sign-in-failed": { ...ofSet, slips: maybe(indexes), reason: maybe(text) },
  "set-backed-out": {
    ...ofSet,
    /** The set whose password was set again. */
    restored: maybe(setName),
  },
  "set-abandoned": { ...ofSet, reason: text },
  "set-compromised": { ...ofSet, reason: text },

  "staff-changed": { change: text, accounts: maybe(list(text)) },
  "subscriptions-changed": { change: text, accounts: maybe(list(text)) },
  "trigger-assessed": {
    /** The number of the entry that is the trigger. */
    trigger: entryNumber,
    /** Only for this account; for all of them if left out. */
    account: maybe(text),
    reason: text,
  },
  "alert-seen": { account: text },
  "drill-held": {
    /** Each custodian checks a slip alone, or everything up to the sign-in. */
    type: oneOf("check", "full"),
    accounts: maybe(list(text)),
    scenario: maybe(text),
    minutes: maybe(count(0, 100_000)),
    targetMinutes: maybe(count(0, 100_000)),
    result: oneOf("passed", "failed"),
  },
  "process-reviewed": { document: maybe(text) },
  "people-trained": { people: list(text) },
  "exception-noted": { problem: text, remedy: maybe(text), account: maybe(text) },
  "exception-closed": { exception: entryNumber, remedy: text },
  "rule-overridden": {
    rule: text,
    reason: text,
    account: maybe(text),
    set: maybe(setName),
  },
} as const satisfies Readonly<Record<string, Fields>>;

/** The name of an event this version knows. */
export type Kind = keyof typeof KINDS;

/** The event of one kind, checked. */
export type EventOf<K extends Kind> = {
  readonly [N in K]: { readonly kind: N } & Checked<Omit<typeof COMMON, keyof (typeof KINDS)[N]>> &
    Checked<(typeof KINDS)[N]>;
}[K];

/** An event that this version writes and understands. */
export type CustodyEvent = EventOf<Kind>;

/** An event of a later version: kept and shown, and otherwise left alone. */
interface LaterEvent {
  readonly kind: "later";
  /** The kind as it stands in the journal. */
  readonly name: string;
  readonly at: string;
  readonly actor: string;
  readonly recorded?: string;
  readonly witness?: string;
  readonly note?: string;
  /** Everything else that it says. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Which slip: its set's name and its number. */
export type SlipRef = Checked<{ set: typeof setName; slip: typeof index }>;

/** Reads `K7Q2/2`, or undefined. */
export function parseRef(given: string): SlipRef | undefined {
  const match = /^([0-9A-HJKMNP-TV-Z]{4})\/(\d{1,2})$/i.exec(given.trim());
  if (match === null) return undefined;
  const ref = { set: match[1]!.toUpperCase(), slip: Number(match[2]) };
  return slip.wrong(ref) === undefined ? ref : undefined;
}

/** Every kind, in the order of the vocabulary. */
export const ALL_KINDS = Object.keys(KINDS) as readonly Kind[];

const KIND_NAME = matching(/^[a-z]+(-[a-z]+)*$/, "is no kind of event");
/** The fields of an entry that are judged with its place in the journal, and its kind. */
const FRAME = { n: entryNumber, prev: anything, hash: anything, kind: anything } as const;

/** By kind; made when the first of a kind is read: most registers have few. */
const checks = new Map<string, RecordCheck>();

/** The check for entries of a kind, or undefined for a kind of a later version. */
function checkOf(kind: string): RecordCheck | undefined {
  let check = checks.get(kind);
  if (check === undefined && Object.hasOwn(KINDS, kind)) {
    check = recordCheck({ ...FRAME, ...COMMON, ...KINDS[kind as Kind] });
    checks.set(kind, check);
  }
  return check;
}
const checkCommon = recordCheck({ ...FRAME, ...COMMON, kind: KIND_NAME });

/** Most fields of an event of a later version, and how deep they may be nested. */
const LATER_FIELDS_MAX = 50;
const LATER_DEPTH_MAX = 8;

/** The fields of the journal's chain, in which an event lies. */
interface Link {
  /** The entry's number, from 1. */
  readonly n: number;
  /** SHA-256 of the entry before, in hex. */
  readonly prev: string;
  readonly hash: string;
}

/** An event with its place in the journal. */
export type Entry = (CustodyEvent | LaterEvent) & Link;

/**
 * What is wrong with a record read from a journal, in words that repeat nothing of it.
 *
 * @returns the checked entry, or a problem that follows on "the entry"
 */
export function checkEntry(given: unknown): { entry: Entry } | { problem: string } {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { problem: "is no record" };
  const { kind } = given as { kind?: unknown };
  const check = typeof kind === "string" ? checkOf(kind) : undefined;
  if (check === undefined) return checkLater(given as Readonly<Record<string, unknown>>);
  const problem =
    check(given) ??
    (kind === "set-issued" ? splitProblem(given as EventOf<"set-issued">) : undefined);
  return problem === undefined ? { entry: given as Entry } : { problem };
}

function checkLater(given: Readonly<Record<string, unknown>>): ReturnType<typeof checkEntry> {
  const { common, others } = partsOf(given);
  const problem =
    checkCommon(common) ??
    (Object.keys(others).length > LATER_FIELDS_MAX ? "has too many fields" : undefined) ??
    (isDeeper(others, LATER_DEPTH_MAX) ? "is nested too deeply" : undefined);
  return problem === undefined ? { entry: laterEntry(given) } : { problem };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels < 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

/** What every event has, and what only those of its kind have. */
function partsOf(given: Readonly<Record<string, unknown>>): {
  readonly common: Readonly<Record<string, unknown>>;
  readonly others: Readonly<Record<string, unknown>>;
} {
  const known = new Set([...Object.keys(FRAME), ...Object.keys(COMMON)]);
  const all = Object.entries(given);
  return {
    common: Object.fromEntries(all.filter(([name]) => known.has(name))),
    others: Object.fromEntries(all.filter(([name]) => !known.has(name))),
  };
}

function laterEntry(given: Readonly<Record<string, unknown>>): Entry {
  const { common, others } = partsOf(given);
  const { kind: name, ...rest } = common as unknown as Link & LaterEvent;
  return { ...rest, kind: "later", name, fields: others };
}

/**
 * A record read from a journal as an entry, where it is checked elsewhere ({@link checkEntry}).
 *
 * @throws TypeError if it is no record
 */
export function uncheckedEntry(given: unknown): Entry {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError("this is no record");
  return Object.hasOwn(KINDS, (given as Entry).kind)
    ? (given as Entry)
    : laterEntry(given as Readonly<Record<string, unknown>>);
}

/** Whether a text of an event looks like a part of a slip's code. */
function tellsCode(value: unknown): boolean {
  if (typeof value === "string") return holdsCode(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(tellsCode);
}

/** The names of fields that an event of its kind must have, and this one has not. */
export function missingFields(event: Pick<CustodyEvent, "kind">): string[] {
  return Object.entries(KINDS[event.kind])
    .filter(
      ([name, { optional }]) =>
        !optional && (event as Partial<Record<string, unknown>>)[name] === undefined,
    )
    .map(([name]) => name);
}

/** The first field of an event that holds what it must not, and what is wrong with it. */
export function wrongField(
  event: Pick<CustodyEvent, "kind">,
): { readonly name: string; readonly wrong: string } | undefined {
  const fields: Fields = { ...COMMON, ...KINDS[event.kind] };
  for (const [name, value] of Object.entries(event)) {
    const wrong = fields[name]?.wrong(value);
    if (wrong !== undefined) return { name, wrong };
  }
  return undefined;
}

/** The words of which a field of an event is one; none if it is free. */
export function choicesOf(kind: Kind, name: string): readonly string[] {
  const fields: Fields = KINDS[kind];
  return fields[name]?.words ?? [];
}

/**
 * Checks an event before it is written.
 *
 * @throws BreakglassError `usage` if a field is missing, unknown or not what it should be, or if a
 *   text looks like the code of a slip
 */
export function checkEvent(event: CustodyEvent): void {
  const checked = checkEntry({ n: 1, ...event, prev: "-", hash: "-" });
  let problem = "problem" in checked ? checked.problem : undefined;
  if (!ALL_KINDS.includes(event.kind)) problem ??= "has an unknown kind";
  // They belong to the entry, and the journal alone sets them.
  if (["n", "prev", "hash"].some((name) => Object.hasOwn(event, name)))
    problem ??= "has a field that does not belong there";
  if (problem === undefined && tellsCode(event))
    problem = "has a text that looks like a slip's code";
  if (problem !== undefined)
    throw new BreakglassError(
      "usage",
      `this can't go into the journal: the event ${problem}`,
      "say it in other words; nothing that is on a slip belongs in the register",
    );
}
