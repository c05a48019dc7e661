import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileError } from "./file-error.ts";
import { onStop } from "./interrupt.ts";
import { oneLine } from "./output.ts";

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes files that did not exist before, readable by their owner alone, and syncs them to the
 * disk: all of them, or after a failure or an interruption none.
 *
 * @param folder made if it is not there
 * @returns their paths
 * @throws BreakglassError `file`
 */
export function writeNewFiles(folder: string, files: readonly NewFile[]): string[] {
  const undo: (() => void)[] = [];
  const undoAll = (): void => {
    for (const step of undo.splice(0).reverse()) quietly(step);
  };
  const release = onStop(undoAll);
  try {
    makeFolder(folder, undo);
    const paths = files.map((file) => {
      const path = join(folder, file.name);
      try {
        writeNewFile(path, file.bytes, undo);
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

function makeFolder(folder: string, undo: (() => void)[]): void {
  try {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    // mkdir names the first folder it made; those below it are undone before it
    const made = [folder];
    while (made[0] !== first && dirname(made[0]!) !== made[0]) made.unshift(dirname(made[0]!));
    for (const path of made) undo.push(() => rmdirSync(path));
  } catch (error) {
    throw fileError(error, `the folder ${oneLine(folder)} can't be made`);
  }
}

function writeNewFile(path: string, bytes: Uint8Array, undo: (() => void)[]): void {
  const handle = openSync(path, "wx", 0o600);
  undo.push(() => unlinkSync(path));
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the new names themselves last, where the system lets a folder be synced. */
function syncFolder(folder: string): void {
  quietly(() => {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // Undoing goes on with what is left: the failure that led here is the one to report.
  }
}
