import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import PDFDocument from "pdfkit";
import QRCode from "qrcode";
import { beforeAll, expect, test } from "vitest";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { spawnSync } from "../child.ts";
import { pngOf } from "../scan/pnm.ts";
import { needs } from "../tools.ts";
import { makeSet } from "../vectors/scenario.ts";
import { BINARY, breakglass } from "./breakglass.ts";
import { writeSampleSlips } from "./sample-slips.ts";

const folder = mkdtempSync(join(tmpdir(), "bad-pictures-"));
beforeAll(() => writeSampleSlips(folder));

const [slip] = makeSet("sample") as [Slip];
const blank = pngOf({ data: new Uint8Array(250_000).fill(255), width: 500, height: 500 });

function qr(text: string): Promise<Buffer> {
  return QRCode.toBuffer(text, { scale: 5, errorCorrectionLevel: "L" });
}

/** A PNG that says it has other sides than it has. */
function lying(width: number, height: number): Uint8Array {
  const png = Buffer.from(blank);
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

/** A part of a PNG. */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** A PNG of one bit for a pixel. */
function png(side: number, rows: Uint8Array, ...before: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const parts = [chunk("IHDR", header), ...before, chunk("IDAT", rows)];
  const end = chunk("IEND", Buffer.alloc(0));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts, end]);
}

/** So many zeros, packed. */
function zeros(length: number): Buffer {
  return deflateSync(Buffer.alloc(length), { level: 9 });
}

/** A PNG of 30,000 x 30,000 pixels, all of them there, in a few kilobytes. */
function bomb(): Uint8Array {
  return png(30_000, zeros(30_000 * (30_000 / 8 + 1)));
}

const HUGE = 300_000_000;

/** A PNG of which a text beside its pixels unpacks to hundreds of megabytes. */
function sideBomb(): Uint8Array {
  const text = Buffer.concat([Buffer.from("Sample\0\0", "latin1"), zeros(HUGE)]);
  return png(200, zeros(200 * 26), chunk("zTXt", text));
}

/** A TIFF whose only strip unpacks to more than its size allows. */
function stripBomb(): Uint8Array {
  const strip = zeros(HUGE);
  const tags = [
    ...[256, 500, 257, 500, 258, 1, 259, 8, 262, 0],
    ...[273, 8, 277, 1, 278, 500, 279, strip.length],
  ];
  const directory = Buffer.alloc(2 + (tags.length / 2) * 12 + 4);
  directory.writeUInt16LE(tags.length / 2);
  for (let i = 0; i < tags.length; i += 2) {
    directory.writeUInt16LE(tags[i]!, 2 + 6 * i);
    directory.writeUInt16LE(4, 4 + 6 * i);
    directory.writeUInt32LE(1, 6 + 6 * i);
    directory.writeUInt32LE(tags[i + 1]!, 10 + 6 * i);
  }
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(8 + strip.length, 4);
  return Buffer.concat([head, strip, directory]);
}

/** A PDF of one page, of these objects, of which the fourth is what is drawn. */
function pdfOf(resources: string, ...streams: readonly (readonly [string, Uint8Array])[]): Buffer {
  const objects: Uint8Array[] = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<${resources}>>>>`,
  ].map((text) => Buffer.from(text));
  for (const [entries, data] of streams)
    objects.push(
      Buffer.concat([
        Buffer.from(`<<${entries}/Length ${data.length}>>stream\n`),
        data,
        Buffer.from("\nendstream"),
      ]),
    );
  const parts = objects.flatMap((object, i) => [
    Buffer.from(`${i + 1} 0 obj\n`),
    object,
    Buffer.from("\nendobj\n"),
  ]);
  const end = Buffer.from(`trailer<</Size ${objects.length + 1}/Root 1 0 R>>\n%%EOF`);
  return Buffer.concat([Buffer.from("%PDF-1.4\n"), ...parts, end]);
}

const FORM = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]";

/** Forms that each draw the next one ten times. */
function formBomb(): Uint8Array {
  const tenfold = Buffer.from("/F Do ".repeat(10));
  const forms = Array.from({ length: 12 }, (_, i): [string, Buffer] => [
    i < 11 ? `${FORM}/Resources<</XObject<</F ${6 + i} 0 R>>>>` : FORM,
    i < 11 ? tenfold : Buffer.from("0 0 m 600 800 l S"),
  ]);
  return pdfOf("/XObject<</F 5 0 R>>", ["", tenfold], ...forms);
}

/** A PDF with a picture of hundreds of millions of pixels. */
function imageBomb(): Uint8Array {
  return pdfOf(
    "/XObject<</F 5 0 R>>",
    ["", Buffer.from("600 0 0 800 0 0 cm /F Do")],
    [
      "/Type/XObject/Subtype/Image/Width 20000/Height 15000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode",
      zeros(HUGE),
    ],
  );
}

/** A PDF of very many lines. */
function lineBomb(lines: number): Uint8Array {
  const line = "0 0 m 600 800 l 10 700 300 200 400 100 c S\n";
  return pdfOf("", ["/Filter/FlateDecode", deflateSync(line.repeat(lines))]);
}

/** A PDF of blank pages. */
async function blankPdf(pages: number): Promise<Buffer> {
  const doc = new PDFDocument({ autoFirstPage: false });
  for (let i = 0; i < pages; i++) doc.addPage();
  doc.end();
  const chunks: Buffer[] = [];
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const slipText = encodeSlip(slip).qr;
const cut = async (file: Promise<Buffer>): Promise<Buffer> => {
  const whole = await file;
  return whole.subarray(0, whole.length / 2);
};

const BAD: readonly (readonly [string, string, () => Promise<Uint8Array> | Uint8Array, string])[] =
  [
    ["a picture without a code", "blank.png", () => blank, "no QR code can be read in it"],
    [
      "a QR code of something else",
      "other.png",
      () => qr("https://example.org"),
      "is not a slip's",
    ],
    ["control characters", "control.png", () => qr("\x1b[2J\x07\0\r\n"), "is not a slip's"],
    ["the longest QR code", "longest.png", () => qr("A".repeat(4000)), "is not a slip's"],
    [
      "the longest one that begins like a slip's",
      "long.png",
      () => qr(`BG1:${"0".repeat(4000)}`),
      "begins like a slip's, and is none",
    ],
    [
      "a slip's beginning and wrong content",
      "wrong.png",
      () => qr(slipText.slice(0, -1) + (slipText.endsWith("7") ? "8" : "7").repeat(6)),
      "begins like a slip's, and is none",
    ],
    [
      "a slip's beginning and control characters",
      "escape.png",
      () => qr("BG1:\x1b[2J\x07\r\n1) 0123"),
      "begins like a slip's, and is none",
    ],
    ["several slips in one code", "two.png", () => qr(`${slipText}\n${slipText}`), "and is none"],
    ["a later version", "later.png", () => qr("BG2:0123"), "only version 1 is known"],
    [
      "another tool's share",
      "share.png",
      () => qr("ur:crypto-sskr/gowkaeaeadae"),
      "is not a slip's",
    ],
    ["a cut PNG", "cut.png", () => cut(qr(slipText)), "damaged or cut off"],
    [
      "a cut JPEG",
      "cut.jpg",
      () => Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb0043", "hex"),
      "damaged or cut off",
    ],
    ["a PNG bomb", "bomb.png", bomb, "30000 x 30000 pixels"],
    ["a PNG of no size", "none.png", () => lying(0, 5), "damaged or cut off"],
    ["a PNG larger than its file", "lying.png", () => lying(3000, 3000), "damaged or cut off"],
    [
      "a large PNG without its pixels",
      "large.png",
      () => png(8000, zeros(9)),
      "damaged or cut off",
    ],
    ["a drawing as text", "drawing.svg", () => Buffer.from("<svg xmlns=''/>"), "HTML, XML or SVG"],
    ["a web page", "page.pdf", () => Buffer.from("<!DOCTYPE html><p>x"), "HTML, XML or SVG"],
    ["a PGM", "x.pgm", () => Buffer.from("P5\n# x\n9 9 255\n"), "PBM, PGM or PPM picture"],
    ["a long file of no kind", "long.bin", () => Buffer.alloc(2_000_000), "no picture or PDF"],
    ["500 pages", "long.pdf", () => blankPdf(500), "500 pages, and at most 64"],
    ["empty pages", "empty.pdf", () => blankPdf(2), "no QR code can be read in it"],
    [
      "a cut PDF",
      "cut.pdf",
      () => Buffer.from("%PDF-1.7\n1 0 obj\n<<"),
      "PDF is damaged or cut off",
    ],
    [
      "an HEIC picture",
      "phone.jpg",
      () => Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"),
      "HEIC picture, which can't be read here",
    ],
    [
      "a zip archive",
      "zip.png",
      () => Buffer.from("PK\x03\x04\x14\0\0\0", "latin1"),
      "a zip archive",
    ],
    [
      "a broken TIFF",
      "broken.tif",
      () => Buffer.from("II*\0\xff\xff\xff\x7f", "latin1"),
      "damaged",
    ],
    ["a broken WebP", "broken.webp", () => Buffer.from("RIFF\x04\0\0\0WEBPVP8 "), "damaged"],
    ["an empty file", "nothing.png", () => Buffer.alloc(0), "is empty"],
  ];

test.each(BAD)("%s ends in one clear message, and says what to do", async (_, name, make, what) => {
  writeFileSync(join(folder, name), await make());
  const ran = breakglass(["check", name], { cwd: folder });
  expect(ran.stderr).toContain(name);
  expect(ran.stderr).toContain(what);
  expect(ran.stderr.trimEnd().split("\n")).toHaveLength(2);
  // eslint-disable-next-line no-control-regex
  expect(ran.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]|0{9}|A{9}/);
  expect(ran.stdout).toBe("");
  expect(ran.status).toBe(3);
});

const GREEDY: readonly (readonly [string, string, () => Uint8Array, string])[] = [
  ["packed text beside the pixels", "side.png", sideBomb, "no QR code can be read in it"],
  ["a strip larger than the picture", "strip.tif", stripBomb, "many more bytes than its size"],
  ["pixels larger than the picture", "rows.png", () => png(500, zeros(HUGE)), "many more bytes"],
  ["forms within forms", "forms.pdf", formBomb, "too much time or memory"],
  ["a picture in a PDF", "image.pdf", imageBomb, "20000 x 15000 pixels"],
  ["30,000 lines", "lines.pdf", () => lineBomb(30_000), "too much time or memory"],
  ["3,000,000 lines", "more-lines.pdf", () => lineBomb(3_000_000), "too much time or memory"],
];

test.skipIf(needs("/usr/bin/time")).each(GREEDY)(
  "%s: neither memory nor time is given without end",
  (_, name, make, what) => {
    const file = join(folder, name);
    writeFileSync(file, make());
    const report = join(folder, `${name}.time`);
    const { stderr } = spawnSync(
      "/usr/bin/time",
      ["-f", "%M %U %S", "-o", report, process.execPath, BINARY, "check", file],
      { encoding: "utf8" },
    );
    expect(stderr).toContain(what);
    const [kilobytes, ...seconds] = readFileSync(report, "utf8")
      .trim()
      .split("\n")
      .at(-1)!
      .split(" ");
    expect(Number(kilobytes)).toBeLessThan(512 * 1024);
    expect(Number(seconds[0]) + Number(seconds[1])).toBeLessThan(8);
  },
);

test("a code that only begins like a slip's does not hide the slip beside it", async () => {
  const doc = new PDFDocument({ autoFirstPage: false });
  for (const text of ["BG1:\x07", slipText, "BG2:0"]) doc.addPage().image(await qr(text), 50, 50);
  doc.end();
  const chunks: Buffer[] = [];
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  writeFileSync(join(folder, "mixed.pdf"), Buffer.concat(chunks));
  const ran = breakglass(["check", "mixed.pdf"], { cwd: folder });
  expect(ran.stderr).toMatch(/slip 1 in mixed\.pdf \(page 1\): the QR code begins like a slip's/);
  expect(ran.stderr).toContain("only version 1 is known");
  expect(ran.stdout).toContain("slip 1 of 3: intact");
  expect(ran.status).toBe(3);
});

test("the slips beside a bad picture are judged all the same", () => {
  writeFileSync(join(folder, "blank.png"), blank);
  const ran = breakglass(["check", "blank.png", "one.txt"], { cwd: folder });
  expect(ran.stderr).toContain("no QR code can be read in it");
  expect(ran.stdout).toContain("slip 1 of 3: intact");
  expect(ran.status).toBe(3);
});
