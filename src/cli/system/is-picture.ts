import { closeSync, openSync, readSync } from "node:fs";
import { fileKind } from "../../scan/file-kind.ts";

/** Whether an argument names a file that begins like a picture or PDF. */
export function isPicture(path: string): boolean {
  let handle: number | undefined;
  try {
    handle = openSync(path, "r");
    const head = new Uint8Array(64);
    return fileKind(head.subarray(0, readSync(handle, head))) !== undefined;
  } catch {
    return false; // told when it is read in earnest
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
