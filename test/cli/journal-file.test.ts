import { spawn, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { expect, onTestFinished, test, vi } from "vitest";
import { spawnSync } from "../child.ts";
import { appendEvents, createRegister } from "../../src/cli/journal/journal-append.ts";
import { openRegister, type OpenRegister } from "../../src/cli/journal/journal-file.ts";
import { hasRegister, registerFolder } from "../../src/cli/journal/register-folder.ts";
import { withLock } from "../../src/cli/journal/journal-lock.ts";
import type { CustodyEvent } from "../../src/custody/events.ts";
import { appendEntry, readJournal } from "../../src/custody/journal.ts";
import { journalOf, nodeHash } from "../custody/book.ts";
import { needs } from "../tools.ts";
import { BINARY } from "./breakglass.ts";

const isRoot = process.getuid?.() === 0;
const needsMount = !isRoot || needs("mount", "umount");

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  chmodSync(folder, 0o755);
  return folder;
}

const WRITER = join(newFolder(), "journal-writer.mjs");
buildSync({
  entryPoints: [fileURLToPath(new URL("journal-writer.ts", import.meta.url))],
  outfile: WRITER,
  bundle: true,
  platform: "node",
  format: "esm",
});

const AT = "2026-03-01T09:30:00Z";
const OPENED: CustodyEvent = {
  ...{ kind: "register-opened", at: AT, actor: "Lea Lead" },
  ...{ format: 1, tenant: "contoso", policy: {} },
};

function change(text: string, at = AT): CustodyEvent {
  return { kind: "staff-changed", at, actor: "Lea Lead", change: text };
}

/** A register with so many entries. */
function newRegister(entries = 1): string {
  const folder = join(newFolder(), "custody");
  createRegister(folder, () => OPENED);
  for (let i = 2; i <= entries; i++) appendEvents(folder, () => [change(`change ${i}`)]);
  return folder;
}

function fileOf(folder: string): string {
  return join(folder, "journal.jsonl");
}

function changesIn({ journal }: OpenRegister): string[] {
  return journal.entries.flatMap((entry) => (entry.kind === "staff-changed" ? entry.change : []));
}

/** What a process of its own says that appends one event. */
function writeApart(folder: string, options: { readonly uid?: number } = {}): string {
  const args = [WRITER, folder, "apart", "1"];
  return spawnSync(process.execPath, args, { encoding: "utf8", ...options }).stdout;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.on("close", () => resolve()));
}

/** A disk of its own, until the test is over. */
function newDisk(options: string): string {
  const disk = newFolder();
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk]).status).toBe(0);
  onTestFinished(() => void spawnSync("umount", [disk]));
  return disk;
}

test("a register is opened once, is its owner's alone, and reads back", () => {
  const folder = join(newFolder(), "a", "custody");
  expect(hasRegister(folder)).toBe(false);
  expect(() => openRegister(folder)).toThrow(/there is no register in/);
  expect(() => appendEvents(folder, () => [change("early")])).toThrow(/there is no register in/);
  expect(existsSync(folder)).toBe(false);
  const created = createRegister(folder, () => OPENED);
  expect(created.register.opened?.tenant).toBe("contoso");
  expect(hasRegister(folder)).toBe(true);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(fileOf(folder)).mode & 0o777).toBe(0o600);
  const before = readFileSync(fileOf(folder));
  expect(() => createRegister(folder, () => OPENED)).toThrow(/there is a register in .* already/);
  expect(readFileSync(fileOf(folder))).toEqual(before);

  const appended = appendEvents(folder, () => [change("one"), change("two")]);
  expect(changesIn(appended)).toEqual(["one", "two"]);
  expect(appended.register.n).toBe(3);
  expect(openRegister(folder)).toEqual(appended);
  expect(readJournal(readFileSync(fileOf(folder)), nodeHash)).toEqual(appended.journal);
  expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
});

test("the folder is what the option says, else the variable, else custody", () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("BREAKGLASS_REGISTER", "");
  expect(registerFolder(undefined)).toBe("custody");
  vi.stubEnv("BREAKGLASS_REGISTER", "/media/stick");
  expect(registerFolder(undefined)).toBe("/media/stick");
  expect(registerFolder("here")).toBe("here");
  expect(() => registerFolder("")).toThrow(/--register names no folder/);
});

test("what may not follow is refused, and nothing of what was to be written with it is", () => {
  const folder = newRegister();
  const before = readFileSync(fileOf(folder));
  const lost: CustodyEvent = {
    ...{ kind: "slip-lost", at: AT, actor: "Lea Lead" },
    slip: { set: "K7Q2", slip: 1 },
  };
  expect(() => appendEvents(folder, () => [change("one"), lost])).toThrow(
    expect.objectContaining({ code: "refused", message: "set K7Q2 is not in the register" }),
  );
  expect(() => appendEvents(folder, () => [change("one"), change("\n")])).toThrow(
    expect.objectContaining({ code: "usage" }),
  );
  expect(readFileSync(fileOf(folder))).toEqual(before);
  expect(appendEvents(folder, () => []).register.n).toBe(1);
  // An event is judged by the register as the events before it left it.
  const added = { at: AT, actor: "Lea Lead", kind: "custodian-added", custodian: "Ada" } as const;
  expect(() => appendEvents(folder, () => [added, added])).toThrow(
    /Ada is in the register already/,
  );
  expect(openRegister(folder).register.custodians.size).toBe(0);
});

test("an event whose line nobody could read again is not written", () => {
  const folder = newRegister();
  const common = { at: AT, actor: "Lea Lead" } as const;
  const long = "\u{20ac}".repeat(300);
  const issued = (also: number): CustodyEvent => ({
    ...{ ...common, kind: "set-issued", set: "K7Q2", account: "bg-1", generation: 1 },
    ...{ scheme: "shamir", blinded: false, threshold: 2, replaceBy: "2026-12-31" },
    slips: Array.from({ length: 16 }, () => ({
      ...{ commitment: "00".repeat(16), custodian: long, alternate: long, location: long },
    })),
    alsoNeeded: Array.from({ length: also }, () => long),
  });
  appendEvents(folder, () => [
    { ...common, kind: "account-added", account: "bg-1", secret: "password" },
  ]);
  expect(() => appendEvents(folder, () => [issued(100)])).toThrow(/too long for the journal/);
  expect(appendEvents(folder, () => [issued(50)]).register.sets.size).toBe(1);
  expect(openRegister(folder).journal.head.n).toBe(3);
});

test("writers killed at any moment lose nothing they were told was written", async () => {
  const folder = newRegister();
  const acknowledged: string[] = [];
  let killed = 0;
  let killedWithLock = 0;
  let lives = 0;

  async function live(): Promise<void> {
    const name = `writer ${++lives}`;
    const child = spawn(process.execPath, [WRITER, folder, name, "1000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    const end = ended(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    child.kill("SIGKILL");
    await end;
    killed++;
    const lock = join(folder, "journal.lock");
    if (holderOf(lock)?.startsWith(`${child.pid!}.`) === true) killedWithLock++;
    expect(said).not.toMatch(/^(register|file|refused): /m);
    // A last line that was cut off was not said.
    acknowledged.push(...said.split("\n").slice(0, -1));
  }
  async function writer(): Promise<void> {
    while (acknowledged.length < 500 || killed < 40 || killedWithLock < 3) await live();
  }
  await Promise.all([writer(), writer(), writer(), writer()]);

  const { journal, register } = appendEvents(folder, () => [change("the last")]);
  const changes = changesIn(openRegister(folder));
  expect(readJournal(readFileSync(fileOf(folder)), nodeHash)).toEqual(journal);
  expect(new Set(changes).size).toBe(changes.length);
  expect(acknowledged.filter((text) => !changes.includes(text))).toEqual([]);
  expect(changes.at(-1)).toBe("the last");
  expect(register.n).toBe(changes.length + 1);
  // Nothing stays behind but what was torn.
  const others = readdirSync(folder).filter((name) => !name.startsWith("journal-torn-"));
  expect(others).toEqual(["journal.jsonl"]);
});

test("two who write at once lose nothing", async () => {
  const folder = newRegister();
  const children = ["a", "b"].map((name) =>
    spawn(process.execPath, [WRITER, folder, name, "200"], { stdio: "ignore" }),
  );
  await Promise.all(children.map(ended));
  const changes = changesIn(openRegister(folder));
  expect(changes).toHaveLength(400);
  for (const name of ["a", "b"]) {
    const own = changes.filter((text) => text.startsWith(name));
    expect(own).toEqual(Array.from({ length: 200 }, (_, i) => `${name} ${i + 1}`));
  }
});

test("reading while others write sees whole entries, and no lock is needed", async () => {
  const folder = newRegister();
  const child = spawn(process.execPath, [WRITER, folder, "a", "150"], { stdio: "ignore" });
  const end = ended(child);
  let seen = 0;
  while (child.exitCode === null) {
    await Promise.race([end, new Promise((go) => setTimeout(go, 1))]);
    const { journal, notes } = openRegister(folder);
    expect(notes).toEqual([]);
    expect(journal.head.n).toBeGreaterThanOrEqual(seen);
    seen = journal.head.n;
  }
  expect(openRegister(folder).journal.head.n).toBe(151);
});

test("an entry that is being written is not taken for torn", () => {
  const folder = newRegister(2);
  const whole = readFileSync(fileOf(folder));
  truncateSync(fileOf(folder), whole.length - 10);
  const script = `sleep 0.1; printf %s "$2" >>"$1"; echo >>"$1"`;
  const end = whole.subarray(-10, -1).toString();
  const opened = withLock(folder, () => {
    spawn("sh", ["-c", script, "sh", fileOf(folder), end], { stdio: "ignore" });
    return openRegister(folder);
  });
  expect(opened.notes).toEqual([]);
  expect(opened.journal.head.n).toBe(2);
});

test("a journal cut anywhere in its last line is read, told of, and written on with nothing lost", () => {
  const original = readFileSync(fileOf(newRegister(3)));
  const start = original.lastIndexOf("\n", original.length - 2) + 1;
  for (let end = start; end < original.length; end++) {
    const folder = newFolder();
    writeFileSync(fileOf(folder), original.subarray(0, end));
    const torn = original.subarray(start, end);

    const opened = openRegister(folder);
    expect(opened.journal.head.n).toBe(2);
    expect(opened.notes).toHaveLength(torn.length > 0 ? 1 : 0);
    // Reading alone changes nothing.
    expect(readFileSync(fileOf(folder))).toEqual(original.subarray(0, end));
    expect(readdirSync(folder)).toEqual(["journal.jsonl"]);

    const appended = appendEvents(folder, () => [change("after")]);
    expect(appended.journal.head.n).toBe(3);
    expect(readFileSync(fileOf(folder)).subarray(0, start)).toEqual(original.subarray(0, start));
    expect(openRegister(folder).journal).toEqual(appended.journal);
    expect(openRegister(folder).notes).toEqual([]);
    const kept = readdirSync(folder).filter((name) => name !== "journal.jsonl");
    if (torn.length === 0) {
      expect(kept).toEqual([]);
      continue;
    }
    expect(kept).toEqual(["journal-torn-after-2.txt"]);
    expect(readFileSync(join(folder, kept[0]!))).toEqual(torn);
    const isWhole = end === original.length - 1;
    expect(appended.notes[0]).toMatch(isWhole ? /lacks its line end/ : /the journal breaks off/);
    expect(appended.notes[0]).toContain("was set aside in");
  }
});

test("what was set aside is never overwritten", () => {
  const folder = newRegister();
  const kept = (name: string): string => readFileSync(join(folder, name), "utf8");
  writeFileSync(join(folder, "journal-torn-after-1.txt"), "of another time");
  appendFileSync(fileOf(folder), '{"n":2,');
  appendEvents(folder, () => [change("two")]);
  expect(kept("journal-torn-after-1.txt")).toBe("of another time");
  expect(kept("journal-torn-after-1-2.txt")).toBe('{"n":2,');
  // As if killed between the two steps: the same bytes are not kept twice.
  appendFileSync(fileOf(folder), "x");
  writeFileSync(join(folder, "journal-torn-after-2.txt"), "x");
  expect(appendEvents(folder, () => [change("three")]).journal.head.n).toBe(3);
  expect(readdirSync(folder)).toHaveLength(4);
});

test("an opening that was cut off is done again, and nothing of it is lost", () => {
  const whole = journalOf([OPENED]);
  for (const end of [0, 1, 100, whole.length - 1]) {
    const folder = newFolder();
    writeFileSync(fileOf(folder), whole.subarray(0, end));
    expect(() => openRegister(folder)).toThrow(/has no entry/);
    expect(() => appendEvents(folder, () => [change("one")])).toThrow(/has no entry/);
    expect(createRegister(folder, () => OPENED).journal.head.n).toBe(1);
    expect(readFileSync(fileOf(folder))).toEqual(whole);
    if (end > 0)
      expect(readFileSync(join(folder, "journal-torn-after-0.txt"))).toEqual(
        whole.subarray(0, end),
      );
  }
});

test("a damaged line is told with its number, and nothing is written after it", () => {
  const folder = newRegister(3);
  const bytes = readFileSync(fileOf(folder));
  bytes[bytes.indexOf("change 2")] = 0x43;
  writeFileSync(fileOf(folder), bytes);
  const told = expect.objectContaining({
    code: "register",
    message: expect.stringContaining("line 2 of the journal is damaged") as string,
  }) as Error;
  expect(() => openRegister(folder)).toThrow(told);
  expect(() => appendEvents(folder, () => [change("after")])).toThrow(told);
  expect(readFileSync(fileOf(folder))).toEqual(bytes);
  expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
});

test("what was changed behind this process's back is noticed", () => {
  const folder = newRegister(3);
  openRegister(folder);
  writeApart(folder);
  expect(changesIn(appendEvents(folder, () => [change("after")])).at(-2)).toBe("apart 1");
  const bytes = readFileSync(fileOf(folder));
  bytes[bytes.indexOf("change 2")] = 0x43;
  writeFileSync(fileOf(folder), bytes);
  expect(() => appendEvents(folder, () => [change("more")])).toThrow(/line 2 .* is damaged/);
});

test("the lock of a killed process is no one's", async () => {
  const folder = newRegister();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const lock = join(folder, "journal.lock");
  // Its own name, as it would write it, but for the process and when that started
  let name = "";
  withLock(folder, () => (name = readdirSync(lock)[0]!));
  const stat = readFileSync(`/proc/${child.pid!}/stat`, "utf8");
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]!;
  const rest = name.split(".").slice(2);
  const put = (...parts: (string | number)[]): void => {
    mkdirSync(lock);
    writeFileSync(join(lock, parts.join(".")), "");
  };
  const [machine, boot, numbers, nonce] = rest as [string, string, string, string];

  put(child.pid!, start, ...rest);
  expect(() => withLock(folder, () => 0, 100)).toThrow(
    new RegExp(`being written by another process \\(number ${child.pid!}\\)`),
  );
  // The same number, and another process that had it before
  renameSync(join(lock, readdirSync(lock)[0]!), join(lock, [child.pid!, 1, ...rest].join(".")));
  expect(withLock(folder, () => "done", 100)).toBe("done");
  // From before the computer was started again
  put(child.pid!, start, machine, "00000000", numbers, nonce);
  expect(withLock(folder, () => "done", 100)).toBe("done");
  child.kill("SIGKILL");
  await ended(child);
  put(child.pid!, start, ...rest);
  expect(withLock(folder, () => "done", 100)).toBe("done");
  expect(readdirSync(folder)).toEqual(["journal.jsonl"]);

  // Another computer's can't be judged from here, nor can a container's.
  for (const parts of [
    [1, 1, "00000000", boot, numbers, nonce],
    [1, 1, machine, boot, "00000000", nonce],
  ]) {
    put(...parts);
    expect(() => withLock(folder, () => 0, 100)).toThrow(
      expect.objectContaining({
        code: "register",
        hint: `wait for it; if no breakglass is running there, remove the folder ${lock}`,
      }),
    );
    rmSync(lock, { recursive: true });
  }
});

test("what a process left that was killed before it had the lock is tidied up", () => {
  const folder = newRegister();
  let name = "";
  withLock(folder, () => (name = readdirSync(join(folder, "journal.lock"))[0]!));
  const dead = ["4194305", "1", ...name.split(".").slice(2)].join(".");
  mkdirSync(join(folder, `journal.lock-${dead}`));
  writeFileSync(join(folder, `journal.lock-${dead}`, dead), "");
  appendEvents(folder, () => [change("one")]);
  expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
});

test.skipIf(needsMount)("a full disk is told, and the register stays as it was", () => {
  const folder = join(newDisk("size=64k"), "custody");
  createRegister(folder, () => OPENED);
  writeFileSync(join(folder, "other"), "");
  let written = 0;
  // Up to the last byte: what fits is written, what fits only in part is taken back.
  expect(() => {
    for (;;) {
      appendEvents(folder, () => [change(`change ${"x".repeat(200)}`)]);
      written++;
    }
  }).toThrow(
    expect.objectContaining({
      code: "file",
      message: expect.stringMatching(/journal\.jsonl can't be written: the disk is full/) as string,
      hint: "make room on the disk and try again",
    }),
  );
  expect(written).toBeGreaterThan(50);
  const { journal, notes } = openRegister(folder);
  expect(notes).toEqual([]);
  expect(journal.head.n).toBe(written + 1);
  expect(readdirSync(folder).sort()).toEqual(["journal.jsonl", "other"]);
  // A batch is written as a whole or not at all.
  const batch = Array.from({ length: 40 }, (_, i) => change(`batch ${i}`));
  expect(() => appendEvents(folder, () => batch)).toThrow(/the disk is full/);
  expect(openRegister(folder).journal.head).toEqual(journal.head);
});

test.skipIf(needsMount)("a full disk before the first entry leaves nothing", () => {
  const disk = newDisk("size=64k");
  writeFileSync(join(disk, "other"), Buffer.alloc(64 * 1024));
  expect(() => createRegister(join(disk, "a", "custody"), () => OPENED)).toThrow(
    /the disk is full/,
  );
  expect(readdirSync(disk)).toEqual(["other"]);
});

test.skipIf(needsMount)("a read-only disk is told, and what lies on it can be read", () => {
  const disk = newDisk("size=1m");
  copyFileSync(fileOf(newRegister(2)), fileOf(disk));
  appendFileSync(fileOf(disk), '{"n":3');
  expect(spawnSync("mount", ["-o", "remount,ro", disk]).status).toBe(0);
  const opened = openRegister(disk);
  expect(opened.journal.head.n).toBe(2);
  expect(opened.notes).toEqual([expect.stringContaining("the journal breaks off (6 bytes)")]);
  expect(() => appendEvents(disk, () => [change("one")])).toThrow(
    expect.objectContaining({
      code: "file",
      message: `the register in ${disk} can't be locked: the disk is read-only`,
      hint: expect.stringContaining("copy the register's folder") as string,
    }),
  );
  expect(() => createRegister(join(disk, "new"), () => OPENED)).toThrow(/the disk is read-only/);
});

test.skipIf(!isRoot)("who may not read or write is told", () => {
  const folder = newFolder();
  createRegister(folder, () => OPENED);
  const user = { uid: 65534 };
  expect(writeApart(folder, user)).toMatch(
    /^file: the register .* can't be locked: access is denied/,
  );
  chmodSync(folder, 0o777);
  expect(writeApart(folder, user)).toMatch(/^file: .*journal\.jsonl can't be written: access is/);
  chmodSync(folder, 0o700);
  expect(writeApart(folder, user)).toMatch(/^file: .*: access is denied; check who may read/);
  expect(openRegister(folder).journal.head.n).toBe(1);
  expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
});

test.skipIf(!isRoot || needs("chattr"))(
  "a folder in which nothing can be renamed, so that locks fail, is told",
  ({ skip }) => {
    const folder = newRegister();
    // Not every file system knows this attribute.
    if (spawnSync("chattr", ["+a", folder]).status !== 0) skip();
    onTestFinished(() => void spawnSync("chattr", ["-a", folder]));
    expect(() => appendEvents(folder, () => [change("one")])).toThrow(/can't be locked: access is/);
    expect(openRegister(folder).journal.head.n).toBe(1);
  },
);

test("a command that waited for the lock writes the time at which it got it", async () => {
  const folder = newRegister();
  const args = [BINARY, "record", "reviewed", "--register", folder, "--by", "Lea Lead"];
  const holder = change("by who was faster");
  const [waiting, writtenAt] = withLock(folder, () => {
    const child = spawn(process.execPath, args);
    // Long enough for a second to pass after it began to wait.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    const { journal } = openRegister(folder);
    appendFileSync(
      fileOf(folder),
      appendEntry(journal.head, { ...holder, at: now }, nodeHash).line,
    );
    return [child, now];
  });
  await ended(waiting);
  const { register, journal } = openRegister(folder);
  const written = journal.entries.at(-1)!;
  expect(written.kind).toBe("process-reviewed");
  expect(written.at >= writtenAt).toBe(true);
  expect(register.contradictions).toEqual([]);
});

test("a clock that runs backwards is told, and nothing is lost", () => {
  const folder = newRegister();
  const appended = appendEvents(folder, () => [
    change("late", "2026-03-02T09:30:00Z"),
    change("early", "2026-03-01T10:00:00Z"),
  ]);
  expect(appended.notes).toEqual([
    expect.stringMatching(
      /^entry 3: it was written at 2026-03-01T10:00:00Z, after an entry of .*: a clock was wrong/,
    ),
  ]);
  expect(changesIn(openRegister(folder))).toEqual(["late", "early"]);
  appendEvents(folder, () => [change("to come", "2999-01-01T00:00:00Z")]);
  expect(openRegister(folder).notes).toEqual([
    expect.stringMatching(/2999-01-01T00:00:00Z.*set the clock$/),
  ]);
  expect(writeApart(folder)).toBe("apart 1\n");
  expect(changesIn(openRegister(folder))).toEqual(["late", "early", "to come", "apart 1"]);
});

test("entries of a later version are told, and written on after", () => {
  const folder = newRegister();
  const { hash } = openRegister(folder).journal.head;
  const later = { n: 2, kind: "slip-blessed", at: AT, actor: "Lea Lead", prev: hash };
  const hashed = JSON.stringify(later).slice(0, -1);
  appendFileSync(fileOf(folder), `${hashed},"hash":"${nodeHash(Buffer.from(hashed))}"}\n`);
  const note = expect.stringMatching(/^1 entry is of a later version.*entry 2/) as string;
  expect(openRegister(folder).notes).toEqual([note]);
  expect(appendEvents(folder, () => [change("one")]).notes).toEqual([note]);
  expect(openRegister(folder).journal.head.n).toBe(3);
});

test("a journal that is a link, a folder or far too long is refused", () => {
  const target = newRegister();
  const linked = newFolder();
  symlinkSync(fileOf(target), fileOf(linked));
  const dangling = newFolder();
  symlinkSync(join(dangling, "nothing"), fileOf(dangling));
  const nested = newFolder();
  mkdirSync(fileOf(nested));
  const long = newFolder();
  copyFileSync(fileOf(target), fileOf(long));
  truncateSync(fileOf(long), 512 * 1024 * 1024 + 1);
  for (const [folder, message] of [
    [linked, "is a link to another place"],
    [dangling, "is a link to another place"],
    [nested, "is no file"],
    [long, "more than 512 MB"],
  ] as const) {
    expect(hasRegister(folder)).toBe(true);
    for (const attempt of [
      () => openRegister(folder),
      () => appendEvents(folder, () => [change("one")]),
      () => createRegister(folder, () => OPENED),
    ])
      expect(attempt).toThrow(message);
    expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
  }
  expect(openRegister(target).journal.head.n).toBe(1);
  // The folder itself may be reached by a link: there is one lock all the same.
  const other = join(newFolder(), "link");
  symlinkSync(target, other);
  expect(appendEvents(other, () => [change("one")]).journal.head.n).toBe(2);
});

test("a register that is handed out stays as it is while events are written", () => {
  const folder = newRegister();
  const before = openRegister(folder);
  appendEvents(folder, () => [
    { at: AT, actor: "Lea Lead", kind: "custodian-added", custodian: "Ada" },
  ]);
  expect(before.register.custodians.size).toBe(0);
  expect(before.journal.entries).toHaveLength(1);
  expect(openRegister(folder).register.custodians.size).toBe(1);
});

/** The name of who holds a lock, unless it is given back meanwhile. */
function holderOf(lock: string): string | undefined {
  try {
    return readdirSync(lock)[0];
  } catch {
    return undefined;
  }
}
