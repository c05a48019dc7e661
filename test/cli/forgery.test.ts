import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { readDocument } from "../../src/core/document.ts";
import { readSlip } from "../../src/core/reader.ts";
import type { Slip } from "../../src/core/slip.ts";
import { typedSlip } from "../core/typed.ts";
import { needs } from "../tools.ts";
import { digestOf } from "../vectors/forge.ts";
import { breakglass } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register } from "./ceremony-room.ts";
import { SAMPLE_PASSWORD, writeSampleSlips } from "./sample-slips.ts";
import { Session } from "./session.ts";

/*
 * What a dishonest custodian can do who knows the password (from the last emergency, say) and holds
 * slip 1: put another paper in its place that, with an honest slip 2, gives a password of their own
 * choice. Check and digest fit; only the register's commitment to the slip does not.
 */

const CHOSEN = "Forged-by-Sample-One.7x9";

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]!);
}

/** Twice and half each byte in GF(2^8), polynomial 0x11d. */
const twice = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte << 1) ^ (byte & 0x80 ? 0x11d : 0));
const half = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte & 1 ? byte ^ 0x11d : byte) >> 1);

function digested(setId: number, password: Uint8Array): Uint8Array {
  return Buffer.concat([digestOf(setId, password), password]);
}

/** Slip 1 of 2-of-n: a line through the chosen secret at 0 and the honest slip at 2, taken at 1. */
function forgeShare(own: Slip, password: string): Slip {
  const secret = digested(own.setId, Buffer.from(password));
  const second = xor(secret, twice(xor(secret, own.payload)));
  const chosen = digested(own.setId, Buffer.from(CHOSEN));
  return { ...own, payload: xor(chosen, half(xor(chosen, second))) };
}

/** Slip 1 of a concatenation in two: another fragment, and the part of the digest that fits it. */
function forgeFragment(own: Slip, password: string): Slip {
  const half = password.length / 2;
  const chosen = Buffer.from(CHOSEN.slice(0, half) + password.slice(half));
  const body = own.payload.slice(10);
  const digests = xor(digestOf(own.setId, Buffer.from(password)), digestOf(own.setId, chosen));
  const part = xor(body.subarray(0, 4), digests);
  const blind = own.payload.subarray(0, 10);
  return { ...own, payload: Buffer.concat([blind, part, chosen.subarray(0, half)]) };
}

const FORGERIES = [
  ["a share", ["--split", "2of3", ...HOLDERS], forgeShare],
  ["a fragment", ["--split", "concat:2", "--accept-weak", ...HOLDERS.slice(0, 8)], forgeFragment],
] as const;

interface Scene {
  readonly cwd: string;
  /** A folder without a register. */
  readonly elsewhere: string;
  readonly password: string;
}

const scenes = new Map<typeof forgeShare, Scene>();

/** The scene for a forgery, made once. */
function forged(split: readonly string[], forge: typeof forgeShare): Scene {
  const scene = scenes.get(forge) ?? makeForged(split, forge);
  scenes.set(forge, scene);
  return scene;
}

/** A register with a set, its slips as text files, and a forged slip 1 beside them. */
function makeForged(split: readonly string[], forge: typeof forgeShare): Scene {
  const cwd = realpathSync(register());
  const issued = breakglass(["issue", ACCOUNT, "--out", "slips", "--by", "Sample Lead", ...split], {
    cwd,
  });
  expect(issued.stderr).not.toContain("breakglass:");
  const elsewhere = join(cwd, "elsewhere");
  mkdirSync(elsewhere);
  const slips = readdirSync(join(cwd, "slips"))
    .toSorted()
    .map((name) => {
      const text = execFileSync("pdftotext", ["-layout", join(cwd, "slips", name), "-"]).toString();
      return readSlip(readDocument(text)[0]!, { acceptCorrections: false }).slip;
    });
  for (const slip of slips)
    for (const folder of [cwd, elsewhere])
      writeFileSync(join(folder, `${slip.index}.txt`), typedSlip(slip));
  const honest = breakglass(["recover", "--stdout", "1.txt", "2.txt"], { cwd: elsewhere });
  expect(honest.status).toBe(0);
  const password = honest.stdout;
  for (const folder of [cwd, elsewhere])
    writeFileSync(join(folder, "forged.txt"), typedSlip(forge(slips[0]!, password)));
  return { cwd, elsewhere, password };
}

describe.skipIf(needs("pdftotext"))("whoever knows the password and holds one slip", () => {
  test.each(FORGERIES)("can forge %s that passes where there is no register", (_, split, forge) => {
    const { elsewhere, password } = forged(split, forge);
    const checked = breakglass(["check", "forged.txt"], { cwd: elsewhere });
    expect(checked.status).toBe(0);
    expect(checked.stdout).toContain(": intact");
    const recovered = breakglass(["recover", "--stdout", "forged.txt", "2.txt"], {
      cwd: elsewhere,
    });
    expect(recovered.status).toBe(0);
    expect(recovered.stdout).toHaveLength(password.length);
    expect(recovered.stdout).not.toBe(password);
    expect(recovered.stdout.slice(0, 12)).toBe(CHOSEN.slice(0, 12));
  });

  test.each(FORGERIES)("is found out by the register: %s", async (_, split, forge) => {
    const { cwd, password } = forged(split, forge);
    const checked = breakglass(["check", "forged.txt"], { cwd });
    expect(checked.status).toBe(5);
    expect(checked.stderr).toContain("slip 1 of");
    expect(checked.stderr).toContain("as it was issued");

    // Nothing is set in the tenant from it.
    const ceremony = breakglass(["recover", "--stdout", "forged.txt", "2.txt"], { cwd });
    expect(ceremony.status).toBe(5);
    expect(ceremony.stdout).toBe("");
    expect(ceremony.stderr).toContain("this password must not be set");
    const log = breakglass(["log", "--json"], { cwd }).stdout;
    expect(log).not.toContain("setting-begun");

    // In an emergency it is said, and holds nothing up.
    const flags = ["--purpose", "emergency"];
    const emergency = breakglass(["recover", "--stdout", ...flags, "forged.txt", "2.txt"], { cwd });
    expect(emergency.status).toBe(0);
    expect(emergency.stderr).toMatch(/careful: \w{4} slip 1 of \d is not the one that was issued/);
    const honest = breakglass(["recover", "--stdout", ...flags, "1.txt", "2.txt"], { cwd });
    expect(honest.stdout).toBe(password);
    expect(honest.stderr).not.toContain("careful");

    const session = new Session(["recover", ...flags, "forged.txt", "2.txt"], { cwd, rows: 60 });
    await session.sees("The password comes next");
    expect(await session.screen()).toContain("is not the one that was issued");
    await session.answers("Press Enter to show it", "");
    await session.answers("q and Enter leaves. ", "q");
    await session.answers("Who recovered it, for the register?", "");
    expect(await session.status()).toBe(0);
  });

  test("is found out in a rotation, which sets nothing from it", async () => {
    const { cwd } = makeForged(FORGERIES[0][1], forgeShare);
    for (const slip of [1, 2, 3])
      breakglass(["check", `${slip}.txt`, "--by", "Sample Custodian"], { cwd });
    const session = new Session(["rotate", ACCOUNT, "--by", "Sample Lead"], { cwd, rows: 60 });
    await session.answers("d, l? ", "l");
    await session.answers("g, q? ", "g");
    await session.answersTwice("(the administrator)", "Sample Admin");
    await session.answers("1, 2, 3? ", "1");
    await session.answers("read these steps. ", "");
    for (const file of ["forged.txt", "2.txt"]) {
      const lines = readFileSync(join(cwd, file), "utf8").split("\n").slice(0, -2);
      for (const line of lines) await session.answers(`${line.slice(0, 2)} `, line.slice(3));
    }
    await session.sees("slip 1 of 3 is not the one that was issued, so this password must not be");
    await session.answers("g, q? ", "q");
    expect(await session.status()).toBe(0);
    expect(breakglass(["log", "--json"], { cwd }).stdout).not.toContain("setting-begun");
  });

  test("is found out by a third slip", () => {
    const { elsewhere } = forged(FORGERIES[0][1], forgeShare);
    const ran = breakglass(["recover", "--stdout", "forged.txt", "2.txt", "3.txt"], {
      cwd: elsewhere,
    });
    expect(ran.status).toBe(5);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain("give more than one password: some of them were forged");
  });
});

test("a register that is broken holds no recovery up", () => {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "broken-")));
  writeSampleSlips(cwd);
  mkdirSync(join(cwd, "custody"));
  writeFileSync(join(cwd, "custody", "journal.jsonl"), `{"n":1,"kind":"nothing of ours"}\n`);
  const ran = breakglass(["recover", "--stdout", "one.txt", "two.txt"], { cwd });
  expect(ran.status).toBe(0);
  expect(ran.stdout).toBe(SAMPLE_PASSWORD);
  expect(ran.stderr).toContain("line 1 of the journal is damaged");
});
