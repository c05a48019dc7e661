import { imageSize } from "image-size";
import { broken, tooLarge } from "./errors.ts";
import type { PictureKind } from "./file-kind.ts";

/** Pictures with more pixels are not looked at. */
export const PIXELS_MAX = 64_000_000;
/** Nor PNG with more bytes for its pixels, of which each may have eight: they are held twice. */
const BYTES_MAX = 144_000_000;
/** A pixel's bytes in a PNG, by the type of its colours, with eight bits for each sample. */
const PNG_BYTES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };
/** Pictures with more pixels are not decoded here, where each takes four bytes, twice. */
export const DECODED_MAX = 24_000_000;
/** The same for TIFF, unless its samples are of more than eight bits: A4 at 600 dpi. */
export const TIFF_MAX = 36_000_000;
/** Nor with more bytes than that has in colours: they are held three times. */
export const TIFF_BYTES_MAX = 3 * TIFF_MAX;

/** Pages of a TIFF, or of a PDF, that are looked at: as many as slips in a text. */
export const PAGES_MAX = 64;

/** A picture's sides in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A kind of picture that has one page. */
export type SingleKind = Exclude<PictureKind, "pdf" | "tiff">;

/**
 * Holds a picture's size, as its header gives it, against what can be decoded.
 *
 * @returns the size
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function requireSize(bytes: Uint8Array, kind: SingleKind): Size {
  const { width, height } = sizeOf(bytes, kind);
  const limit = pixelsMax(bytes, kind);
  if (width * height > limit) throw tooLarge(width, height, limit);
  // Decoders make room for all pixels before they find that there are no bytes for them.
  if (width * height > bytes.length * pixelsPerByte(bytes, kind)) throw broken(NAMES[kind]);
  // Each scan of a progressive picture is a walk over all its pixels, in a few bytes.
  if (kind === "jpeg" && scansOf(bytes) > JPEG_SCANS_MAX) throw broken(NAMES.jpeg);
  return { width, height };
}

function pixelsMax(bytes: Uint8Array, kind: SingleKind): number {
  if (kind === "webp" || kind === "gif") return DECODED_MAX;
  if (kind !== "png") return PIXELS_MAX;
  const [depth, colours] = bytes.subarray(24, 26);
  const perPixel = (PNG_BYTES[colours ?? 0] ?? 4) * (depth === 16 ? 2 : 1);
  return Math.min(PIXELS_MAX, BYTES_MAX / perPixel);
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

/** Each segment of a JPEG up to its end, found as decoders find it: its marker, and where it begins. */
function* segmentsOf(
  bytes: Uint8Array,
): Generator<{ readonly marker: number; readonly at: number }> {
  // Between two segments anything else is passed over, as pixels are, and a marker's first bytes but one.
  for (let at = 2; (at = bytes.indexOf(0xff, at)) !== -1 && at + 4 <= bytes.length;) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at++;
    else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker === 0xd9) return;
    else {
      yield { marker, at };
      at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    }
  }
}

/** The size of a JPEG, in the one header that it should have before its pixels. */
function jpegSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: Size | undefined;
  for (const { marker, at } of segmentsOf(bytes)) {
    if (marker === SCAN) break;
    if (marker < 0xc0 || marker > 0xcf || [0xc4, 0xc8, 0xcc].includes(marker)) continue;
    if (size !== undefined || at + 9 > bytes.length) return undefined;
    size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
  return size;
}

/** The marker after which pixels follow. */
const SCAN = 0xda;

/**
 * How many walks over its pixels a JPEG asks for: one, unless it is progressive. What lies in a
 * thumbnail or behind the end, such as the film that telephones put there, is not among them.
 */
export function scansOf(bytes: Uint8Array): number {
  let scans = 0;
  for (const { marker } of segmentsOf(bytes)) if (marker === SCAN) scans++;
  return scans;
}

/** The sides of a picture, as its header gives them. */
export function sizeOf(bytes: Uint8Array, kind: SingleKind): Size {
  if (kind === "jpeg") {
    const size = jpegSize(bytes);
    if (size === undefined || size.width * size.height === 0) throw broken(NAMES.jpeg);
    return size;
  }
  try {
    // image-size reads past the end of what is a part of a buffer.
    const alone = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    const { width, height, type } = imageSize(alone);
    if (type === kind && width > 0 && height > 0) return { width, height };
  } catch {
    // told below
  }
  throw broken(NAMES[kind]);
}

/** How messages call them. */
export const NAMES: Readonly<Record<SingleKind | "tiff", string>> = {
  png: "PNG picture",
  jpeg: "JPEG picture",
  gif: "GIF picture",
  bmp: "BMP picture",
  webp: "WebP picture",
  tiff: "TIFF picture",
};
