import { concatBytes } from "@noble/hashes/utils.js";
import { combinations } from "./choose.ts";
import { sameBytes } from "./bytes.ts";
import { joinConcat, splitConcat } from "./concat.ts";
import { BreakglassError } from "./errors.ts";
import { uniform, type RandomBytes } from "./random.ts";
import { joinShamir, splitShamir } from "./shamir.ts";
import {
  BLIND_LENGTH,
  DIGEST_LENGTH,
  SECRET_MAX,
  SET_IDS,
  secretDigest,
  slipBody,
  type SetHeader,
  type Slip,
} from "./slip.ts";

/** Up to this many subsets, all are tried before a set is printed; of more, a sample of this size. */
export const SUBSETS_MAX = 500;

/** A random set id. */
export function drawSetId(random: RandomBytes): number {
  const bytes = random(3);
  return ((bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!) % SET_IDS;
}

/**
 * Splits a secret into the slips of a set.
 *
 * @param secret 1 to 256 bytes; for a concatenation well-formed UTF-8
 * @param header threshold equal to total for a concatenation
 */
export function splitSecret(secret: Uint8Array, header: SetHeader, random: RandomBytes): Slip[] {
  if (secret.length < 1 || secret.length > SECRET_MAX)
    throw new BreakglassError(
      "usage",
      `a secret has 1 to ${SECRET_MAX} bytes, and this one has ${secret.length}`,
      "use a secret of that length",
    );
  const digested = concatBytes(secretDigest(header.setId, secret), secret);
  const bodies =
    header.scheme === "shamir"
      ? splitShamir(digested, header.threshold, header.total, random)
      : splitConcat(digested, header.total, random);
  digested.fill(0);
  return bodies.map((body, i) => {
    const blind = header.blinded ? random(BLIND_LENGTH) : new Uint8Array(0);
    const payload = concatBytes(blind, body);
    body.fill(0);
    return { ...header, index: i + 1, payload };
  });
}

/**
 * Joins slips of one set and holds the result against the digest inside it.
 *
 * @param slips at least the threshold, of one set, with distinct indexes
 * @returns the secret, or undefined if the digest refuses it
 */
export function joinSlips(slips: readonly Slip[]): Uint8Array | undefined {
  const [first] = slips;
  if (first === undefined || slips.length < first.threshold) return undefined;
  const ordered = slips.toSorted((a, b) => a.index - b.index);
  const joined =
    first.scheme === "shamir"
      ? joinShamir(ordered.map((slip) => ({ index: slip.index, body: slipBody(slip) })))
      : joinConcat(ordered.map(slipBody));
  const secret = joined.slice(DIGEST_LENGTH);
  const digest = secretDigest(first.setId, secret);
  const holds = sameBytes(digest, joined.subarray(0, DIGEST_LENGTH));
  joined.fill(0);
  if (holds) return secret;
  secret.fill(0);
  return undefined;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return Math.round(result);
}

/** All subsets of threshold size, or where they are too many, a sample in which every slip occurs. */
function* subsetsToTry(
  slips: readonly Slip[],
  size: number,
  random: RandomBytes,
): Generator<Slip[]> {
  if (binomial(slips.length, size) <= SUBSETS_MAX) {
    yield* combinations(slips, size);
    return;
  }
  for (let i = 0; i < SUBSETS_MAX; i++) {
    const rest = [...slips];
    const chosen = rest.splice(i % rest.length, 1);
    while (chosen.length < size) chosen.push(...rest.splice(uniform(rest.length, random), 1));
    yield chosen;
  }
}

/**
 * Proves a split before it is printed: every subset of threshold size gives the secret back (of
 * more than {@link SUBSETS_MAX}, that many drawn at random).
 *
 * @returns how many subsets were tried
 * @throws BreakglassError `internal` if one of them does not
 */
export function proveSplit(
  slips: readonly Slip[],
  secret: Uint8Array,
  random: RandomBytes,
): number {
  let tried = 0;
  for (const subset of subsetsToTry(slips, slips[0]!.threshold, random)) {
    const joined = joinSlips(subset);
    if (joined === undefined || !sameBytes(joined, secret))
      throw new BreakglassError(
        "internal",
        "the split does not give the secret back",
        "nothing was printed; do not use this computer for a ceremony",
      );
    joined.fill(0);
    tried++;
  }
  return tried;
}
