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

/** A longer file is no scan of a few slips. */
const FILE_MAX = 64 * 1024 * 1024;
/** A larger picture is drawn smaller: a QR code that needs more than this is not readable anyway. */
const PIXELS_MAX = 16_000_000;

/** What is looked at by {@link find}. */
export type Job =
  /** A file of pages, or one that the browser can't decode. */
  | { readonly kind: "file"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A picture, or what a camera sees. @see scanPixels */
  | {
      readonly kind: "pixels";
      readonly pixels: Pixels;
      readonly effort: "glance" | "thorough";
    };

/** What was found. */
export interface Finds {
  /** Texts that may be slips; in pixels, those of all codes. */
  readonly texts: readonly FoundText[];
  readonly from: SlipSource;
}

/** A text, and in a PDF or TIFF of several pages the page on which it stood. */
interface FoundText {
  readonly text: string;
  readonly page: number | undefined;
}

/**
 * Finds the slips in a PDF or picture, or the codes in pixels.
 *
 * @throws BreakglassError naming what is wrong with a file, `no-slip` if there is none in it
 */
export async function find(job: Job, engines: EngineSource): Promise<Finds> {
  if (job.kind === "pixels") {
    const texts = await scanPixels(job.pixels, await engines("zxing"), job.effort);
    return { texts: texts.map(withoutPage), from: "picture" };
  }
  const scan = await scanFile(job.bytes, await engines("zxing", "pdfium"));
  if (scan.found.length === 0) throw noSlip(scan.foreign);
  return {
    texts: scan.found.map(({ text, page }) => ({ text, page: scan.pages > 1 ? page : undefined })),
    from: scan.drawn ? "drawn page" : "picture",
  };
}

const withoutPage = (text: string): FoundText => ({ text, page: undefined });

/**
 * Finds the slips in a picture, a PDF, or a text file. The browser decodes what it can in the page,
 * for not every browser lets a worker of a page from a file do so.
 *
 * @param ask does a job
 * @throws BreakglassError naming what is wrong with it, `no-slip` if there is none
 */
export async function findInFile(file: File, ask: (job: Job) => Promise<Finds>): Promise<Finds> {
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
    if (kind === "pdf" || kind === "tiff") return await ask({ kind: "file", bytes });
    const text = kind === undefined && bytes.length <= DOCUMENT_MAX ? decodeUtf8(bytes) : undefined;
    if (text !== undefined && !text.includes("\0"))
      return { texts: [withoutPage(text)], from: "text" };
    if (kind === "png" || kind === "jpeg" || kind === "gif" || kind === "bmp" || kind === "webp")
      requireSize(bytes, kind);
    const pixels = await decodedByBrowser(file);
    // What the browser can't decode the scanner does, or says why not.
    if (pixels === undefined) return await ask({ kind: "file", bytes });
    return onlySlips(await ask({ kind: "pixels", pixels, effort: "thorough" }));
  } finally {
    if (bytes.length > 0) bytes.fill(0); // those that were given to a worker went with it
  }
}

function onlySlips({ texts, from }: Finds): Finds {
  const slips = texts.filter(({ text }) => beginsLikeSlip(text));
  if (slips.length === 0) throw noSlip(texts.length);
  return { texts: slips, from };
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
  const { data } = context.getImageData(0, 0, width, height);
  canvas.width = 0; // frees it at once, which matters for a camera's many frames
  return { data, width, height };
}
