/** Crockford's base 32 in upper case; a symbol's value is its place in this string. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const VALUES: ReadonlyMap<string, number> = new Map([
  ...[...ALPHABET].map((char, value): [string, number] => [char, value]),
  ...[...ALPHABET.toLowerCase()].map((char, value): [string, number] => [char, value]),
  ...[..."Oo"].map((char): [string, number] => [char, 0]),
  ...[..."IiLl"].map((char): [string, number] => [char, 1]),
]);

/** The value (0..31) of a typed character, case folded and look-alikes read as Crockford does, or undefined. */
export function symbolOf(char: string): number | undefined {
  return VALUES.get(char);
}

/** Symbol values as upper-case text, one character each. */
export function symbolsToText(symbols: Uint8Array): string {
  let text = "";
  for (const symbol of symbols) text += ALPHABET.charAt(symbol);
  return text;
}

/** Bytes as 5-bit symbols, most significant bit first, zero bits up to the next symbol boundary. */
export function bytesToSymbols(bytes: Uint8Array): Uint8Array {
  const symbols = new Uint8Array(Math.ceil((bytes.length * 8) / 5));
  let bits = 0;
  let held = 0;
  let out = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      symbols[out++] = (held >> bits) & 31;
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) symbols[out] = (held << (5 - bits)) & 31;
  return symbols;
}

/**
 * The inverse of {@link bytesToSymbols}.
 *
 * @returns the bytes, or undefined if the bits after the last whole byte are not zero, or are a
 *   whole symbol or more
 */
export function symbolsToBytes(symbols: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((symbols.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let out = 0;
  for (const symbol of symbols) {
    held = (held << 5) | symbol;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[out++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return bits < 5 && held === 0 ? bytes : undefined;
}
