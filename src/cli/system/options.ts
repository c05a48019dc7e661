import { symbolOf, symbolsToText } from "../../core/base32.ts";
import { BreakglassError } from "../../core/errors.ts";
import { CONCAT_TOTAL_MAX, SHAMIR_TOTAL_MAX, type Scheme } from "../../core/scheme.ts";

/** What `--split` asks for. */
export interface SplitOption {
  readonly scheme: Scheme;
  readonly threshold: number;
  readonly total: number;
}

/** Reads `2of3`, `3of5`, ..., `concat:2`, `concat:3`. */
export function parseSplit(text: string): SplitOption {
  const shamir = /^(\d{1,2})of(\d{1,2})$/.exec(text);
  const concat = /^concat:(\d{1,2})$/.exec(text);
  const total = Number(shamir?.[2] ?? concat?.[1] ?? 0);
  const threshold = shamir === null ? total : Number(shamir[1]);
  const max = shamir === null ? CONCAT_TOTAL_MAX : SHAMIR_TOTAL_MAX;
  if (total < 2 || total > max || threshold < 2 || threshold > total)
    throw new BreakglassError(
      "usage",
      "--split does not name a split",
      `give --split 2of3 (any 2 of 3 slips; at least 2, at most ${SHAMIR_TOTAL_MAX} slips), concat:2 or concat:3`,
    );
  return { scheme: shamir === null ? "concat" : "shamir", threshold, total };
}

/** Reads a whole number of at most three digits for a flag. */
export function parseCount(flag: string, text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new BreakglassError(
      "usage",
      `${flag} is not a number from 1 to 999`,
      `give ${flag} a whole number`,
    );
  return Number(text);
}

/** Reads numbers of slips, such as `1,3`. */
export function parseSlips(text: string): number[] {
  return text.split(",").map((number) => parseCount("--slips", number.trim()));
}

/** Reads the number of an entry of the journal. */
export function parseEntry(text: string): number {
  if (!/^[1-9]\d{0,11}$/.test(text))
    throw new BreakglassError("usage", "this is no number of an entry", "see breakglass log");
  return Number(text);
}

/** Reads one of a few words for a flag, in any case. */
export function parseChoice<T extends string>(
  flag: string,
  choices: readonly T[],
  text: string,
): T {
  const choice = choices.find((one) => one.toLowerCase() === text.toLowerCase());
  if (choice === undefined)
    throw new BreakglassError(
      "usage",
      `${flag} does not know this value`,
      `give ${flag} one of: ${choices.join(", ")}`,
    );
  return choice;
}

/** Reads a day as YYYY-MM-DD. */
export function parseDate(flag: string, text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (
    !/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(date.getTime()) ||
    !date.toISOString().startsWith(text)
  )
    throw new BreakglassError("usage", `${flag} is not a date`, `give ${flag} as YYYY-MM-DD`);
  return date;
}

/** Reads the name of a set, such as K7Q2, in any case. */
export function parseSetName(text: string): string {
  const symbols = [...text].flatMap((char) => symbolOf(char) ?? []);
  if (text.length !== 4 || symbols.length !== 4)
    throw new BreakglassError(
      "usage",
      "--set does not name a set",
      "give the four symbols at the top of a slip, such as --set K7Q2",
    );
  return symbolsToText(Uint8Array.from(symbols));
}
