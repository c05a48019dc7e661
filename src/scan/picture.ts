import decodeJpeg, { init as initJpeg } from "@jsquash/jpeg/decode.js";
import decodeWebp, { init as initWebp } from "@jsquash/webp/decode.js";
import { decode as decodePng } from "fast-png";
import { imageSize } from "image-size";
import UTIF from "utif2";
import type { Engines, WasmBytes } from "./engines.ts";
import { broken, noEngine, tooLarge, tooManyPages } from "./errors.ts";
import type { PictureKind } from "./file-kind.ts";
import { grayOf, type Gray, type Pixels } from "./gray.ts";
import { tiffDirectories, type TiffPage } from "./tiff-directory.ts";

/** Pictures with more pixels are not looked at. */
const PIXELS_MAX = 64_000_000;
/** Nor such as have more bytes for their pixels, as PNG may have eight for each. */
const BYTES_MAX = 4 * PIXELS_MAX;
/** Pictures with more pixels are not decoded here, where each takes four bytes, twice. */
const DECODED_MAX = 24_000_000;
/** The same for TIFF, unless its samples are of more than eight bits: A4 at 600 dpi. */
const TIFF_MAX = 36_000_000;

/** Pages of a TIFF, or of a PDF, that are looked at: as many as slips in a text. */
export const PAGES_MAX = 64;

/** A kind of picture that has one page. */
export type SingleKind = Exclude<PictureKind, "pdf" | "tiff">;

/**
 * Holds a picture's size, as its header gives it, against what can be decoded.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function requireSize(bytes: Uint8Array, kind: SingleKind): void {
  const { width, height } = sizeOf(bytes, kind);
  // A sample's bits, and eight bytes for a pixel at most
  const perPixel = kind === "png" && bytes[24] === 16 ? 8 : 4;
  const limit = Math.min(
    PIXELS_MAX,
    BYTES_MAX / perPixel,
    kind === "webp" || kind === "gif" ? DECODED_MAX : Infinity,
  );
  if (width * height > limit) throw tooLarge(width, height, limit);
  // Decoders make room for all pixels before they find that there are no bytes for them.
  if (width * height > bytes.length * pixelsPerByte(bytes, kind)) throw broken(NAMES[kind]);
  // Each scan of a progressive picture is a walk over all its pixels, in a few bytes.
  if (kind === "jpeg" && scansOf(bytes) > JPEG_SCANS_MAX) throw broken(NAMES.jpeg);
}

const JPEG_SCANS_MAX = 200;

/** As many pixels as a byte of a file can stand for at most. */
function pixelsPerByte(bytes: Uint8Array, kind: SingleKind): number {
  // Every block of 64 pixels has a bit of its own, even if it is like the one before.
  if (kind === "jpeg") return 8 * 64;
  // Nothing is packed: the packed kinds are not read by any decoder here.
  if (kind === "bmp") return 8 / Math.max(1, bytes[bytes[14] === 12 ? 24 : 28] ?? 1);
  return Infinity;
}

function scansOf(bytes: Uint8Array): number {
  let scans = 0;
  for (let i = bytes.indexOf(0xff); i !== -1; i = bytes.indexOf(0xff, i + 1))
    if (bytes[i + 1] === 0xda) scans++;
  return scans;
}

function sizeOf(bytes: Uint8Array, kind: SingleKind): { width: number; height: number } {
  try {
    const { width, height, type } = imageSize(bytes);
    if (type === (kind === "jpeg" ? "jpg" : kind) && width > 0 && height > 0)
      return { width, height: Math.abs(height) };
  } catch {
    // told below
  }
  throw broken(NAMES[kind]);
}

const NAMES: Readonly<Record<SingleKind | "tiff", string>> = {
  png: "PNG picture",
  jpeg: "JPEG picture",
  gif: "GIF picture",
  bmp: "BMP picture",
  webp: "WebP picture",
  tiff: "TIFF picture",
};

/**
 * The pixels of a picture whose size is known to be bearable.
 *
 * @returns undefined for a kind or a size that only zxing decodes
 * @throws BreakglassError `picture`
 */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  kind: SingleKind,
  engines: Engines,
): Promise<Gray | undefined> {
  const { width, height } = sizeOf(bytes, kind);
  if (width * height > DECODED_MAX) return undefined;
  try {
    if (kind === "png") return grayOfPng(bytes);
    if (kind === "jpeg")
      return engines.jpeg && grayOf(await withImageData(engines.jpeg, initJpeg, decodeJpeg, bytes));
    if (kind === "webp" && engines.webp !== undefined)
      return grayOf(await withImageData(engines.webp, initWebp, decodeWebp, bytes));
  } catch {
    throw broken(NAMES[kind]);
  }
  if (kind === "webp") throw noEngine("WebP");
  return undefined;
}

function grayOfPng(bytes: Uint8Array): Gray {
  const { data, width, height, channels, depth, palette } = decodePng(bytes);
  const pixels = new Uint8Array(width * height * 4).fill(255);
  const shift = depth === 16 ? 8 : 0;
  const spread = depth < 8 && palette === undefined ? 255 / (2 ** depth - 1) : 1;
  const at = (i: number): number => (data[i]! >> shift) * spread;
  for (let i = 0; i < width * height; i++) {
    const p = i * channels;
    const color = palette?.[data[p]!];
    const isGray = channels < 3;
    pixels[4 * i] = color?.[0] ?? at(p);
    pixels[4 * i + 1] = color?.[1] ?? at(isGray ? p : p + 1);
    pixels[4 * i + 2] = color?.[2] ?? at(isGray ? p : p + 2);
    if (color === undefined && channels % 2 === 0) pixels[4 * i + 3] = at(p + channels - 1);
    else if (color?.[3] !== undefined) pixels[4 * i + 3] = color[3];
  }
  return grayOf({ data: pixels, width, height });
}

/** What these decoders make their result of, which only browsers have. */
class PlainImageData implements Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

async function withImageData(
  wasm: WasmBytes,
  init: (module: undefined, options: { wasmBinary: ArrayBuffer }) => Promise<unknown>,
  decode: (bytes: ArrayBuffer) => Promise<Pixels>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Pixels> {
  const world = globalThis as { ImageData?: unknown };
  world.ImageData ??= PlainImageData;
  await init(undefined, { wasmBinary: wasm as ArrayBuffer });
  return decode(bytes.slice().buffer);
}

/**
 * The pages of a TIFF, one by one.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function* tiffPages(bytes: Uint8Array<ArrayBuffer>): Generator<Gray> {
  const file = bytes.slice().buffer;
  let pages: TiffPage[];
  try {
    // A directory without a size describes something else than a picture.
    pages = tiffDirectories(file).filter((page) => page["t256"] !== undefined);
  } catch {
    throw broken(NAMES.tiff);
  }
  if (pages.length === 0) throw broken(NAMES.tiff);
  if (pages.length > PAGES_MAX) throw tooManyPages(pages.length, PAGES_MAX);
  for (const page of pages) {
    const [width, height] = [numbers(page, 256)[0] ?? 0, numbers(page, 257)[0] ?? 0];
    if (!(width > 0 && height > 0)) throw broken(NAMES.tiff);
    const bits = (numbers(page, 258)[0] ?? 1) * (numbers(page, 277)[0] ?? 1);
    if (bits > 64) throw broken(NAMES.tiff);
    const limit = bits > 24 ? DECODED_MAX : TIFF_MAX;
    if (width * height > limit) throw tooLarge(width, height, limit);
    yield grayOfTiff(file, page);
  }
}

/** The values of a tag. */
function numbers(page: TiffPage, tag: number): readonly number[] {
  return [...(page[`t${tag}`] ?? [])];
}

function grayOfTiff(file: ArrayBuffer, tags: TiffPage): Gray {
  const page = tags as unknown as UTIF.IFD;
  try {
    UTIF.decodeImage(file, page);
    const { width, height } = page;
    return grayOf({ data: UTIF.toRGBA8(page), width, height });
  } catch {
    throw broken(NAMES.tiff);
  } finally {
    page.data = new Uint8Array(); // not needed any more, and there may be many
  }
}
