import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { spawnSync } from "../child.ts";

const FUZZER = fileURLToPath(new URL("run.mjs", import.meta.url));

function fuzz(...args: string[]): { readonly status: number | null; readonly said: string } {
  const ran = spawnSync(process.execPath, [FUZZER, ...args], { encoding: "utf8" });
  return { status: ran.status, said: ran.stdout + ran.stderr };
}

describe("the fuzzer finds what was planted:", () => {
  // The flood's time is not what is looked at: there are machines that take over a second to give
  // a program half a gigabyte.
  test.each<[string, string, RegExp, ...string[]]>([
    ["planted-crash", "TypeError: planted", /^cr4s/],
    ["planted-hang", "hangs for more than 1000 ms", /^hang$/],
    ["planted-memory", "takes more than 512 MB", /^more$/, "--hang", "15000"],
  ])("%s, saves the input, and fails on it again", (target, failure, input, ...flags) => {
    const found = mkdtempSync(join(tmpdir(), "fuzz-"));
    const ran = fuzz("--seconds", "100", "--seed", "1", "--found", found, ...flags, target);
    expect(ran.said).toContain(failure);
    expect(ran.status).toBe(1);
    const [file] = readdirSync(found);
    expect(readFileSync(join(found, file!), "utf8")).toMatch(input);
    const again = fuzz("--input", join(found, file!), "--found", found, ...flags, target);
    expect(again.said).toContain(failure);
    expect(again.status).toBe(1);
  });
});

test("every parser takes its seeds, what was found before, and a few seconds of more", () => {
  const ran = fuzz("--seconds", "2", "--seed", "20261123");
  expect(ran.status, ran.said).toBe(0);
});
