import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { beforeEach, expect, test } from "vitest";
import { spawnSync } from "../child.ts";
import { programWith } from "./program-copy.ts";

/** Commands whose files are all, or nearly all, of what is compiled. */
const COMMANDS = [
  ["--version"],
  ["record", "--help"],
  ["recover", "--help"],
  ["rotate", "--help"],
  ["completion-of-nothing"],
];

let program = "";
let files: readonly string[] = [];

beforeEach(() => {
  program = programWith("");
  const folder = dirname(program);
  files = readdirSync(folder)
    .filter((name) => name.endsWith(".twice"))
    .map((name) => join(folder, name));
});

function said(): unknown[] {
  return COMMANDS.map((args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      encoding: "utf8",
    });
    return [status, stdout, stderr];
  });
}

function change(how: (twice: Uint8Array, i: number) => Uint8Array): void {
  for (const [i, file] of files.entries()) writeFileSync(file, how(readFileSync(file), i));
}

test("the program runs the same where what was compiled is damaged, strange or not there", () => {
  const right = said();
  expect(right.map((each) => (each as [number])[0])).toEqual([0, 0, 0, 0, 2]);
  const whole = files.map((file) => readFileSync(file));
  const restored = (i: number): Uint8Array => Uint8Array.from(whole[i]!);
  for (const place of [0.1, 0.3, 0.49, 0.51, 0.7, 0.9]) {
    change((_, i) => {
      const damaged = restored(i);
      damaged[Math.floor(damaged.length * place)]! ^= 1;
      return damaged;
    });
    expect(said(), `one bit wrong at ${place}`).toEqual(right);
  }
  for (const part of [0, 0.25, 0.5, 0.75]) {
    change((_, i) => whole[i]!.subarray(0, Math.floor(whole[i]!.length * part)));
    expect(said(), `cut off at ${part}`).toEqual(right);
  }
  // Of another version of Node: the same twice, and V8 does not take it.
  change((_, i) => {
    const strange = restored(i);
    for (const at of [4, 4 + strange.length / 2]) strange[at]! ^= 1;
    return strange;
  });
  expect(said(), "of another version").toEqual(right);
  for (const file of files) rmSync(file);
  expect(said(), "not there").toEqual(right);
});

test("what another Node of this version compiled, on another processor or built another way, is not taken: V8 would, and crash", () => {
  const file = join(dirname(program), "status.cjs");
  const text = 'console.log("compiled")'.padEnd(readFileSync(file, "utf8").length);
  // V8 takes it for that of any text of this length.
  const { cachedData } = compileFunction(
    text,
    ["exports", "require", "module", "__filename", "__dirname"],
    { produceCachedData: true },
  ) as unknown as { cachedData: Uint8Array };
  writeFileSync(`${file}.twice`, Buffer.concat([cachedData, cachedData]));
  const preload = join(dirname(program), "other.js");
  const versionOn = (how: string): string => {
    writeFileSync(preload, how);
    return spawnSync(process.execPath, ["--require", preload, program, "--version"], {
      encoding: "utf8",
    }).stdout;
  };
  expect(versionOn("")).toBe("compiled\n");
  const other = (name: string, value: unknown): string =>
    `Object.defineProperty(process, "${name}", { value: ${JSON.stringify(value)} });`;
  expect(versionOn(other("arch", "riscv64"))).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(versionOn(other("platform", "aix"))).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(versionOn(other("execPath", program))).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(versionOn(other("execPath", "/nowhere"))).toMatch(/^\d+\.\d+\.\d+\n$/);
});
