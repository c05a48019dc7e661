import { DOCUMENT_MAX } from "../core/document.ts";
import { BreakglassError } from "../core/errors.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { noSlip } from "../scan/errors.ts";
import { fileKind } from "../scan/file-kind.ts";
import type { SlipSource } from "../scan/read-code.ts";
import { requireSize } from "../scan/size.ts";
import { scanFile, scanPixels, type Pixels } from "../scan/scan.ts";
import { beginsLikeSlip } from "../scan/slip-text.ts";
import type { EngineSource } from "./engines.ts";
import { pixelsOf } from "./pixels.ts";

/** A longer file is no scan of a few slips. */
const FILE_MAX = 64 * 1024 * 1024;
/** A larger picture is drawn smaller: a QR code that needs more than this is not readable anyway. */
const PIXELS_MAX = 16_000_000;

/** What is looked at. */
export type Job =
  | { readonly kind: "file"; readonly file: File }
  /** What a camera sees. @see scanPixels */
  | {
      readonly kind: "frame";
      readonly pixels: Pixels;
      readonly effort: Parameters<typeof scanPixels>[2];
    };

/** What was found. */
export interface Finds {
  /** Texts that may be slips; in a camera's frame, of all codes. */
  readonly texts: readonly FoundText[];
  readonly from: SlipSource;
}

/** A text, and in a PDF or TIFF of several pages the page on which it stood. */
export interface FoundText {
  readonly text: string;
  readonly page: number | undefined;
}

/**
 * Finds the slips in a picture, a PDF, or a text file; or the codes in a camera's frame.
 *
 * @throws BreakglassError naming what is wrong with a file, `no-slip` if there is none in it
 */
export async function find(job: Job, engines: EngineSource): Promise<Finds> {
  if (job.kind === "file") return findInFile(job.file, engines);
  const texts = await scanPixels(job.pixels, await engines("zxing"), job.effort);
  return { texts: texts.map(withoutPage), from: "picture" };
}

const withoutPage = (text: string): FoundText => ({ text, page: undefined });

async function findInFile(file: File, engines: EngineSource): Promise<Finds> {
  if (file.size > FILE_MAX)
    throw new BreakglassError(
      "input-too-large",
      `this file has more than ${FILE_MAX / 1024 / 1024} MiB`,
      "scan at 200 to 300 dpi, and give only the pages with slips",
    );
  if (file.size === 0)
    throw new BreakglassError(
      "no-slip",
      "this file is empty",
      "copy the file again, or scan or type the slip",
    );
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const kind = fileKind(bytes);
    if (kind === "pdf" || kind === "tiff") return await findOnPages(bytes, engines);
    const text = kind === undefined && bytes.length <= DOCUMENT_MAX ? decodeUtf8(bytes) : undefined;
    if (text !== undefined && !text.includes("\0"))
      return { texts: [withoutPage(text)], from: "text" };
    if (kind === "png" || kind === "jpeg" || kind === "gif" || kind === "bmp" || kind === "webp")
      requireSize(bytes, kind);
    const picture = await decodedByBrowser(file);
    // What the browser can't decode the scanner does, or says why not.
    return picture === undefined
      ? await findOnPages(bytes, engines)
      : await findInPicture(picture, engines);
  } finally {
    bytes.fill(0);
  }
}

async function findOnPages(bytes: Uint8Array, engines: EngineSource): Promise<Finds> {
  const scan = await scanFile(bytes, await engines("zxing", "pdfium"));
  if (scan.found.length === 0) throw noSlip(scan.foreign);
  return {
    texts: scan.found.map(({ text, page }) => ({ text, page: scan.pages > 1 ? page : undefined })),
    from: scan.drawn ? "drawn page" : "picture",
  };
}

async function findInPicture(picture: Pixels, engines: EngineSource): Promise<Finds> {
  const found = await scanPixels(picture, await engines("zxing"), "thorough");
  const texts = found.filter(beginsLikeSlip);
  if (texts.length === 0) throw noSlip(found.length);
  return { texts: texts.map(withoutPage), from: "picture" };
}

/** The pixels of a picture of any kind that this browser knows. */
async function decodedByBrowser(file: File): Promise<Pixels | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  const scale = Math.min(1, Math.sqrt(PIXELS_MAX / (bitmap.width * bitmap.height)));
  try {
    return pixelsOf(bitmap, Math.floor(bitmap.width * scale), Math.floor(bitmap.height * scale));
  } finally {
    bitmap.close();
  }
}
