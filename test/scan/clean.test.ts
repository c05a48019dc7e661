import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { nativeInflate } from "../../src/cli/reading/native-inflate.ts";
import { cleanPicture } from "../../src/scan/clean-picture.ts";
import type { Gray } from "../../src/scan/gray.ts";
import { readCleanly, scanFile } from "../../src/scan/scan.ts";
import { tiffDirectories } from "../../src/scan/tiff-directory.ts";
import { tiffPages } from "../../src/scan/tiff.ts";
import { execFileSync } from "../child.ts";
import { ENGINES } from "./engines.ts";
import { readPgm } from "./pnm.ts";

const NATIVE = { ...ENGINES, inflate: nativeInflate };

/** A PNG of rows as they are packed: a filter, and its bytes. */
function png(
  width: number,
  height: number,
  colours: number,
  depth: number,
  rows: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length);
    bytes.write(type, 4);
    bytes.set(data, 8);
    return bytes;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([depth, colours], 8);
  const packed = deflateSync(rows);
  const half = packed.length >> 1;
  const chunks = [head, packed.subarray(0, half), packed.subarray(half), new Uint8Array()];
  const types = ["IHDR", "IDAT", "IDAT", "IEND"];
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return new Uint8Array(Buffer.concat([signature, ...chunks.map((c, i) => chunk(types[i]!, c))]));
}

async function pixelsOf(file: Uint8Array<ArrayBuffer>): Promise<Gray | undefined> {
  return (await cleanPicture(file, NATIVE))?.data as Gray | undefined;
}

test("a PNG's rows are unpacked as another decoder does it, whatever filter each has", async () => {
  const size = fc.integer({ min: 1, max: 40 });
  const kind = fc.constantFrom([0, 1, 8], [0, 1, 1], [2, 3, 8], [4, 2, 8], [6, 4, 8]);
  await fc.assert(
    fc.asyncProperty(size, size, kind, fc.infiniteStream(fc.nat(255)), async (w, h, kind, dice) => {
      const [colours, samples, depth] = kind as [number, number, number];
      const row = Math.ceil((w * samples * depth) / 8);
      const rows = Uint8Array.from({ length: h * (1 + row) }, (_, i) => {
        const { value } = dice.next() as { value: number };
        return i % (1 + row) === 0 ? value % 5 : value;
      });
      const file = png(w, h, colours, depth, rows);
      const { data } = decode(file);
      const bit = (i: number): number =>
        (data[Math.floor(i / w) * row + ((i % w) >> 3)]! >> (7 - ((i % w) & 7))) & 1;
      const at = (i: number): number => data[i * samples + (samples < 3 ? 0 : 1)]!;
      const expected = Array.from({ length: w * h }, (_, i) =>
        depth === 1 ? bit(i) * 255 : at(i),
      );
      expect([...(await pixelsOf(file))!.data]).toEqual(expected);
    }),
  );
});

test("a PNG with more or fewer rows than it says, or other pixels, is left to the thorough look", async () => {
  const rows = new Uint8Array(10 * 11);
  expect(await pixelsOf(png(10, 10, 0, 8, rows))).toBeDefined();
  for (const length of [rows.length - 1, rows.length + 1, 50_000_000])
    expect(await pixelsOf(png(10, 10, 0, 8, new Uint8Array(length)))).toBeUndefined();
  expect(await pixelsOf(png(10, 10, 3, 8, rows))).toBeUndefined();
  expect(await pixelsOf(png(10, 10, 0, 16, new Uint8Array(10 * 21)))).toBeUndefined();
  const cut = png(10, 10, 0, 8, rows);
  expect(await pixelsOf(cut.subarray(0, -20))).toBeUndefined();
});

const PDF = fileURLToPath(
  new URL("../golden/v1/pages/shamir-2of3/4ZJQ-slip-1-of-3.pdf", import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), "clean-"));

/** A slip's page as poppler draws it. */
function drawn(name: string, ending: string, ...flags: string[]): string {
  const path = join(folder, name);
  execFileSync("pdftoppm", ["-r", "150", "-singlefile", ...flags, PDF, path]);
  return `${path}.${ending}`;
}

const fileAt = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));
const gray = readPgm(drawn("gray", "pgm", "-gray"));

test.each(["none", "lzw", "deflate", "packbits"])(
  "a TIFF packed by %s has the pixels that it was made of, and is read cleanly",
  async (packing) => {
    const file = fileAt(drawn(packing, "tif", "-gray", "-tiff", "-tiffcompression", packing));
    const { value: page } = (await tiffPages(file, NATIVE).next()) as { value: Gray };
    expect(page.width).toBe(gray.width);
    expect(Buffer.from(page.data).equals(gray.data)).toBe(true);
    const { value: slow } = (await tiffPages(file, ENGINES).next()) as { value: Gray };
    expect(Buffer.from(slow.data).equals(gray.data)).toBe(true);
    const scan = await scanFile(file, ENGINES);
    expect(scan.found).toHaveLength(1);
    expect(await readCleanly(file, NATIVE)).toEqual(scan);
  },
);

test.each([
  ["colours", "-tiffcompression", "lzw"],
  ["bits", "-mono", "-tiffcompression", "none"],
])("a TIFF in %s is read cleanly", async (name, ...flags) => {
  const file = fileAt(drawn(name, "tif", "-tiff", ...flags));
  expect(await readCleanly(file, NATIVE)).toEqual(await scanFile(file, ENGINES));
});

test("a PNG with a bomb in it is not unpacked further than its size", async () => {
  const bomb = png(10, 10, 0, 8, new Uint8Array(50_000_000));
  await expect(scanFile(bomb, NATIVE)).rejects.toMatchObject({ code: "input-too-large" });
});

/** A TIFF of so many pixels of a byte, in strips of one row that are all the same bytes. */
function tiff(
  width: number,
  height: number,
  packing: number,
  strip: Uint8Array,
  more = {},
): Uint8Array<ArrayBuffer> {
  const values: [number, number[]][] = Object.entries({
    ...{ 256: [width], 257: [height], 258: [8], 259: [packing], 262: [1], 277: [1], 278: [1] },
    273: Array.from({ length: height }, () => 8),
    279: Array.from({ length: height }, () => strip.length),
    ...(more as Record<number, number[]>),
  })
    .filter(([, all]) => all.length > 0)
    .map(([tag, all]) => [Number(tag), all]);
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  const directory = Buffer.alloc(2 + 12 * values.length + 4);
  const far: Buffer[] = [];
  head.writeUInt32LE(8 + strip.length, 4);
  directory.writeUInt16LE(values.length);
  let at = 8 + strip.length + directory.length;
  for (const [i, [tag, all]] of values.entries()) {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(4, 4 + 12 * i);
    directory.writeUInt32LE(all.length, 6 + 12 * i);
    directory.writeUInt32LE(all.length === 1 ? all[0]! : at, 10 + 12 * i);
    if (all.length === 1) continue;
    far.push(Buffer.from(Uint32Array.from(all).buffer));
    at += 4 * all.length;
  }
  return new Uint8Array(Buffer.concat([head, strip, directory, ...far]));
}

const rowOf = (width: number): Uint8Array => deflateSync(new Uint8Array(width).fill(255));

test("a TIFF is looked at where it takes no longer than its pixels, and nowhere else", async () => {
  expect(await pixelsOf(tiff(9, 20, 8, rowOf(9)))).toMatchObject({ width: 9, height: 20 });
  // More strips than a page has rows, each of which would have to be begun.
  expect(await pixelsOf(tiff(1, 5000, 8, rowOf(1)))).toBeUndefined();
  await expect(pixelsOf(tiff(1, 20_000, 8, rowOf(1)))).resolves.toBeUndefined();
  await expect(scanFile(tiff(1, 20_000, 8, rowOf(1)), NATIVE)).rejects.toThrow("damaged");
  // Of these the decoder says on standard output that it can't show them.
  expect(await pixelsOf(tiff(9, 20, 1, new Uint8Array(9), { 262: [9] }))).toBeUndefined();
  // A place so far behind the end that the decoder would take it for one near the beginning.
  const wrapped = { 273: Array.from({ length: 20 }, () => 0x20000008) };
  expect(await pixelsOf(tiff(9, 20, 5, new Uint8Array(9), wrapped))).toMatchObject({ width: 9 });
  // What the decoder would have to say more of.
  const cut = rowOf(9).subarray(0, 6);
  expect(await pixelsOf(tiff(9, 20, 8, cut))).toBeUndefined();
  await expect(pixelsOf(tiff(9, 20, 1, cut, { 279: [] }))).rejects.toThrow("damaged");
});

test("a TIFF that does not say what its samples mean has colours, or black bits", async () => {
  const bits = tiff(8, 20, 32_773, Uint8Array.of(0, 0x0f), { 258: [1], 262: [] });
  const { value } = (await tiffPages(bits, NATIVE).next()) as { value: Gray };
  expect([...value.data.subarray(0, 8)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0]);
});

test("of a TIFF's values no more are held than pages need: millions of them ended the program", () => {
  const many = Array.from({ length: 250_000 }, () => 1);
  const [page] = tiffDirectories(tiff(9, 20, 1, new Uint8Array(9), { 320: many }).buffer);
  expect(page!["t320"]).toHaveLength(196_608);
  const tags = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [281 + i, many]));
  const file = tiff(9, 20, 1, new Uint8Array(9), tags).buffer;
  expect(() => tiffDirectories(file)).toThrow("again and again");
});

test("a TIFF is unpacked to no more bytes than can be held beside its pixels", async () => {
  const white = new Uint8Array(9);
  const codes = Uint8Array.of(0x80, 0, 0x40, 0x10);
  const colours = { 258: [8, 8, 8], 262: [2], 277: [3] };
  for (const [file, why] of [
    // One tile, which would hold four times as much as the page.
    [
      tiff(6000, 6000, 1, white, {
        ...{ ...colours, 273: [], 278: [], 279: [] },
        ...{ 322: [13_000], 323: [13_000], 324: [8], 325: [9] },
      }),
      "many more bytes",
    ],
    // Eight bytes for each pixel.
    [
      tiff(6000, 4000, 5, codes, {
        ...{ 258: [16, 16, 16, 16], 262: [2], 277: [4] },
        ...{ 273: [8], 278: [4000], 279: [4] },
      }),
      "at most 13.5 million",
    ],
    // A second strip after the one that is the page.
    [tiff(4, 2, 32_773, Uint8Array.of(0xf9, 7), { 278: [2] }), "many more bytes"],
  ] as const) {
    const told = tiffPages(file, NATIVE).next();
    // Not the pixels themselves, which would take minutes to be shown.
    expect(await told.then(() => "taken", String)).toContain(why);
  }
});
