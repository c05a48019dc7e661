import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Set where a test that can't run is a failure. */
const REQUIRED = "BREAKGLASS_REQUIRE_TOOLS";

/**
 * Whether to skip tests that need programs of the system, for vitest's `skipIf`.
 *
 * @param tools names of programs, such as "pdftotext", or paths of what is no program
 * @throws Error instead of skipping where BREAKGLASS_REQUIRE_TOOLS is set
 */
export function needs(...tools: readonly string[]): boolean {
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (missing.length > 0 && process.env[REQUIRED])
    throw new Error(`these tests need ${missing.join(", ")}, and ${REQUIRED} is set`);
  return missing.length > 0;
}

function isInstalled(tool: string): boolean {
  const folders = isAbsolute(tool) ? ["/"] : (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
