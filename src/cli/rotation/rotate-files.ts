import { existsSync, unlinkSync } from "node:fs";
import { basename, dirname, normalize } from "node:path";
import type { SetState } from "../../custody/register.ts";
import { slipFilesNearby } from "../register/slip-files-nearby.ts";
import { fileError } from "../system/file-error.ts";
import { oneLine } from "../system/output.ts";
import { syncFolder } from "../system/sync-folder.ts";
import type { Sitting } from "./sitting.ts";

/** The files with slips of a set that can be found from here. */
export function filesOf({ options }: Sitting, set: string): string[] {
  const written = options.files.filter((path) => basename(path).startsWith(`${set}-slip-`));
  const found = [...written, ...slipFilesNearby(set)].map((path) => normalize(path));
  return [...new Set(found)].filter((path) => existsSync(path));
}

/**
 * Once every slip was checked from paper, or the set is given up, its files are only a danger.
 *
 * @param why they are no longer needed
 */
export async function deleteFiles(
  sitting: Sitting,
  { set, files }: SetState,
  why = "Every slip was checked from paper",
): Promise<void> {
  if (files === undefined) return;
  const left = filesOf(sitting, set);
  const [first] = left;
  sitting.say(
    first !== undefined
      ? `${why}: the ${left.length} files in ${oneLine(dirname(first))} are no longer needed.`
      : `The slips of set ${set} were written into files. Delete them where they are, and in the bin.`,
  );
  const choice = await sitting.choose({
    d: first === undefined ? "they are deleted" : "delete them now",
    l: "later",
  });
  if (choice === "l") return;
  const deleted = sitting.tell(() => {
    for (const path of left) remove(path);
  });
  if (!deleted) return;
  sitting.write(await sitting.lead(), (deed) => ({ kind: "slip-files-deleted", ...deed, set }));
}

function remove(path: string): void {
  try {
    unlinkSync(path);
    syncFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw fileError(error, `${oneLine(path)} can't be deleted`);
  }
}
