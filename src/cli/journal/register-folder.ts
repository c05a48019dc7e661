import { existsSync, lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { oneLine } from "../system/output.ts";

/** The journal's name in the register's folder. */
export const JOURNAL = "journal.jsonl";

const DEFAULT_FOLDER = "custody";
const FOLDER_VARIABLE = "BREAKGLASS_REGISTER";

/**
 * The register's folder: what `--register` says, else BREAKGLASS_REGISTER, else `custody`.
 *
 * @throws BreakglassError `usage` for an empty name, which is a variable of a script that was not set
 */
export function registerFolder(option: string | undefined): string {
  if (option === "")
    throw new BreakglassError(
      "usage",
      "--register names no folder",
      `leave it out for ./${DEFAULT_FOLDER}`,
    );
  const variable = process.env[FOLDER_VARIABLE];
  return option ?? (variable === "" || variable === undefined ? DEFAULT_FOLDER : variable);
}

/** Whether there is a register in the folder, if only one that can't be read. */
export function hasRegister(folder: string): boolean {
  try {
    return lstatSync(join(folder, JOURNAL), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/**
 * The folder of a register that there is, before anything is asked for that would be in vain without.
 *
 * @param option `--register`
 * @throws BreakglassError `register` if there is none, `usage`
 */
export function needRegister(option: string | undefined): string {
  const folder = registerFolder(option);
  if (!hasRegister(folder)) throw noRegister(folder);
  return folder;
}

/** The error for a folder without a register. */
export function noRegister(folder: string): BreakglassError {
  return new BreakglassError(
    "register",
    `there is no register in ${folderName(folder)}`,
    `name its folder with --register, or open a new one: ${COMMANDS.init()}`,
  );
}

/**
 * How messages call the folder. What neither is there nor looks like a path is not repeated:
 * somebody may have typed a secret there.
 */
export function folderName(folder: string): string {
  return folder === DEFAULT_FOLDER || existsSync(folder) || looksLikePath(folder)
    ? oneLine(folder)
    : "the folder that was named";
}

/** `/srv/custody`, `../custody`, `C:\\custody`, or a name within a folder that is there. */
function looksLikePath(folder: string): boolean {
  const above = dirname(folder);
  return /^(?:\.{1,2}|~|[A-Za-z]:)?[\\/]/.test(folder) || (above !== "." && existsSync(above));
}
