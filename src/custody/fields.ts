/**
 * What a field of a journal entry may hold. A check says what is wrong in words that can be shown:
 * they never repeat the value.
 */
export interface Field<T> {
  readonly wrong: (value: unknown) => string | undefined;
  readonly optional: boolean;
  /** The words that it may be, if it is one of a few. */
  readonly words?: readonly string[];
  /** Only for the compiler: the type that a checked value has. */
  readonly holds?: T;
}

/** The fields of a record, by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

type Held<F> = F extends Field<infer T> ? T : never;
type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly optional: true } ? K : never;
}[keyof F];

/** The type of a record whose fields were checked. */
export type Checked<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalNames<F>>]: Held<F[K]>;
} & { readonly [K in OptionalNames<F>]?: Held<F[K]> };

/** Longest text, in UTF-16 code units. */
const TEXT_MAX = 300;
/** Longest list. */
const LIST_MAX = 100;

interface Required<T> extends Field<T> {
  readonly optional: false;
}

function field<T>(wrong: Field<T>["wrong"]): Required<T> {
  return { wrong, optional: false };
}

/** A field that may be left out. */
export function maybe<T>(required: Required<T>): Field<T> & { readonly optional: true } {
  return { ...required, optional: true };
}

const PLAIN = /^[\x20-\x7e]*$/;
/** Control characters, line ends, lone surrogates, and what turns the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** One line of text that says something. */
export const text = field<string>((value) => {
  if (typeof value !== "string") return "is not a text";
  if (value.length > TEXT_MAX) return `is longer than ${TEXT_MAX} characters`;
  if (!PLAIN.test(value) && UNPRINTABLE.test(value)) return "has a control character in it";
  return value === "" || value.trim() === "" ? "is empty" : undefined;
});

/** What is judged elsewhere. */
export const anything = field<unknown>(() => undefined);

/** A text of one form. */
export function matching(pattern: RegExp, problem: string): Required<string> {
  return field((value) =>
    typeof value === "string" && value.length <= TEXT_MAX && pattern.test(value)
      ? undefined
      : problem,
  );
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): Required<T> {
  const known = new Set<unknown>(words);
  return {
    ...field<T>((value) => (known.has(value) ? undefined : `is none of ${words.join(", ")}`)),
    words,
  };
}

/** A whole number. */
export function count(min: number, max: number): Required<number> {
  return field((value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `is no whole number from ${min} to ${max}`,
  );
}

/** A number that is not negative and has a bound, such as bits of strength. */
export function amount(max: number): Required<number> {
  return field((value) =>
    typeof value === "number" && value >= 0 && value <= max
      ? undefined
      : `is no number from 0 to ${max}`,
  );
}

export const flag = field<boolean>((value) =>
  typeof value === "boolean" ? undefined : "is neither true nor false",
);

/** A list of at least one. */
export function list<T>(item: Field<T>, max = LIST_MAX): Required<readonly T[]> {
  return field((value) => {
    if (!Array.isArray(value)) return "is not a list";
    if (value.length === 0) return "is an empty list";
    if (value.length > max) return `has more than ${max} items`;
    for (let i = 0; i < value.length; i++) {
      const problem = item.wrong(value[i]);
      if (problem !== undefined) return `has an item (${i + 1}) that ${problem}`;
    }
    return undefined;
  });
}

/** What is wrong with a record: the first field that breaks its rule, is missing or is unknown. */
export type RecordCheck = (value: unknown) => string | undefined;

/** A check of records with just these fields. */
export function recordCheck(fields: Fields): RecordCheck {
  // A map and not the object itself: a name like `__proto__` must not be found.
  const known = new Map(Object.entries(fields));
  const required = [...known].filter(([, { optional }]) => !optional).map(([name]) => name);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "is no record";
    const given = value as Readonly<Record<string, unknown>>;
    let found = 0;
    // A journal has many records: a list of their names would be made for each.
    for (const name in given) {
      const rule = known.get(name);
      // The name is not repeated: nothing says what somebody put there.
      if (rule === undefined) return "has a field that does not belong there";
      const wrong = rule.wrong(given[name]);
      if (wrong !== undefined) return `has a field "${name}" that ${wrong}`;
      if (!rule.optional) found++;
    }
    if (found === required.length) return undefined;
    const missing = required.find((name) => !Object.hasOwn(given, name));
    return missing === undefined ? "is no plain record" : `lacks the field "${missing}"`;
  };
}

/** A record within a record. */
export function record<F extends Fields>(
  fields: F,
  also?: (value: Checked<F>) => string | undefined,
): Required<Checked<F>> {
  const wrong = recordCheck(fields);
  return field((value) => wrong(value) ?? also?.(value as Checked<F>));
}

const TIME =
  /^(?:19[7-9]|[2-9]\d\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const DATE = /^(?:19[7-9]|[2-9]\d\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const SHORT_MONTHS: ReadonlySet<string> = new Set(["04", "06", "09", "11"]);

function isDay(value: string): boolean {
  const date = Number(value.slice(8, 10));
  if (date <= 28) return true;
  const month = value.slice(5, 7);
  if (month !== "02") return date <= (SHORT_MONTHS.has(month) ? 30 : 31);
  const year = Number(value.slice(0, 4));
  return date === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A moment in UTC, in whole seconds: `2026-03-01T09:30:00Z`. */
export const moment = field<string>((value) =>
  typeof value === "string" && TIME.test(value) && isDay(value)
    ? undefined
    : "is no time in UTC such as 2026-03-01T09:30:00Z",
);

/** A day in UTC: `2026-03-01`. */
export const day = field<string>((value) =>
  typeof value === "string" && DATE.test(value) && isDay(value)
    ? undefined
    : "is no date such as 2026-03-01",
);
