import fc from "fast-check";
import QRCode from "qrcode";
import { expect, onTestFinished, test, vi } from "vitest";
import { BreakglassError } from "../../src/core/errors.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { fileKind } from "../../src/scan/file-kind.ts";
import { boxBlur, scale, type Gray } from "../../src/scan/gray.ts";
import { requireSize, scansOf, sizeOf } from "../../src/scan/size.ts";
import { scanFile, scanPixels, type FoundText, type Pixels } from "../../src/scan/scan.ts";
import { noise, diceOf } from "../bench/damage.ts";
import { makeSet } from "../vectors/scenario.ts";
import { ENGINES } from "./engines.ts";
import { pngOf } from "./pnm.ts";

const [one, two] = makeSet("sample").map((slip: Slip) => encodeSlip(slip).qr) as [string, string];

/** A code on white paper, with a margin. */
function codeOf(text: string, module = 4, margin = 60): Gray {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: "H" }).modules;
  const side = size * module + 2 * margin;
  const pixels = new Uint8Array(side * side).fill(255);
  for (let y = 0; y < size * module; y++)
    for (let x = 0; x < size * module; x++)
      if (data[Math.floor(y / module) * size + Math.floor(x / module)])
        pixels[(y + margin) * side + x + margin] = 0;
  return { data: pixels, width: side, height: side };
}

function rgba({ data, width, height }: Gray): Pixels {
  const pixels = new Uint8ClampedArray(4 * data.length);
  for (const [i, light] of data.entries()) pixels.set([light, light, light, 255], 4 * i);
  return { data: pixels, width, height };
}

test("pixels give the text of their code, at a glance", async () => {
  expect(await scanPixels(rgba(codeOf(one)), ENGINES, "glance")).toEqual([one]);
  expect(await scanPixels(rgba(codeOf("something else")), ENGINES, "glance")).toEqual([
    "something else",
  ]);
});

test("a reader whose module is missing is left out, and the other reads", async () => {
  for (const effort of ["glance", "thorough"] as const)
    expect(await scanPixels(rgba(codeOf(one)), {}, effort)).toEqual([one]);
  await expect(scanFile(new TextEncoder().encode("%PDF-1.7\n"), {})).rejects.toThrow(
    "PDF files can't be read here",
  );
});

test("what a glance does not read, a thorough look does", async () => {
  const noisy = rgba(noise(codeOf(one), 130, diceOf(3)));
  expect(await scanPixels(noisy, ENGINES, "glance")).toEqual([]);
  expect(await scanPixels(noisy, ENGINES, "thorough")).toEqual([one]);
});

/** Pictures side by side on white paper, with as much of it to the right of each as it is wide. */
function apart(pictures: readonly Gray[], height: number): Gray {
  const width = 2 * pictures.reduce((sum, picture) => sum + picture.width, 0);
  const data = new Uint8Array(width * height).fill(255);
  let left = 0;
  for (const picture of pictures) {
    for (let y = 0; y < picture.height; y++)
      data.set(
        picture.data.subarray(y * picture.width, (y + 1) * picture.width),
        (y + 300) * width + left,
      );
    left += 2 * picture.width;
  }
  return { data, width, height };
}

test.each([
  ["pale", { ...codeOf(two), data: codeOf(two).data.map((v) => (v > 128 ? 255 : 235)) }],
  ["grainy", noise(codeOf(two), 90, diceOf(3))],
])("with room on the page, a second slip that is %s is looked for", async (_, second) => {
  const page = apart([codeOf(one), second], 1500);
  expect(await scanPixels(rgba(page), ENGINES, "glance")).toEqual([one]);
  expect(new Set(await scanPixels(rgba(page), ENGINES, "thorough"))).toEqual(new Set([one, two]));
  expect((await scanFile(pngOf(page), ENGINES)).found).toHaveLength(2);
});

test("between looks there is time for something else", async () => {
  let pauses = 0;
  const breathe = (): Promise<void> => {
    pauses++;
    return Promise.resolve();
  };
  const empty: Gray = { data: new Uint8Array(90_000).fill(255), width: 300, height: 300 };
  await scanPixels(rgba(empty), { ...ENGINES, breathe }, "thorough");
  expect(pauses).toBeGreaterThan(5);
});

test.each([
  [450, 4],
  [700, 2], // a third would end after the page's time
  [1500, 2], // a first look that takes nearly all of it still leaves a second for others
])("a page has its time, first look and all: looks of %i ms", async (each, expected) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  let looks = 0;
  const engines = {
    ...ENGINES,
    get zxing() {
      looks++;
      vi.setSystemTime(Date.now() + each);
      return ENGINES.zxing!;
    },
  };
  const [width, height] = [200, 200];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  expect(await scanPixels({ data, width, height }, engines, "thorough")).toEqual([]);
  expect(looks).toBe(expected);
});

test("a code that is transparent where the paper is, is read", async () => {
  const { data, width, height } = codeOf(one);
  const pixels = new Uint8Array([...data].flatMap((v) => [0, 0, 0, 255 - v]));
  expect(await scanPixels({ data: pixels, width, height }, ENGINES, "glance")).toEqual([one]);
});

test("each text counts once, with its page, and codes of something else are counted", async () => {
  const [left, middle, right] = [codeOf(one), codeOf(two), codeOf("other")];
  const width = left.width + middle.width + right.width;
  const data = new Uint8Array(width * left.height).fill(255);
  let x = 0;
  for (const part of [left, middle, right]) {
    for (let y = 0; y < part.height; y++)
      data.set(part.data.subarray(y * part.width, (y + 1) * part.width), y * width + x);
    x += part.width;
  }
  const scan = await scanFile(pngOf({ data, width, height: left.height }), ENGINES);
  const found = [one, two].map((text): FoundText => ({ text, page: 1 }));
  expect(new Set(scan.found)).toEqual(new Set(found));
  expect(scan).toMatchObject({ foreign: 1, pages: 1, drawn: false });
});

test("a text is no picture, whatever it begins with", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(fileKind(new TextEncoder().encode(`1) ${text}`))).toBeUndefined();
      expect(fileKind(new TextEncoder().encode(`BG1:${text}`))).toBeUndefined();
    }),
  );
  expect(
    fileKind(new TextEncoder().encode("BMW key in safe A, second shelf, left")),
  ).toBeUndefined();
});

/** The beginning of a TIFF of ten times ten pixels, with one tag more. */
function tiffWith(tag: number, value: number): Uint8Array {
  const file = Buffer.alloc(8 + 2 + 3 * 12 + 4);
  file.write("II*\0\b", "latin1");
  const tags = [256, 10, 257, 10, tag, value];
  file.writeUInt16LE(tags.length / 2, 8);
  for (let i = 0; i < tags.length; i += 2) {
    file.writeUInt16LE(tags[i]!, 10 + 6 * i);
    file.writeUInt16LE(3, 12 + 6 * i);
    file.writeUInt32LE(1, 14 + 6 * i);
    file.writeUInt16LE(tags[i + 1]!, 18 + 6 * i);
  }
  return file;
}

test.each([
  ["CCITT RLE", tiffWith(259, 2)],
  ["LZMA", tiffWith(259, 34_925)],
  ["Zstandard", tiffWith(259, 50_000)],
  ["CMYK", tiffWith(262, 5)],
])("a TIFF in %s is not called damaged: its owner is told to save it as PNG", async (_, file) => {
  await expect(scanFile(file, ENGINES)).rejects.toMatchObject({
    message: "this TIFF picture has its pixels packed in a way that can't be read here",
    hint: expect.stringContaining("save it as PNG or PDF") as string,
  });
});

test("a BigTIFF is called that", async () => {
  for (const head of ["II+\0\b\0\0\0\x10\0\0\0\0\0\0\0", "MM\0+\0\b\0\0\0\0\0\0\0\0\0\x10"])
    await expect(scanFile(Buffer.from(head, "latin1"), ENGINES)).rejects.toThrow(
      "this is a BigTIFF picture, which can't be read here",
    );
});

/** A JPEG's frame header that says how large it is. */
const frame = (width: number, height: number): string => {
  const bytes = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  bytes.writeUInt16BE(height, 5);
  bytes.writeUInt16BE(width, 7);
  return bytes.toString("latin1");
};

test("a JPEG's size is where decoders find it, whatever lies before it", () => {
  const thumbnail = `\xff\xe1\0\x30Exif\0\0${frame(160, 120)}`.padEnd(2 + 0x30, "\0");
  // Who takes the second 255 for a marker takes the next two bytes for a length.
  const other = `\xff\xd8\xff\xff\xe0\0\x10${"\0".repeat(14)}\xff\xfe\xff\xf0${"\0".repeat(0xe000 - 21)}${frame(9, 9)}`;
  for (const head of [
    `\xff\xd8${thumbnail}${frame(900, 700)}`,
    `\xff\xd8${thumbnail}\0\0\0${frame(900, 700)}`,
    `\xff\xd8${thumbnail}\xff\xff\xff${frame(900, 700)}`,
    other.padEnd(25 + 0xfff0 - 2, "\0") + frame(900, 700),
  ]) {
    const file = Buffer.from(`${head}\xff\xda\0\x08\x01\x01\0\0\x3f\0`, "latin1");
    expect(sizeOf(file, "jpeg")).toEqual({ width: 900, height: 700 });
  }
  for (const head of ["", frame(9, 9) + frame(900, 700), frame(0, 9)])
    expect(() => sizeOf(Buffer.from(`\xff\xd8${head}\xff\xda\0\x08`, "latin1"), "jpeg")).toThrow(
      "damaged",
    );
});

test("a JPEG's scans are counted up to its end, and not in what lies before or behind them", () => {
  const scan = "\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\0\xda\xff\xd0\x34";
  const table = "\xff\xc4\0\x06\xff\xd9\xff\xda";
  const thumbnail = `\xff\xe1\0\x30Exif\0\0${frame(160, 120)}${scan}`.padEnd(2 + 0x30, "\0");
  const file = (scans: string, rest: string): Buffer =>
    Buffer.from(`\xff\xd8${thumbnail}${frame(90, 70)}${scans}\xff\xd9${rest}`, "latin1");
  const film = "\xff\xda".repeat(300);
  expect(scansOf(file(scan, film))).toBe(1);
  expect(requireSize(file(scan, film), "jpeg")).toEqual({ width: 90, height: 70 });
  // What says that it is the end, in a table between two scans, is none.
  expect(scansOf(file(scan + table + scan, ""))).toBe(2);
  expect(() => requireSize(file((scan + table).repeat(201), ""), "jpeg")).toThrow("damaged");
});

test("a WebP that moves is called an animation", async () => {
  const head = "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x09\0\0\x09\0\0";
  await expect(scanFile(Buffer.from(head, "latin1"), ENGINES)).rejects.toThrow(
    "this WebP picture is an animation",
  );
});

const small = pngOf(codeOf(one, 2, 10));
const starts: readonly (readonly [string, Uint8Array])[] = [
  ["PNG", small],
  [
    "JPEG",
    Buffer.from("ffd8ffe000104a46494600010100000100010000ffc0000b080010001001011100", "hex"),
  ],
  [
    "TIFF",
    Buffer.from("49492a0008000000020000010300010000000a00000001010300010000000a000000", "hex"),
  ],
  [
    "WebP",
    Buffer.from(
      "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
      "latin1",
    ),
  ],
  [
    "GIF",
    Buffer.from(
      "GIF89a\x0a\0\x0a\0\x80\0\0\xff\xff\xff\0\0\0\x2c\0\0\0\0\x0a\0\x0a\0\0\x02",
      "latin1",
    ),
  ],
  [
    "PDF",
    Buffer.from(
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>",
    ),
  ],
];

test.each(starts)("a %s with wrong bytes ends well, or in an error of ours", async (_, start) => {
  const bytes = fc.array(fc.tuple(fc.nat({ max: start.length - 1 }), fc.nat({ max: 255 })), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat({ max: start.length }), async (changes, length) => {
      const file = Uint8Array.from(start);
      for (const [place, value] of changes) file[place] = value;
      try {
        await scanFile(file.subarray(0, Math.max(length, 12)), ENGINES);
      } catch (error) {
        expect(error).toBeInstanceOf(BreakglassError);
      }
    }),
    { numRuns: 40 },
  );
});

test.each(starts)(
  "a %s that ends in its header is damaged, whatever lies behind it",
  async (_, start) => {
    for (let length = 12; length < Math.min(start.length, 64); length++) {
      const file = Uint8Array.from(start).subarray(0, length);
      await scanFile(file, ENGINES).catch((error: unknown) => {
        expect(error).toBeInstanceOf(BreakglassError);
      });
    }
  },
);

test("pictures keep their light when their size or sharpness changes", () => {
  const sides = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      sides,
      sides,
      fc.nat({ max: 255 }),
      fc.double({ min: 0.1, max: 3, noNaN: true }),
      (width, height, value, factor) => {
        const plain: Gray = { data: new Uint8Array(width * height).fill(value), width, height };
        const scaled = scale(plain, factor);
        expect(scaled.data).toHaveLength(scaled.width * scaled.height);
        for (const picture of [scaled, boxBlur(plain, 3)])
          expect(new Set(picture.data)).toEqual(new Set([value]));
      },
    ),
  );
});
