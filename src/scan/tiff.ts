import UTIF from "utif2";
import { CLEAN_PIXELS_MAX } from "./clean.ts";
import type { Engines } from "./engines.ts";
import { broken, tooLarge, tooManyPages } from "./errors.ts";
import { grayOf, grayOfBits, grayOfRgb, type Gray } from "./gray.ts";
import { DECODED_MAX, NAMES, PAGES_MAX, TIFF_MAX } from "./size.ts";
import { numbers, tiffDirectories, type TiffPage } from "./tiff-directory.ts";
import { isQuicklyUnpacked, JPEG, requireParts } from "./tiff-parts.ts";

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
    const unpacked = requireParts(new Uint8Array(file), page, { width, height, bits }, engines);
    yield grayOfTiff(unpacked ?? file, page);
  }
}

/**
 * Whether a TIFF has one page of few pixels, of which each step takes no longer than they need, and
 * nothing is said on standard output, as the decoder does of what it can't show.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function isCleanTiff(bytes: Uint8Array<ArrayBuffer>): boolean {
  const [page, ...more] = directories(bytes.slice().buffer);
  if (page === undefined || more.length > 0) return false;
  const pixels = (numbers(page, 256)[0] ?? 0) * (numbers(page, 257)[0] ?? 0);
  return pixels <= CLEAN_PIXELS_MAX && isPlain(page) && isQuicklyUnpacked(page);
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

/** Whether a page is of the usual kinds: a bit or a byte of grey, or three bytes of colours. */
function isPlain(page: TiffPage): boolean {
  const { bits, samples, meaning } = layoutOf(page);
  if (meaning === RGB) return bits === 8 && samples === 3;
  return (
    (meaning === WHITE_IS_ZERO || meaning === BLACK_IS_ZERO) &&
    samples === 1 &&
    [1, 8].includes(bits)
  );
}

/** The light of such a page, in one walk over it. */
function plainGray(
  page: TiffPage,
  from: Uint8Array,
  width: number,
  height: number,
): Uint8Array | undefined {
  if (!isPlain(page)) return undefined;
  const { bits, meaning } = layoutOf(page);
  let data = from;
  if (meaning === RGB) data = grayOfRgb(from);
  else if (bits === 1) data = grayOfBits(from, width, height);
  if (meaning === WHITE_IS_ZERO) for (let i = 0; i < data.length; i++) data[i]! ^= 0xff;
  return data.length === width * height ? data : undefined;
}

interface Layout {
  readonly bits: number;
  readonly samples: number;
  readonly meaning: number | undefined;
}

function layoutOf(page: TiffPage): Layout {
  const [bits = 1, samples = 1, meaning] = [258, 277, 262].map((tag) => numbers(page, tag)[0]);
  return { bits, samples, meaning };
}

const WHITE_IS_ZERO = 0;
const BLACK_IS_ZERO = 1;
const RGB = 2;
