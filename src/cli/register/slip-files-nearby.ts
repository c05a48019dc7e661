import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Files with slips of a set that lie in the working folder, or in a folder in it. They are known by
 * the names that they were written under.
 */
export function slipFilesNearby(set: string): string[] {
  const isSlip = (name: string): boolean =>
    new RegExp(`^${set}-slip-\\d+-of-\\d+\\.pdf$`).test(name);
  const entries = list(".");
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [
    ...entries.map(({ name }) => name).filter(isSlip),
    ...folders.flatMap((folder) =>
      list(folder)
        .map(({ name }) => name)
        .filter(isSlip)
        .map((name) => join(folder, name)),
    ),
  ];
}

function list(folder: string): import("node:fs").Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // what can't be looked into hides nothing from its owner
  }
}
