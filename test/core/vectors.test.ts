import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BreakglassError } from "../../src/core/errors.ts";
import { needs } from "../tools.ts";
import type { Vector } from "../vectors/scenario.ts";
import { vectorFiles } from "../vectors/vectors.ts";
import { readSlips, recordOf, recover } from "./read.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "test/vectors");
const texts = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => [file, readFileSync(join(FOLDER, file), "utf8")]),
);
const vectors = [...texts].map(([file, text]) => ({
  name: file.replace(/\.json$/, ""),
  vector: JSON.parse(text) as Vector,
}));

/** The exit status of the independent reader for each failure class, as far as it is not 3. */
const STATUS: Readonly<Record<string, number>> = {
  "too-few": 4,
  conflict: 5,
  "mixed-sets": 5,
  misfit: 5,
  "wrong-result": 6,
};

describe("test/vectors", () => {
  it("is what the generator writes", () => {
    expect(Object.fromEntries(texts)).toEqual(Object.fromEntries(vectorFiles()));
  });

  it("is mostly of slips that must be refused, and has each failure class", () => {
    const classes = vectors.map(({ vector }) => vector.expect);
    const failing = classes.filter((expected) => expected !== "password");
    expect(failing.length).toBeGreaterThanOrEqual((vectors.length * 2) / 3);
    const table = readFileSync(join(ROOT, "docs/slip-format.md"), "utf8").split("## Failures")[1]!;
    const documented = [...table.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]!);
    expect([...new Set(failing)].sort()).toEqual(documented.sort());
  });
});

describe("this reader", () => {
  it.each(vectors)("$name", ({ vector }) => {
    expect(outcome(() => Buffer.from(recover(vector)).toString())).toEqual({
      class: vector.expect,
      ...(vector.password === undefined ? {} : { password: vector.password }),
    });
    if (vector.slips !== undefined) expect(readSlips(vector).map(recordOf)).toEqual(vector.slips);
  });
});

function outcome(run: () => string): { class: string; password?: string } {
  try {
    return { class: "password", password: run() };
  } catch (error) {
    if (error instanceof BreakglassError) return { class: error.code };
    throw error;
  }
}

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function python(args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile("python3", args, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe.skipIf(needs("python3")).concurrent("docs/read_slips.py", () => {
  let folder = "";
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "breakglass-vectors-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(vectors)("$name", async ({ name, vector }) => {
    const files = vector.documents.map((text, i) => {
      const file = join(folder, `${name}-${i + 1}.txt`);
      writeFileSync(file, text);
      return file;
    });
    const options = [
      ...(vector.acceptCorrections ? ["--accept-corrections"] : []),
      ...(vector.set === undefined ? [] : ["--set", vector.set]),
    ];
    const run = await python([join(ROOT, "docs/read_slips.py"), ...options, ...files]);
    const { status, stdout } = run;
    if (vector.expect === "password")
      expect({ status, stdout }).toEqual({ status: 0, stdout: vector.password });
    else
      expect({ class: run.stderr.split(":")[0], status, stdout }).toEqual({
        ...{ class: vector.expect, status: STATUS[vector.expect] ?? 3, stdout: "" },
      });
  });
});
