/** Whether two byte arrays hold the same. Not for comparing with what an attacker sends. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
