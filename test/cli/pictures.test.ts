import { createWriteStream, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import PDFDocument from "pdfkit";
import { beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import type { Gray } from "../../src/scan/gray.ts";
import { rotate } from "../bench/damage.ts";
import { pngOf, readPgm } from "../scan/pnm.ts";
import { needs } from "../tools.ts";
import { breakglass, issueArgs } from "./breakglass.ts";
import { Session } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "pictures-"));
const at = (name: string): string => join(folder, name);
/** Slips of one set, as `issue` wrote them. */
let pdfs: readonly string[];
let password: string;

/** A slip as a scanner hands it over. */
function scanned(slip: number, name: string, ...flags: string[]): string {
  execFileSync("pdftoppm", ["-r", "200", ...flags, "-singlefile", pdfs[slip]!, at(name)]);
  return at(name);
}

function picture(slip: number): Gray {
  return readPgm(`${scanned(slip, `page-${slip}`, "-gray")}.pgm`);
}

function written(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}

function recovered(...files: string[]): string {
  const ran = breakglass(["recover", "--stdout", ...files]);
  expect(ran.stderr).not.toContain("breakglass:");
  return ran.stdout;
}

/** Pictures lying side by side. */
function sideBySide(pictures: readonly Gray[]): Gray {
  const width = pictures.reduce((sum, { width }) => sum + width, 0);
  const height = Math.max(...pictures.map(({ height }) => height));
  const data = new Uint8Array(width * height).fill(255);
  let left = 0;
  for (const part of pictures) {
    for (let y = 0; y < part.height; y++)
      data.set(part.data.subarray(y * part.width, (y + 1) * part.width), y * width + left);
    left += part.width;
  }
  return { data, width, height };
}

/** A PDF as a scanner writes it: pictures, and nothing else. */
async function scannedPdf(
  name: string,
  pictures: readonly (string | undefined)[],
): Promise<string> {
  const doc = new PDFDocument({ autoFirstPage: false });
  const file = doc.pipe(createWriteStream(at(name)));
  for (const each of pictures) {
    doc.addPage({ size: "A4", margin: 0 });
    if (each !== undefined) doc.image(each, 0, 0, { fit: [595, 842] });
  }
  doc.end();
  await finished(file);
  return at(name);
}

describe.skipIf(needs("pdftoppm", "pdftotext", "cwebp", "qpdf"))("slips in pictures", () => {
  beforeAll(() => {
    const ran = breakglass(issueArgs(at("slips"), 3));
    pdfs = ran.stdout.trim().split("\n");
    password = recovered(...pdfs.slice(0, 2));
    expect(password).toHaveLength(24);
  });

  test("of every kind give the password, mixed with typed ones", () => {
    const typed = written("one.txt", execFileSync("pdftotext", ["-layout", pdfs[0]!, "-"]));
    const png = `${scanned(1, "two", "-png")}.png`;
    execFileSync("cwebp", ["-quiet", png, "-o", at("two.webp")]);
    const kinds = [
      png,
      `${scanned(1, "jpeg", "-jpeg")}.jpg`,
      `${scanned(1, "fax", "-mono", "-tiff")}.tif`,
      `${scanned(1, "colour", "-tiff", "-tiffcompression", "lzw")}.tif`,
      `${scanned(1, "in-jpeg", "-tiff", "-tiffcompression", "jpeg")}.tif`,
      `${scanned(1, "in-grey-jpeg", "-gray", "-tiff", "-tiffcompression", "jpeg")}.tif`,
      at("two.webp"),
      // What a file is called says nothing.
      written("two.txt", readFileSync(png)),
    ];
    for (const kind of kinds) expect(recovered(typed, kind), kind).toBe(password);
    expect(recovered(png, typed)).toBe(password);
  });

  test("are taken from standard input", () => {
    const png = readFileSync(`${scanned(0, "stdin", "-png")}.png`);
    const ran = breakglass(["check", "-"], { input: png });
    expect(ran.stdout).toContain("slip 1 of 3: intact");
    expect(ran.status).toBe(0);
  });

  test.each([90, 180, 270, 17, -44])("turned by %d degrees are read", (degrees) => {
    const turned = [0, 2].map((slip) =>
      written(`turned-${slip}.png`, pngOf(rotate(picture(slip), degrees))),
    );
    expect(recovered(...turned)).toBe(password);
  });

  test("on one page, and on several pages of a file, are all read", async () => {
    const both = written("both.png", pngOf(sideBySide([picture(0), picture(2)])));
    expect(recovered(both)).toBe(password);
    const pages = ["a", "b"].map((name, i) => `${scanned(i, name, "-jpeg")}.jpg`);
    const pdf = await scannedPdf("scan.pdf", [pages[0], undefined, pages[1]]);
    expect(recovered(pdf)).toBe(password);
    expect(breakglass(["check", pdf]).stdout).toMatch(/slip 1 of 3: intact[^]*slip 2 of 3: intact/);
  });

  test("say what a check of them proves", () => {
    const png = `${scanned(0, "proof", "-png")}.png`;
    expect(breakglass(["check", png]).stdout).toContain("only its QR code was read");
    const own = breakglass(["check", pdfs[0]!]);
    expect(own.stdout).toContain("this proves the file, and not the paper");
    expect(own.status).toBe(0);
  });

  test("a picture that can't be read leaves the slips read before it, and typing goes on", async () => {
    const good = `${scanned(0, "good", "-png")}.png`;
    const bad = written(
      "bad.png",
      pngOf({ data: new Uint8Array(10_000).fill(255), width: 100, height: 100 }),
    );
    const session = new Session(["recover", bad, good], { cwd: folder });
    await session.sees("no QR code can be read in it");
    await session.sees("type the code lines printed beside the QR code");
    await session.sees("slip 1 of 3: 1 more needed");
    await session.sees("1) ");
    session.type("\x03");
    expect(await session.status()).toBe(130);
  });

  test("an encrypted PDF is named as such", () => {
    execFileSync("qpdf", [
      "--encrypt",
      "secret",
      "secret",
      "256",
      "--",
      pdfs[0]!,
      at("locked.pdf"),
    ]);
    const ran = breakglass(["check", at("locked.pdf")]);
    expect(ran.stderr).toContain("locked.pdf: this PDF is protected by a password");
    expect(ran.status).toBe(3);
  });

  test("half a slip is no slip", () => {
    const { data, width, height } = picture(0);
    // Through the middle of its code, which stands on the right
    const half = Math.floor(width * 0.83);
    const cut = new Uint8Array(half * height);
    for (let y = 0; y < height; y++) cut.set(data.subarray(y * width, y * width + half), y * half);
    const file = written("half.png", pngOf({ data: cut, width: half, height }));
    const ran = breakglass(["check", file]);
    expect(ran.stderr).toContain("half.png: no QR code can be read in it");
    expect(ran.status).toBe(3);
  });
});
