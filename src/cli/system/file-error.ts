import { BreakglassError } from "../../core/errors.ts";

/** What is wrong and what to do, for the failures that a file system reports. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["it does not exist", "check the name"],
  ENOTDIR: ["a part of its path is no folder", "check the name"],
  EISDIR: ["it is a folder", "name a file"],
  EEXIST: [
    "it is there already",
    "choose another folder, or move what is there; nothing is ever overwritten",
  ],
  EACCES: ["access is denied", "check who may read and write there"],
  EPERM: ["access is denied", "check who may read and write there"],
  EROFS: ["the disk is read-only", "choose a folder on another disk"],
  ENOSPC: ["the disk is full", "make room, or choose a folder on another disk"],
  EDQUOT: ["the disk quota is used up", "make room, or choose a folder on another disk"],
  EFBIG: ["it would be larger than is allowed here", "raise the limit on file size"],
  EIO: ["the disk reports a failure", "use another disk"],
  EMFILE: ["too many files are open", "close other programs"],
  ENAMETOOLONG: ["its name is too long", "choose a shorter name"],
  ELOOP: ["its path runs in a circle", "check the name"],
};

/**
 * A failure of the file system in plain words. A system's own message is not passed on: it is not
 * known what it quotes.
 *
 * @param what could not be done, such as `out/K7Q2.pdf can't be written`
 */
export function fileError(error: unknown, what: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof BreakglassError || code === undefined) return error;
  const [reason, hint] = REASONS[code] ?? [`the system says ${code}`, "try another place"];
  return new BreakglassError("file", `${what}: ${reason}`, hint);
}
