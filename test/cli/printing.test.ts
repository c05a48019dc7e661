import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execFileSync, spawnSync } from "../child.ts";
import { needs } from "../tools.ts";
import { breakglass, type Ran } from "./breakglass.ts";
import { CUPS_TOOLS, Cups, until } from "./cups.ts";
import { Session } from "./session.ts";

const ACCOUNT = "bg-1@contoso.onmicrosoft.com";
const NAMES = ["Sample One", "Sample Two", "Sample Three"];

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "printing-"));
}

/** `issue --print` for a set of three, in no register if none is named. */
function printArgs(register?: string, ...more: string[]): string[] {
  return [
    ...["issue", ACCOUNT, "--print", "sample"],
    ...(register === undefined
      ? ["--no-register"]
      : ["--register", register, "--by", "Sample Lead"]),
    ...NAMES.flatMap((name, i) => [
      ...["--custodian", name, "--alternate", `Sample Alternate ${i + 1}`],
      ...["--location", `Safe ${i + 1}`],
    ]),
    ...more,
  ];
}

/** A register with the account in it. */
function newRegister(): string {
  const folder = newFolder();
  const by = ["--register", folder, "--by", "Sample Lead"];
  expect(breakglass(["init", "--tenant", "contoso.onmicrosoft.com", ...by]).status).toBe(0);
  expect(breakglass(["account", "add", ACCOUNT, ...by]).status).toBe(0);
  for (const [i, name] of NAMES.entries()) {
    const site = ["site", "add", `Safe ${i + 1}`, "--site", `Site ${i + 1}`, ...by];
    expect(breakglass(site).status).toBe(0);
    for (const person of [name, `Sample Alternate ${i + 1}`])
      expect(breakglass(["custodian", "add", person, ...by]).status).toBe(0);
  }
  return folder;
}

interface Logged {
  readonly kind: string;
  readonly to?: string;
  readonly slip?: { readonly slip: number };
  readonly note?: string;
}

/** What the journal says of the set, and of nothing before it. */
function eventsOf(register: string): Logged[] {
  const lines = readFileSync(join(register, "journal.jsonl"), "utf8").trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as Logged);
  return events.slice(events.findIndex(({ kind }) => kind === "set-issued"));
}

/** The text of what the printer received, in a file. */
function textOf(pdf: string): string {
  const file = join(newFolder(), "slip.txt");
  execFileSync("pdftotext", [pdf, file]);
  return file;
}

/** The QR code of what the printer received, as a scanner sees it, in a file. */
function scanOf(pdf: string): string {
  const folder = newFolder();
  execFileSync("pdftoppm", ["-r", "200", "-gray", "-png", pdf, join(folder, "page")]);
  const pictures = readdirSync(folder).map((name) => join(folder, name));
  const file = join(folder, "slip.txt");
  writeFileSync(file, spawnSync("zbarimg", ["-q", ...pictures], { encoding: "utf8" }).stdout);
  return file;
}

function password(...files: string[]): string {
  const ran = breakglass(["recover", "--stdout", ...files]);
  expect(ran.status).toBe(0);
  return ran.stdout;
}

describe.skipIf(needs(...CUPS_TOOLS, "pdftotext", "pdftoppm", "zbarimg"))("a real printer", () => {
  let cups: Cups;
  let session: Session | undefined;

  beforeEach(async () => {
    cups = await Cups.start();
  });
  afterEach(async () => {
    session?.kill("SIGKILL");
    session = undefined;
    await cups.stop();
  });

  async function abandon(terminal: Session, question: string): Promise<void> {
    await terminal.answers(question, "a");
    await terminal.answers("Abandon the whole set?", "y");
  }

  function onPrinter(...args: string[]): Ran {
    return breakglass(args, { env: cups.env });
  }
  function atTerminal(...args: string[]): Session {
    return (session = new Session(args, { env: { CUPS_SERVER: cups.env["CUPS_SERVER"]! } }));
  }

  test("the void test page is printed, and reads as it is printed", () => {
    const ran = onPrinter("print-test");
    expect(ran.stdout).toBe("sample: the printer says that it is done\n");
    expect(ran.status).toBe(0);
    expect(cups.received).toHaveLength(1);
    for (const file of [textOf(cups.received[0]!), scanOf(cups.received[0]!)]) {
      const checked = breakglass(["check", file]);
      expect(checked.stdout).toMatch(
        /^V01D slip 1 of 3: the void test page, read as it is printed\n/,
      );
      expect(checked.status).toBe(0);
      const recovered = breakglass(["recover", "--stdout", file]);
      expect(recovered.stderr).toContain("this is the void test page (V01D), and no slip");
      expect(recovered.status).toBe(5);
    }
  });

  test("what the printer received gives the password, and the spool keeps nothing", () => {
    const register = newRegister();
    const ran = onPrinter(...printArgs(register, "--no-pause"));
    expect(ran.stderr).toContain("the print system has forgotten every slip");
    expect(ran.status).toBe(0);
    const pdfs = cups.received;
    expect(pdfs).toHaveLength(3);
    expect(ran.stdout).toMatch(/^(\w{4}) slip 1 of 3\n\1 slip 2 of 3\n\1 slip 3 of 3\n$/);
    const texts = pdfs.map(textOf);
    const scans = pdfs.map(scanOf);
    const found = password(texts[0]!, texts[1]!);
    expect(password(texts[1]!, scans[2]!)).toBe(found);
    expect(password(scans[0]!, scans[2]!)).toBe(found);
    // Neither a document nor a note of a job, and a log that knows no name of the set
    expect(cups.spool).toEqual([]);
    const set = ran.stdout.slice(0, 4);
    for (const log of ["AccessLog", "ErrorLog", "PageLog"].map((name) => join(cups.folder, name)))
      if (existsSync(log)) expect(readFileSync(log, "utf8")).not.toContain(set);
    expect(
      eventsOf(register).map(({ kind, to, slip, note }) => [kind, to, slip?.slip, note]),
    ).toEqual([
      ["set-issued", undefined, undefined, undefined],
      ...[1, 2, 3].map((slip) => [
        ...["slip-printed", "printer", slip, "printed without a pause between the slips"],
      ]),
    ]);
  });

  test("lp is told nothing of a slip but by its standard input", () => {
    const bin = newFolder();
    const log = join(bin, "log");
    const real = execFileSync("sh", ["-c", "command -v lp"], { encoding: "utf8" }).trim();
    const shim = `#!/bin/sh\nprintf '%s ' "$@" >>${log}\necho >>${log}\nenv | sort >>${log}\nexec ${real} "$@"\n`;
    writeFileSync(join(bin, "lp"), shim);
    chmodSync(join(bin, "lp"), 0o755);
    const path = `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
    const ran = breakglass(printArgs(undefined, "--no-pause"), {
      env: { ...cups.env, PATH: path, BREAKGLASS_SAMPLE: "not for a child" },
    });
    expect(ran.status).toBe(0);
    const lines = [...new Set(readFileSync(log, "utf8").trim().split("\n"))];
    const [args] = lines.filter((line) => line.startsWith("-d "));
    expect(args).toBe(
      "-d sample -n 1 -t slip -o document-format=application/pdf -o media=A4 -o sides=one-sided -o print-scaling=none -o number-up=1 -o job-sheets=none,none -o job-hold-until=no-hold ",
    );
    const names = lines.filter((line) => line !== args).map((line) => line.split("=")[0]!);
    const known = ["CUPS_SERVER", "HOME", "LANG", "LC_ALL", "OLDPWD", "PATH", "PWD", "SHLVL", "_"];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("at a terminal each page is taken away before the next is printed", async () => {
    const register = newRegister();
    const terminal = atTerminal(...printArgs(register));
    for (const [i, name] of NAMES.entries()) {
      await terminal.sees(`slip ${i + 1} of 3 is for ${name}`);
      expect(cups.received).toHaveLength(i);
      await terminal.answers("Press Enter to print it.", "");
      await terminal.sees("the printer says that it is done");
      await terminal.answers("Press Enter when it is folded", "");
    }
    await terminal.sees("the print system has forgotten every slip");
    expect(await terminal.status()).toBe(0);
    expect(cups.received).toHaveLength(3);
    expect(password(...cups.received.slice(1).map(textOf))).not.toBe("");
    expect(eventsOf(register).map(({ kind, note }) => [kind, note])).toEqual([
      ["set-issued", undefined],
      ...[1, 2, 3].map(() => ["slip-printed", undefined]),
    ]);
  });

  test("a spoiled page is printed again, and the set can be abandoned", async () => {
    const register = newRegister();
    const terminal = atTerminal(...printArgs(register));
    await terminal.answers("Press Enter to print it.", "");
    await terminal.answers("Press Enter when it is folded", "p");
    await terminal.sees("destroy whatever came out of this slip now");
    await terminal.answers("Press Enter when it is folded", "");
    // A slip of the finger prints nothing, and gives nothing up.
    await terminal.answers("Press Enter to print it.", "q");
    await terminal.answers("Press Enter to print it.", "");
    await terminal.answers("Press Enter when it is folded", "a");
    await terminal.answers("Abandon the whole set?", "n");
    await abandon(terminal, "Press Enter when it is folded");
    await terminal.sees("is void: somebody abandoned it at the printer");
    await terminal.sees("destroy what came out (slip 1, 2 above all) before a witness");
    expect(await terminal.status()).toBe(9);
    const [first, second] = cups.received.map((pdf) => readFileSync(textOf(pdf), "utf8"));
    expect(second).toBe(first);
    expect(cups.spool).toEqual([]);
    expect(eventsOf(register).map(({ kind, slip, note }) => [kind, slip?.slip, note])).toEqual([
      ["set-issued", undefined, undefined],
      [
        ...["slip-printed", 1],
        "sent to the printer, did not come out as it should, and was printed again",
      ],
      ["slip-printed", 1, undefined],
      ["slip-printed", 2, "came out, and the set was abandoned"],
      ["set-abandoned", undefined, undefined],
    ]);
  });

  test.each(["SIGTERM", "Ctrl-C"])(
    "a page that lies in the tray at %s is known to the register",
    async (end) => {
      const register = newRegister();
      const terminal = atTerminal(...printArgs(register));
      await terminal.answers("Press Enter to print it.", "");
      await terminal.sees("Press Enter when it is folded");
      if (end === "SIGTERM") terminal.kill(end);
      else terminal.type("\u0003");
      expect(await terminal.status()).toBe(130);
      const kinds = eventsOf(register).map(({ kind, slip }) => [kind, slip?.slip]);
      expect(kinds).toContainEqual(["slip-printed", 1]);
      expect(kinds).toContainEqual(["set-abandoned", undefined]);
    },
  );

  test("out of paper is told, and printing goes on once there is some", async () => {
    cups.hasPaper = false;
    const terminal = atTerminal(...printArgs());
    await terminal.answers("Press Enter to print it.", "");
    await terminal.sees("the printer waits: it is out of paper; put paper in");
    cups.hasPaper = true;
    await terminal.sees("the printer says that it is done");
    await abandon(terminal, "Press Enter when it is folded");
    expect(await terminal.status()).toBe(9);
  });

  test("a printer that is paused is told, before and in between", async () => {
    cups.run("cupsdisable", "sample");
    const ran = onPrinter("print-test");
    expect(ran.stderr).toContain("the printer sample is not ready: it is paused");
    expect(ran.stderr).toContain("sudo cupsenable sample");
    expect(ran.status).toBe(9);
    cups.run("cupsenable", "sample");

    const terminal = atTerminal(...printArgs());
    await terminal.sees("Press Enter to print it.");
    cups.run("cupsdisable", "sample");
    terminal.type("\r");
    await terminal.sees("the printer waits: it is paused; let it go on (sudo cupsenable sample)");
    expect(cups.received).toHaveLength(0);
    cups.run("cupsenable", "sample");
    await terminal.answers("Press Enter when it is folded", "");
    terminal.type("\u0003");
    expect(await terminal.status()).toBe(130);
  });

  test("a printer that takes no jobs is told, before and in between", async () => {
    const terminal = atTerminal(...printArgs());
    await terminal.sees("Press Enter to print it.");
    cups.run("cupsreject", "sample");
    terminal.type("\r");
    await terminal.sees("the print system did not take the document");
    await terminal.sees("a abandons the set");
    cups.run("cupsaccept", "sample");
    terminal.type("p\r");
    await abandon(terminal, "Press Enter when it is folded");
    expect(await terminal.status()).toBe(9);

    cups.run("cupsreject", "sample");
    const ran = onPrinter("print-test", "sample");
    expect(ran.stderr).toContain("the printer sample is not ready: it takes no jobs");
    expect(ran.status).toBe(9);
  });

  test("a set that is abandoned while a slip is handed over says which slips came out", async () => {
    const bin = newFolder();
    const [held, refuses] = [join(bin, "held"), join(bin, "refuses")];
    // CUPS' own, which hangs and then fails while a file lies there.
    const lp = execFileSync("sh", ["-c", "command -v lp"], { encoding: "utf8" }).trim();
    const hangs = `while [ -e '${held}' ]; do sleep 0.1; done; [ ! -e '${refuses}' ] || exit 1`;
    writeFileSync(join(bin, "lp"), `#!/bin/sh\n${hangs}\nexec ${lp} "$@"\n`, { mode: 0o755 });
    session = new Session(printArgs(), {
      env: {
        CUPS_SERVER: cups.env["CUPS_SERVER"]!,
        PATH: `${bin}${delimiter}${process.env["PATH"]!}`,
      },
    });
    await session.answers("Press Enter to print it.", "");
    await session.answers("Press Enter when it is folded", "");
    await session.sees("Press Enter to print it.");
    for (const file of [held, refuses]) writeFileSync(file, "");
    session.type("\r");
    await abandon(session, "a to abandon the set");
    rmSync(held);
    await session.sees("is void, for slip 2 was not printed: somebody abandoned it at the printer");
    await session.sees("destroy what came out (slip 1 above all) before a witness");
    expect(await session.status()).toBe(9);
  });

  test("a job that somebody cancels is told, and can be printed again", async () => {
    cups.hasPaper = false;
    const terminal = atTerminal(...printArgs());
    await terminal.answers("Press Enter to print it.", "");
    await terminal.sees("out of paper");
    cups.run("cancel", "-a", "sample");
    await terminal.sees("the job was cancelled in the print system");
    cups.hasPaper = true;
    await terminal.answers("a abandons the set", "p");
    await terminal.sees("the printer says that it is done");
    await abandon(terminal, "Press Enter when it is folded");
    expect(await terminal.status()).toBe(9);
    expect(cups.spool).toEqual([]);
  });

  test("nobody has to wait for a printer for ever", async () => {
    const register = newRegister();
    cups.hasPaper = false;
    const ran = onPrinter(...printArgs(register, "--no-pause", "--patience", "2"));
    expect(ran.stderr).toContain("it took too long, and was taken back");
    expect(ran.stderr).toContain("destroy what came out, if anything did");
    expect(ran.status).toBe(9);
    expect(cups.spool).toEqual([]);
    expect(eventsOf(register).map(({ kind }) => kind)).toEqual(["set-issued", "set-abandoned"]);

    const terminal = atTerminal(...printArgs());
    await terminal.answers("Press Enter to print it.", "");
    await terminal.sees("type s and Enter to stop waiting");
    terminal.type("\rs\r");
    await terminal.sees("it was taken back");
    expect(cups.jobs).toBe(0);
    await abandon(terminal, "a abandons the set");
    expect(await terminal.status()).toBe(9);
  });

  test.each([
    ["Ctrl-C", (terminal: Session) => terminal.type("\u0003")],
    ["SIGTERM", (terminal: Session) => terminal.kill("SIGTERM")],
    ["a closed terminal", (terminal: Session) => terminal.hangUp()],
  ])("%s takes the job back and abandons the set", async (how, interrupt) => {
    const register = newRegister();
    cups.hasPaper = false;
    const terminal = atTerminal(...printArgs(register));
    await terminal.answers("Press Enter to print it.", "");
    await terminal.sees("out of paper");
    interrupt(terminal);
    if (how !== "a closed terminal") expect(await terminal.status()).toBe(130);
    await until("the job is gone", () => cups.jobs === 0);
    await until("the set is abandoned", () => eventsOf(register).length === 2);
    expect(eventsOf(register).map(({ kind }) => kind)).toEqual(["set-issued", "set-abandoned"]);
    cups.hasPaper = true;
    await until("the spool is empty", () => cups.spool.length === 0);
  });

  test("a print system that stops in the middle is told", async () => {
    cups.hasPaper = false;
    const terminal = atTerminal(...printArgs());
    await terminal.answers("Press Enter to print it.", "");
    await terminal.sees("out of paper");
    await cups.stopServer();
    await terminal.sees("the print system no longer answers");
    await cups.startServer();
    cups.hasPaper = true;
    await abandon(terminal, "a abandons the set");
    expect(await terminal.status()).toBe(9);
  });

  test("names that are no printer's are not repeated", () => {
    const ran = onPrinter("print-test", "1) ABCD");
    expect(ran.stderr).toBe(
      "breakglass: there is no printer of this name\n  name one of: sample\n",
    );
    expect(ran.status).toBe(9);
  });

  test("without ipptool only a person at the terminal can tell, and is told so", async () => {
    const bin = newFolder();
    for (const tool of ["lp", "lpstat", "cancel"])
      copyFileSync(
        execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(),
        join(bin, tool),
      );
    const ran = breakglass(printArgs(undefined, "--no-pause"), { env: { ...cups.env, PATH: bin } });
    expect(ran.stderr).toContain("without ipptool nobody would know whether a slip came out");
    expect(ran.status).toBe(9);

    session = new Session(printArgs(), {
      env: { CUPS_SERVER: cups.env["CUPS_SERVER"]!, PATH: bin },
    });
    for (let i = 0; i < 3; i++) {
      await session.answers("Press Enter to print it.", "");
      await session.answers("Press Enter when it is folded", "");
    }
    await session.sees("careful: the print system may keep copies of the slips");
    expect(await session.status()).toBe(0);
    expect(cups.received).toHaveLength(3);
  });
});

describe.skipIf(needs(...CUPS_TOOLS))("no real printer", () => {
  test("none is there, and one that would pause has no terminal", async () => {
    const cups = await Cups.start({ printers: false });
    try {
      const ran = breakglass(["print-test"], { env: cups.env });
      expect(ran.stderr).toContain("this computer has no printer");
      expect(ran.status).toBe(9);
    } finally {
      await cups.stop();
    }
  });

  test("the print system does not run, is not there, or is another computer's", () => {
    const nowhere = newFolder();
    for (const [env, message] of [
      [{ CUPS_SERVER: join(nowhere, "cups.sock") }, "the print system does not run"],
      [{ PATH: nowhere }, "this computer has no print system: lpstat is not installed"],
      [{ CUPS_SERVER: "print.example.com" }, "the print system is on another computer"],
    ] as const) {
      const ran = breakglass(["print-test"], { env: { ...process.env, ...env } });
      expect(ran.stderr).toContain(message);
      expect(ran.status).toBe(9);
    }
  });
});

test("slips are not printed side by side with nobody there to take them apart", () => {
  const ran = breakglass(printArgs());
  expect(ran.stderr).toContain("there is no terminal to pause at between two slips");
  expect(ran.status).toBe(2);
  expect(breakglass(printArgs(undefined, "--out", "slips")).stderr).toContain(
    "--print and --out exclude each other",
  );
});
