import { BreakglassError } from "./errors.ts";
import { partLength } from "./concat.ts";
import { bitsUnseen, lengthBits, recipeBits, type Recipe } from "./password.ts";
import type { Scheme } from "./scheme.ts";

/** Strength in bits, from the recipe and the cut alone: never from the characters that were drawn. */
export interface Strength {
  /** Of the secret itself. */
  readonly whole: number;
  /** At least this is left if any one slip is seen. */
  readonly afterOne: number;
  /** At least this is left if all slips but one of the threshold are seen. */
  readonly afterAllButOne: number;
  /** Of a concatenation, for each slip: what is left if it alone is seen. */
  readonly afterSlip?: readonly number[];
  /** Of a concatenation, for each slip: what is left if every other slip is seen. */
  readonly onlySlip?: readonly number[];
}

/** Bits that must be left after one slip is seen. */
const FLOOR_BITS = 64;
/** The same for a PIN: its key wipes itself after a few wrong tries. */
export const PIN_FLOOR_BITS = 13;
/** A Shamir share of a generated secret of this strength can't be guessed, and needs no blind. */
const UNBLINDED_BITS = 100;

/**
 * @param length of the secret, in characters
 * @param parts slips needed
 */
export function strengthOf(
  recipe: Recipe,
  length: number,
  scheme: Scheme,
  parts: number,
): Strength {
  const whole = recipeBits(recipe);
  if (scheme === "shamir") {
    // The share is as long as the secret, and a passphrase's length says something of its words.
    const left = whole - lengthBits(recipe);
    return { whole, afterOne: left, afterAllButOne: left };
  }
  // As the text is cut: the longer parts come first.
  const lengths = Array.from({ length: parts }, (_, i) => partLength(length, parts, i));
  return {
    whole,
    afterOne: bitsUnseen(recipe, length - Math.ceil(length / parts)),
    afterAllButOne: bitsUnseen(recipe, Math.floor(length / parts)),
    afterSlip: lengths.map((seen) => bitsUnseen(recipe, length - seen)),
    onlySlip: lengths.map((unseen) => bitsUnseen(recipe, unseen)),
  };
}

/** Whether the payload of a set's slips must start with a blind; a PIN's always does. */
export function needsBlind(
  scheme: Scheme,
  strength: Strength | undefined,
  kind: Recipe["kind"],
): boolean {
  if (scheme === "concat" || kind === "pin" || strength === undefined) return true;
  return strength.afterOne < UNBLINDED_BITS;
}

/**
 * Refuses what is too weak to lie in safes.
 *
 * @param strength undefined for a secret that was not generated here
 * @throws BreakglassError `refused`
 */
export function requireStrength(strength: Strength | undefined, kind: Recipe["kind"]): void {
  if (strength === undefined)
    throw new BreakglassError(
      "refused",
      "the strength of an imported secret is unknown",
      "let breakglass generate it, or add --accept-weak",
    );
  const floor = kind === "pin" ? PIN_FLOOR_BITS : FLOOR_BITS;
  if (strength.afterOne < floor)
    throw new BreakglassError(
      "refused",
      `only ${Math.floor(strength.afterOne)} bits would be left if one slip is seen, and at least ${floor} are asked for`,
      strength.afterOne < strength.whole
        ? "choose a longer secret (--length) or Shamir (--split 2of3), or add --accept-weak"
        : "choose a longer secret (--length), or add --accept-weak",
    );
}
