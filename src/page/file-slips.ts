import { DOCUMENT_MAX } from "../core/document.ts";
import { BreakglassError } from "../core/errors.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { noSlip } from "../scan/errors.ts";
import { fileKind } from "../scan/file-kind.ts";
import { requireSize } from "../scan/size.ts";
import { scanFile, scanPixels, type FoundText, type Pixels } from "../scan/scan.ts";
import { beginsLikeSlip } from "../scan/slip-text.ts";
import { engines } from "./engines.ts";

/** A longer file is no scan of a few slips. */
const FILE_MAX = 64 * 1024 * 1024;
/** A larger picture is drawn smaller: a QR code that needs more than this is not readable anyway. */
const PIXELS_MAX = 16_000_000;

/** The texts in a file that may be slips; from a PDF or TIFF with the page each stood on. */
export interface FileText {
  readonly text: string;
  readonly page: number | undefined;
}

/**
 * Finds the slips in a picture, a PDF, or a text file.
 *
 * @throws BreakglassError naming what is wrong with it, `no-slip` if there is none
 */
export async function textsIn(file: File): Promise<FileText[]> {
  if (file.size > FILE_MAX)
    throw new BreakglassError(
      "input-too-large",
      `this file has more than ${FILE_MAX / 1024 / 1024} MiB`,
      "scan at 200 to 300 dpi, and give only the pages with slips",
    );
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const kind = fileKind(bytes);
    if (kind === "pdf" || kind === "tiff") return await textsOnPages(bytes);
    const text = kind === undefined && bytes.length <= DOCUMENT_MAX ? decodeUtf8(bytes) : undefined;
    if (text !== undefined && !text.includes("\0")) return [{ text, page: undefined }];
    if (kind === "png" || kind === "jpeg" || kind === "gif" || kind === "bmp" || kind === "webp")
      requireSize(bytes, kind);
    const picture = await decodedByBrowser(file);
    // What the browser can't decode the scanner does, or says why not.
    return picture === undefined ? await textsOnPages(bytes) : await textsInPicture(picture);
  } finally {
    bytes.fill(0);
  }
}

async function textsOnPages(bytes: Uint8Array): Promise<FileText[]> {
  const { found, foreign, pages } = await scanFile(bytes, await engines("zxing", "pdfium"));
  if (found.length === 0) throw noSlip(foreign);
  const pageOf = (slip: FoundText): number | undefined => (pages > 1 ? slip.page : undefined);
  return found.map((slip) => ({ text: slip.text, page: pageOf(slip) }));
}

async function textsInPicture(picture: Pixels): Promise<FileText[]> {
  const found = await scanPixels(picture, await engines("zxing"), "thorough");
  const texts = found.filter(beginsLikeSlip);
  if (texts.length === 0) throw noSlip(found.length);
  return texts.map((text) => ({ text, page: undefined }));
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

/** Draws something at a size, and takes its pixels. */
export function pixelsOf(source: CanvasImageSource, width: number, height: number): Pixels {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  // Paper is white: a picture with transparent parts is seen as on paper.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  canvas.width = 0; // frees it at once, which matters for a camera's many frames
  return pixels;
}
