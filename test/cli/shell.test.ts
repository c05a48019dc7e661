import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { execFileSync, spawnSync } from "../child.ts";
import { opened } from "../custody/book.ts";
import { needs } from "../tools.ts";
import { BINARY, breakglass } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register } from "./ceremony-room.ts";
import { Session } from "./session.ts";

/** A folder with a register in it, and the environment in which `breakglass` is a command. */
function place(): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = mkdtempSync(join(tmpdir(), "shell-"));
  const by = ["--by", "Sample Lead"];
  breakglass(["init", "--tenant", "contoso.onmicrosoft.com", ...by], { cwd });
  breakglass(["account", "add", "bg-1@contoso.onmicrosoft.com", ...by], { cwd });
  breakglass(["account", "add", "bg-9@contoso.onmicrosoft.com", ...by], { cwd });
  breakglass(["account", "retire", "bg-9@contoso.onmicrosoft.com", ...by], { cwd });
  breakglass(["custodian", "add", "Sample One", ...by], { cwd });
  writeFileSync(join(cwd, "slip1.txt"), "");
  mkdirSync(join(cwd, "papers"));
  writeFileSync(
    join(cwd, "breakglass"),
    `#!/bin/sh\nexec '${process.execPath}' '${BINARY}' "$@"\n`,
  );
  chmodSync(join(cwd, "breakglass"), 0o755);
  return {
    cwd,
    env: { ...process.env, HOME: cwd, PATH: `${cwd}${delimiter}${process.env["PATH"]!}` },
  };
}

const HELPER = "/usr/share/bash-completion/bash_completion";

test.skipIf(needs("bash", HELPER)).each([
  ["alone", ""],
  ["with bash-completion, for which an @ is no sign of its own", `source ${HELPER}; `],
])(
  "bash completes commands, flags and the accounts of the register: %s",
  { timeout: 30_000 },
  async (_, before) => {
    const { cwd, env } = place();
    const own = { ...(env as Record<string, string>), PS1: "first> " };
    const shell = new Session(["--norc", "--noprofile"], { cwd, env: own, program: "bash" });
    await shell.answers("first> ", `${before}source <(breakglass complete bash); PS1=re'ady> '`);
    for (const [typed, completed] of [
      ["rot", "rotate "],
      ["recover --std", "recover --stdout "],
      ["rotate bg", "rotate bg-1@contoso.onmicrosoft.com "],
      ["rotate bg-1@con", "rotate bg-1@contoso.onmicrosoft.com "],
      ["record sea", "record sealed "],
      ["check sl", "check slip1.txt "],
      ["evidence pap", "evidence papers/"],
      ["custodian gone Sam", String.raw`custodian gone Sample\ One `],
      [String.raw`custodian gone Sample\ O`, String.raw`custodian gone Sample\ One `],
      ["custodian go", "custodian gone "],
      ["issue --split=conc", "issue --split=concat:"],
      ["issue --split concat:2 --pag", "issue --split concat:2 --page "],
      ["issue --split 2of3 --secret passw", "issue --split 2of3 --secret password "],
    ] as const) {
      await shell.sees("ready> ");
      shell.type(`breakglass ${typed}\t`);
      await expect
        .poll(async () => (await shell.screen()).split("\n").findLast((row) => row !== ""))
        .toBe(`ready> breakglass ${completed}`);
      shell.type("\x15\r");
    }
    await shell.answers("ready> ", "exit");
    expect(await shell.status()).toBe(0);
    expect(shell.written).not.toContain("not found");
  },
);

test.skipIf(needs("fish"))("fish completes the same", () => {
  const complete = (line: string): string =>
    execFileSync("fish", ["-c", `breakglass complete fish | source; complete -C '${line}'`], {
      encoding: "utf8",
      ...place(),
    });
  expect(complete("breakglass rot")).toMatch(/^rotate\b/);
  expect(complete("breakglass rotate b")).toContain("bg-1@contoso.onmicrosoft.com");
});

test.skipIf(needs("zsh"))("zsh completes the same, at a terminal", async () => {
  const { cwd, env } = place();
  const own = { ...(env as Record<string, string>), PS1: "first> " };
  const shell = new Session(["-f"], { cwd, env: own, program: "zsh" });
  await shell.sees("first> ");
  shell.type(
    "autoload -U compinit; compinit -D -u; source <(breakglass complete zsh); PS1='ready> '\r",
  );
  await shell.sees("ready> ");
  for (const [typed, completed] of [
    ["rot", "rotate"],
    ["rotate b", "rotate bg-1@contoso.onmicrosoft.com"],
    ["custodian gone Sam", String.raw`custodian gone Sample\ One`],
    ["recover --std", "recover --stdout"],
    ["check sl", "check slip1.txt"],
    ["evidence pap", "evidence papers/"],
  ] as const) {
    shell.type(`breakglass ${typed}\t`);
    await shell.sees(completed.slice(typed.length));
    shell.type("\x15");
  }
  shell.type("exit\r");
  expect(await shell.status()).toBe(0);
});

test("whatever status closes by its entry is offered to be closed, each once", () => {
  const book = opened();
  book.put({ kind: "exception-noted", problem: "no witness" });
  const exception = book.register.n;
  // One entry that can't be so in two ways.
  book.force(book.event({ kind: "people-trained", people: ["Nobody One", "Nobody Two"] }));
  const cwd = mkdtempSync(join(tmpdir(), "offered-"));
  writeFileSync(join(cwd, "journal.jsonl"), book.bytes);
  const run = (...args: string[]): string =>
    breakglass(args, { cwd, env: { ...process.env, BREAKGLASS_REGISTER: cwd } }).stdout;
  const commands = run("status").match(/record exception-closed \d+/g)!;
  const offered = run("complete", "--", "record", "exception-closed", "").match(/^\d+/gm);
  expect(offered).toEqual([String(exception), String(book.register.n)]);
  expect(new Set(commands)).toEqual(new Set(offered!.map((n) => `record exception-closed ${n}`)));
});

test("what is offered after an event is what it can be about", () => {
  const cwd = register();
  const by = ["--by", "Sample Lead"];
  const run = (...args: string[]): string => breakglass(args, { cwd }).stdout;
  run("issue", ACCOUNT, "--out", "one", ...by, ...HOLDERS);
  const set = readdirSync(join(cwd, "one"))[0]!.slice(0, 4);
  const [, exception] = /entry (\d+)/.exec(run("record", "exception", "no witness", ...by))!;
  run("record", "item-added", "Key 1", "--type", "FIDO2 key", ...by);
  const offered = (...typed: string[]): string[] =>
    run("complete", "--", ...typed)
      .split("\n")
      .slice(0, -2)
      .map((row) => row.split("\t")[0]!);
  const slips = [1, 2, 3].map((slip) => `${set}/${slip}`);
  expect(offered("record", "sealed", set.slice(0, 1))).toEqual(slips);
  expect(offered("record", "abandoned", set.slice(0, 1))).toEqual([set]);
  expect(offered("record", "exception-closed", "")).toEqual([exception]);
  expect(offered("record", "assessed", "")).toEqual([]);
  expect(offered("record", "trained", "Sam")).toHaveLength(3);
  expect(offered("record", "combination-changed", "Sa")).toContain("Safe A");
  expect(offered("record", "alert-seen", "b")).toEqual([ACCOUNT]);
  expect(offered("record", "item-tested", "")).toEqual(["Key 1"]);
  expect(offered("record", "item-added", "")).toEqual([]);
  expect(offered("record", "staff-changed", "")).toEqual([]);
  expect(offered("record", "item-added", "Key 2", "--type", "")).toEqual(["FIDO2 key"]);
  expect(offered("record", "drill", "--type", "")).toEqual(["check", "full"]);
  expect(offered("help", "is")).toEqual(["issue"]);
  expect(offered("record", "found", "")).toEqual([]);
  run("record", "lost", `${set}/2`, ...by);
  expect(offered("record", "found", "")).toEqual([`${set}/2`]);
  expect(offered("record", "moved", "")).toEqual([`${set}/1`, `${set}/3`]);
});

test("PowerShell has a script too", () => {
  const { stdout, status } = breakglass(["complete", "powershell"]);
  expect(stdout).toContain("Register-ArgumentCompleter");
  expect(status).toBe(0);
});

test("every command is explained on 80 columns, with each of its flags and an example", () => {
  const help = (...args: string[]): string => breakglass([...args, "--help"]).stdout;
  const names = namesIn(help());
  expect(names).toContain("complete");
  for (const name of names) {
    const text = help(name);
    expect(text, name).toMatch(/^Examples?:$/m);
    for (const line of text.split("\n")) {
      expect(line.length, line).toBeLessThanOrEqual(80);
      expect(line, name).not.toMatch(/^ {2}-[^ ]+(?: [<[][^ ]+)?$/);
    }
  }
});

test("help of what is no command, and complete alone, answer with one error", () => {
  for (const args of [["help", "foo"], ["complete"]]) {
    const ran = breakglass(args);
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr.trimEnd().split("\n")).toHaveLength(2);
  }
});

/** The commands that a help lists, but for `help`. */
function namesIn(help: string): string[] {
  return [...help.matchAll(/^ {2}([a-z-]+) /gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== "help");
}

/** The flags that begin a row of a help, or of the manual. */
function flagsIn(text: string): string[] {
  return [...text.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag!);
}

test.skipIf(needs("groff"))("the manual is sound, names every command and its flags", () => {
  const page = readFileSync(join(BINARY, "../breakglass.1"), "utf8");
  expect(breakglass(["man"]).stdout).toBe(page);
  const ran = spawnSync("groff", ["-man", "-ww", "-Tutf8", "-P-c"], {
    input: page,
    encoding: "utf8",
  });
  expect(ran.stderr).toBe("");
  // Bold is overstruck.
  // eslint-disable-next-line no-control-regex
  const text = ran.stdout.replaceAll(/.\u0008/g, "");
  const commands = namesIn(breakglass(["--help"]).stdout);
  expect(commands).toContain("print-test");
  const sections = new Map(
    text
      .split(/^ {3}breakglass /m)
      .slice(1)
      .map((section) => [section.split(" ")[0]!, section]),
  );
  expect([...sections.keys()]).toEqual(commands);
  for (const name of commands) {
    const flags = flagsIn(breakglass([name, "--help"]).stdout);
    expect(flags, name).toContain("--help");
    expect(flagsIn(sections.get(name)!), name).toEqual(flags);
  }
  expect(text).toContain("Exit status: 0 done");
  expect(text).toContain("breakglass recover --stdout - < slips.txt");
});
