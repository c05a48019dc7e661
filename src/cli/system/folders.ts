import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileError } from "./file-error.ts";
import { oneLine } from "./output.ts";

/**
 * Makes a folder, usually for its owner alone, and those above it that are missing: one by one, since Node's
 * own way never returns where a file system answers that a parent is not there although it is.
 *
 * @returns the folders that were made, the outermost first
 * @throws BreakglassError `file`
 */
export function makeFolders(folder: string, mode = 0o700): string[] {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path); path = dirname(path)) {
    missing.unshift(path);
    if (dirname(path) === path) break;
  }
  for (const path of missing)
    try {
      mkdirSync(path, { mode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw fileError(error, `the folder ${oneLine(folder)} can't be made`);
    }
  return missing;
}
