import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { Assembly } from "../../src/core/assembly.ts";
import { readDocument } from "../../src/core/document.ts";
import { readSlip } from "../../src/core/reader.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { pageItems } from "../../src/paper/page.ts";
import { slipPages } from "../../src/paper/slip-page.ts";
import { makeSet } from "../vectors/scenario.ts";
import { needs } from "../tools.ts";
import { a4, concatSlip, details, pdfOf, shamirSlip } from "./samples.ts";

/** A grey picture, a byte for each pixel. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

function readPgm(path: string): Picture {
  const file = readFileSync(path);
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString("latin1", 0, 40))!;
  const grey = new Uint8Array(file.subarray(header[0].length));
  return { width: Number(header[1]), height: Number(header[2]), grey };
}

function writePgm(path: string, { width, height, grey }: Picture): void {
  writeFileSync(path, Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), grey]));
}

/** What a fax machine or an old copier leaves: every pixel black or white. */
function blackAndWhite({ grey, ...size }: Picture): Picture {
  return { ...size, grey: grey.map((value) => (value < 128 ? 0 : 255)) };
}

/** A copy: a little out of focus, with noise, and again only black and white. */
function photocopy({ width, height, grey }: Picture, seed: number): Picture {
  const copy = new Uint8Array(grey.length).fill(255);
  let state = seed;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) sum += grey[(y + dy) * width + x + dx]!;
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const noise = ((state >>> 16) % 161) - 80;
      copy[y * width + x] = sum / 9 + noise < 128 ? 0 : 255;
    }
  return { width, height, grey: copy };
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "breakglass-copy-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(tool: string, ...args: string[]): string {
  return execFileSync(tool, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    // tesseract's threads wait for each other longer than they work
    env: { ...process.env, OMP_THREAD_LIMIT: "1" },
  });
}

/** The page with the code, printed at 300 dpi in black and white, and copied twice. */
async function copiedPage(slip: Slip): Promise<string> {
  const pages = slipPages(slip, details, a4);
  const page = 1 + pages.findIndex((page) => pageItems([page]).some(({ kind }) => kind === "qr"));
  const path = join(folder, "slip");
  writeFileSync(`${path}.pdf`, await pdfOf(slip, pages));
  const pick = ["-f", String(page), "-l", String(page), "-singlefile"];
  run("pdftoppm", "-r", "300", "-gray", ...pick, `${path}.pdf`, path);
  const printed = blackAndWhite(readPgm(`${path}.pgm`));
  writePgm(`${path}.pgm`, photocopy(photocopy(printed, 1), 2));
  return `${path}.pgm`;
}

const slips: [name: string, slip: Slip][] = [
  ["24 characters", shamirSlip(28)],
  ["24 characters, blinded", shamirSlip(28, { blinded: true, index: 1 })],
  ["64 characters", shamirSlip(68, { index: 3 })],
  ["256 bytes", shamirSlip(260, { blinded: true })],
  ["a fragment", concatSlip("R k0+?aZ9!m#")],
];

describe.skipIf(needs("pdftoppm", "zbarimg"))("after two photocopies zbarimg still reads", () => {
  test.each(slips)("%s", async (_, slip) => {
    expect(run("zbarimg", "--quiet", "--raw", await copiedPage(slip)).trim()).toBe(
      encodeSlip(slip).qr,
    );
  });
});

describe.skipIf(needs("pdftoppm", "tesseract"))("after two photocopies tesseract still", () => {
  /** A slip as it is read from a picture of its copied page, mistakes put right. */
  async function readBack(slip: Slip): Promise<Slip> {
    const text = run("tesseract", await copiedPage(slip), "-");
    // Behind the five groups of a line it makes letters of the QR code, which nobody would copy.
    const rows = text.split("\n").map((row) => /^\S+\) (\S+ ){4}\S+/.exec(row)?.[0] ?? "");
    const [draft] = readDocument(rows.join("\n"));
    return readSlip(draft!, { acceptCorrections: true }).slip;
  }

  // The longest secrets have their code on several pages, of which only the first was copied here.
  test.each(slips.filter(([name]) => name !== "256 bytes"))("reads %s", async (_, slip) => {
    expect(await readBack(slip)).toEqual(slip);
  });

  test("gives the password back from the slips of a set", async () => {
    const password = "vd_wthy58uGFg3SWW8VNtQfN";
    const assembly = new Assembly();
    for (const slip of makeSet("photocopies", { password })) {
      // Of three slips two are needed: a copy of a copy that can't be read is what the third is for.
      const read = await readBack(slip).catch(() => undefined);
      if (read !== undefined) assembly.add(read);
    }
    expect(new TextDecoder().decode(assembly.recover().secret)).toBe(password);
  });
});
