import * as v from "valibot";
import { BreakglassError } from "../core/errors.ts";
import { unprintable, type FontRole, type Fonts } from "./fonts.ts";

const MAX_LENGTH = 64 * 1024;
const MAX_TEXT = 400;
const MAX_STEPS = 8;
/** At the start of a word these would be taken for a code line, or for a QR text, when a page is read in. */
const LOOKS_LIKE_CODE = /(?:^|\s)(?:(?:[0-9]+|S)\)|BG[0-9]+:)/i;

type TextSchema = v.GenericSchema<string>;

/** A sentence of a template that may use these placeholders, written `{name}`. */
export function text(...may: string[]): TextSchema {
  return v.pipe(
    v.string("must be a text"),
    v.check((value) => value.trim() !== "", "must not be empty"),
    v.maxLength(MAX_TEXT, `must have at most ${MAX_TEXT} characters`),
    v.check(
      (value) =>
        value
          .replace(/\{([A-Za-z]+)\}/g, (all, name: string) => (may.includes(name) ? "" : all))
          .search(/[{}]/) < 0,
      may.length === 0
        ? "takes no placeholder, and so no { or }"
        : `takes only ${may.map((name) => `{${name}}`).join(" and ")} between { and }`,
    ),
    v.check(
      (value) => !looksLikeCode(value),
      "must not look like a code line (number and bracket)",
    ),
    // what is put in may end in a number, and a line may begin with it
    v.check((value) => !value.includes("})"), "must not have a ) right after a placeholder"),
  );
}

/** The same, where leaving a placeholder out would leave the paper without that fact. */
export function textWith(...must: string[]): TextSchema {
  return v.pipe(
    text(...must),
    v.check(
      (value) => must.every((name) => value.includes(`{${name}}`)),
      `must use ${must.map((name) => `{${name}}`).join(" and ")}`,
    ),
  );
}

/** Numbered sentences, one to a step. */
export function steps(...may: string[]): v.GenericSchema<string[]> {
  return v.pipe(
    v.array(text(...may), "must be a list of texts"),
    v.minLength(1, "must not be empty"),
    v.maxLength(MAX_STEPS, `must have at most ${MAX_STEPS} texts`),
  );
}

const numbers = v.strictObject({
  2: text(),
  3: text(),
  4: text(),
  5: text(),
  6: text(),
  7: text(),
  8: text(),
  9: text(),
  10: text(),
  11: text(),
  12: text(),
  13: text(),
  14: text(),
  15: text(),
  16: text(),
});

/** The language that a template is written in. */
export const languageTag = v.pipe(
  v.string("must be a text"),
  v.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language tag, such as "en"'),
);

const schema = v.strictObject(
  {
    language: languageTag,
    numbers,
    title: text(),
    titleDiscreet: text(),
    slip: textWith("index", "total"),
    page: textWith("page", "pages"),
    neededSome: textWith("needed", "total"),
    neededAll: textWith("total"),
    neededBoth: text(),
    account: text(),
    generation: text(),
    issued: text(),
    replaceBy: text(),
    validateBy: v.optional(text(), "Validate by"),
    anchor: text(),
    notRecorded: text(),
    custodian: text(),
    alternate: text(),
    location: text(),
    alsoNeeded: text(),
    nothingElse: text(),
    format: text(),
    recoverHeading: text(),
    recoverSteps: steps("needed", "total", "set"),
    recoverStepsConcat: steps("total", "set"),
    generations: text(),
    fold: text(),
    secretHeading: text(),
    secretElsewhere: text(),
    codeHint: text(),
    qrDescription: text(),
    fragmentHeading: textWith("index", "total", "count"),
    blankHint: textWith("blank"),
    codePointHint: text(),
    checkHeading: text(),
    checkSteps: steps(),
    signatures: v.strictTuple([text(), text(), text()], "must be a list of three texts"),
    openings: v.strictObject({
      opened: text(),
      oldBag: text(),
      why: text(),
      checkWord: text(),
      newBag: text(),
      who: text(),
    }),
  },
  "must be an object",
);

/** Every sentence that is printed on a slip, checked. */
export type Wording = Readonly<v.InferOutput<typeof schema>> & {
  /** The file it came from, for messages. */
  readonly file: string;
};

/** Whether a text printed among others could be taken for a part of the code when the page is read in. */
export function looksLikeCode(value: string): boolean {
  return LOOKS_LIKE_CODE.test(value);
}

/**
 * The wording of a slip.
 *
 * @param file its name, for messages
 * @param json its content
 * @param fonts that have to cover it
 * @throws BreakglassError `usage`, naming file and key, unless it is whole and printable
 */
export function parseWording(file: string, json: string, fonts: Fonts): Wording {
  return { ...parseTemplate(schema, file, json, fonts, ["regular", "bold"]), file };
}

/**
 * A template, checked.
 *
 * @param file its name, for messages
 * @param json its content
 * @param roles in which the fonts have to cover every text
 * @throws BreakglassError `usage`, naming file and key
 */
export function parseTemplate<T>(
  schema: v.GenericSchema<unknown, T>,
  file: string,
  json: string,
  fonts: Fonts,
  roles: readonly FontRole[],
): T {
  if (json.length > MAX_LENGTH) throw wordingError(file, `is longer than ${MAX_LENGTH / 1024} KiB`);
  const result = v.safeParse(schema, parseJson(file, json), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw wordingError(file, `${v.getDotPath(issue) ?? "the whole"} ${describe(issue)}`);
  }
  checkCharacters(file, result.output, fonts, roles);
  return result.output;
}

function parseJson(file: string, json: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wordingError(file, "is not valid JSON");
  }
  // valibot takes a list for an object without keys
  if (Array.isArray(value)) throw wordingError(file, "the whole must be an object");
  return value;
}

function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined") return "is missing";
  if (issue.expected === "never") return "is not a key of this file";
  return issue.message.replaceAll(/\s+/g, " ");
}

function checkCharacters(
  file: string,
  value: unknown,
  fonts: Fonts,
  roles: readonly FontRole[],
  key = "",
): void {
  if (typeof value === "string") {
    const char = unprintable(value, fonts, roles);
    if (char !== undefined)
      throw wordingError(
        file,
        `${key} has a character (${char}) that the slip's fonts can't print`,
      );
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value))
      checkCharacters(file, part, fonts, roles, key === "" ? name : `${key}.${name}`);
  }
}

/**
 * What is wrong with a wording.
 *
 * @param problem begins with the key it is about
 */
export function wordingError(file: string, problem: string): BreakglassError {
  return new BreakglassError(
    "usage",
    `${file}: ${problem}`,
    "correct that file, or leave it out to use the built-in wording",
  );
}

/** A sentence with its placeholders replaced. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => String(values[name]));
}

/** A number from 2 to 16 in words. */
export function inWords(wording: Wording, number: number): string {
  return (wording.numbers as Record<number, string>)[number] ?? String(number);
}
