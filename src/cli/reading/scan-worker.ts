import { setFlagsFromString } from "node:v8";
import { parentPort } from "node:worker_threads";
import { BreakglassError, type ErrorCode } from "../../core/errors.ts";
import { scanFile, type Engines, type Scan } from "../../scan/scan.ts";
import { prepareZxing } from "../../scan/zxing.ts";
import { nativeInflate } from "./native-inflate.ts";
import { wasm } from "./wasm.ts";

/** What comes back from this thread: signs that it goes on, and then what it found. */
export type ScanAnswer =
  | { readonly goesOn: true }
  | { readonly scan: Scan }
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string };

// A clean scan is read before it would pay to compile the reader a second time, for speed: a third
// of the work is saved. Where more looks are needed it is compiled all the same.
setFlagsFromString("--wasm-tiering-budget=400000000");

const zxing = wasm("zxing");
const engines: Engines = {
  zxing,
  inflate: nativeInflate,
  breathe() {
    parentPort?.postMessage({ goesOn: true } satisfies ScanAnswer);
    return Promise.resolve();
  },
  get pdfium() {
    return wasm("pdfium");
  },
  get jpeg() {
    return wasm("jpeg");
  },
  get webp() {
    return wasm("webp");
  },
};

async function answer(file: Uint8Array): Promise<ScanAnswer> {
  try {
    return { scan: await scanFile(file, engines) };
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}

prepareZxing(engines);
// What is thrown here that is no error of ours ends the thread, which its owner notices.
parentPort?.once("message", (file: Uint8Array) => {
  void answer(file).then((found) => parentPort?.postMessage(found));
});
