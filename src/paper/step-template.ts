import * as v from "valibot";
import { looksLikeCode, text, wordingError } from "./wording.ts";

/** What any sentence of a ceremony or a runbook may name; `set` is for sentences, `name` for commands. */
const NAMES = ["account", "set", "name", "generation", "needed", "total"] as const;
/** What it may name where it is said for every slip; `slip` is for sentences, `ref` for commands. */
const SLIP_NAMES = ["slip", "ref", "custodian", "alternate", "location"] as const;
/** What it may name where it is only said if there are earlier sets. */
const EARLIER_NAME = "earlier";
const ANY_NAME = [...NAMES, ...SLIP_NAMES, EARLIER_NAME];

/** When a step, a section or an item is meant; all that are listed have to hold. */
const CONDITIONS = [
  "first",
  "earlier",
  "shamir",
  "concat",
  "spare",
  "whole",
  "items",
  "no items",
  "password",
  "pin",
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** `slip`: once for each slip of the set; `earlier`: once for each slip of the earlier sets. */
const REPEATS = ["slip", "earlier"] as const;
export type Repeat = (typeof REPEATS)[number];

function choice<const T extends readonly string[]>(words: T): v.GenericSchema<unknown, T[number]> {
  return v.picklist(words, `must be one of ${words.join(", ")}`);
}

/** A sentence that may name what any other may, and what goes with its step or section. */
export const sentence = text(...ANY_NAME);
export const only = v.array(choice(CONDITIONS), "must be a list of conditions");

const COMMAND_MAX = 240;

/** A line to be typed: braces are part of many, but a word between them is a placeholder. */
const command = v.pipe(
  v.string("must be a text"),
  v.check((value) => value.trim() !== "", "must not be empty"),
  v.maxLength(COMMAND_MAX, `must have at most ${COMMAND_MAX} characters`),
  v.check(
    (value) =>
      [...value.matchAll(/\{([A-Za-z]+)\}/g)].every(([, name]) =>
        (ANY_NAME as readonly string[]).includes(name!),
      ),
    `takes only ${ANY_NAME.map((name) => `{${name}}`).join(" and ")} between { and }`,
  ),
  v.check((value) => !looksLikeCode(value), "must not look like a code line (number and bracket)"),
  v.check((value) => !/\{[A-Za-z]+\}\)/.test(value), "must not have a ) right after a placeholder"),
);

function listOf<T>(item: v.GenericSchema<unknown, T>, max: number): v.GenericSchema<unknown, T[]> {
  return v.pipe(
    v.array(item, "must be a list"),
    v.minLength(1, "must not be empty"),
    v.maxLength(max, `must have at most ${max} items`),
  );
}

/** One action, or a branch: what to do if something is so. */
const step = v.pipe(
  v.strictObject(
    {
      /** A key of `roles`. */
      who: v.exactOptional(text()),
      do: v.exactOptional(sentence),
      if: v.exactOptional(sentence),
      then: v.exactOptional(sentence),
      /** Lines to be typed as they stand. */
      type: v.exactOptional(listOf(command, 12)),
      /** Labels of room to write in; each # is a box for one character. */
      write: v.exactOptional(listOf(sentence, 6)),
      for: v.exactOptional(choice(REPEATS)),
      only: v.exactOptional(only),
    },
    "must be an object",
  ),
  v.check(
    (step) =>
      step.do === undefined
        ? step.if !== undefined && step.then !== undefined
        : step.if === undefined && step.then === undefined,
    'must have either "do", or "if" and "then"',
  ),
);
export type Step = v.InferOutput<typeof step>;

const section = v.strictObject(
  {
    heading: sentence,
    /** Said under the heading. */
    note: v.exactOptional(sentence),
    for: v.exactOptional(choice(REPEATS)),
    only: v.exactOptional(only),
    steps: listOf(step, 40),
  },
  "must be an object",
);
export type Section = v.InferOutput<typeof section>;

const KEY = v.pipe(
  v.string(),
  v.regex(/^[a-z][A-Za-z0-9-]*$/, "must be named by letters, digits and hyphens"),
);

/** Sections and roles, by the keys under which others name them. */
export const sections = v.record(KEY, section, "must be an object");
export const roles = v.record(
  KEY,
  v.strictObject({ title: text(), does: text() }, "must be an object"),
  "must be an object",
);
export const keys = (max: number): v.GenericSchema<unknown, string[]> => listOf(text(), max);

/**
 * Checks what a schema can't: that sections and steps name roles that there are, and placeholders
 * that have a value there.
 *
 * @throws BreakglassError `usage`, naming file and key
 */
export function checkSections(
  file: string,
  all: Readonly<Record<string, Section>>,
  titles: Readonly<Record<string, unknown>>,
): void {
  for (const [name, { steps, ...section }] of Object.entries(all)) {
    checkNames(file, `sections.${name}`, section, {});
    steps.forEach((step, i) => {
      const key = `sections.${name}.steps.${i}`;
      if (step.who !== undefined && !Object.hasOwn(titles, step.who))
        throw wordingError(file, `${key}.who is not a key of roles`);
      if (step.for !== undefined && section.for !== undefined)
        throw wordingError(file, `${key}.for can't stand in a section that has one`);
      checkNames(file, key, step, section);
    });
  }
}

interface Meant {
  readonly for?: Repeat;
  readonly only?: readonly Condition[];
}

function checkNames(file: string, key: string, part: object, within: Meant): void {
  const own: Meant = part;
  const repeated = own.for ?? within.for;
  const conditions = [...(own.only ?? []), ...(within.only ?? [])];
  for (const [field, value] of Object.entries(part)) {
    if (field === "for" || field === "only" || field === "who") continue;
    const names = [value].flat().flatMap((text) => placeholders(String(text)));
    if (repeated === undefined && SLIP_NAMES.some((name) => names.includes(name)))
      throw wordingError(file, `${key}.${field} names a slip, and needs "for"`);
    if (names.includes(EARLIER_NAME) && !conditions.includes("earlier"))
      throw wordingError(file, `${key}.${field} takes {earlier} only with "only": ["earlier"]`);
  }
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name!);
}

/** Captions of the running head and of the tables of steps, and how sets and slips are named. */
export const words = {
  page: text("page", "pages"),
  anchor: text("anchor"),
  noAnchor: text(),
  setNamed: text("name"),
  setNew: text(),
  earlierNamed: text("name", "generation"),
  slipNamed: text("index", "total"),
  slipOfSet: text("index", "total", "name"),
  slipHeading: text("slip", "custodian"),
  unnamed: text(),
  unplaced: text(),
  neededSome: text("needed", "total"),
  neededAll: text("total"),
  if: text(),
  then: text(),
} as const;
export type Words = { readonly [K in keyof typeof words]: string };
