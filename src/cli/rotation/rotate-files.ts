import { existsSync, unlinkSync } from "node:fs";
import { basename, dirname, normalize } from "node:path";
import type { SetState } from "../../custody/register.ts";
import { slipFilesIn, slipFilesNearby } from "../register/slip-files-nearby.ts";
import { fileError } from "../system/file-error.ts";
import { oneLine } from "../system/output.ts";
import { syncFolder } from "../system/sync-folder.ts";
import { unlessBack, type Sitting } from "./sitting.ts";

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
  { set, slips, files }: SetState,
  why = "Every slip was checked from paper",
): Promise<void> {
  if (files === undefined) return;
  const left = await filesLeft(sitting, set, why);
  if (left === undefined) return;
  // Asked first: who goes back from it finds the files as they were.
  const by = await sitting.lead();
  const deleted = sitting.tell(() => {
    for (const path of left) remove(path);
  });
  if (!deleted) return;
  if (left.length > 0 && !(await areAllGone(sitting, left.length, slips.length))) return;
  await sitting.write(by, (deed) => ({ kind: "slip-files-deleted", ...deed, set }));
}

/** Whether those that were not found here are deleted too: a file that is left holds a part of the password. */
async function areAllGone(sitting: Sitting, deleted: number, total: number): Promise<boolean> {
  sitting.say(`${deleted} of ${total} slip files are deleted`);
  if (deleted >= total) return true;
  sitting.say("Look for the others where the set was printed from, and in the bin.");
  const choice = await sitting.choose({ h: "they are deleted too", l: "later" });
  return choice === "h";
}

/** The files to be deleted now; undefined: none of them, and nothing is to be written down. */
async function filesLeft(
  sitting: Sitting,
  set: string,
  why: string,
): Promise<readonly string[] | undefined> {
  const left = filesOf(sitting, set);
  const [first] = left;
  if (first !== undefined) {
    sitting.say(
      `${why}: the ${left.length} files in ${oneLine(dirname(first))} are no longer needed.`,
    );
    const choice = await sitting.choose({ d: "delete them now", l: "later" });
    return choice === "d" ? left : undefined;
  }
  // They lie elsewhere: whoever chose "delete" at the last set must not choose "they are deleted" now.
  for (;;) {
    sitting.say(`The slips of set ${set} were written into files, which are not in this folder.`);
    const choice = await sitting.choose({
      f: "name the folder they are in: they are deleted now",
      h: "somebody has deleted them by hand, and from the bin",
      l: "later",
    });
    if (choice !== "f") return choice === "h" ? [] : undefined;
    const folder = await unlessBack(sitting.need("Folder with the slips"));
    if (folder === undefined) continue;
    const found = slipFilesIn(folder, set);
    if (found.length > 0) return found;
    sitting.say(
      existsSync(folder)
        ? "there is no slip of this set in it"
        : `${oneLine(folder)} does not exist: compare its name`,
    );
  }
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
