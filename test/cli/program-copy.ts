import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The program installed elsewhere, with other bytes for its recovery page, or with none.
 *
 * @returns the path of its main file
 */
export function programWith(page: string | undefined): string {
  const home = mkdtempSync(join(tmpdir(), "program-"));
  for (const part of ["dist", "docs", "templates", "LICENSE", "package.json"])
    cpSync(join(ROOT, part), join(home, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(home, "node_modules"));
  const path = join(home, "dist/recover.html");
  rmSync(path, { force: true });
  if (page !== undefined) writeFileSync(path, page);
  return join(home, "dist/breakglass.cjs");
}
