import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Engines } from "../../src/scan/scan.ts";

const { resolve } = createRequire(import.meta.url);

function wasm(path: string): Uint8Array<ArrayBuffer> {
  return readFileSync(resolve(path));
}

/** Every module that src/scan can use, as the packages have them. */
export const ENGINES: Engines = {
  zxing: wasm("zxing-wasm/reader/zxing_reader.wasm"),
  pdfium: wasm("@hyzyla/pdfium/pdfium.wasm"),
  jpeg: wasm("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  webp: wasm("@jsquash/webp/codec/dec/webp_dec.wasm"),
};
