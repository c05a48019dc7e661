import UTIF from "utif2";
import { broken } from "./errors.ts";
import { grayOf, type Gray } from "./gray.ts";
import { NAMES } from "./size.ts";
import type { TiffPage } from "./tiff-directory.ts";

/**
 * The light of a page, of whatever kind it is.
 *
 * @throws BreakglassError `picture`
 */
export function grayOfTiff(file: ArrayBuffer, tags: TiffPage): Gray {
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
