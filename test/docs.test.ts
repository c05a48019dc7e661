import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SAMPLE_PASSWORD, writeSampleSlips } from "./cli/sample-slips.ts";
import { needs } from "./tools.ts";

const ROOT = new URL("../", import.meta.url);

/** The commands of a document: what stands in its `sh` blocks. */
function commandsIn(path: string): string[] {
  const document = readFileSync(new URL(path, ROOT), "utf8");
  return [...document.matchAll(/^```sh\n(.*?)^```$/gms)].map((block) => block[1]!);
}

/** Runs commands one after the other in one shell, in a folder with sample slips. */
function shell(...commands: string[]): string {
  const cwd = mkdtempSync(join(tmpdir(), "docs-"));
  writeSampleSlips(cwd);
  copyFileSync(new URL("docs/read_slips.py", ROOT), join(cwd, "read_slips.py"));
  const ran = spawnSync("sh", ["-eu", "-c", commands.join("\n")], { cwd, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  return ran.stdout;
}

describe("recover-by-hand.md works as it is written", () => {
  const [python, functions, combine, digest] = commandsIn("docs/recover-by-hand.md") as [
    string,
    string,
    string,
    string,
  ];

  test.skipIf(needs("python3"))("with Python", () => {
    expect(shell(python)).toBe(SAMPLE_PASSWORD);
  });

  test.skipIf(needs("gfcombine", "base32", "expr", "od", "sha256sum"))("with gfcombine", () => {
    const [password, held, expected] = shell(functions, combine, "echo", digest).split("\n");
    expect(password).toBe(SAMPLE_PASSWORD);
    expect(held).toBe(expected);
  });
});

test("the README's two commands are scripts of this project", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(commandsIn("README.md")).toEqual(["npm ci && npm run demo\n", "npm ci && npm test\n"]);
  expect(scripts).toHaveProperty("demo");
  expect(scripts).toHaveProperty("test");
});
