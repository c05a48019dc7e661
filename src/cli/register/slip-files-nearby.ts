import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Files with slips of a set that lie in the working folder, or in a folder in it. They are known by
 * the names that they were written under.
 */
export function slipFilesNearby(set: string): string[] {
  const folders = list(".").filter((entry) => entry.isDirectory());
  return [".", ...folders.map(({ name }) => name)].flatMap((folder) => slipFilesIn(folder, set));
}

/** Files with slips of a set that lie in a folder. */
export function slipFilesIn(folder: string, set: string): string[] {
  const slip = new RegExp(`^${set}-slip-\\d+-of-\\d+\\.pdf$`);
  return list(folder)
    .map(({ name }) => name)
    .filter((name) => slip.test(name))
    .map((name) => join(folder, name));
}

function list(folder: string): import("node:fs").Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // what can't be looked into hides nothing from its owner
  }
}
