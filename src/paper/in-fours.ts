/** Digits in groups of four, so that two people can compare them: `1a2b 3c4d ...`. */
export function inFours(digits: string): string {
  return digits.replaceAll(/.{4}(?=.)/g, "$& ");
}
