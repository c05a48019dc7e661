import { bytesToSymbols, symbolsToText } from "./base32.ts";

/** Bytes of a commitment that its check word says: 40 bits, eight symbols. */
const WORD_BYTES = 5;

/**
 * What is read out by whoever checks a slip far from the register.
 *
 * @param commitment the slip's, or as much of it as the word says
 * @returns its first 40 bits as `XXXX XXXX`
 */
export function commitmentWord(commitment: Uint8Array): string {
  const symbols = symbolsToText(bytesToSymbols(commitment.subarray(0, WORD_BYTES)));
  return `${symbols.slice(0, 4)} ${symbols.slice(4)}`;
}
