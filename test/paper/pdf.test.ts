import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { encodeSlip, groupLine, type Slip } from "../../src/core/slip.ts";
import { pageItems } from "../../src/paper/page.ts";
import { slipPages, type SlipLayout } from "../../src/paper/slip-page.ts";
import { needs } from "../tools.ts";
import { a4, concatSlip, details, letter, longDetails, pdfOf, shamirSlip } from "./samples.ts";

const cases: [name: string, slip: Slip, layout: SlipLayout][] = [
  ["plain", shamirSlip(28), a4],
  ["blinded, Letter", shamirSlip(28, { blinded: true }), letter],
  ["64 characters", shamirSlip(68, { total: 5, threshold: 3 }), a4],
  ["longest", shamirSlip(260, { blinded: true, total: 16, index: 16 }), letter],
  ["fragment", concatSlip("R k0+?aZ9!m#"), a4],
  ["long fragment", concatSlip("R k0+?aZ9!m#".repeat(11)), letter],
  ["discreet", shamirSlip(28), { ...a4, discreet: "Blue" }],
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "breakglass-paper-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function writePdf(slip: Slip, layout: SlipLayout, data = details): Promise<string> {
  const path = join(folder, "slip.pdf");
  writeFileSync(path, await pdfOf(slip, slipPages(slip, data, layout)));
  return path;
}

function run(tool: string, ...args: string[]): string {
  return execFileSync(tool, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** The lines of a text, with blanks folded. */
function linesOf(text: string): string[] {
  return text.split(/[\n\f]/).map((line) => line.trim().replaceAll(/ +/g, " "));
}

/** What a slip's code looks like as lines with folded blanks. */
function codeLines(slip: Slip): string[] {
  const { lines, spare } = encodeSlip(slip);
  return [...lines.map((line, i) => `${i + 1}) ${groupLine(line)}`), `S) ${groupLine(spare)}`].map(
    (line) => line.replaceAll(/ +/g, " "),
  );
}

describe("the bytes of a PDF", () => {
  test("are the same for the same slip", async () => {
    const slip = concatSlip("R k0+?");
    const [first, second] = await Promise.all([
      pdfOf(slip, slipPages(slip, details, a4)),
      pdfOf(slip, slipPages(slip, details, a4)),
    ]);
    expect(Buffer.from(first).equals(second)).toBe(true);
  });

  test("tell one slip from another", async () => {
    const pages = slipPages(shamirSlip(28), details, a4);
    const other = slipPages(shamirSlip(28), { ...details, custodian: "Eva Lang" }, a4);
    const slip = shamirSlip(28);
    expect(Buffer.from(await pdfOf(slip, pages)).equals(await pdfOf(slip, other))).toBe(false);
  });
});

describe.skipIf(needs("qpdf", "pdfinfo", "pdffonts"))("the file", () => {
  test.each(cases)("%s: is sound", async (_, slip, layout) => {
    const path = await writePdf(slip, layout);
    expect(run("qpdf", "--check", path)).toContain("No syntax or stream encoding errors");
  });

  test("is tagged, and says its language and its public name", async () => {
    const path = await writePdf(shamirSlip(28), a4);
    const info = run("pdfinfo", path);
    expect(info).toMatch(/^Title: +KQQ2 slip 2 of 3$/m);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^Producer: +breakglass$/m);
    expect(info).toMatch(/^Creator: +breakglass$/m);
    expect(info).toMatch(/^Page size: +595\.\d+ x 841\.\d+ pts \(A4\)$/m);
    const structure = run("pdfinfo", "-struct-text", path);
    expect(structure).toMatch(/^ *H1 .*\n *"KQQ2 {2}slip 2 of 3"/m);
    expect(structure).toMatch(/^ *Figure/m);
    const objects = run("qpdf", "--json", path);
    expect(objects).toContain('"/Lang": "u:en"');
    expect(objects).toContain('"/DisplayDocTitle": true');
  });

  test("Letter is Letter", async () => {
    const info = run("pdfinfo", await writePdf(shamirSlip(28), letter));
    expect(info).toMatch(/^Page size: +612 x 792 pts \(letter\)$/m);
  });

  test("embeds a subset of every font", async () => {
    const rows = run("pdffonts", await writePdf(concatSlip("R k0+?"), a4))
      .split("\n")
      .slice(2, -1);
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).toMatch(/^[A-Z]{6}\+DejaVu\S+ .* yes yes yes /);
  });

  test("has no word of account, people and secret outside its pages", async () => {
    const slip = concatSlip("Rk0+?aZ9m#xx");
    const path = await writePdf(slip, a4);
    // everything but the streams, which hold the pages and the fonts
    const outside = run("qpdf", "--json", "--json-stream-data=none", path);
    expect(outside).toContain("slip 1 of 2");
    for (const word of [
      ...["Sample", "contoso", "Keller", "Ohm", "vault", "FIDO2", "Rk0+?", "Romeo"],
      ...encodeSlip(slip).lines.flatMap((line) => groupLine(line).split(/ +/)),
    ])
      expect(outside).not.toContain(word);
  });

  test("is discreet in every part", async () => {
    const path = await writePdf(shamirSlip(28), { ...a4, discreet: "Blue" });
    const whole = run("qpdf", "--qdf", "--object-streams=disable", path, "-");
    const text = run("pdftotext", path, "-");
    expect(text).toContain("Blue");
    for (const part of [whole, text])
      expect(part).not.toMatch(/Sample|contoso|Keller|Ohm|vault|Custodian|Account/);
  });
});

describe.skipIf(needs("pdftotext"))("pdftotext gives every line of code as a line of text", () => {
  test.each(cases)("%s", async (_, slip, layout) => {
    const path = await writePdf(slip, layout);
    for (const mode of [[], ["-layout"]]) {
      const lines = linesOf(run("pdftotext", ...mode, path, "-"));
      // anything else that begins so would be taken for one
      expect(lines.filter((line) => /^(\d+|S)\)/.test(line))).toEqual(codeLines(slip));
    }
  });

  test("and names as they were given", async () => {
    const text = run("pdftotext", "-layout", await writePdf(shamirSlip(28), a4, longDetails), "-");
    expect(text).toContain("Włodzimierz Brzęczyszczykiewicz-Łękołodzki");
    expect(text).toContain("Παπαδημητρίου-Κωνσταντινόπουλος");
    expect(text).toContain("Хранилище №2, Большая Никитская");
  });
});

describe.skipIf(needs("pdftoppm", "zbarimg"))("zbarimg reads the QR code of", () => {
  test.each(cases)("%s", async (_, slip, layout) => {
    const picture = join(folder, "page");
    run("pdftoppm", "-r", "200", "-gray", "-png", await writePdf(slip, layout), picture);
    const pages = slipPages(slip, details, layout);
    const page = 1 + pages.findIndex((page) => pageItems([page]).some(({ kind }) => kind === "qr"));
    expect(run("zbarimg", "--quiet", "--raw", `${picture}-${page}.png`).trim()).toBe(
      encodeSlip(slip).qr,
    );
  });
});
