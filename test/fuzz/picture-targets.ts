import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import encodeJpeg, { init as initJpeg } from "@jsquash/jpeg/encode.js";
import encodeWebp, { init as initWebp } from "@jsquash/webp/encode.js";
import { encode as encodePng } from "fast-png";
import PDFDocument from "pdfkit";
import QRCode from "qrcode";
import UTIF from "utif2";
import { encodeSlip } from "../../src/core/slip.ts";
import { nativeInflate } from "../../src/cli/reading/native-inflate.ts";
import type { Gray } from "../../src/scan/gray.ts";
import { readCleanly, scanFile, scanPixels } from "../../src/scan/scan.ts";
import { ENGINES } from "../scan/engines.ts";
import { makeSet } from "../vectors/scenario.ts";
import { readAll, type Target } from "./target.ts";

/*
 * Pictures and PDF files. They are looked at once: what is wanted are the decoders, and looking on,
 * as long as it is allowed to, would be a hang by the measure of all others.
 */

const [slip, other] = makeSet("fuzz, a picture");

/** A slip's code, small: each module as many pixels as given, with a margin of four modules. */
function code(text: string, pixels = 2): Gray {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: "L" });
  const width = (modules.size + 8) * pixels;
  const data = new Uint8Array(width * width).fill(255);
  for (let y = 0; y < modules.size * pixels; y++)
    for (let x = 0; x < modules.size * pixels; x++)
      if (modules.get(Math.floor(y / pixels), Math.floor(x / pixels)) === 1)
        data[(y + 4 * pixels) * width + x + 4 * pixels] = 0;
  return { data, width, height: width };
}

const pictures = (): Gray[] => [
  code(encodeSlip(slip!).qr),
  code("https://www.example.com", 3),
  { data: new Uint8Array(64).fill(200), width: 8, height: 8 },
];

function rgba({ data, width, height }: Gray): Drawn {
  const pixels = new Uint8ClampedArray(4 * data.length).fill(255);
  for (const [i, value] of data.entries()) pixels.fill(value, 4 * i, 4 * i + 3);
  return { data: pixels, width, height };
}

/** Pixels, as a canvas has them. */
interface Drawn {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const { resolve } = createRequire(import.meta.url);
const module = (path: string): { readonly wasmBinary: ArrayBuffer } => ({
  wasmBinary: Uint8Array.from(readFileSync(resolve(path))).buffer,
});

function bmp({ data, width, height }: Gray): Uint8Array {
  const row = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + row * height);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (const [i, value] of data.entries()) {
    const at = 54 + row * Math.floor(i / width) + 3 * (i % width);
    file.fill(value, at, at + 3);
  }
  return file;
}

/** A GIF of two colours that packs nothing: every second pixel is followed by a code to begin anew. */
function gif({ data, width, height }: Gray): Uint8Array {
  const head = Buffer.from(
    "GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\0\0\0\0\0\x02",
    "latin1",
  );
  for (const at of [6, 24]) {
    head.writeUInt16LE(width, at);
    head.writeUInt16LE(height, at + 2);
  }
  const bits: number[] = [];
  const put = (symbol: number): void => void bits.push(symbol & 1, (symbol >> 1) & 1, symbol >> 2);
  for (const [i, value] of data.entries()) {
    if (i % 2 === 0) put(4);
    put(value > 127 ? 1 : 0);
  }
  put(5);
  const packed = Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit, n) => byte | (bit << n), 0),
  );
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += 255) {
    const block = packed.subarray(at, at + 255);
    blocks.push(Uint8Array.of(block.length), block);
  }
  return Buffer.concat([head, ...blocks, Buffer.from("\0;", "latin1")]);
}

/** Looks once at a file, as the command line does, and reads the texts that are found as slips. */
async function scan(input: Uint8Array): Promise<void> {
  const engines = { ...ENGINES, inflate: nativeInflate };
  const { found } =
    (await readCleanly(input.slice(), engines)) ?? (await scanFile(input.slice(), engines, 0));
  for (const { text } of found) readAll(text, false);
}

function fileTarget(
  words: readonly string[],
  write: (picture: Gray) => Uint8Array | Promise<Uint8Array>,
): Target {
  return {
    words: [...words, "\0", "\0\0\0\x01", "\xff\xff", "\x7f\xff\xff\xff", "\0\0\x20\0"],
    seeds: async () => Promise.all(pictures().map(async (picture) => write(picture))),
    run: scan,
  };
}

async function pdf(draw: (doc: PDFKit.PDFDocument) => void, options: object): Promise<Uint8Array> {
  const doc = new PDFDocument({ size: [200, 200], margin: 0, compress: false, ...options });
  draw(doc);
  doc.end();
  const chunks: Buffer[] = [];
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A code as a program draws it. */
function drawn(doc: PDFKit.PDFDocument, text: string): void {
  const { data, width } = code(text, 1);
  for (const [i, value] of data.entries())
    if (value === 0) doc.rect(20 + 3 * (i % width), 20 + 3 * Math.floor(i / width), 3, 3);
  doc.fill("black");
}

/** PNG, JPEG, WebP, TIFF, GIF, BMP and PDF, and pixels as a camera gives them. */
export const PICTURE_TARGETS: Readonly<Record<string, Target>> = {
  "picture-png": fileTarget(
    ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "acTL", "fcTL"],
    ({ data, width, height }) => encodePng({ data, width, height, channels: 1, depth: 8 }),
  ),
  "picture-jpeg": fileTarget(
    ["\xff\xc0", "\xff\xc2", "\xff\xda", "\xff\xdd", "Exif\0\0"],
    async (picture) => {
      await initJpeg(module("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"));
      return new Uint8Array(
        await encodeJpeg(rgba(picture), { progressive: picture.width % 2 === 0 }),
      );
    },
  ),
  "picture-webp": fileTarget(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"], async (picture) => {
    await initWebp(module("@jsquash/webp/codec/enc/webp_enc.wasm"));
    return new Uint8Array(await encodeWebp(rgba(picture), { lossless: picture.width % 2 }));
  }),
  "picture-tiff": fileTarget(["II*\0", "MM\0*", "\x03\x01", "\x11\x01", "\x17\x01"], (picture) => {
    const { data, width, height } = rgba(picture);
    return new Uint8Array(UTIF.encodeImage(new Uint8Array(data), width, height));
  }),
  "picture-gif": fileTarget(["GIF87a", ",", "!\xf9\x04", "!\xff\x0b"], gif),
  "picture-bmp": fileTarget(["BM", "\x28\0\0\0", "\x7c\0\0\0"], bmp),
  pdf: {
    words: [
      ...[
        "/Type",
        "/Page",
        "/Pages",
        "/Kids",
        "/MediaBox [0 0 1 99999]",
        "/Rotate 90",
        "/Count 99",
      ],
      ...[
        "stream",
        "endstream",
        "endobj",
        "1 0 R",
        "2 0 R",
        "xref",
        "trailer",
        "<<",
        ">>",
        "[",
        "]",
      ],
      ...[
        "/FlateDecode",
        "/ASCII85Decode",
        "/LZWDecode",
        "/DCTDecode",
        "/Encrypt",
        "/Filter",
        "q ",
        " Do",
      ],
    ],
    seeds: async () =>
      Promise.all([
        pdf((doc) => drawn(doc, encodeSlip(slip!).qr), {}),
        pdf((doc) => doc.text("no slip").addPage().rect(1, 2, 3, 4).fill("black"), {}),
        pdf((doc) => drawn(doc, "x"), { userPassword: "sample", pdfVersion: "1.7" }),
        pdf((doc) => {
          const { data, width, height } = code(encodeSlip(other!).qr);
          doc.image(Buffer.from(encodePng({ data, width, height, channels: 1, depth: 8 })), 0, 0);
        }, {}),
      ]),
    run: scan,
  },
  "picture-pixels": {
    words: ["\0\0\0\0", "\xff\xff\xff\xff"],
    seeds: () => pictures().map(({ data, width }) => Buffer.concat([Uint8Array.of(width), data])),
    run: async (input) => {
      const width = Math.max(1, input[0] ?? 1);
      const height = Math.floor((input.length - 1) / width);
      if (height < 1) return;
      const data = input.slice(1, 1 + width * height);
      await scanPixels(rgba({ data, width, height }), ENGINES, "glance");
    },
  },
};
