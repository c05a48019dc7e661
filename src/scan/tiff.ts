import UTIF from "utif2";
import { broken, tooLarge, tooManyPages } from "./errors.ts";
import { grayOf, type Gray } from "./gray.ts";
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
