import { Buffer, combine, split } from "shamirs-secret-sharing";
import { BreakglassError } from "./errors.ts";
import type { RandomBytes } from "./random.ts";

/** The value of the sharing polynomials at x = index, one byte for each byte of the secret. */
export interface Share {
  readonly index: number;
  readonly body: Uint8Array;
}

/*
 * The package writes each byte of the secret as four hexadecimal digits, puts a marker bit 1
 * before them, pads with zero bits to a multiple of 128, and shares the result in chunks of 8
 * bits. Its share is 0x08, x, then one value a chunk, those for the secret's first byte last: the
 * value for byte i stands 2i bytes before the last one, and before each a share of the constant 0
 * (the upper two digits); ahead of them a share of the marker, then of padding. Only the values
 * for the secret's bytes need to be kept: the constants are put back as themselves, which is a
 * point on a polynomial as good as any.
 */
const SHARE_TAG = 0x08;
const SHARE_HEAD = 2;

function chunkCount(secretLength: number): number {
  return 16 * (Math.floor(secretLength / 8) + 1);
}

/** Where the value for byte `i` of the secret stands in the package's share. */
function valueOffset(length: number, i: number): number {
  return SHARE_HEAD + chunkCount(length) - 1 - 2 * i;
}

/**
 * Shamir's secret sharing over GF(2^8), polynomial 0x11d, by `shamirs-secret-sharing`.
 *
 * @param secret 1 to 260 bytes
 * @returns `total` bodies, each as long as the secret; the one at place i has x = i + 1
 */
export function splitShamir(
  secret: Uint8Array,
  threshold: number,
  total: number,
  random: RandomBytes,
): Uint8Array[] {
  if (threshold < 2 || threshold > total || total > 255 || secret.length === 0)
    throw new BreakglassError("internal", "split out of range", "report this defect");
  // All coefficients are drawn before the package starts: it keeps state between calls, and a
  // random source that fails midway would spoil the split after this one.
  // (The package's Buffer is a view of these bytes, and so are its parts: wiping it wipes them.)
  const coefficients = Buffer.from(random(chunkCount(secret.length) * (threshold - 1)));
  let drawn = 0;
  const shares = split(secret, {
    shares: total,
    threshold,
    random: (length) => Buffer.from(coefficients.subarray(drawn, (drawn += length))),
  });
  // A package that drew otherwise than it does today could leave bytes of the secret unshared.
  const spent = drawn === coefficients.length;
  coefficients.fill(0);
  if (!spent)
    throw new BreakglassError("internal", "the split drew other randomness", "report this defect");
  return shares.map((share) => {
    const body = Uint8Array.from(secret, (_, i) => share[valueOffset(secret.length, i)]!);
    share.fill(0);
    return body;
  });
}

/**
 * The inverse of {@link splitShamir}. It can't tell whether its shares are right: the digest
 * inside the secret says that.
 *
 * @param shares at least as many as the threshold, of one length, with distinct indexes 1..255
 */
export function joinShamir(shares: readonly Share[]): Uint8Array {
  const length = shares[0]?.body.length ?? 0;
  const indexes = new Set(shares.map((share) => share.index));
  const valid = shares.every(
    ({ index, body }) => index >= 1 && index <= 255 && body.length === length,
  );
  if (shares.length < 2 || indexes.size !== shares.length || !valid || length === 0)
    throw new BreakglassError("internal", "join out of range", "report this defect");
  const packed = shares.map(({ index, body }) => {
    const share = new Uint8Array(SHARE_HEAD + chunkCount(length));
    share[0] = SHARE_TAG;
    share[1] = index;
    body.forEach((value, i) => (share[valueOffset(length, i)] = value));
    share[valueOffset(length, length)] = 1;
    return share;
  });
  const combined = combine(packed);
  // The package's own byte array has other methods than its type says: its slice may be a view.
  const secret = Uint8Array.from(combined);
  for (const bytes of [combined, ...packed]) bytes.fill(0);
  return secret;
}
