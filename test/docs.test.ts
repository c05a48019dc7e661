import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import type { SpawnSyncReturns } from "node:child_process";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { execFileSync, spawnSync } from "./child.ts";
import { BINARY, breakglass, issueArgs } from "./cli/breakglass.ts";
import { SAMPLE_PASSWORD, writeSampleSlips } from "./cli/sample-slips.ts";
import { programWith } from "./cli/program-copy.ts";
import { Session } from "./cli/session.ts";
import { needs } from "./tools.ts";

const ROOT = new URL("../", import.meta.url);
const GUIDE = "docs/recover-by-hand.md";

/** The commands of a document: what stands in its `sh` blocks. */
function commandsIn(document: string): string[] {
  return [...document.matchAll(/^```sh\n(.*?)^```$/gms)].map((block) => block[1]!);
}

function documentText(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The program that the guide has for somebody to type. */
function programIn(document: string): string {
  return /^```python\n(.*?)^```$/ms.exec(document)![1]!;
}

/** A folder with sample slips as somebody typed them, the Python reader, and the program. */
function desk(): { cwd: string; env: Record<string, string> } {
  const cwd = mkdtempSync(join(tmpdir(), "docs-"));
  writeSampleSlips(cwd);
  copyFileSync(new URL("docs/read_slips.py", ROOT), join(cwd, "read_slips.py"));
  const program = join(cwd, "breakglass");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
  chmodSync(program, 0o755);
  const path = `${cwd}${delimiter}${process.env["PATH"] ?? ""}`;
  return { cwd, env: { ...(process.env as Record<string, string>), PATH: path } };
}

/** Runs commands one after the other in one shell at that desk. */
function shell(commands: readonly string[], at = desk()): string {
  const ran = spawnSync("sh", ["-eu", "-c", commands.join("\n")], { ...at, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  return ran.stdout;
}

/** The text of the guide's PDF. */
function paperText(): string {
  const stick = join(mkdtempSync(join(tmpdir(), "docs-")), "stick");
  const program = programWith("<!doctype html>");
  execFileSync(process.execPath, [program, "kit", stick], { stdio: "pipe" });
  const pdf = join(stick, "recover-by-hand.pdf");
  return execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });
}

/** The guide's commands, each line taken from the text of its PDF. */
function commandsOnPaper(): string[] {
  const printed = paperText()
    .split(/[\n\f]/)
    .filter((line) => line.trim() !== "");
  let at = 0;
  return commandsIn(documentText(GUIDE)).map((block) => {
    const lines = block.split("\n").filter((line) => line !== "");
    const start = printed.findIndex((line, i) => i >= at && line.trim() === lines[0]!);
    expect(start, lines[0]).toBeGreaterThanOrEqual(0);
    at = start + lines.length;
    const copied = printed.slice(start, at).map((line) => line.trim());
    expect(copied).toEqual(lines.map((line) => line.trim()));
    return `${copied.join("\n")}\n`;
  });
}

/** The guide's program, typed from its PDF: all of it must stand on one page. */
function programOnPaper(): string {
  const lines = programIn(documentText(GUIDE)).trimEnd().split("\n");
  const page = paperText()
    .split("\f")
    .find((text) => text.includes(lines[0]!))!;
  const printed = page.split("\n");
  const start = printed.findIndex((line) => line.trim() === lines[0]);
  const end = printed.findIndex((line) => line.trim() === lines.at(-1));
  expect(end).toBeGreaterThan(start);
  const margin = printed[start]!.length - printed[start]!.trimStart().length;
  return `${printed
    .slice(start, end + 1)
    .map((line) => line.slice(margin))
    .join("\n")}\n`;
}

/** The commands and the program as they stand in the Markdown, and as they stand on paper. */
const SOURCES: readonly [
  name: string,
  commands: () => string[],
  page: () => string,
  tools: string[],
][] = [
  [
    "as it is written",
    () => commandsIn(documentText(GUIDE)),
    () => programIn(documentText(GUIDE)),
    [],
  ],
  ["as it is printed", commandsOnPaper, programOnPaper, ["pdftotext"]],
];

describe.each(SOURCES)("recover-by-hand.md works %s", (_, source, page, tools) => {
  const skip = needs(...tools);
  let program: string, keys: string, files: string, corrected: string, typed: string;
  let functions: string, combine: string, digest: string, remove: string;

  beforeAll(() => {
    if (skip) return;
    const commands = source();
    expect(commands).toHaveLength(9);
    [program, keys, files, corrected, typed, functions, combine, digest, remove] = commands as [
      ...[string, string, string, string, string],
      ...[string, string, string, string],
    ];
  });

  test.skipIf(skip)("with breakglass, typed at the terminal", async () => {
    const { cwd, env } = desk();
    const session = new Session(["-c", program], { cwd, env, program: "sh" });
    for (const name of ["one", "three"])
      for (const line of typedLines(cwd, name).slice(0, -1)) {
        const [number, symbols] = line.split(/(?<=\)) /);
        await session.answers(`${number!} `, symbols!);
      }
    await session.sees("Press Enter to show it");
    session.type("\r");
    await session.sees("kR7#  mX2-  vQ9+");
    await session.answers("q and Enter leaves. ", "q");
    expect(await session.status()).toBe(0);
  });

  test.skipIf(skip || needs("python3"))("with Python, typed at the terminal", async () => {
    const { cwd, env } = desk();
    const session = new Session(["-c", keys], { cwd, env, program: "sh" });
    await session.sees("Ctrl-D");
    for (const line of [...typedLines(cwd, "one"), ...typedLines(cwd, "two")])
      session.type(`${line.toLowerCase()}\r`);
    session.type("\x04");
    await session.sees(`${SAMPLE_PASSWORD}\r\n`);
    expect(await session.status()).toBe(0);
  });

  test.skipIf(skip || needs("python3"))("with Python, from files", () => {
    expect(shell([files])).toBe(SAMPLE_PASSWORD);
  });

  test.skipIf(skip || needs("python3"))("with Python, where something was mistyped", () => {
    const at = desk();
    copyFileSync(join(at.cwd, "typo.txt"), join(at.cwd, "one.txt"));
    const refused = spawnSync("sh", ["-c", files], { ...at, encoding: "utf8" });
    expect(refused.stderr).toMatch(/^corrections-needed: one\.txt, slip 1: line 2: symbol 5 wrong/);
    const mended = spawnSync("sh", ["-c", corrected], { ...at, encoding: "utf8" });
    expect(mended.stdout).toBe(SAMPLE_PASSWORD);
  });

  test.skipIf(skip || needs("python3"))("with a program typed from one page", () => {
    const at = desk();
    writeFileSync(join(at.cwd, "one_page.py"), page());
    const run = (): SpawnSyncReturns<string> =>
      spawnSync("sh", ["-c", typed], { ...at, encoding: "utf8" });
    expect(run().stdout).toBe(`${SAMPLE_PASSWORD}\n`);
    copyFileSync(join(at.cwd, "typo.txt"), join(at.cwd, "one.txt"));
    expect(run().stderr).toContain("slip 1, line 2: mistyped\n");
    expect(run().stdout).toBe("");
  });

  test.skipIf(skip || needs("python3")).each([
    ["two-altered.txt", "WRONG: "],
    ["other-two.txt", "give the slips of one set"],
    ["one.txt", "2 slips are needed"],
    ["cut.txt", "slip 2: a line is left out"],
  ])("with a program typed from one page, not from %s", (name, said) => {
    const at = desk();
    writeFileSync(join(at.cwd, "one_page.py"), page());
    const cut = typedLines(at.cwd, "two").filter((line) => !line.startsWith("3)"));
    writeFileSync(join(at.cwd, "cut.txt"), `${cut.join("\n")}\n`);
    copyFileSync(join(at.cwd, name), join(at.cwd, "two.txt"));
    const ran = spawnSync("sh", ["-c", typed], { ...at, encoding: "utf8" });
    expect(ran.stderr.split("\n")[1]).toContain(said);
    expect(ran).toMatchObject({ stdout: "", status: 1 });
  });

  test.skipIf(skip || needs("python3"))("explains what the Python reader says", () => {
    const explained = [...documentText(GUIDE).matchAll(/`([a-z]+-[a-z-]+|misfit|conflict)`/g)];
    const classes = explained.map(([, name]) => name!).filter((name) => !name.includes("gfshare"));
    const said = [
      ["typo.txt"],
      ["garbled.txt"],
      ["misplaced.txt"],
      ["lost-without-spare.txt"],
      ["one.txt"],
      ["one.txt", "other-two.txt"],
      ["one.txt", "two-altered.txt"],
      ["one.txt", "two-altered.txt", "three.txt"],
    ].map((names) => {
      const { cwd } = desk();
      const ran = spawnSync("python3", ["read_slips.py", ...names], { cwd, encoding: "utf8" });
      return ran.stderr.split(":")[0]!;
    });
    expect(classes).toEqual(expect.arrayContaining(said));
  });

  const tool = needs("gfcombine", "base32", "expr", "od", "seq", "sha256sum");
  test.skipIf(skip || tool)("with gfcombine", () => {
    const at = desk();
    expect(shell([functions, combine, digest, remove], at)).toBe(`${SAMPLE_PASSWORD}\nright\n`);
    expect(readdirSync(at.cwd).filter((name) => /^(share|joined)/.test(name))).toEqual([]);
  });

  test.skipIf(skip || tool)("with gfcombine, typed small, with look-alikes and hyphens", () => {
    const at = desk();
    const file = join(at.cwd, "one.txt");
    const loose = (line: string): string =>
      line.replace(/(?<=\).*)[01]/g, (digit) => (digit === "0" ? "o" : "l")).toLowerCase();
    const lines = readFileSync(file, "utf8").split("\n").map(loose);
    writeFileSync(file, lines.join("\n").replaceAll(/(?<=\w) (?=\w)/g, "-"));
    expect(shell([functions, combine, digest], at)).toBe(`${SAMPLE_PASSWORD}\nright\n`);
  });

  test.skipIf(skip || tool)("with gfcombine, where a line was mistyped", () => {
    const at = desk();
    copyFileSync(join(at.cwd, "typo.txt"), join(at.cwd, "one.txt"));
    const out = shell([functions, combine, digest], at);
    expect(out).toContain("WRONG");
    expect(out).not.toContain("right");
  });

  test.skipIf(skip || tool)("with gfcombine, blinded slips 1 and 3", () => {
    const at = desk();
    const set = documentText("test/golden/v1/slips/shamir-2of3-blinded/typed.txt").split("\n\n");
    writeFileSync(join(at.cwd, "one.txt"), set[0]!);
    writeFileSync(join(at.cwd, "two.txt"), set[2]!);
    const joined = combine.replace("share.001 share.002", "share.001 share.003");
    expect(shell([functions, joined, digest], at)).toBe("  blanks at both ends  \nright\n");
  });
});

function typedLines(folder: string, name: string): string[] {
  return readFileSync(join(folder, `${name}.txt`), "utf8")
    .trimEnd()
    .split("\n");
}

/** The large characters of a slip in clear, as an eye goes over them: by their numbers. */
function byEye(pdf: string): string {
  const boxes = execFileSync("pdftotext", ["-bbox", pdf, "-"], { encoding: "utf8" });
  const words = [
    ...boxes.matchAll(
      /xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)<\/word>/g,
    ),
  ].map(([, x, top, bottom, text]) => ({
    ...{ x: Number(x), top: Math.round(Number(top)), text: text! },
    height: Number(bottom) - Number(top),
  }));
  return words
    .filter(({ height }) => height > 24 && height < 30)
    .sort((a, b) => a.top - b.top || a.x - b.x)
    .map(({ text }) => text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    .join("")
    .replaceAll("\u2423", " ");
}

describe.skipIf(needs("pdftotext"))("by eye, as recover-by-hand.md says", () => {
  test.each([
    ["concat:2", "Tz4!wq-Lm8 vR2#x"],
    ["concat:3", "one <two> & three, and  more: 0O1lI"],
  ])("%s", (split, secret) => {
    const out = mkdtempSync(join(tmpdir(), "by-eye-"));
    const flags = ["--split", split, "--import", "--accept-weak"];
    const ran = breakglass(issueArgs(out, Number(split.at(-1)), ...flags), { input: secret });
    const slips = ran.stdout.trim().split("\n");
    expect(slips.map(byEye).join("")).toBe(secret);
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
    const [command] = commandsIn(document) as [string];
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
    expect(commandsIn(document)[0]).toContain(second);
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
    const digits = first!.slice(2);
    for (const [anchor, message] of [
      [`2-${"0".repeat(30)}`, /rewritten/],
      [`2-${second!.slice(2)}`, /another entry's/],
      [`20-${digits}`, /another entry's/],
      [`20-${"0".repeat(30)}`, /older copy/],
      [`2-ff${digits.slice(2)}`, /mistyped: entry 2's/],
      [`0-${"0".repeat(30)}`, /no anchor/],
      [`00-${"0".repeat(30)}`, /no anchor/],
      [`02-${digits}`, /no anchor/],
      [`2-g${digits.slice(1)}`, /no anchor/],
      [`${"2".repeat(5000)}-${digits}`, /no anchor/],
      [digits, /no anchor/],
      [`2-${digits}0`, /no anchor/],
    ] as const)
      expect(verify(example, anchor), anchor).toEqual([1, expect.stringMatching(message)]);
    expect(verify(`${example}{"n":3`)).toEqual([0, expect.stringMatching(/6 bytes after/)]);
  });
});

test("the README's two commands are scripts of this project", () => {
  const { scripts } = JSON.parse(documentText("package.json")) as {
    scripts: Record<string, string>;
  };
  expect(commandsIn(documentText("README.md"))).toEqual([
    "npm ci && npm run demo\n",
    "npm ci && npm test\n",
  ]);
  expect(scripts).toHaveProperty("demo");
  expect(scripts).toHaveProperty("test");
});
