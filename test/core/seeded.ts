import { createHash } from "node:crypto";
import type { RandomBytes } from "../../src/core/random.ts";

/** A source of bytes that is the same at every run: SHA-256 of a label and a counter. */
export function seeded(label: string): RandomBytes {
  let counter = 0;
  let held = Buffer.alloc(0);
  return (length) => {
    while (held.length < length) {
      const block = createHash("sha256").update(`${label}/${counter++}`).digest();
      held = Buffer.concat([held, block]);
    }
    const bytes = Uint8Array.from(held.subarray(0, length));
    held = held.subarray(length);
    return bytes;
  };
}
