import * as v from "valibot";
import { ALL_KINDS, type EventOf, type Kind } from "../custody/events.ts";
import type { Fonts } from "./fonts.ts";
import { languageTag, parseTemplate, text, wordingError } from "./wording.ts";

/** The fields of a kind of event, those that may be left out with a question mark. */
type Named<E> = {
  [F in keyof E & string]: object extends Pick<E, F> ? `${F}?` : F;
}[keyof E & string];
/** What is made from the strength of a set, and from its day. */
type Made = "bits?" | "bitsAfterOne?" | "bitsAfterAllButOne?" | "validateBy?";
type FieldNames = {
  readonly [K in Kind]: readonly (Named<EventOf<K>> | (K extends "set-issued" ? Made : never))[];
};

/** What the sentence of each kind of event may name. */
const FIELDS: FieldNames = {
  "register-opened": ["tenant"],
  "policy-changed": ["policy"],
  "account-added": ["account", "secret", "belongsTo?"],
  "account-retired": ["account"],
  "custodian-added": ["custodian", "alternate?", "role?"],
  "custodian-changed": ["custodian", "alternate?", "role?"],
  "custodian-gone": ["custodian"],
  "location-added": ["location", "site"],
  "location-changed": ["location", "site"],
  "location-gone": ["location"],
  "combination-changed": ["location"],
  "item-added": ["item", "type", "serial?", "account?", "location?", "custodian?"],
  "item-tested": ["item", "result"],
  "item-moved": ["item", "location?", "custodian?"],
  "item-gone": ["item", "reason?"],
  "set-issued": [
    ...(["set", "account", "generation", "threshold", "slips", "replaceBy"] as const),
    ...(["bits?", "bitsAfterOne?", "bitsAfterAllButOne?", "validateBy?"] as const),
  ],
  "slip-printed": ["slip", "to"],
  "slip-files-deleted": ["set"],
  "slip-checked": ["slip", "checkWord?"],
  "slip-sealed": ["slip", "bag?"],
  "slip-moved": ["slip", "location?", "custodian?", "alternate?"],
  "slip-opened": ["slip", "reason", "bag?"],
  "slip-damaged": ["slip", "reason?"],
  "slip-lost": ["slip", "reason?"],
  "slip-found": ["slip"],
  "slip-compromised": ["slip", "reason?"],
  "slip-destroyed": ["slip"],
  "password-recovered": ["set", "purpose", "slips", "reason?"],
  "setting-begun": ["set", "slips"],
  "sign-in-confirmed": ["set", "slips"],
  "sign-in-failed": ["set", "slips?", "reason?"],
  "set-backed-out": ["set", "restored?"],
  "set-abandoned": ["set", "reason"],
  "set-compromised": ["set", "reason"],
  "staff-changed": ["change", "accounts?"],
  "subscriptions-changed": ["change", "accounts?"],
  "trigger-assessed": ["trigger", "account?", "reason"],
  "alert-seen": ["account"],
  "drill-held": ["type", "accounts?", "scenario?", "minutes?", "targetMinutes?", "result"],
  "process-reviewed": ["document?"],
  "people-trained": ["people"],
  "exception-noted": ["problem", "remedy?", "account?"],
  "exception-closed": ["exception", "remedy"],
  "rule-overridden": ["rule", "reason", "account?", "set?"],
};

/** What kinds say that wordings of version 1 do not know: those stay whole. */
const ADDED: Readonly<Partial<Record<Kind, string>>> = {
  "slip-found": "Slip {slip} was found again.",
};

function sentence(
  kind: Kind,
): v.GenericSchema<string> | v.GenericSchema<string | undefined, string> {
  const said = text(...FIELDS[kind].map((name) => name.replace("?", "")));
  const usual = ADDED[kind];
  return usual === undefined ? said : v.optional(said, usual);
}

const eventSentences = Object.fromEntries(
  ALL_KINDS.map((kind) => [kind, sentence(kind)]),
) as Readonly<Record<Kind, v.GenericSchema<string>>>;

const schema = v.strictObject(
  {
    language: languageTag,
    title: text(),
    purpose: text("account"),
    page: text("page", "pages"),
    anchor: text("anchor"),
    account: text(),
    printed: text(),
    entries: text(),
    range: text("first", "last"),
    what: text(),
    number: text(),
    time: text(),
    event: text(),
    who: text(),
    witness: text(),
    note: text("note"),
    recorded: text("time"),
    nothing: text(),
    anchorHeading: text(),
    anchorNote: text(),
    signHeading: text(),
    signNote: text(),
    signTitle: text(),
    printedName: text(),
    signature: text(),
    date: text(),
    signers: v.pipe(
      v.array(text(), "must be a list of texts"),
      v.minLength(1, "must not be empty"),
      v.maxLength(10, "must have at most 10 texts"),
    ),
    /** What each kind of event says; what stands in [ ] only if all that it names is known. */
    events: v.strictObject(eventSentences, "must be an object"),
    later: text("name"),
  },
  "must be an object",
);

/** Every sentence of the minutes, checked. */
export type MinutesTemplate = Readonly<v.InferOutput<typeof schema>> & {
  /** The file it came from, for messages. */
  readonly file: string;
};

/**
 * The wording of the minutes.
 *
 * @throws BreakglassError `usage`, naming file and key, unless it is whole and printable
 */
export function parseMinutes(file: string, json: string, fonts: Fonts): MinutesTemplate {
  const all = parseTemplate(schema, file, json, fonts, ["regular", "bold"]);
  for (const kind of ALL_KINDS) {
    const always = all.events[kind].replace(/\[[^[\]]*\]/g, "");
    if (/[[\]]/.test(always)) throw wordingError(file, `events.${kind} has a [ without its ]`);
    for (const name of FIELDS[kind])
      if (name.endsWith("?") && always.includes(`{${name.slice(0, -1)}}`))
        throw wordingError(
          file,
          `events.${kind} may name {${name.slice(0, -1)}} only between [ and ]`,
        );
  }
  return { ...all, file };
}
