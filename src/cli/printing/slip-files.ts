import { closeSync, fsyncSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileError } from "../system/file-error.ts";
import { makeFolders } from "../system/folders.ts";
import { onStop } from "../system/interrupt.ts";
import { oneLine } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { syncFolder } from "../system/sync-folder.ts";

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const MODES = {
  owner: { folder: 0o700, file: 0o600 },
  everybody: { folder: 0o755, file: 0o644 },
} as const;

/** Who may read what is written: its owner alone, or everybody. */
type Readers = keyof typeof MODES;

/**
 * Writes files that did not exist before and syncs them to the disk: all of them, or after a
 * failure or an interruption none.
 *
 * @param folder made if it is not there
 * @param readers everybody only for what holds no secret
 * @returns their paths
 * @throws BreakglassError `file`
 */
export function writeNewFiles(
  folder: string,
  files: readonly NewFile[],
  readers: Readers = "owner",
): string[] {
  const undo: (() => void)[] = [];
  const undoAll = (): void => {
    for (const step of undo.splice(0).reverse()) quietly(step);
  };
  // While somebody listens, a signal waits until all of this is done, and cuts no set short.
  const release = onStop(() => undefined);
  try {
    const modes = MODES[readers];
    for (const made of makeFolders(folder, modes.folder)) undo.push(() => rmdirSync(made));
    const paths = files.map((file) => {
      const path = join(folder, file.name);
      try {
        writeNewFile(path, file.bytes, modes.file, undo);
      } catch (error) {
        throw fileError(error, `${oneLine(path)} can't be written`);
      }
      return path;
    });
    syncFolder(folder);
    return paths;
  } catch (error) {
    undoAll();
    throw error;
  } finally {
    release();
  }
}

function writeNewFile(path: string, bytes: Uint8Array, mode: number, undo: (() => void)[]): void {
  const handle = openSync(path, "wx", mode);
  undo.push(() => unlinkSync(path));
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
