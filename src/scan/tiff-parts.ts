import type { Engines } from "./engines.ts";
import { broken, otherPacking, tooMuchInside } from "./errors.ts";
import { inflatedLength } from "./inflate.ts";
import { NAMES, type Size } from "./size.ts";
import { first, numbers, type TiffPage } from "./tiff-directory.ts";
import { unpackBits, unpackLzw } from "./unpack.ts";

/**
 * Ways to pack pixels that scanners use. The decoder knows those of cameras, too, and one of fax (2)
 * by which it takes for ever.
 */
const PACKINGS = [1, 3, 4, 5, 6, 7, 8, 32_946, 32_773];
const NONE = 1;
const LZW = 5;
const OLD_JPEG = 6;
export const JPEG = 7;
const DEFLATE = [8, 32_946];
const PACK_BITS = 32_773;
/** Colours for a printing press, which the decoder turns into others in a web page only. */
const CMYK = 5;
/** Tags of where the strips or tiles begin, and of how long they are. */
const STRIPS = [273, 279] as const;
const TILES = [324, 325] as const;
/** A4 at 600 dpi has 7,016 rows, and a strip has one of them at least. */
const PARTS_MAX = 16_384;
/** With more parts it would take longer to begin to unpack each of them than to do it. */
const QUICK_PARTS_MAX = 4096;
/** Bytes of a page's parts together: the largest page, and what its tiles have over its edges. */
const UNPACKED_MAX = 144_000_000;
/** The order of bytes stands in the first two, and eight are the least that a file has. */
const HEAD = 8;

/** A page's size, and the bits of each of its pixels. */
export interface TiffSize extends Size {
  readonly bits: number;
}

/** Whether a page's pixels are in strips, and not packed, or unpacked here. */
export function isQuicklyUnpacked(page: TiffPage): boolean {
  const packing = first(page, 259) ?? NONE;
  return (
    [NONE, LZW, PACK_BITS, ...DEFLATE].includes(packing) &&
    page["t322"] === undefined &&
    (first(page, 284) ?? 1) === 1 &&
    (page[`t${STRIPS[0]}`]?.length ?? 0) <= QUICK_PARTS_MAX
  );
}

/**
 * Holds the strips or tiles of a page against its size, for the decoder does not, and unpacks what
 * can be unpacked without it: it does not stop where there is more than there should be.
 *
 * @param isQuick whether to end at the first part that can't
 * @returns the unpacked parts, as a file to which the page's directory leads from then on; undefined
 *   if they are left to the decoder
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function requireParts(
  file: Uint8Array<ArrayBuffer>,
  page: TiffPage,
  size: TiffSize,
  { inflate }: Engines,
  isQuick: boolean,
): ArrayBuffer | undefined {
  const packing = first(page, 259) ?? NONE;
  if (!PACKINGS.includes(packing) || first(page, 262) === CMYK) throw otherPacking(NAMES.tiff);
  const { parts, tags, wide, high, max, room } = partsOf(file, page, size);
  const isDeflate = DEFLATE.includes(packing);
  const unpack = unpackerOf(packing, parts.length, inflate);
  // Its pages of memory are taken as they are written.
  const whole = new Uint8Array(unpack === undefined ? 0 : HEAD + room);
  const starts: number[] = [];
  const lengths: number[] = [];
  let end = HEAD;
  for (const part of parts) {
    if (unpack !== undefined && part.length > 0 && end === whole.length)
      throw tooMuchInside(NAMES.tiff);
    const length = unpack?.(part, whole.subarray(end, end + max));
    if (packing === JPEG) requireJpeg(part, wide, high);
    if (packing === LZW && length === undefined) throw broken(NAMES.tiff);
    if (length === undefined && isQuick) return undefined;
    if (isDeflate && length === undefined && inflatedLength([part.subarray(2)], max) > max)
      throw tooMuchInside(NAMES.tiff);
    if (length === undefined) continue;
    starts.push(end);
    lengths.push(length);
    end += length;
  }
  // The old way to put a JPEG into a TIFF: it stands somewhere in the file.
  if (packing === OLD_JPEG) requireJpeg(file, size.width, size.height);
  if (starts.length === 0 || starts.length < parts.length) return undefined;
  whole.set(file.subarray(0, HEAD));
  page["t259"] = [NONE];
  page[`t${tags[0]}`] = starts;
  page[`t${tags[1]}`] = lengths;
  return whole.buffer;
}

/** Unpacks a part to where it belongs, as far as there is room; undefined if it can't. */
type Unpack = (part: Uint8Array<ArrayBuffer>, to: Uint8Array) => number | undefined;

/** What unpacks parts; undefined if they are left to the decoder. */
function unpackerOf(
  packing: number,
  parts: number,
  inflate: Engines["inflate"],
): Unpack | undefined {
  if (packing === LZW) return unpackLzw;
  if (packing === PACK_BITS) return unpackBits;
  if (!DEFLATE.includes(packing) || parts > QUICK_PARTS_MAX || inflate === undefined)
    return undefined;
  return (part, to) => {
    const bytes = inflate([part.subarray(2)], to.length);
    if (bytes !== undefined) to.set(bytes);
    return bytes?.length;
  };
}

/**
 * The rows of a page whose pixels stand in strips, and are not packed.
 *
 * @param row bytes of each; where there are too few in the file, the others are 0
 * @returns undefined for others
 */
export function rowsOf(
  file: Uint8Array,
  page: TiffPage,
  height: number,
  row: number,
): Uint8Array | undefined {
  const isPacked = (first(page, 259) ?? NONE) !== NONE;
  const isSplit = (first(page, 284) ?? 1) !== 1;
  if (isPacked || isSplit || page["t322"] !== undefined) return undefined;
  const starts = numbers(page, STRIPS[0]);
  const lengths = numbers(page, STRIPS[1]);
  const perStrip = first(page, 278) ?? 0;
  const strip = row * (perStrip === 0 ? height : Math.min(perStrip, height));
  const rows = new Uint8Array(row * height);
  for (const [i, start] of starts.entries()) {
    const to = rows.subarray(i * strip, (i + 1) * strip);
    // The only strip is as long as it has to be, whatever is said of it.
    const length = starts.length === 1 ? to.length : (lengths[i] ?? 0);
    to.set(file.subarray(start, start + Math.min(length, to.length)));
  }
  return rows;
}

/** The strips or tiles of a page. */
interface Parts {
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly tags: typeof STRIPS | typeof TILES;
  /** The sides of each in pixels. */
  readonly wide: number;
  readonly high: number;
  /** Bytes of each when it is unpacked. */
  readonly max: number;
  /** Bytes of as many as the page needs. */
  readonly room: number;
}

function partsOf(
  file: Uint8Array<ArrayBuffer>,
  page: TiffPage,
  { width, height, bits }: TiffSize,
): Parts {
  const isTiled = page["t322"] !== undefined;
  const side = (tag: number): number => first(page, tag) ?? 0;
  const wide = isTiled ? side(322) : width;
  const high = isTiled ? side(323) : Math.min(side(278) || height, height);
  // A tile may reach over the edge, and no further.
  if (!(wide > 0 && high > 0) || wide > 2 * width + 1024 || high > 2 * height + 1024)
    throw broken(NAMES.tiff);
  const wanted = Math.ceil(width / wide) * Math.ceil(height / high);
  const max = high * Math.ceil((wide * bits) / 8);
  // The decoder goes over all of each tile, whatever is in the file; strips end with the page.
  if (isTiled && wanted * max > UNPACKED_MAX) throw tooMuchInside(NAMES.tiff);
  const tags = isTiled ? TILES : STRIPS;
  // The decoder takes a place far behind the end for one near the beginning.
  const starts = numbers(page, tags[0]).map((start) => Math.min(start, file.length));
  page[`t${tags[0]}`] = starts;
  const lengths = numbers(page, tags[1]).slice(0, starts.length);
  if (starts.length > Math.min(4 * wanted, PARTS_MAX) || (isTiled && starts.length < wanted))
    throw broken(NAMES.tiff);
  // The only strip of what is not packed is as long as it has to be, whatever is said of it.
  const packing = first(page, 259) ?? NONE;
  const isAlone = packing === NONE && starts.length === 1 && !isTiled;
  const isMissing = starts.length === 0 || (!isAlone && lengths.length < starts.length);
  if (isMissing && packing !== OLD_JPEG) throw broken(NAMES.tiff);
  const together = lengths.reduce((sum, length) => sum + length, 0);
  if (!isAlone && together > 2 * file.length) throw broken(NAMES.tiff);
  const parts = starts.map((start, i) => file.subarray(start, start + (lengths[i] ?? 0)));
  return { parts, tags, wide, high, max, room: Math.min(wanted * max, UNPACKED_MAX) };
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
