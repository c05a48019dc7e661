import { readFileSync } from "node:fs";

/** A decoder's module: they lie beside the program (src/build.mjs), and are read when they are wanted. */
export function wasm(name: string): Uint8Array<ArrayBuffer> {
  return readFileSync(new URL(`./${name}.wasm`, import.meta.url));
}
