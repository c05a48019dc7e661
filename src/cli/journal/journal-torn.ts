import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { oneLine } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { syncFolder } from "../system/sync-folder.ts";
import type { ReadJournal } from "./journal-bytes.ts";
import { registerFileError } from "./register-error.ts";
import { JOURNAL } from "./register-folder.ts";
import { tornText } from "./register-notes.ts";

/**
 * Keeps the torn end of a journal in a file of its own, and cuts it off.
 *
 * @returns what to tell about it
 */
export function setAside(folder: string, handle: number, { journal, size }: ReadJournal): string {
  const { bytes } = journal.torn!;
  const name = keepBytes(folder, `journal-torn-after-${journal.head.n}`, bytes);
  try {
    ftruncateSync(handle, size);
    fsyncSync(handle);
  } catch (error) {
    throw registerFileError(error, `${oneLine(join(folder, JOURNAL))} can't be written`);
  }
  return `${tornText(journal.head, journal.torn!)}; it was set aside in ${oneLine(join(folder, name))}`;
}

/** Writes a file under a name that is free; one that has these bytes already will do. */
function keepBytes(folder: string, stem: string, bytes: Uint8Array): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? `${stem}.txt` : `${stem}-${i}.txt`;
    const path = join(folder, name);
    let handle: number | undefined;
    try {
      handle = openSync(path, "wx", 0o600);
      for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
      fsyncSync(handle);
      syncFolder(folder);
      return name;
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
      // Somebody was killed between keeping it and cutting it off.
      if (isThere && isKept(path, bytes)) return name;
      if (isThere && i < 1000) continue;
      if (handle !== undefined) quietly(() => unlinkSync(path));
      throw registerFileError(error, `${oneLine(path)} can't be written`);
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }
}

function isKept(path: string, bytes: Uint8Array): boolean {
  let handle: number | undefined;
  try {
    if (lstatSync(path).size !== bytes.length) return false;
    handle = openSync(path, "r+");
    fsyncSync(handle);
    return readFileSync(handle).equals(bytes);
  } catch {
    return false;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
