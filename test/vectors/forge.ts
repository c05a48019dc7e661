import { createHash } from "node:crypto";
import type { Slip, SlipText } from "../../src/core/slip.ts";

/*
 * Slips written by hand from docs/slip-format.md, so that rules can be broken one at a time while
 * the parity and the check still fit. Nothing of the code under test takes part.
 */

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The fields of a stream, each as its number or, from `payload` on, as bits. */
export interface Stream {
  readonly version: number;
  readonly setId: number;
  readonly scheme: number;
  readonly blinded: number;
  readonly threshold: number;
  readonly total: number;
  readonly index: number;
  readonly length: number;
  readonly reserved: number;
  readonly payload: Uint8Array;
  /** Bits after the payload; as many zeros as the last symbol needs if not given. */
  readonly padding?: string;
}

/** The stream of a valid slip, to be changed. */
export function streamOf(slip: Slip): Stream {
  const { setId, threshold, total, index, payload } = slip;
  const scheme = slip.scheme === "shamir" ? 1 : 0;
  const blinded = slip.blinded ? 1 : 0;
  const length = payload.length;
  return {
    ...{ version: 1, setId, scheme, blinded, threshold, total, index, length },
    ...{ reserved: 0, payload },
  };
}

function bits(value: number, width: number): string {
  return value.toString(2).padStart(width, "0");
}

function cut(text: string): number[] {
  return (text.match(/.{5}/g) ?? []).map((five) => parseInt(five, 2));
}

/** The symbols of a stream before its check. */
export function contentOf(stream: Stream): number[] {
  const header = [
    bits(stream.version, 5),
    bits(stream.setId, 20),
    bits(stream.scheme, 1),
    bits(stream.blinded, 1),
    bits(stream.threshold - 1, 4),
    bits(stream.total - 1, 4),
    bits(stream.index - 1, 4),
    bits(stream.length, 9),
    bits(stream.reserved, 2),
  ].join("");
  const payload = [...stream.payload].map((byte) => bits(byte, 8)).join("");
  const zeros = "0".repeat((5 - (payload.length % 5)) % 5);
  return cut(header + payload + (stream.padding ?? zeros));
}

/** The check that fits some symbols, to the end of the last line. */
export function checkOf(content: readonly number[]): number[] {
  const lines = Math.ceil((content.length + 8) / 16);
  const hash = createHash("sha256").update("breakglass/v1/slip").update(Uint8Array.from(content));
  const check = cut([...hash.digest()].map((byte) => bits(byte, 8)).join(""));
  return check.slice(0, 16 * lines - content.length);
}

/** Product in GF(32): polynomials over GF(2), reduced by x^5 + x^2 + 1. */
export function product(a: number, b: number): number {
  let sum = 0;
  for (let bit = 4; bit >= 0; bit--) {
    sum <<= 1;
    if (sum & 32) sum ^= 0b100101;
    if ((b >> bit) & 1) sum ^= a;
  }
  return sum;
}

/** The remainder of number, data and four zeros divided by the product of all (x - alpha^j). */
function parityOf(number: number, data: readonly number[]): number[] {
  let generator = [1];
  for (let j = 1, root = 2; j <= 4; j++, root = product(root, 2))
    generator = [...generator, 0].map((c, i) => c ^ product(generator[i - 1] ?? 0, root));
  let rest = [0, 0, 0, 0];
  for (const symbol of [number, ...data]) {
    const lead = rest[0]! ^ symbol;
    rest = [...rest.slice(1), 0].map((c, i) => c ^ product(lead, generator[i + 1]!));
  }
  return rest;
}

function text(symbols: readonly number[]): string {
  return symbols.map((symbol) => SYMBOLS.charAt(symbol)).join("");
}

/** One line with the parity that fits it. */
export function forgeLine(number: number, data: readonly number[]): string {
  return text([...data, ...parityOf(number, data)]);
}

/** Any symbols as a printed slip. */
export function forgeLines(symbols: readonly number[], version = 1): SlipText {
  const rows = Array.from({ length: symbols.length / 16 }, (_, i) =>
    symbols.slice(16 * i, 16 * i + 16),
  );
  const lines = rows.map((row, i) => forgeLine(i + 1, row));
  const sum = rows[0]!.map((_, place) => rows.reduce((all, row) => all ^ row[place]!, 0));
  return { lines, spare: forgeLine(0, sum), qr: `BG${version}:${lines.join(":")}` };
}

/** A slip whose parity and check fit, whatever its fields say. */
export function forge(slip: Slip, changes: Partial<Stream> = {}): SlipText {
  const content = contentOf({ ...streamOf(slip), ...changes });
  return forgeLines([...content, ...checkOf(content)]);
}

/** The digest of a password in a set, as slips carry it. */
export function digestOf(setId: number, password: Uint8Array): Uint8Array {
  const id = Uint8Array.of(setId >> 16, (setId >> 8) & 255, setId & 255);
  const hash = createHash("sha256").update("breakglass/v1/secret").update(id).update(password);
  return hash.digest().subarray(0, 4);
}
