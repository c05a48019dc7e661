import type { WasmBytes } from "./engines.ts";

/**
 * Bytes that a decoder may take: for the largest pictures that are looked at (size.ts), and far
 * less than a small computer has.
 */
const MEMORY_MAX = 384 * 1024 * 1024;
const MEMORY_PAGE = 65_536;
const MEMORY_SECTION = 5;

const bounded = new WeakMap<WasmBytes, ArrayBuffer>();

/**
 * The module with a bound to its memory, so that what a hostile file makes it ask for is refused.
 * The modules allow themselves two gigabytes. The same module gives the same object each time.
 */
export function withBoundedMemory(module: WasmBytes): ArrayBuffer {
  const known = bounded.get(module);
  if (known !== undefined) return known;
  const bytes = ArrayBuffer.isView(module)
    ? new Uint8Array(module.buffer, module.byteOffset, module.byteLength).slice()
    : new Uint8Array(module).slice();
  const at = maximumAt(bytes);
  // As long as it was, so that nothing else moves: a number may have more digits than it needs.
  let left = MEMORY_MAX / MEMORY_PAGE;
  for (let i = at.from; i < at.to; i++, left >>>= 7)
    bytes[i] = (left & 0x7f) | (i < at.to - 1 ? 0x80 : 0);
  if (left > 0) throw new Error("the module's memory is smaller than the bound");
  bounded.set(module, bytes.buffer);
  return bytes.buffer;
}

/** Where a module says how many pages its memory may have at most. */
function maximumAt(bytes: Uint8Array): { readonly from: number; readonly to: number } {
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const length = number();
    if (section !== MEMORY_SECTION) {
      at += length;
      continue;
    }
    number(); // how many memories: there is one
    if (number() !== 1) break; // no maximum
    number(); // its minimum
    const from = at;
    number();
    return { from, to: at };
  }
  throw new Error("the module does not say how much memory it may have");
}
