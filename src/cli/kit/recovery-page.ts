import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BreakglassError } from "../../core/errors.ts";
import { hash } from "../system/hash.ts";
import { readBytes } from "../system/input.ts";

/** The file that `npm run build` puts beside the program. */
const PATH = fileURLToPath(new URL("recover.html", import.meta.url));
const PAGE_MAX = 8 * 1024 * 1024;

/**
 * The recovery page that belongs to this program.
 *
 * @throws BreakglassError `file`
 */
export function recoveryPage(): Uint8Array {
  if (existsSync(PATH)) return readBytes(PATH, PAGE_MAX, "recover.html");
  throw new BreakglassError(
    "file",
    "the recovery page (recover.html) is not beside this program",
    "build it first: npm run build",
  );
}

/** SHA-256 of the recovery page in hex, or undefined where there is none. */
export function recoveryPageHash(): string | undefined {
  return existsSync(PATH) ? hash(recoveryPage()) : undefined;
}
