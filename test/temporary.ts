import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives a run of the tests a temporary folder of its own, since there are slips in it, and removes it. */
export default function setup(): () => void {
  // Letters and digits in turn: drawn names may look like a slip's code, and none may be taken for one.
  const folder = mkdtempSync(join(tmpdir(), "breakglass-tests-1a2b3c-"));
  chmodSync(folder, 0o711); // some tests run as a user without privileges
  process.env["TMPDIR"] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
