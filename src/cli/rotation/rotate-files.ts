import { existsSync, unlinkSync } from "node:fs";
import { dirname, normalize } from "node:path";
import type { SetState } from "../../custody/register.ts";
import { slipFilesNearby } from "../register/slip-files-nearby.ts";
import { fileError } from "../system/file-error.ts";
import { oneLine } from "../system/output.ts";
import { syncFolder } from "../system/sync-folder.ts";
import type { Sitting } from "./sitting.ts";

/** Once every slip was checked from paper, its file is only a danger. */
export async function deleteFiles(sitting: Sitting, { set, files }: SetState): Promise<void> {
  if (files === undefined) return;
  const here = slipFilesNearby(set);
  const found = [...new Set([...sitting.options.files, ...here].map((path) => normalize(path)))];
  const left = found.filter((path) => existsSync(path));
  const [first] = left;
  sitting.say(
    first !== undefined
      ? `Every slip was checked from paper: the ${left.length} files in ${oneLine(dirname(first))} are no longer needed.`
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
  if (first !== undefined)
    sitting.say(
      "A disk can keep what was deleted: a folder in memory (tmpfs) forgets it for good.",
    );
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
