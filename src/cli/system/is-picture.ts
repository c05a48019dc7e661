import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fileKind } from "../../scan/file-kind.ts";
import { CLEAN_KINDS, CLEAN_LENGTH_MAX } from "../../scan/clean.ts";

/** What an argument that names a file is, if it begins like a picture or PDF. */
export function pictureAt(path: string): { readonly mayBeClean: boolean } | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, "r");
    // What comes through a pipe would be missing when it is read in earnest.
    if (!fstatSync(handle).isFile()) return undefined;
    const head = new Uint8Array(64);
    const kind = fileKind(head.subarray(0, readSync(handle, head)));
    if (kind === undefined) return undefined;
    return {
      mayBeClean: CLEAN_KINDS.includes(kind) && fstatSync(handle).size <= CLEAN_LENGTH_MAX,
    };
  } catch {
    return undefined; // told when it is read in earnest
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
