import { chmodSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { spawnSync } from "../child.ts";
import { needs } from "../tools.ts";
import { BINARY } from "./breakglass.ts";
import { writeSampleSlips } from "./sample-slips.ts";

/*
 * Each file in transcripts/ is a session, and so are the `console` blocks of some documents: `$ ` a command, then what it writes to standard output,
 * lines with `! ` for what it writes to standard error, and `= n` for an exit status that is not 0.
 * `<SET>`, `<WORD>`, `<BITS>`, `<TIME>` and `<N>` (the number of an entry) stand for what is different every time, or not the point.
 * `@ 2026-04-05T09:00Z` sets the clock, which then goes on.
 *
 * Beside breakglass a session has three programs: `read-slips FOLDER` writes what stands on its slips to FOLDER/1.txt,
 * 2.txt, ..., as somebody would type it; `set-of FOLDER` says which set they are of, and `anchor-on FOLDER` the anchor.
 */
const FOLDER = fileURLToPath(new URL("transcripts", import.meta.url));
const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));
const DOCUMENTS = ["README.md", "docs/ceremony.md", "docs/entra.md"] as const;

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
  ...DOCUMENTS.map((name): [string, string] => [
    name,
    sessionsIn(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")),
  ]),
];

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  "<SET>": "[0-9A-HJKMNP-TV-Z]{4}",
  "<WORD>": "[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}",
  "<BITS>": "[0-9]+\\.[0-9] bits",
  "<N>": "[0-9]+",
  "<TIME>": "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z",
};

interface Step {
  command: string;
  /** What the clock is set to before it. */
  readonly clock: string | undefined;
  readonly stdout: string[];
  readonly stderr: string[];
  status: number;
}

function parse(text: string): Step[] {
  const steps: Step[] = [];
  let clock: string | undefined;
  let previous = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const step = steps.at(-1);
    if (line.startsWith("$ ")) {
      steps.push({ command: line.slice(2), clock, stdout: [], stderr: [], status: 0 });
      clock = undefined;
    } else if (line.startsWith("> ") && /^[$>] /.test(previous))
      step!.command += `\n${line.slice(2)}`;
    else if (line.startsWith("@ ")) clock = line.slice(2);
    else if (line.startsWith("# ") || (line === "" && step === undefined)) continue;
    else if (line.startsWith("! ")) step!.stderr.push(line.slice(2));
    else if (line.startsWith("= ")) step!.status = Number(line.slice(2));
    else step!.stdout.push(line);
    previous = line;
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

/** The programs of the system that a session needs, besides a shell. */
function toolsOf(session: string): string[] {
  const tools = ["pdftotext", "pdftoppm", "python3"].filter((tool) => session.includes(tool));
  if (session.includes("read-slips")) tools.push("pdftotext");
  if (/^@ /m.test(session)) tools.push("faketime");
  return [...new Set(tools)];
}

for (const [name, session] of sessions)
  test.skipIf(needs(...toolsOf(session)))(name, { timeout: 600_000 }, () => {
    play(session);
  });

const PROGRAMS: Readonly<Record<string, string>> = {
  // The library by itself: its wrapper fails where a process of the same number was killed before.
  breakglass: `[ -z "$CLOCK" ] || export LD_PRELOAD='/usr/$LIB/faketime/libfaketime.so.1' FAKETIME="$CLOCK"
exec "${process.execPath}" "${BINARY}" "$@"`,
  "read-slips": `for slip in "$1"/*-slip-*.pdf; do
  number=\${slip##*-slip-}
  pdftotext "$slip" "$1/\${number%%-*}.txt"
done`,
  "anchor-on": `grep -oE '[0-9]+-[0-9a-f]{30}' "$1/1.txt"`,
  "set-of": `sed -nE '/^([0-9A-Z]{4}) +slip 1 of .*/{s//\\1/p;q}' "$1/1.txt"`,
};

function play(session: string): void {
  const cwd = mkdtempSync(join(tmpdir(), "transcript-"));
  writeSampleSlips(cwd);
  for (const [name, lines] of Object.entries(PROGRAMS)) {
    writeFileSync(join(cwd, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(cwd, name), 0o755);
  }
  const env: NodeJS.ProcessEnv = {
    ...{ ...process.env, PATH: `${cwd}${delimiter}${process.env["PATH"] ?? ""}`, DOCS },
    // Waiting is done by the other clock, and no file is read by its date.
    ...{ FAKETIME_DONT_FAKE_MONOTONIC: "1", NO_FAKE_STAT: "1" },
    FAKETIME_DISABLE_SHM: "1",
  };
  for (const { command, clock, stdout, stderr, status } of parse(session)) {
    if (clock !== undefined) env["CLOCK"] = secondsUntil(clock);
    // Without the warning that core dumps are on, which is about the machine.
    const ran = spawnSync("sh", ["-c", `ulimit -c 0\n${command}`], {
      cwd,
      env,
      input: "",
      encoding: "utf8",
    });
    const where = `$ ${command}`;
    expect(ran.stderr.trimEnd(), where).toMatch(pattern(stderr));
    expect(ran.stdout.trimEnd(), where).toMatch(pattern(stdout));
    expect(ran.status, where).toBe(status);
  }
}

/** As faketime wants it: `+86400` or `-86400`. */
function secondsUntil(time: string): string {
  const seconds = Math.round((Date.parse(time) - Date.now()) / 1000);
  return `${seconds < 0 ? "" : "+"}${seconds}`;
}
