import { BreakglassError } from "./errors.ts";
import type { RandomBytes } from "./random.ts";
import { DIGEST_LENGTH } from "./slip.ts";
import { codePointOffsets } from "./utf8.ts";

/** How many characters the part of a number has, from 0: as even as possible, longer ones first. */
export function partLength(points: number, parts: number, part: number): number {
  return Math.floor(points / parts) + Number(part < points % parts);
}

/**
 * Cuts text at code points into parts as even as possible, longer ones first.
 *
 * @param text well-formed UTF-8
 * @throws BreakglassError `usage` if there are fewer code points than parts
 */
export function cutText(text: Uint8Array, parts: number): Uint8Array[] {
  const offsets = codePointOffsets(text);
  const points = offsets.length - 1;
  if (points < parts)
    throw new BreakglassError(
      "usage",
      `a secret of ${points} character${points === 1 ? "" : "s"} can't be cut into ${parts} parts`,
      "use a longer secret, or Shamir: --split 2of3",
    );
  let end = 0;
  return Array.from({ length: parts }, (_, part) => {
    const begin = end;
    end += partLength(points, parts, part);
    return text.slice(offsets[begin], offsets[end]);
  });
}

/**
 * Plain concatenation, in the same shape as Shamir: of `digest || secret`, each body is a part of
 * the digest and a fragment. The parts of the digest are random but for the last, and their XOR is
 * the digest, so that fewer than all of them say nothing of it.
 *
 * @param secret the 4-byte digest and the password as well-formed UTF-8
 */
export function splitConcat(secret: Uint8Array, total: number, random: RandomBytes): Uint8Array[] {
  const last = secret.slice(0, DIGEST_LENGTH);
  return cutText(secret.subarray(DIGEST_LENGTH), total).map((fragment, i) => {
    const part = i < total - 1 ? random(DIGEST_LENGTH) : last;
    if (i < total - 1) part.forEach((byte, k) => (last[k]! ^= byte));
    const body = new Uint8Array(DIGEST_LENGTH + fragment.length);
    body.set(part);
    body.set(fragment, DIGEST_LENGTH);
    fragment.fill(0);
    return body;
  });
}

/** The inverse of {@link splitConcat}. @param bodies all of them, in order */
export function joinConcat(bodies: readonly Uint8Array[]): Uint8Array {
  const length = bodies.reduce((sum, body) => sum + body.length - DIGEST_LENGTH, DIGEST_LENGTH);
  const secret = new Uint8Array(length);
  let end = DIGEST_LENGTH;
  for (const body of bodies) {
    for (let k = 0; k < DIGEST_LENGTH; k++) secret[k]! ^= body[k]!;
    secret.set(body.subarray(DIGEST_LENGTH), end);
    end += body.length - DIGEST_LENGTH;
  }
  return secret;
}
