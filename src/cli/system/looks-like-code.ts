import { existsSync } from "node:fs";
import { basename, dirname, parse } from "node:path";
import { holdsCode } from "../../core/holds-code.ts";

/** Whether what was typed looks like a line of a slip's code. */
export function looksLikeCode(typed: string): boolean {
  return holdsCode(typed) && !isPlace(typed.trim());
}

/**
 * Whether it is a path into a folder that is there, whose name may have been drawn, as that of a
 * temporary one is. A stray slash makes no path of a line.
 */
function isPlace(path: string): boolean {
  const folder = dirname(path);
  if (folder === "." || folder === parse(path).root || !existsSync(folder)) return false;
  return !holdsCode(basename(path)) || existsSync(path);
}
