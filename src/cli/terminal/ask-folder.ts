import { accessSync, constants, readdirSync, rmdirSync, statSync } from "node:fs";
import { BreakglassError } from "../../core/errors.ts";
import { makeFolders } from "../system/folders.ts";
import { quietly } from "../system/quietly.ts";
import { askFor } from "./questions.ts";

/** The folder that was named, or that the person names: a new one, or an empty one. */
export async function askNewFolder(question: string, given: string | undefined): Promise<string> {
  return askFor("FOLDER", `${question} (new, or empty)`, given, { judge: newFolderVerdict });
}

function newFolderVerdict(folder: string): true | string {
  const verdict = folderVerdict(folder);
  if (verdict !== true) return verdict;
  return isEmpty(folder) || "there is something in it; name a new folder";
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return true; // it is made later
  }
}

/** Whether files can be written into a folder, which is made for a moment if it is not there. */
export function folderVerdict(folder: string): true | string {
  let made: readonly string[] = [];
  try {
    made = makeFolders(folder);
    if (!statSync(folder).isDirectory()) return "this is a file; name a folder";
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof BreakglassError) return `${error.message}; name another folder`;
    return "nothing can be written there; name another folder";
  } finally {
    for (const path of made.toReversed()) quietly(() => rmdirSync(path));
  }
}
