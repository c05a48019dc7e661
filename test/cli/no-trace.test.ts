import { mkdtempSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve, sep } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execFileSync, spawnSync } from "../child.ts";
import { readDocument } from "../../src/core/document.ts";
import { readSlip } from "../../src/core/reader.ts";
import type { Slip } from "../../src/core/slip.ts";
import { needs } from "../tools.ts";
import { BINARY, breakglass, issueArgs } from "./breakglass.ts";
import { CUPS_TOOLS, Cups } from "./cups.ts";
import { ACCOUNT, HOLDERS, paperOf, register, show, typeSlip } from "./ceremony-room.ts";
import { Session } from "./session.ts";
import { tracing, type Trace } from "./strace.ts";
import {
  callsOf,
  filesOf,
  inputsOf,
  isTerminal,
  leaks,
  peersOf,
  waysOut,
  written,
  type Secrets,
} from "./traces.ts";
import { X_TOOLS, startX, type XServer } from "./x-server.ts";

/*
 * What breakglass leaves behind, as the system saw it. Slip files are deflated, so what stands in
 * them can't be looked for; instead every file that was written must be one that was asked for, or
 * the register's, which is plain text.
 */

interface TracedRun {
  readonly trace: Trace;
  readonly stdout: string;
}

/** Runs breakglass to its end without a terminal, and sees what it asked of the system. */
function traced(
  args: readonly string[],
  cwd: string,
  { input = "", env = process.env }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): TracedRun {
  const run = tracing();
  const [program, ...before] = run.before;
  const ran = spawnSync(program, [...before, process.execPath, BINARY, ...args], {
    ...{ cwd, input, env, encoding: "utf8" },
  });
  expect(ran.status).toBe(0);
  return { trace: run.read(), stdout: ran.stdout };
}

function room(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "no-trace-")));
}

/** What was printed, slip by slip, as text. */
function textsOf(folder: string): string[] {
  return contentOf(folder).map(textOf);
}

function textOf(pdf: string): string {
  return execFileSync("pdftotext", ["-layout", pdf, "-"]).toString();
}

function slipsOf(texts: readonly string[]): Slip[] {
  return texts.map((text) => readSlip(readDocument(text)[0]!, { acceptCorrections: false }).slip);
}

/** Writes each text into a file of its own. */
function typedInto(folder: string, texts: readonly string[]): string[] {
  return texts.map((text, i) => {
    const file = join(folder, `typed-${i + 1}.txt`);
    writeFileSync(file, text);
    return file;
  });
}

function nowhere(): boolean {
  return false;
}

/** What is in a folder, as paths. */
function contentOf(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name));
}

/** Whether some bytes are text a person can read, in which nothing is packed. */
function isPlain(text: string): boolean {
  return /^[\n\x20-\x7e]*$/.test(text);
}

const SETS: readonly (readonly [string, number, readonly string[]])[] = [
  ["2 of 3", 3, ["--split", "2of3"]],
  ["a concatenation in two", 2, ["--split", "concat:2", "--accept-weak"]],
  ["an imported secret", 2, ["--split", "2of2", "--import", "--accept-weak"]],
];

describe.skipIf(needs("strace", "pdftotext", "pdftoppm"))(
  "nothing of a secret is left behind",
  () => {
    test.each(SETS)("by issue, check and recover: %s", (_, total, flags) => {
      const cwd = room();
      const imported = flags.includes("--import") ? "Vj4-hq 7wN_zK.2xTe,9" : "";
      const issued = traced(issueArgs("slips", total, ...flags), cwd, { input: imported });
      const texts = textsOf(join(cwd, "slips"));
      const files = typedInto(cwd, texts);

      const checked = traced(["check", ...files], cwd);
      const recovered = traced(["recover", "--stdout", ...files.slice(0, 2)], cwd);
      const piped = traced(["recover", "--stdout", "-"], cwd, { input: texts.join("\f") });

      const password = recovered.stdout;
      expect(password).toHaveLength(imported === "" ? 24 : imported.length);
      const secrets: Secrets = { password, slips: slipsOf(texts) };
      expect(secrets.slips).toHaveLength(total);

      const slipFiles = contentOf(join(cwd, "slips"));
      expect(slipFiles).toHaveLength(total);
      const isSlipFile = (sink: string): boolean =>
        slipFiles.some((file) => sink.startsWith(`${file} (`));
      expect(leaks(issued.trace, secrets, isSlipFile)).toEqual([]);
      expect(filesOf(issued.trace).toSorted()).toEqual(slipFiles);
      expect(leaks(checked.trace, secrets, nowhere)).toEqual([]);
      for (const { trace, stdout } of [recovered, piped]) {
        expect(stdout).toBe(password);
        expect(leaks(trace, secrets, (sink) => sink.endsWith(" (1)"))).toEqual([]);
        const answers = [...written(trace)].filter(([sink]) => sink.endsWith(" (1)"));
        expect(answers.map(([, text]) => text)).toEqual([password]);
      }
      for (const { trace } of [checked, recovered, piped]) expect(filesOf(trace)).toEqual([]);
      for (const { trace } of [issued, checked, recovered, piped])
        expect(waysOut(trace)).toEqual([]);
      // Nothing else came to be in the folder either.
      expect(readdirSync(cwd).toSorted()).toEqual(
        ["slips", ...files.map((file) => file.slice(cwd.length + 1))].toSorted(),
      );
    });

    test("by check and recover from a PDF and pictures", () => {
      const cwd = room();
      breakglass(issueArgs("slips", 4, "--split", "2of4"), { cwd });
      const texts = textsOf(join(cwd, "slips"));
      const pdfs = contentOf(join(cwd, "slips"));
      for (const [i, kind] of ["-png", "-jpeg", "-tiff"].entries()) {
        const to = ["-singlefile", "-r", "150", "-gray", pdfs[i + 1]!, join(cwd, `scan-${i + 1}`)];
        execFileSync("pdftoppm", [kind, ...to]);
      }
      const scans = contentOf(cwd).filter((path) => !path.endsWith("slips"));
      expect(scans.map((path) => extname(path))).toEqual([".png", ".jpg", ".tif"]);
      const files = [pdfs[0]!, ...scans];

      const checked = traced(["check", ...files], cwd);
      const recovered = traced(["recover", "--stdout", ...files], cwd);

      const password = recovered.stdout;
      expect(password).toHaveLength(24);
      const secrets: Secrets = { password, slips: slipsOf(texts) };
      expect(leaks(checked.trace, secrets, nowhere)).toEqual([]);
      expect(leaks(recovered.trace, secrets, (sink) => sink.endsWith(" (1)"))).toEqual([]);
      for (const { trace } of [checked, recovered]) {
        expect(filesOf(trace)).toEqual([]);
        expect(waysOut(trace)).toEqual([]);
      }
      expect(contentOf(cwd)).toEqual([...scans, join(cwd, "slips")]);
    });

    test("by recover at a terminal", async () => {
      const cwd = room();
      breakglass(issueArgs("slips", 3), { cwd });
      const papers = paperOf(join(cwd, "slips"));
      const secretSlips = slipsOf(textsOf(join(cwd, "slips")));
      const run = tracing();
      const session = new Session(["recover"], { cwd, rows: 60, before: run.before });
      for (const paper of papers.slice(0, 2))
        for (const [i, line] of paper.slice(0, -1).entries())
          await session.answers(`${i + 1}) `, line);
      const password = await show(session);
      expect(await session.status()).toBe(0);
      const trace = run.read();
      expect(password).toHaveLength(24);
      const secrets = { password, slips: secretSlips };
      expect(leaks(trace, secrets, isTerminal)).toEqual([]);
      // The same look finds it where it may stand, so it is not blind.
      expect(leaks(trace, secrets, nowhere)).not.toEqual([]);
      expect(filesOf(trace)).toEqual([]);
      expect(waysOut(trace)).toEqual([]);
    });

    test("by a rotation led at a terminal, from the first slip to the seals", async () => {
      const cwd = realpathSync(register());
      const run = tracing();
      const session = new Session(
        ["rotate", ACCOUNT, "--out", "slips", "--by", "Sample Lead", ...HOLDERS],
        { cwd, rows: 60, before: run.before },
      );
      await session.answers("q leaves:", "y");
      await session.sees("0 of 3 slips checked from paper");
      const slipFiles = contentOf(join(cwd, "slips"));
      const papers = paperOf(join(cwd, "slips"));
      const slips = slipsOf(textsOf(join(cwd, "slips")));
      for (const lines of papers) await typeSlip(session, lines, "");
      await session.answers("d, l? ", "d");
      await session.answers("g, q? ", "g");
      await session.answersTwice("(the administrator)", "Sample Admin");
      await session.answers("1, 2, 3? ", "1");
      await session.answers("read these steps. ", "");
      const password = await show(session);
      await session.answers("y, a, b, q? ", "y");
      await session.answers("r, e, a, b, q? ", "r");
      await session.answersTwice("(the second person)", "Sample Second");
      await session.answers("read these steps. ", "");
      expect(await show(session)).toBe(password);
      await session.answers("y, n, a, q? ", "y");
      await session.answers("y, l? ", "l");
      await session.answersTwice("Who is the witness", "Sample Witness");
      for (const slip of [1, 2, 3]) await session.answers("Serial of the bag of", `00471${slip}`);
      await session.sees("is active, and nothing is under way");
      expect(await session.status()).toBe(0);
      const trace = run.read();
      const secrets = { password, slips };
      const asked = (sink: string): boolean =>
        isTerminal(sink) || slipFiles.some((file) => sink.startsWith(`${file} (`));
      expect(leaks(trace, secrets, asked)).toEqual([]);
      expect(waysOut(trace)).toEqual([]);
      const others = filesOf(trace)
        .map((file) => resolve(cwd, file))
        .filter((file) => !slipFiles.includes(file));
      const custody = join(cwd, "custody");
      for (const file of others) expect(file.startsWith(`${custody}${sep}`), file).toBe(true);
      for (const [sink, text] of written(trace))
        if (sink.startsWith(`${custody}${sep}`)) expect(isPlain(text), sink).toBe(true);
      // The slip files were deleted, and the register is all that is left.
      expect(readdirSync(cwd)).toEqual(["custody", "slips"]);
      expect(readdirSync(join(cwd, "slips"))).toEqual([]);
      expect(readdirSync(custody)).toEqual(["journal.jsonl"]);
    });
  },
);

/** Programs of the print system that are asked to print. */
const PRINTS = ["lp", "lpstat", "ipptool"];
/** Where the system's library looks for the names of users and for printers, as any program's does. */
const LOOK_UPS = ["/var/run/nscd/socket", "/run/dbus/system_bus_socket"];

/**
 * Parts of a document that stand in nothing else by chance: of what is deflated in it, for its title and the like are
 * words that may be said elsewhere.
 */
function partsOf(document: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at + 16 <= document.length; at += 400) parts.push(document.slice(at, at + 16));
  return parts.filter((part) => new Set(part).size > 12 && !isPlain(part));
}

describe.skipIf(needs("strace", "pdftotext", ...CUPS_TOOLS))("nothing is left behind", () => {
  let cups: Cups;
  beforeEach(async () => {
    cups = await Cups.start();
  });
  afterEach(async () => {
    await cups.stop();
  });

  /** Holds what was printed to: it went to `lp` alone, and from there to the print system alone. */
  function expectPrintedAlone(trace: Trace, pages: number): void {
    const inputs = inputsOf(trace, "lp");
    const all = written(trace);
    const documents = inputs.map((sink) => all.get(sink) ?? "");
    expect(documents.filter((document) => document.startsWith("%PDF-"))).toHaveLength(pages);
    const parts = documents.flatMap(partsOf);
    expect(parts.length).toBeGreaterThan(20 * pages);

    const socket = join(cups.folder, "cups.sock");
    const peers = peersOf(trace);
    const went = [...all].filter(([, text]) => parts.some((part) => text.includes(part)));
    for (const [sink] of went)
      expect(inputs.includes(sink) || peers.get(sink) === socket, sink).toBe(true);
    expect(went).toHaveLength(2 * pages);

    const theirs = callsOf(trace, PRINTS, true);
    expect(filesOf(theirs)).toEqual([]);
    for (const peer of peersOf(theirs).values()) expect([socket, ...LOOK_UPS]).toContain(peer);
    const ours = callsOf(trace, PRINTS, false);
    expect(filesOf(ours)).toEqual([]);
    // What Node starts a child with, and nothing else: no socket that leads anywhere but to it.
    expect(new Set(waysOut(ours))).toEqual(new Set(["execve", "clone", "socketpair"]));
    expect(peersOf(ours)).toEqual(new Map());
    const started = ours.calls.filter(({ name, failed }) => name === "execve" && !failed).slice(1);
    expect(new Set(started.map(({ strings }) => basename(strings[0]!)))).toEqual(new Set(PRINTS));
  }

  test("by slips that are printed", () => {
    const cwd = room();
    const args = issueArgs("-", 3, "--print", cups.printer, "--no-pause").filter(
      (arg) => arg !== "--out" && arg !== "-",
    );
    const { trace } = traced(args, cwd, { env: cups.env });
    const texts = cups.received.map(textOf);
    const files = typedInto(cwd, texts);
    const password = breakglass(["recover", "--stdout", ...files]).stdout;
    expect(password).toHaveLength(24);
    expect(leaks(trace, { password, slips: slipsOf(texts) }, nowhere)).toEqual([]);
    expectPrintedAlone(trace, 3);
    expect(contentOf(cwd)).toEqual(files);
    expect(cups.spool).toEqual([]);
  });

  test("by a test page", () => {
    const cwd = room();
    const { trace } = traced(["print-test"], cwd, { env: cups.env });
    expectPrintedAlone(trace, 1);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe.skipIf(needs("strace", "pdftotext", ...X_TOOLS))("nothing is left behind", () => {
  let server: XServer;
  beforeEach(async () => {
    server = await startX();
  });
  afterEach(() => {
    server.stop();
  });

  test("by a password that is lent to the clipboard", async () => {
    const cwd = room();
    breakglass(issueArgs("slips", 3), { cwd });
    const texts = textsOf(join(cwd, "slips"));
    const files = typedInto(cwd, texts);
    const password = breakglass(["recover", "--stdout", ...files]).stdout;
    const run = tracing();
    const session = new Session(["recover", "--clipboard", ...files.slice(0, 2)], {
      ...{ cwd, env: server.env, before: run.before },
    });
    await session.answers("It is taken off after 30 seconds, or at Enter.", "");
    await session.sees("the password was taken off the clipboard");
    // What holds the empty clipboard stays until another takes it over, and is traced as long.
    execFileSync("xclip", ["-selection", "clipboard", "-in"], {
      ...{ input: "another text", stdio: ["pipe", "ignore", "ignore"] },
      env: { ...process.env, ...server.env },
    });
    expect(await session.status()).toBe(0);
    const trace = run.read();
    const secrets = { password, slips: slipsOf(texts) };

    // The standard input of the clipboard's command: no argument, environment, file or terminal.
    const ours = callsOf(trace, ["xclip"], false);
    const inputs = inputsOf(trace, "xclip");
    expect(leaks(ours, secrets, (sink) => inputs.includes(sink))).toEqual([]);
    const sent = written(ours);
    expect(inputs.flatMap((sink) => sent.get(sink) ?? [])).toEqual([password]);
    expect(filesOf(ours)).toEqual([]);
    expect(new Set(waysOut(ours))).toEqual(new Set(["execve", "clone", "socketpair"]));
    expect(peersOf(ours)).toEqual(new Map());
    const started = ours.calls.filter(({ name, failed }) => name === "execve" && !failed).slice(1);
    expect(new Set(started.map(({ strings }) => basename(strings[0]!)))).toEqual(
      new Set(["xclip"]),
    );
    // From there to the X server alone, and back to us, who see whether it is still there.
    const theirs = callsOf(trace, ["xclip"], true);
    const peers = peersOf(theirs);
    for (const peer of peers.values()) expect(peer).toContain("/tmp/.X11-unix/X");
    const isKnown = (sink: string): boolean => peers.has(sink) || sink.endsWith(" (1)");
    expect(leaks(theirs, secrets, isKnown)).toEqual([]);
    expect(filesOf(theirs)).toEqual([]);
    expect(contentOf(cwd)).toEqual([join(cwd, "slips"), ...files]);
  });
});

/** What a program that keeps no secret would do, as the source of a module. */
const LEAKS: readonly (readonly [string, string, readonly RegExp[]])[] = [
  [
    "a temporary file",
    `fs.writeFileSync("left.tmp", password);`,
    [/^the password: .*\/left\.tmp \(\d+\)$/, /^file: .*\/left\.tmp$/],
  ],
  [
    "a temporary file, byte by byte, in base64",
    `const file = fs.openSync("left.tmp", "w");
     for (const digit of Buffer.from(password).toString("base64")) fs.writeSync(file, digit);`,
    [/^the password in base64: .*\/left\.tmp \(\d+\)$/, /^file: .*\/left\.tmp$/],
  ],
  [
    "six symbols of a share, in lower case and grouped, on standard error",
    `fs.writeSync(2, share.toLowerCase().slice(2, 6) + " - " + share.toLowerCase().slice(6, 8));`,
    [/^the symbols of a share: .* \(2\)$/],
  ],
  [
    "a child's environment",
    `childProcess.spawnSync("true", { env: { ...process.env, LEFT: password } });`,
    [/^the password: the system$/, /^way: execve$/],
  ],
  [
    "a child's arguments",
    `childProcess.spawnSync("true", [Buffer.from(password).toString("hex")]);`,
    [/^the password in hex: the system$/, /^way: execve$/],
  ],
  ["a socket", `net.connect(9, "127.0.0.1").on("error", () => {});`, [/^way: (socket|connect)$/]],
  ["a file's name", `fs.mkdirSync(password.replaceAll("/", "_").slice(0, 6));`, [/: the system$/]],
];

describe.skipIf(needs("strace", "pdftotext"))("a leak is seen:", () => {
  test.each(LEAKS)("%s", (_, leak, expected) => {
    const cwd = room();
    breakglass(issueArgs("slips", 2, "--split", "2of2"), { cwd });
    const texts = textsOf(join(cwd, "slips"));
    const files = typedInto(cwd, texts);
    const slips = slipsOf(texts);
    // The program itself, with something added that happens once when it writes its answer.
    const planted = join(cwd, "planted.mjs");
    writeFileSync(
      planted,
      `import fs from "node:fs";
       import net from "node:net";
       import childProcess from "node:child_process";
       import { syncBuiltinESMExports } from "node:module";
       const honest = fs.writeSync;
       fs.writeSync = (handle, bytes, ...rest) => {
         if (handle === 1) {
           fs.writeSync = honest;
           syncBuiltinESMExports();
           const password = Buffer.from(bytes).toString();
           const share = /1\\) (.*)/.exec(fs.readFileSync("typed-1.txt", "utf8"))[1].replaceAll(" ", "").slice(8);
           ${leak}
         }
         return honest(handle, bytes, ...rest);
       };
       syncBuiltinESMExports();`,
    );
    const run = tracing();
    const [program, ...before] = run.before;
    const node = [process.execPath, "--import", planted, BINARY];
    const ran = spawnSync(program, [...before, ...node, "recover", "--stdout", ...files], {
      ...{ cwd, encoding: "utf8" },
    });
    expect(ran.status).toBe(0);
    const trace = run.read();
    const secrets = { password: ran.stdout, slips };
    const seen = [
      ...leaks(trace, secrets, (sink) => sink.endsWith(" (1)")),
      ...filesOf(trace).map((file) => `file: ${file}`),
      ...waysOut(trace).map((way) => `way: ${way}`),
    ];
    for (const pattern of expected) expect(seen).toContainEqual(expect.stringMatching(pattern));
  });
});
