import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import PDFDocument from "pdfkit";
import QRCode from "qrcode";
import { beforeAll, expect, test } from "vitest";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { pngOf } from "../scan/pnm.ts";
import { makeSet } from "../vectors/scenario.ts";
import { breakglass } from "./breakglass.ts";
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

/** A PNG of 30,000 x 30,000 pixels, all of them there, in a few kilobytes. */
function bomb(): Uint8Array {
  const side = 30_000;
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1; // one bit for a pixel
  const rows = deflateSync(Buffer.alloc(side * (side / 8 + 1)), { level: 9 });
  const parts = [chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts]);
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
