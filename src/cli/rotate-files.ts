import { unlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { SetState } from "../custody/register.ts";
import { fileError } from "./file-error.ts";
import { oneLine } from "./output.ts";
import type { Sitting } from "./sitting.ts";
import { syncFolder } from "./sync-folder.ts";

/** Once every slip was checked from paper, its file is only a danger. */
export async function deleteFiles(sitting: Sitting, { set, files }: SetState): Promise<void> {
  if (files === undefined) return;
  const { options } = sitting;
  const own = options.files.length > 0;
  sitting.say(
    own
      ? `Every slip was checked from paper: the ${options.files.length} files in ${oneLine(dirname(options.files[0]!))} are no longer needed.`
      : `The slips of set ${set} were written into files. Delete them where they are, and in the bin.`,
  );
  const choice = await sitting.choose({
    d: own ? "delete them now" : "they are deleted",
    l: "later",
  });
  if (choice === "l") return;
  const deleted = sitting.tell(() => {
    for (const path of own ? options.files : []) remove(path);
  });
  if (!deleted) return;
  sitting.write(await sitting.lead(), (deed) => ({ kind: "slip-files-deleted", ...deed, set }));
  if (own)
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
