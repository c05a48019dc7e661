import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EXIT_STATUS } from "../../src/cli/system/exit-status.ts";
import type { Vector } from "../vectors/scenario.ts";
import { breakglass } from "./breakglass.ts";

const FOLDER = fileURLToPath(new URL("../vectors", import.meta.url));
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

test.each(names)("the program agrees with %s", (name) => {
  const vector = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Vector;
  const folder = mkdtempSync(join(tmpdir(), "vector-"));
  const files = vector.documents.map((text, i) => {
    const file = join(folder, `${i}.txt`);
    writeFileSync(file, text);
    return file;
  });
  const accept = vector.acceptCorrections ? ["--accept-corrections"] : [];
  const set = vector.set === undefined ? [] : ["--set", vector.set];
  const ran = breakglass(["recover", "--stdout", ...accept, ...set, ...files]);
  if (vector.expect !== "password" && ran.status === 0) {
    // What can't be read holds nothing up here if the others are enough; but it is told, and judged.
    expect(ran.stderr).toContain("careful: not used: ");
    expect(breakglass(["check", ...files]).status).toBe(EXIT_STATUS[vector.expect]);
    return;
  }
  expect(ran.stdout).toBe(vector.password ?? "");
  expect(ran.status).toBe(vector.expect === "password" ? 0 : EXIT_STATUS[vector.expect]);
});
