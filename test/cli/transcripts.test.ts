import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { needs } from "../tools.ts";
import { BINARY } from "./breakglass.ts";
import { writeSampleSlips } from "./sample-slips.ts";

/*
 * Each file in transcripts/ is a session, and the README has one: `$ ` a command, then what it writes to standard output,
 * lines with `! ` for what it writes to standard error, and `= n` for an exit status that is not 0.
 * `<SET>`, `<WORD>` and `<BITS>` stand for what is different every time.
 */
const FOLDER = fileURLToPath(new URL("transcripts", import.meta.url));
const README = fileURLToPath(new URL("../../README.md", import.meta.url));

/** The sessions in a document: what stands in its `console` blocks. */
function sessionsIn(document: string): string {
  const blocks = document.matchAll(/^```console\n(.*?)^```$/gms);
  return [...blocks].map((block) => block[1]!).join("\n");
}

const sessions: readonly [string, string][] = [
  ...readdirSync(FOLDER).map((name): [string, string] => [
    name,
    readFileSync(join(FOLDER, name), "utf8"),
  ]),
  ["README.md", sessionsIn(readFileSync(README, "utf8"))],
];

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  "<SET>": "[0-9A-HJKMNP-TV-Z]{4}",
  "<WORD>": "[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}",
  "<BITS>": "[0-9]+\\.[0-9] bits",
};

interface Step {
  readonly command: string;
  readonly stdout: string[];
  readonly stderr: string[];
  status: number;
}

function parse(text: string): Step[] {
  const steps: Step[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const step = steps.at(-1);
    if (line.startsWith("$ "))
      steps.push({ command: line.slice(2), stdout: [], stderr: [], status: 0 });
    else if (line.startsWith("# ") || (line === "" && step === undefined)) continue;
    else if (line.startsWith("! ")) step!.stderr.push(line.slice(2));
    else if (line.startsWith("= ")) step!.status = Number(line.slice(2));
    else step!.stdout.push(line);
  }
  return steps;
}

/** An expected text as a pattern. */
function pattern(lines: readonly string[]): RegExp {
  let source = lines
    .join("\n")
    .trimEnd()
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  for (const [name, what] of Object.entries(PLACEHOLDERS)) source = source.replaceAll(name, what);
  return new RegExp(`^${source}$`);
}

const plain = sessions.filter(([, session]) => !session.includes("pdftotext"));
const onPaper = sessions.filter((session) => !plain.includes(session));

test.each(plain)("%s", (_, session) => {
  play(session);
});

test.skipIf(needs("pdftotext")).each(onPaper)("%s", (_, session) => {
  play(session);
});

function play(session: string): void {
  const cwd = mkdtempSync(join(tmpdir(), "transcript-"));
  writeSampleSlips(cwd);
  const shim = join(cwd, "breakglass");
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
  chmodSync(shim, 0o755);
  const env = { ...process.env, PATH: `${cwd}${delimiter}${process.env["PATH"] ?? ""}` };
  for (const step of parse(session)) {
    // Without the warning that core dumps are on, which is about the machine
    const command = `ulimit -c 0\n${step.command}`;
    const ran = spawnSync("sh", ["-c", command], { cwd, env, input: "", encoding: "utf8" });
    const where = `$ ${step.command}`;
    expect(ran.stderr.trimEnd(), where).toMatch(pattern(step.stderr));
    expect(ran.stdout.trimEnd(), where).toMatch(pattern(step.stdout));
    expect(ran.status, where).toBe(step.status);
  }
}
