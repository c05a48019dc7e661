import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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

describe.skipIf(needs("python3"))("journal-format.md's program verifies", () => {
  const document = readFileSync(new URL("docs/journal-format.md", ROOT), "utf8");
  const example = /^```jsonl\n(.*?)^```$/ms.exec(document)![1]!;
  const [, first, second] = /anchor is `(.*?)`.* was `(.*?)`/.exec(document) as unknown as string[];

  function verify(journal: string, ...anchors: readonly string[]): [number | null, string] {
    const cwd = mkdtempSync(join(tmpdir(), "docs-"));
    copyFileSync(new URL("docs/verify_journal.py", ROOT), join(cwd, "verify_journal.py"));
    writeFileSync(join(cwd, "journal.jsonl"), journal);
    const [command] = commandsIn("docs/journal-format.md") as [string];
    const [words] = command.split(" 1-") as [string];
    const line = [words, ...anchors].join(" ");
    const ran = spawnSync("sh", ["-eu", "-c", line], { cwd, encoding: "utf8" });
    return [ran.status, ran.stdout + ran.stderr];
  }

  test("the example, against its anchors", () => {
    const [status, said] = verify(example, first!, second!);
    expect(status).toBe(0);
    expect(said).toBe(
      [
        "the chain of 2 entries holds",
        `anchor ${first!}`,
        `${first!}: agrees; 0 later entries are not covered by it`,
        `${second!}: agrees; 1 later entries are not covered by it`,
        "",
      ].join("\n"),
    );
    expect(commandsIn("docs/journal-format.md")[0]).toContain(second);
  });

  test.each([
    ["a changed letter", (text: string) => text.replace("Lea", "Leo"), /line 1 is damaged/],
    ["a changed last line", (text: string) => text.replace("0017", "0018"), /line 2 is damaged/],
    [
      "a first line left out",
      (text: string) => text.slice(text.indexOf("\n") + 1),
      /line 1 does not/,
    ],
    [
      "lines exchanged",
      (text: string) => `${text.split("\n").slice(0, 2).reverse().join("\n")}\n`,
      /line 1/,
    ],
    ["a shorter copy", (text: string) => text.slice(0, text.indexOf("\n") + 1), /older copy/],
  ] as const)("%s is noticed", (_, change, message) => {
    const [status, said] = verify(change(example), first!);
    expect(status).toBe(1);
    expect(said).toMatch(message);
  });

  test("another anchor, and a torn end", () => {
    expect(verify(example, `2-${"0".repeat(30)}`)).toEqual([1, expect.stringMatching(/rewritten/)]);
    expect(verify(`${example}{"n":3`)).toEqual([0, expect.stringMatching(/6 bytes after/)]);
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
