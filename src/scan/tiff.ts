import { CLEAN_PIXELS_MAX } from "./clean.ts";
import type { Engines } from "./engines.ts";
import { broken, tooLarge, tooManyPages } from "./errors.ts";
import { grayOfBits, grayOfRgb, type Gray } from "./gray.ts";
import { DECODED_MAX, NAMES, PAGES_MAX, TIFF_BYTES_MAX, TIFF_MAX } from "./size.ts";
import { first, tiffDirectories, type TiffPage } from "./tiff-directory.ts";
import { isQuicklyUnpacked, JPEG, requireParts, rowsOf } from "./tiff-parts.ts";

/**
 * The pages of a TIFF, one by one.
 *
 * @param isQuick whether to end at one that only the decoder can read, or that is damaged
 * @throws BreakglassError `picture` or `input-too-large`
 */
export async function* tiffPages(
  bytes: Uint8Array<ArrayBuffer>,
  engines: Engines,
  isQuick = false,
): AsyncGenerator<Gray> {
  const file = bufferOf(bytes);
  for (const page of directories(file)) {
    const [width, height] = [first(page, 256) ?? 0, first(page, 257) ?? 0];
    if (!(width > 0 && height > 0)) throw broken(NAMES.tiff);
    makeRoomForColours(page);
    // What the decoder takes it for, which looks at it before it does.
    page["t262"] ??= [(first(page, 258) ?? 1) === 1 ? WHITE_IS_ZERO : RGB];
    const bits = (first(page, 258) ?? 1) * (first(page, 277) ?? 1);
    if (bits > 64) throw broken(NAMES.tiff);
    const limit = pixelsMax(bits);
    if (width * height > limit) throw tooLarge(width, height, limit);
    const unpacked = requireParts(
      new Uint8Array(file),
      page,
      { width, height, bits },
      engines,
      isQuick,
    );
    const from = unpacked ?? file;
    const plain = isPlain(page) ? plainGray(new Uint8Array(from), page, width, height) : undefined;
    if (plain === undefined && isQuick) return;
    yield plain ?? (await import("./tiff-decoder.ts")).grayOfTiff(from, page);
  }
}

/**
 * Whether a TIFF has one page of few pixels, of which each step takes no longer than they need, and
 * nothing is said on standard output, as the decoder does of what it can't show.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function isCleanTiff(bytes: Uint8Array<ArrayBuffer>): boolean {
  const [page, ...more] = directories(bufferOf(bytes));
  if (page === undefined || more.length > 0) return false;
  const pixels = (first(page, 256) ?? 0) * (first(page, 257) ?? 0);
  return pixels <= CLEAN_PIXELS_MAX && isPlain(page) && isQuicklyUnpacked(page);
}

/** A file by itself, as the decoder wants it; a second copy of a large one is too much. */
function bufferOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

/** As many pixels of so many bits as are looked at. */
function pixelsMax(bits: number): number {
  const ofBytes = Math.floor((8 * TIFF_BYTES_MAX) / bits / 100_000) * 100_000;
  return Math.min(bits > 24 ? DECODED_MAX : TIFF_MAX, ofBytes);
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
  if (first(page, 259) !== JPEG || (first(page, 277) ?? 1) !== 1) return;
  page["t258"] = [8, 8, 8];
  page["t262"] = [2];
  page["t277"] = [3];
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

/** The light of such a page, in one walk over it; undefined if its pixels are still packed. */
function plainGray(
  file: Uint8Array,
  page: TiffPage,
  width: number,
  height: number,
): Gray | undefined {
  const { bits, samples, meaning } = layoutOf(page);
  const rows = rowsOf(file, page, height, Math.ceil((width * bits * samples) / 8));
  if (rows === undefined) return undefined;
  if (bits === 8 && first(page, 317) === DIFFERENCES) addUp(rows, width, samples);
  let data = rows;
  if (meaning === RGB) data = grayOfRgb(rows);
  else if (bits === 1) data = grayOfBits(rows, width, height);
  if (meaning === WHITE_IS_ZERO) for (let i = 0; i < data.length; i++) data[i]! ^= 0xff;
  return { data, width, height };
}

/** Each sample as the sum of all to its left, where a page has the differences (TIFF 6.0, section 14). */
function addUp(rows: Uint8Array, width: number, samples: number): void {
  const row = width * samples;
  for (let from = 0; from < rows.length; from += row)
    for (let i = from + samples; i < from + row; i++) rows[i]! += rows[i - samples]!;
}

const DIFFERENCES = 2;

interface Layout {
  readonly bits: number;
  readonly samples: number;
  readonly meaning: number | undefined;
}

function layoutOf(page: TiffPage): Layout {
  const [bits = 1, samples = 1, meaning] = [258, 277, 262].map((tag) => first(page, tag));
  return { bits, samples, meaning };
}

const WHITE_IS_ZERO = 0;
const BLACK_IS_ZERO = 1;
const RGB = 2;
