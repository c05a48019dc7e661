import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
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

/**
 * Refuses a folder in which there is something: what belongs together lies alone.
 *
 * @param inside what a new folder in it could be called
 * @throws BreakglassError `file`
 */
export function requireEmpty(folder: string, inside: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // it is not there, or making it will say why it can't be used
  }
  if (names.length > 0)
    throw new BreakglassError(
      "file",
      `the folder ${oneLine(folder)} is not empty`,
      `name a new one, such as ${oneLine(join(folder, inside))}; nothing is ever overwritten`,
    );
}
