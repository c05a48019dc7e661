import UTIF from "utif2";
import { broken, otherPacking, tooLarge, tooManyPages, tooMuchInside } from "./errors.ts";
import { grayOf, type Gray } from "./gray.ts";
import { inflatedLength } from "./inflate.ts";
import { isSoundLzw } from "./lzw.ts";
import { tiffDirectories, type TiffPage } from "./tiff-directory.ts";
import { DECODED_MAX, NAMES, PAGES_MAX, TIFF_MAX } from "./size.ts";

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
    makeRoomForColours(page);
    const bits = (numbers(page, 258)[0] ?? 1) * (numbers(page, 277)[0] ?? 1);
    if (bits > 64) throw broken(NAMES.tiff);
    const limit = bits > 24 ? DECODED_MAX : TIFF_MAX;
    if (width * height > limit) throw tooLarge(width, height, limit);
    requireParts(new Uint8Array(file), page, width, height, bits);
    yield grayOfTiff(file, page);
  }
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
const DEFLATE = [8, 32_946];
const LZW = 5;
const JPEG = 7;
/** Colours for a printing press, which the decoder turns into others in a web page only. */
const CMYK = 5;

/**
 * Holds the strips or tiles of a page against its size, for the decoder does not.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
function requireParts(
  file: Uint8Array,
  page: TiffPage,
  width: number,
  height: number,
  bits: number,
): void {
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
  const isPlain = packing === 1 && starts.length === 1 && !isTiled;
  const together = lengths.reduce((sum, length) => sum + length, 0);
  if (!isPlain && together > 2 * file.length) throw broken(NAMES.tiff);
  const max = high * Math.ceil((wide * bits) / 8);
  for (const [i, start] of starts.entries()) {
    const part = file.subarray(start, start + (lengths[i] ?? 0));
    if (DEFLATE.includes(packing) && inflatedLength([part.subarray(2)], max) > max)
      throw tooMuchInside(NAMES.tiff);
    if (packing === LZW && !isSoundLzw(part)) throw broken(NAMES.tiff);
    if (packing === JPEG) requireJpeg(part, wide, high);
  }
  // The old way to put a JPEG into a TIFF: it stands somewhere in the file.
  if (packing === 6) requireJpeg(file, width, height);
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
    return grayOf({ data: UTIF.toRGBA8(page), width, height });
  } catch {
    throw broken(NAMES.tiff);
  } finally {
    page.data = new Uint8Array(); // not needed any more, and there may be many
  }
}
