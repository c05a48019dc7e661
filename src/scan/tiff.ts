import UTIF from "utif2";
import { concatBytes } from "@noble/hashes/utils.js";
import { CLEAN_PIXELS_MAX } from "./clean.ts";
import type { Engines } from "./engines.ts";
import { broken, otherPacking, tooLarge, tooManyPages, tooMuchInside } from "./errors.ts";
import { grayOf, grayOfBits, grayOfRgb, type Gray } from "./gray.ts";
import { HELD_MAX, inflatedLength } from "./inflate.ts";
import { isSoundLzw } from "./lzw.ts";
import { tiffDirectories, type TiffPage } from "./tiff-directory.ts";
import { DECODED_MAX, NAMES, PAGES_MAX, TIFF_MAX } from "./size.ts";

/**
 * The pages of a TIFF, one by one.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function* tiffPages(bytes: Uint8Array<ArrayBuffer>, engines: Engines): Generator<Gray> {
  const file = bytes.slice().buffer;
  for (const page of directories(file)) {
    const [width, height] = [numbers(page, 256)[0] ?? 0, numbers(page, 257)[0] ?? 0];
    if (!(width > 0 && height > 0)) throw broken(NAMES.tiff);
    makeRoomForColours(page);
    const bits = (numbers(page, 258)[0] ?? 1) * (numbers(page, 277)[0] ?? 1);
    if (bits > 64) throw broken(NAMES.tiff);
    const limit = bits > 24 ? DECODED_MAX : TIFF_MAX;
    if (width * height > limit) throw tooLarge(width, height, limit);
    const unpacked = requireParts(new Uint8Array(file), page, width, height, bits, engines);
    yield grayOfTiff(unpacked ?? file, page);
  }
}

/**
 * Whether a TIFF has one page of few pixels, in strips packed in a way of which nothing can take the
 * decoder long. Of tiles, and of one colour behind the other, it says something on standard output.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function isCleanTiff(bytes: Uint8Array<ArrayBuffer>): boolean {
  const [page, ...more] = directories(bytes.slice().buffer);
  if (page === undefined || more.length > 0) return false;
  if (page["t322"] !== undefined || (numbers(page, 284)[0] ?? 1) !== 1) return false;
  const pixels = (numbers(page, 256)[0] ?? 0) * (numbers(page, 257)[0] ?? 0);
  return pixels <= CLEAN_PIXELS_MAX && QUICK_PACKINGS.includes(numbers(page, 259)[0] ?? NONE);
}

/** What the file says of its pages. */
function directories(file: ArrayBuffer): TiffPage[] {
  let pages: TiffPage[];
  try {
    // A directory without a size describes something else than a picture.
    pages = tiffDirectories(file).filter((page) => page["t256"] !== undefined);
  } catch {
    throw broken(NAMES.tiff);
  }
  if (pages.length === 0) throw broken(NAMES.tiff);
  if (pages.length > PAGES_MAX) throw tooManyPages(pages.length, PAGES_MAX);
  return pages;
}

/** The values of a tag. */
function numbers(page: TiffPage, tag: number): readonly number[] {
  return [...(page[`t${tag}`] ?? [])];
}

/**
 * Every JPEG comes out of the decoder in colours, for which one in grey would have too little room:
 * it is called what comes out of it.
 */
function makeRoomForColours(page: TiffPage): void {
  if (numbers(page, 259)[0] !== JPEG || (numbers(page, 277)[0] ?? 1) !== 1) return;
  page["t258"] = [8, 8, 8];
  page["t262"] = [2];
  page["t277"] = [3];
}

/**
 * Ways to pack pixels that scanners use. The decoder knows those of cameras, too, and one of fax (2)
 * by which it takes for ever.
 */
const PACKINGS = [1, 3, 4, 5, 6, 7, 8, 32_946, 32_773];
/** Those whose decoding is one walk over what is packed. */
const QUICK_PACKINGS = [1, 5, 8, 32_946, 32_773];
const NONE = 1;
const DEFLATE = [8, 32_946];
const LZW = 5;
const JPEG = 7;
/** Colours for a printing press, which the decoder turns into others in a web page only. */
const CMYK = 5;

/**
 * Holds the strips or tiles of a page against its size, for the decoder does not.
 *
 * @returns the page's parts unpacked, if that was done here; its directory then says so
 * @throws BreakglassError `picture` or `input-too-large`
 */
function requireParts(
  file: Uint8Array<ArrayBuffer>,
  page: TiffPage,
  width: number,
  height: number,
  bits: number,
  { inflate }: Engines,
): ArrayBuffer | undefined {
  const packing = numbers(page, 259)[0] ?? 1;
  if (!PACKINGS.includes(packing) || numbers(page, 262)[0] === CMYK) throw otherPacking(NAMES.tiff);
  const isTiled = page["t322"] !== undefined;
  const side = (tag: number): number => numbers(page, tag)[0] ?? 0;
  const wide = isTiled ? side(322) : width;
  const high = isTiled ? side(323) : Math.min(side(278) || height, height);
  // A tile may reach over the edge, and no further.
  if (!(wide > 0 && high > 0) || wide > 2 * width + 1024 || high > 2 * height + 1024)
    throw broken(NAMES.tiff);
  const parts = Math.ceil(width / wide) * Math.ceil(height / high);
  const [from, counts] = isTiled ? [324, 325] : [273, 279];
  const starts = numbers(page, from);
  const lengths = numbers(page, counts);
  if (starts.length > 4 * parts || (isTiled && starts.length < parts)) throw broken(NAMES.tiff);
  // The only strip of what is not packed is as long as it has to be, whatever is said of it.
  const isPlain = packing === NONE && starts.length === 1 && !isTiled;
  const together = lengths.reduce((sum, length) => sum + length, 0);
  if (!isPlain && together > 2 * file.length) throw broken(NAMES.tiff);
  const max = high * Math.ceil((wide * bits) / 8);
  // Samples of more bytes stand in an order that the head of the file tells.
  const isHeld = (numbers(page, 258)[0] ?? 1) <= 8 && starts.length * max <= HELD_MAX;
  const unpacked: Uint8Array[] = [];
  for (const [i, start] of starts.entries()) {
    const part = file.subarray(start, start + (lengths[i] ?? 0));
    if (DEFLATE.includes(packing)) {
      const bytes = isHeld ? inflate?.([part.subarray(2)], max) : undefined;
      if (bytes !== undefined) unpacked.push(bytes);
      else if (inflatedLength([part.subarray(2)], max) > max) throw tooMuchInside(NAMES.tiff);
    }
    if (packing === LZW && !isSoundLzw(part)) throw broken(NAMES.tiff);
    if (packing === JPEG) requireJpeg(part, wide, high);
  }
  // The old way to put a JPEG into a TIFF: it stands somewhere in the file.
  if (packing === 6) requireJpeg(file, width, height);
  if (unpacked.length === 0 || unpacked.length < starts.length) return undefined;
  // What is unpacked need not be unpacked again by the decoder, which takes ten times as long.
  page["t259"] = [NONE];
  page[`t${counts}`] = unpacked.map(({ length }) => length);
  page[`t${from}`] = offsetsOf(unpacked);
  return concatBytes(...unpacked).buffer;
}

/** Where each of several parts begins when they stand one behind the other. */
function offsetsOf(parts: readonly Uint8Array[]): number[] {
  let end = 0;
  return parts.map(({ length }) => (end += length) - length);
}

/** A JPEG in a TIFF has a size of its own, which has to be that of the part that it is. */
function requireJpeg(part: Uint8Array, width: number, height: number): void {
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  for (let i = part.indexOf(0xff); i !== -1 && i + 9 <= part.length; i = part.indexOf(0xff, i + 1))
    if (
      FRAMES.includes(part[i + 1]!) &&
      view.getUint16(i + 5) * view.getUint16(i + 7) > (width + 64) * (height + 64)
    )
      throw tooMuchInside(NAMES.tiff);
}

/** The markers after which a JPEG says its size. */
const FRAMES = [0xc0, 0xc1, 0xc2, 0xc3];

function grayOfTiff(file: ArrayBuffer, tags: TiffPage): Gray {
  const page = tags as unknown as UTIF.IFD;
  try {
    UTIF.decodeImage(file, page);
    const { width, height } = page;
    const plain = plainGray(tags, page.data, width, height);
    if (plain !== undefined) return { data: plain, width, height };
    return grayOf({ data: UTIF.toRGBA8(page), width, height });
  } catch {
    throw broken(NAMES.tiff);
  } finally {
    page.data = new Uint8Array(); // not needed any more, and there may be many
  }
}

/** The light of a page of the usual kinds, in one walk over it. */
function plainGray(
  page: TiffPage,
  from: Uint8Array,
  width: number,
  height: number,
): Uint8Array | undefined {
  const [bits, samples, meaning] = [258, 277, 262].map((tag) => numbers(page, tag)[0]);
  const isGray = (samples ?? 1) === 1 && (meaning === WHITE_IS_ZERO || meaning === BLACK_IS_ZERO);
  let data: Uint8Array;
  if (isGray && (bits ?? 1) === 1) data = grayOfBits(from, width, height);
  else if (isGray && bits === 8) data = from;
  else if (bits === 8 && samples === 3 && meaning === RGB) data = grayOfRgb(from);
  else return undefined;
  if (meaning === WHITE_IS_ZERO) for (let i = 0; i < data.length; i++) data[i]! ^= 0xff;
  return data.length === width * height ? data : undefined;
}

const WHITE_IS_ZERO = 0;
const BLACK_IS_ZERO = 1;
const RGB = 2;
