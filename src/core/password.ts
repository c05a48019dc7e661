import { utf8ToBytes } from "@noble/hashes/utils.js";
import { BreakglassError } from "./errors.ts";
import { brokenRandom, uniform, type RandomBytes } from "./random.ts";

/** Classes of characters, as bits. */
const UPPER = 1;
const LOWER = 2;
const DIGIT = 4;
const SYMBOL = 8;

/** One unit of a draw: a character of an alphabet, or a word with what joins it to the next. */
export interface Token {
  readonly text: string;
  /** The classes of characters in it. */
  readonly classes: number;
}

/**
 * How a secret is drawn: one token for each position, each equally likely, and the whole drawn
 * again while it lacks a class or contains a name; so it is uniform over all that is left.
 */
export interface Recipe {
  readonly kind: "password" | "passphrase" | "pin";
  readonly positions: readonly (readonly Token[])[];
  /** Classes of which the secret must have a character. */
  readonly required: number;
  /** Folded names that it must not contain. */
  readonly names: readonly string[];
}

/** Letters and digits without those that are taken for each other (`0 O o 1 l I`). */
const UPPER_CASE = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER_CASE = "abcdefghijkmnpqrstuvwxyz";
const DIGITS = "23456789";
/** On every keyboard without a dead key, and allowed by Entra. */
const SYMBOLS = "!#%&*+-=?@_";

/** The alphabets of a password. */
export const ALPHABETS = {
  entra: UPPER_CASE + LOWER_CASE + DIGITS + SYMBOLS,
  alphanumeric: UPPER_CASE + LOWER_CASE + DIGITS,
} as const;
/** The alphabets of a PIN; digits are all ten, since a PIN has so few of them. */
export const PIN_ALPHABETS = { digits: "0123456789", letters: LOWER_CASE } as const;

export type Alphabet = keyof typeof ALPHABETS;
export type PinAlphabet = keyof typeof PIN_ALPHABETS;

export const PASSWORD_LENGTH = { min: 8, max: 256, usual: 24 } as const;
export const PIN_LENGTH = { min: 4, max: 63, usual: 8 } as const;
export const PASSPHRASE_WORDS = { min: 3, max: 25, usual: 8 } as const;
/** Length of the longest word of the EFF long list, and the hyphen after it. */
const WORD_TOKEN_MAX = 10;
/** Lengths a word of that list can have: 3 to 9. */
const WORD_LENGTHS = 7;

/** Tries before a recipe is called impossible: every recipe offered here passes one draw in ten or more. */
const DRAWS_MAX = 10_000;

function classOf(char: string): number {
  if (/[A-Z]/.test(char)) return UPPER;
  if (/[a-z]/.test(char)) return LOWER;
  return /[0-9]/.test(char) ? DIGIT : SYMBOL;
}

function tokens(texts: Iterable<string>): Token[] {
  return [...texts].map((text) => ({
    text,
    classes: [...text].reduce((classes, char) => classes | classOf(char), 0),
  }));
}

function checkRange(
  what: string,
  unit: string,
  value: number,
  range: { readonly min: number; readonly max: number },
): void {
  if (!Number.isInteger(value) || value < range.min || value > range.max)
    throw new BreakglassError(
      "usage",
      `a ${what} has ${range.min} to ${range.max} ${unit}, not ${value}`,
      `choose a --length from ${range.min} to ${range.max}`,
    );
}

/** A password of single characters, with at least one of every class of its alphabet. */
export function passwordRecipe(
  alphabet: Alphabet,
  length: number,
  names: readonly string[],
): Recipe {
  checkRange("password", "characters", length, PASSWORD_LENGTH);
  const choice = tokens(ALPHABETS[alphabet]);
  const required = choice.reduce((classes, token) => classes | token.classes, 0);
  return { kind: "password", positions: Array(length).fill(choice), required, names };
}

/** A PIN: no class is asked for. */
export function pinRecipe(alphabet: PinAlphabet, length: number, names: readonly string[]): Recipe {
  checkRange("PIN", "characters", length, PIN_LENGTH);
  const choice = tokens(PIN_ALPHABETS[alphabet]);
  return { kind: "pin", positions: Array(length).fill(choice), required: 0, names };
}

/**
 * Words joined by hyphens, the first letter a capital, a digit at the end: three classes and more.
 *
 * @param list the EFF long list; its few words with a hyphen of their own are left out, so that
 *   no two draws give the same text
 */
export function passphraseRecipe(
  list: readonly string[],
  words: number,
  names: readonly string[],
): Recipe {
  checkRange("passphrase", "words", words, PASSPHRASE_WORDS);
  const plain = list.filter((word) => /^[a-z]{3,9}$/.test(word));
  const first = tokens(plain.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}-`));
  const middle = tokens(plain.map((word) => `${word}-`));
  const positions = [
    first,
    ...Array<Token[]>(words - 2).fill(middle),
    tokens(plain),
    tokens(DIGITS),
  ];
  return { kind: "passphrase", positions, required: 0, names };
}

/** Text as Entra folds it before it looks for banned words. */
export function foldEntra(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("0", "o")
    .replaceAll("1", "l")
    .replaceAll("$", "s")
    .replaceAll("@", "a");
}

/** Entra looks for names of this length and more. */
const NAME_MIN = 4;

/**
 * The names that a generated secret must not contain, folded.
 *
 * @param account a user principal name, such as `bg-1@contoso.onmicrosoft.com`
 * @param organisation the tenant's display name, if known
 */
export function forbiddenNames(account: string, organisation: string | undefined): string[] {
  const [user = "", domain = ""] = account.split("@");
  const labels = domain.split(".").filter((label) => label !== "onmicrosoft");
  const titles = organisation === undefined ? [] : [organisation, ...organisation.split(/\s+/)];
  const candidates = [user, ...user.split(/[._-]/), ...labels, ...titles]
    .map((name) => foldEntra(name.replaceAll(/\s+/g, "")))
    .filter((name) => name.length >= NAME_MIN);
  return [...new Set(candidates)];
}

/**
 * Draws a secret by rejection.
 *
 * @returns its bytes, all ASCII
 * @throws BreakglassError `internal` if no draw passes, as only a broken `random` explains
 */
export function generate(recipe: Recipe, random: RandomBytes): Uint8Array {
  for (let draws = 0; draws < DRAWS_MAX; draws++) {
    const drawn = recipe.positions.map((choice) => choice[uniform(choice.length, random)]!);
    const classes = drawn.reduce((seen, token) => seen | token.classes, 0);
    const text = drawn.map((token) => token.text).join("");
    const folded = foldEntra(text);
    const named = recipe.names.some((name) => folded.includes(name));
    if ((classes & recipe.required) === recipe.required && !named) return utf8ToBytes(text);
  }
  throw brokenRandom();
}

/**
 * The exact strength of a recipe: the base-2 logarithm of the number of texts it can give. Counted
 * position by position over pairs of (what of a name has just been spelled, classes seen so far),
 * as the share of draws that pass.
 */
export function recipeBits(recipe: Recipe): number {
  const automaton = nameAutomaton(recipe.names);
  let shares = new Map<number, number>([[automaton.start * 16, 1]]);
  let bits = 0;
  const steps = new Map<readonly Token[], Step>();
  for (const choice of recipe.positions) {
    bits += Math.log2(choice.length);
    let step = steps.get(choice);
    if (step === undefined) steps.set(choice, (step = automaton.stepper(choice)));
    const next = new Map<number, number>();
    for (const [key, share] of shares)
      for (const [to, weight] of step(Math.floor(key / 16))) {
        const state = Math.floor(to / 16) * 16 + ((key | to) & 15);
        next.set(state, (next.get(state) ?? 0) + share * weight);
      }
    shares = next;
  }
  let passing = 0;
  for (const [key, share] of shares)
    if ((key & recipe.required) === recipe.required) passing += share;
  return bits + Math.log2(passing);
}

/** From a state to (state x 16 + classes), each with the share of tokens that lead there. */
type Step = (state: number) => ReadonlyMap<number, number>;

/**
 * States are the beginnings of names that a text can end with (Aho and Corasick, 1975); a text
 * that completes a name has no state any more.
 */
function nameAutomaton(names: readonly string[]): {
  start: number;
  stepper: (choice: readonly Token[]) => Step;
} {
  const prefixes = new Set([""]);
  for (const name of names)
    for (let length = 1; length < name.length; length++) prefixes.add(name.slice(0, length));
  const states = [...prefixes];
  const numbers = new Map(states.map((text, number) => [text, number]));
  const follow = (state: string, text: string): string | undefined => {
    for (const char of text) {
      let seen = state + char;
      if (names.some((name) => seen.endsWith(name))) return undefined;
      while (!numbers.has(seen)) seen = seen.slice(1);
      state = seen;
    }
    return state;
  };
  const stepper = (choice: readonly Token[]): Step => {
    const folded = choice.map(({ text, classes }) => ({ text: foldEntra(text), classes }));
    const known = new Map<number, Map<number, number>>();
    return (state) => {
      let step = known.get(state);
      if (step !== undefined) return step;
      step = new Map<number, number>();
      known.set(state, step);
      for (const { text, classes } of folded) {
        const next = follow(states[state]!, text);
        if (next === undefined) continue;
        const to = numbers.get(next)! * 16 + classes;
        step.set(to, (step.get(to) ?? 0) + 1 / choice.length);
      }
      return step;
    };
  };
  return { start: numbers.get("")!, stepper };
}

/** At most this is learned of some words from the length of them all. */
function wordLengthBits(words: number): number {
  return Math.log2((WORD_LENGTHS - 1) * words + 1);
}

/** At most this is learned of a secret from its length. */
export function lengthBits({ kind, positions }: Recipe): number {
  return kind === "passphrase" ? wordLengthBits(positions.length - 1) : 0;
}

/**
 * What is surely left of a recipe's strength for somebody who sees all but `unseen` characters in
 * a row of what it gave, whatever the seen ones are: the strength of the unseen part by itself.
 *
 * @param unseen 0 to the secret's length, in characters
 * @returns bits, at least 0
 */
export function bitsUnseen(recipe: Recipe, unseen: number): number {
  if (recipe.kind === "passphrase") {
    // Only words that lie whole in the unseen part count, less what its length says of theirs.
    const whole = Math.floor((unseen - WORD_TOKEN_MAX + 1) / WORD_TOKEN_MAX);
    if (whole < 1) return 0;
    return Math.max(0, whole * Math.log2(recipe.positions[0]!.length) - wordLengthBits(whole));
  }
  const bits = recipeBits({ ...recipe, positions: recipe.positions.slice(0, unseen) });
  return Math.max(0, bits);
}
