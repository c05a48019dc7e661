import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { spawnSync } from "../child.ts";
import { writeNewFiles } from "../../src/cli/printing/slip-files.ts";
import { needs } from "../tools.ts";
import { BINARY, breakglass, issueArgs } from "./breakglass.ts";

const isRoot = process.getuid?.() === 0;

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "files-"));
}

test("each slip is a file of its own, which only its owner can read", () => {
  const out = join(newFolder(), "a", "b");
  const ran = breakglass(issueArgs(out, 3));
  expect(ran.status).toBe(0);
  const files = readdirSync(out);
  expect(files).toHaveLength(3);
  for (const [i, file] of files.entries()) {
    expect(file).toMatch(new RegExp(`^[0-9A-Z]{4}-slip-${i + 1}-of-3\\.pdf$`));
    expect(statSync(join(out, file)).mode & 0o777).toBe(0o600);
  }
  expect(ran.stdout.trim().split("\n")).toEqual(files.map((file) => join(out, file)));
  expect(ran.stderr).toContain("this folder now holds the whole password");
});

test("a failure half-way leaves no file of the set, and no folder made for it", () => {
  const parent = newFolder();
  // A file where the folder should be
  writeFileSync(join(parent, "taken"), "");
  const ran = breakglass(issueArgs(join(parent, "taken"), 3));
  expect(ran.status).toBe(9);
  expect(ran.stderr).toMatch(/can't be (made|written)/);
  expect(readdirSync(parent)).toEqual(["taken"]);
});

test.skipIf(!isRoot || needs("mount", "umount"))("a full disk is told, and nothing is left", () => {
  const disk = newFolder();
  // Room for two slips, not for three
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=96k", "tmpfs", disk]).status).toBe(0);
  onTestFinished(() => void spawnSync("umount", [disk]));
  const ran = breakglass(issueArgs(join(disk, "new"), 3));
  expect(ran.status).toBe(9);
  expect(ran.stderr).toContain("the disk is full");
  expect(readdirSync(disk)).toEqual([]);
});

test.skipIf(!isRoot || needs("mount", "umount"))("a read-only disk is told", () => {
  const disk = newFolder();
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", disk]).status).toBe(0);
  onTestFinished(() => void spawnSync("umount", [disk]));
  const ran = breakglass(issueArgs(disk, 3));
  expect(ran.status).toBe(9);
  expect(ran.stderr).toContain("the disk is read-only");
});

test.skipIf(!isRoot)(
  "a folder where one may not write, and a file one may not read, are told",
  () => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, "slip.txt"), "", { mode: 0o600 });
    const user = { uid: 65534 };
    const issued = breakglass(issueArgs(folder, 3), user);
    expect(issued.stderr).toContain("access is denied");
    expect(issued.status).toBe(9);
    const checked = breakglass(["check", join(folder, "slip.txt")], user);
    expect(checked.stderr).toContain("access is denied");
    expect(checked.status).toBe(9);
  },
);

test("an interrupted issue leaves all slips or none", async () => {
  // At many moments from the program's start to its end
  for (let delay = 100; delay <= 1000; delay += 75) {
    const out = join(newFolder(), "slips");
    const child = spawn(process.execPath, [BINARY, ...issueArgs(out, 3)], { stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGINT");
    const status = await ended;
    const files = existsSync(out) ? readdirSync(out) : [];
    expect([0, 3], `after ${delay} ms, status ${status}`).toContain(files.length);
    if (status === 0) expect(files).toHaveLength(3);
  }
});

test.skipIf(needs("sh") || !existsSync("/dev/full"))("a full standard output is told", () => {
  const folder = newFolder();
  const script = `"$1" "$2" issue a --no-register --discreet Blue --out "$3" >/dev/full`;
  const args = ["-c", script, "sh", process.execPath, BINARY, join(folder, "slips")];
  const ran = spawnSync("sh", args, { encoding: "utf8" });
  expect(ran.stderr).toContain("standard output was closed, or is full");
  expect(ran.status).toBe(9);
});

test("a standard output that is closed early is told", async () => {
  const folder = newFolder();
  const child = spawn(process.execPath, [BINARY, ...issueArgs(folder, 3)]);
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect(stderr).toContain("standard output was closed, or is full");
  expect(status).toBe(9);
});

test.each([
  ["100 MB", Buffer.alloc(100 * 1024 * 1024, "1) 0123\n"), 3, "is too long for a text"],
  ["NUL bytes", Buffer.alloc(1000), 3, "is not a text file"],
  ["bytes that are no text", Buffer.from([0xc3, 0x28, 0xff]), 3, "is not a text file"],
  ["an empty file", Buffer.alloc(0), 3, "is empty"],
  ["a PDF file", Buffer.from("%PDF-1.7\n%\xb5\xb5\xb5\xb5\n", "latin1"), 3, "this PDF is damaged"],
])("%s instead of a slip ends in one clear message", (_, content, status, message) => {
  const file = join(newFolder(), "slip.txt");
  writeFileSync(file, content);
  for (const args of [
    ["check", file],
    ["check", "-"],
    ["recover", "--stdout", file],
  ]) {
    const ran = breakglass(args, { input: args[1] === "-" ? content : "" });
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(message);
    expect(ran.stderr.trimEnd().split("\n")).toHaveLength(2);
  }
});

test("a text as Windows' shells write it is read", () => {
  const folder = newFolder();
  const out = join(folder, "slips");
  expect(breakglass(issueArgs(out, 2, "--split", "2of2")).status).toBe(0);
  const text = "1) 0123\r\n";
  const file = join(folder, "utf16.txt");
  writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]));
  expect(breakglass(["check", file]).stderr).toContain("line 1 has 4 symbols");
});

test("an existing file is never overwritten, and then none of the set is left", () => {
  const folder = newFolder();
  writeFileSync(join(folder, "two.pdf"), "mine");
  const files = ["one.pdf", "two.pdf", "three.pdf"].map((name) => ({
    name,
    bytes: Uint8Array.of(1),
  }));
  expect(() => writeNewFiles(folder, files)).toThrow(
    /two\.pdf can't be written: it is there already/,
  );
  expect(readFileSync(join(folder, "two.pdf"), "utf8")).toBe("mine");
  expect(readdirSync(folder)).toEqual(["two.pdf"]);
});
