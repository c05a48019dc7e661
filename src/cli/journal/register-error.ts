import { BreakglassError } from "../../core/errors.ts";
import { fileError } from "../system/file-error.ts";

const COPY = "copy the register's folder to another disk, and from then on use that copy alone";

/** What to do where a register can't be written, which can't be put in any other place. */
const HINTS: Readonly<Record<string, string>> = {
  EACCES: "check who may read and write in the register's folder",
  EPERM: "check who may read and write in the register's folder",
  EROFS: COPY,
  ENOSPC: "make room on the disk and try again",
  EDQUOT: "make room on the disk and try again",
  EIO: COPY,
};

/**
 * A failure of the file system in plain words, with what to do about it where it is a register's.
 *
 * @param what could not be done, such as `custody/journal.jsonl can't be written`
 */
export function registerFileError(error: unknown, what: string): unknown {
  const told = fileError(error, what);
  if (told === error || !(told instanceof BreakglassError)) return error;
  const { code } = error as NodeJS.ErrnoException;
  const hint = HINTS[code ?? ""] ?? "move the register's folder to a disk of this computer";
  return new BreakglassError("file", told.message, hint);
}
