import { existsSync } from "node:fs";
import { dirname, parse } from "node:path";
import { holdsCode } from "../../core/holds-code.ts";

/** Whether what was typed looks like a line of a slip's code. */
export function looksLikeCode(typed: string): boolean {
  return holdsCode(typed) && holdsCode(notThere(typed.trim()));
}

/**
 * What of a path is yet to be made: the names of folders that are there may have been drawn, as
 * those of temporary ones are, and say nothing. A stray slash makes no path of a line, which is not
 * looked for on the disk.
 */
function notThere(path: string): string {
  const outside = (folder: string): boolean => folder === "." || folder === parse(path).root;
  if (outside(dirname(path))) return path;
  let there = path;
  while (!outside(there) && !existsSync(there)) there = dirname(there);
  return outside(there) ? path : path.slice(there.length);
}
