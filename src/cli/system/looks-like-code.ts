import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { holdsCode } from "../../core/holds-code.ts";

/**
 * Whether what was typed looks like a line of a slip's code. A path in a folder that is there is
 * none, though the name of a folder may have been drawn, as that of a temporary one is.
 */
export function looksLikeCode(typed: string): boolean {
  return holdsCode(typed) && !(/[/\\]/.test(typed) && existsSync(dirname(typed.trim())));
}
