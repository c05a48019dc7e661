import * as v from "valibot";
import type { Fonts } from "./fonts.ts";
import {
  checkSections,
  keys,
  only,
  roles,
  sections,
  sentence,
  words,
  type Words,
} from "./step-template.ts";
import { languageTag, parseTemplate, text, wordingError } from "./wording.ts";

/** Counts that follow from the set and the people. */
const COUNTS = ["slips", "needed", "earlier", "custodians", "people"] as const;
export type Count = (typeof COUNTS)[number];

const count = v.custom<number | Count>(
  (value) =>
    typeof value === "number"
      ? Number.isInteger(value) && value >= 1 && value <= 99
      : (COUNTS as readonly unknown[]).includes(value),
  `must be a number from 1 to 99, or one of ${COUNTS.join(", ")}`,
);

const item = v.strictObject(
  { item: sentence, count, only: v.exactOptional(only) },
  "must be an object",
);

const script = v.strictObject(
  {
    title: text(),
    purpose: sentence,
    /** Keys of `roles`, besides the custodians. */
    roles: keys(10),
    inventory: v.pipe(
      v.array(item, "must be a list"),
      v.maxLength(40, "must have at most 40 items"),
    ),
    /** Keys of `sections`, in order. */
    sections: keys(30),
    /** How many forms for exceptions. */
    exceptions: v.custom<number>(
      (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9,
      "must be a number from 0 to 9",
    ),
  },
  "must be an object",
);
export type Script = v.InferOutput<typeof script>;

const schema = v.strictObject(
  {
    language: languageTag,
    words: v.strictObject(
      {
        ...words,
        account: text(),
        set: text(),
        generation: text(),
        split: text(),
        replaceBy: text(),
        validateBy: v.optional(text(), "Validate by"),
        replaces: text(),
        nothing: text(),
        registerAnchor: text(),
        printed: text(),
        notKnown: text(),
        when: v.strictTuple([text(), text(), text(), text()], "must be a list of four texts"),
        signIn: text(),
        signInNote: text(),
        holders: text(),
        holdersNote: text(),
        slip: text(),
        custodian: text(),
        alternate: text(),
        location: text(),
        title: text(),
        printedName: text(),
        signature: text(),
        date: text(),
        time: text(),
        custodianOf: text("slips"),
        other: text(),
        roles: text(),
        role: text(),
        does: text(),
        inventory: text(),
        item: text(),
        count: text(),
        present: text(),
        step: text(),
        who: text(),
        activity: text(),
        initials: text(),
        utc: text(),
        exceptions: text(),
        exceptionsNote: text(),
        exception: text("number"),
        exceptionStep: text(),
        exceptionTime: text(),
        problem: text(),
        remedy: text(),
        initialsOfAll: text(),
      },
      "must be an object",
    ),
    custodianRole: text(),
    roles,
    sections,
    /** Keys of the sections that a rotation led on the screen shows. */
    screen: v.strictObject(
      {
        /** Of which one is chosen, to set the password. */
        ways: keys(9),
        /** What follows after any of them. */
        afterwards: keys(9),
        signIn: keys(9),
      },
      "must be an object",
    ),
    scripts: v.strictObject(
      {
        issue: script,
        rotate: script,
        "drill-check": script,
        "drill-full": script,
        incident: script,
      },
      "must be an object",
    ),
  },
  "must be an object",
);

/** The scripts of all ceremonies, checked. */
export type CeremonyTemplate = Readonly<v.InferOutput<typeof schema>> & {
  readonly words: Words;
  /** The file it came from, for messages. */
  readonly file: string;
};

/**
 * The scripts of all ceremonies.
 *
 * @param file its name, for messages
 * @param json its content
 * @throws BreakglassError `usage`, naming file and key, unless it is whole and printable
 */
export function parseCeremony(file: string, json: string, fonts: Fonts): CeremonyTemplate {
  const all = parseTemplate(schema, file, json, fonts, ["regular", "bold", "mono"]);
  if (!Object.hasOwn(all.roles, all.custodianRole))
    throw wordingError(file, "custodianRole is not a key of roles");
  checkSections(file, all.sections, all.roles);
  for (const [name, script] of Object.entries(all.scripts)) {
    checkKeys(file, `scripts.${name}.roles`, script.roles, "roles", all.roles);
    checkKeys(file, `scripts.${name}.sections`, script.sections, "sections", all.sections);
    checkTexts(file, `scripts.${name}.purpose`, script.purpose, []);
    script.inventory.forEach((item, i) =>
      checkTexts(file, `scripts.${name}.inventory.${i}.item`, item.item, item.only ?? []),
    );
  }
  for (const [name, chosen] of Object.entries(all.screen))
    checkKeys(file, `screen.${name}`, chosen, "sections", all.sections);
  return { ...all, file };
}

function checkKeys(
  file: string,
  key: string,
  names: readonly string[],
  kind: string,
  known: Readonly<Record<string, unknown>>,
): void {
  names.forEach((name, i) => {
    if (!Object.hasOwn(known, name))
      throw wordingError(file, `${key}.${i} is not a key of ${kind}`);
  });
}

/** Outside of steps nothing is said for a slip. */
function checkTexts(file: string, key: string, text: string, only: readonly string[]): void {
  if (/\{(?:slip|ref|custodian|alternate|location)\}/.test(text))
    throw wordingError(file, `${key} can't name a slip`);
  if (text.includes("{earlier}") && !only.includes("earlier"))
    throw wordingError(file, `${key} takes {earlier} only with "only": ["earlier"]`);
}
