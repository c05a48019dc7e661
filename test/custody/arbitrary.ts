import fc from "fast-check";
import type { CustodyEvent, EventOf, Kind } from "../../src/custody/events.ts";

const ACCOUNTS = ["bg-1", "bg-2", "bg 3's"];
const SETS = ["K7Q2", "M0XA", "9ZZW", "TT4T"];
const PEOPLE = ["Ada", "Bea", "Cy", "D\u00f6rte"];
const SAFES = ["Safe A", "Safe B", "Safe C"];
const SITES = ["Vienna", "Graz"];
const ITEMS = ["Key 1", "Key 2"];

const name = (names: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
const words = fc.stringMatching(/^[a-z\u00e4\u20ac][a-z ,.\u{1f511}]{0,20}$/u);
const option = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const moment = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 })
  .map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);
const slips = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
const slip = fc.record({ set: name(SETS), slip: fc.integer({ min: 1, max: 4 }) });
const hex = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const policy = fc.record(
  {
    mode: fc.constantFrom("rotate", "validate-only", "rotate-after-use"),
    rotationDays: fc.integer({ min: 1, max: 400 }),
    warningDays: fc.integer({ min: 0, max: 60 }),
    graceDays: fc.integer({ min: 0, max: 30 }),
    minimumAccounts: fc.integer({ min: 1, max: 4 }),
    alternatesCount: fc.constantFrom("warn", "refuse"),
    shareSite: fc.boolean(),
    organisation: words,
    language: fc.constantFrom("en", "de-AT"),
  },
  { requiredKeys: [] },
);
const split = fc.oneof(
  fc.record({
    scheme: fc.constant("shamir" as const),
    threshold: fc.integer({ min: 2, max: 3 }),
    total: fc.integer({ min: 3, max: 4 }),
  }),
  fc
    .integer({ min: 2, max: 3 })
    .map((total) => ({ scheme: "concat" as const, threshold: total, total })),
);
const issuedSlip = fc.record({
  commitment: hex,
  custodian: name(PEOPLE),
  alternate: option(name(PEOPLE)),
  location: name(SAFES),
});
const issued = fc
  .record({
    set: name(SETS),
    account: name(ACCOUNTS),
    generation: fc.integer({ min: 1, max: 9 }),
    split,
    blinded: fc.boolean(),
    slips: fc.array(issuedSlip, { minLength: 4, maxLength: 4 }),
    replaceBy: moment.map((at) => at.slice(0, 10)),
    strength: option(
      fc.record({ whole: fc.nat(300), afterOne: fc.nat(300), afterAllButOne: fc.nat(300) }),
    ),
    alsoNeeded: option(fc.array(words, { minLength: 1, maxLength: 2 })),
  })
  .map(({ split: { scheme, threshold, total }, ...fields }) => ({
    ...{ ...fields, scheme, threshold },
    slips: fields.slips.slice(0, total),
  }));
const person = {
  custodian: name(PEOPLE),
  alternate: option(name(PEOPLE)),
  phone: option(words),
  email: option(words),
  role: option(words),
};
const change = fc.record({
  change: words,
  accounts: option(fc.array(name(ACCOUNTS), { minLength: 1 })),
});
const marked = fc.record({ slip, reason: option(words) });
const ofSet = fc.record({ set: name(SETS) });
const entry = fc.integer({ min: 1, max: 40 });

type FieldsOf<K extends Kind> = Omit<EventOf<K>, "kind" | "at" | "actor" | "recorded" | "note">;
/** Values that were drawn as undefined are left out before they become an event. */
type Drawn<T> = { [K in keyof T]: T[K] | undefined };

/** The fields of each kind of event, over few names, so that events have to do with each other. */
export const FIELDS: { readonly [K in Kind]: fc.Arbitrary<Drawn<Omit<FieldsOf<K>, "witness">>> } = {
  "register-opened": fc.record({ format: fc.constant(1), tenant: words, policy }),
  "policy-changed": fc.record({ policy }),
  "account-added": fc.record({
    account: name(ACCOUNTS),
    secret: fc.constantFrom("password", "pin"),
    belongsTo: option(name(ACCOUNTS)),
  }),
  "account-retired": fc.record({ account: name(ACCOUNTS) }),
  "custodian-added": fc.record(person),
  "custodian-changed": fc.record(person),
  "custodian-gone": fc.record({ custodian: name(PEOPLE) }),
  "location-added": fc.record({ location: name(SAFES), site: name(SITES) }),
  "location-changed": fc.record({ location: name(SAFES), site: name(SITES) }),
  "location-gone": fc.record({ location: name(SAFES) }),
  "combination-changed": fc.record({ location: name(SAFES) }),
  "item-added": fc.record({
    ...{ item: name(ITEMS), type: words, serial: option(words), account: option(name(ACCOUNTS)) },
    ...{ location: option(name(SAFES)), custodian: option(name(PEOPLE)) },
  }),
  "item-tested": fc.record({ item: name(ITEMS), result: fc.constantFrom("passed", "failed") }),
  "item-moved": fc.record({
    item: name(ITEMS),
    location: option(name(SAFES)),
    custodian: option(name(PEOPLE)),
  }),
  "item-gone": fc.record({ item: name(ITEMS), reason: option(words) }),
  "set-issued": issued,
  "slip-printed": fc.record({ slip, to: fc.constantFrom("printer", "file") }),
  "slip-files-deleted": ofSet,
  "slip-checked": fc.record({ slip, checkWord: option(fc.constant("K7Q2 M0XA")) }),
  "slip-sealed": fc.record({ slip, bag: option(words) }),
  "slip-moved": fc.record({
    slip,
    location: option(name(SAFES)),
    custodian: option(name(PEOPLE)),
    alternate: option(name(PEOPLE)),
  }),
  "slip-opened": fc.record({ slip, reason: words, bag: option(words) }),
  "slip-damaged": marked,
  "slip-lost": marked,
  "slip-found": fc.record({ slip }),
  "slip-compromised": marked,
  "slip-destroyed": fc.record({ slip }),
  "password-recovered": fc.record({
    ...{ set: name(SETS), slips, reason: option(words) },
    purpose: fc.constantFrom("ceremony", "drill", "emergency"),
  }),
  "setting-begun": fc.record({ set: name(SETS), slips }),
  "sign-in-confirmed": fc.record({ set: name(SETS), slips }),
  "sign-in-failed": fc.record({ set: name(SETS), slips: option(slips), reason: option(words) }),
  "set-backed-out": fc.record({ set: name(SETS), restored: option(name(SETS)) }),
  "set-abandoned": fc.record({ set: name(SETS), reason: words }),
  "set-compromised": fc.record({ set: name(SETS), reason: words }),
  "staff-changed": change,
  "subscriptions-changed": change,
  "trigger-assessed": fc.record({
    trigger: entry,
    account: option(name(ACCOUNTS)),
    reason: words,
  }),
  "alert-seen": fc.record({ account: name(ACCOUNTS) }),
  "drill-held": fc.record({
    ...{ type: fc.constantFrom("check", "full"), result: fc.constantFrom("passed", "failed") },
    ...{ accounts: option(fc.array(name(ACCOUNTS), { minLength: 1 })), scenario: option(words) },
    ...{ minutes: option(fc.nat(90)), targetMinutes: option(fc.nat(90)) },
  }),
  "process-reviewed": fc.record({ document: option(words) }),
  "people-trained": fc.record({ people: fc.array(name(PEOPLE), { minLength: 1, maxLength: 3 }) }),
  "exception-noted": fc.record({
    ...{ problem: words, remedy: option(words), account: option(name(ACCOUNTS)) },
  }),
  "exception-closed": fc.record({ exception: entry, remedy: words }),
  "rule-overridden": fc.record({
    ...{ rule: words, reason: words, account: option(name(ACCOUNTS)), set: option(name(SETS)) },
  }),
} as { readonly [K in Kind]: fc.Arbitrary<Drawn<Omit<FieldsOf<K>, "witness">>> };

const common = fc.record({
  at: moment,
  actor: name(PEOPLE),
  recorded: option(moment),
  witness: option(name(PEOPLE)),
  note: option(words),
});

/** Any valid event of one kind. */
export function eventOf(kind: Kind): fc.Arbitrary<CustodyEvent> {
  return fc.tuple(common, FIELDS[kind]).map(([head, fields]) => {
    const witness = kind === "slip-destroyed" ? { witness: head.witness ?? "Eve" } : {};
    const all = Object.entries({ kind, ...head, ...fields, ...witness });
    return Object.fromEntries(
      all.filter(([, value]) => value !== undefined).map(([key, value]) => [key, strip(value)]),
    ) as unknown as CustodyEvent;
  });
}

/** Without members that are undefined, as JSON would have it. */
function strip(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** Any valid event, those of a set's life more often than others. */
export const anyEvent: fc.Arbitrary<CustodyEvent> = fc.oneof(
  ...Object.keys(FIELDS).map((kind) => ({
    weight: /^(set|slip|sign|password)/.test(kind) ? 3 : 1,
    arbitrary: eventOf(kind as Kind),
  })),
);
