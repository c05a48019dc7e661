import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);

/** The decoders' WebAssembly modules in their packages. */
export const WASM_MODULES = {
  zxing: resolve("zxing-wasm/reader/zxing_reader.wasm"),
  pdfium: resolve("@hyzyla/pdfium/pdfium.wasm"),
  jpeg: resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  webp: resolve("@jsquash/webp/codec/dec/webp_dec.wasm"),
};
