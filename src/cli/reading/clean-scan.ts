import { setFlagsFromString } from "node:v8";
import { readCleanly, type Engines, type Scan } from "../../scan/scan.ts";
import { prepareZxing } from "../../scan/zxing.ts";
import { nativeInflate } from "./native-inflate.ts";
import { wasm } from "./wasm.ts";

let engines: Engines | undefined;

/** Begins to compile the reader. */
export function prepareCleanScan(): Engines {
  if (engines === undefined) {
    // A few clean scans are read before it would pay to compile the reader a second time, for speed;
    // and what is still being compiled when all is done holds up the end.
    setFlagsFromString("--wasm-tiering-budget=2000000000");
    engines = { zxing: wasm("zxing"), inflate: nativeInflate };
    prepareZxing(engines);
  }
  return engines;
}

/**
 * Reads a small, clean scan at once: a thread for it would take as long to begin as the scan to
 * read. What takes longer, or a decoder that is less trusted, is left to the thread.
 *
 * @returns undefined if it is something else, or not read at the first look
 * @throws BreakglassError `picture` or `input-too-large`
 */
export async function cleanScan(bytes: Uint8Array<ArrayBuffer>): Promise<Scan | undefined> {
  return readCleanly(bytes, prepareCleanScan());
}
