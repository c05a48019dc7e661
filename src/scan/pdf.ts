import { PDFiumLibrary, type PDFiumDocument, type PDFiumPage } from "@hyzyla/pdfium";
import type { Engines } from "./engines.ts";
import { broken, encrypted, noEngine, tooManyPages } from "./errors.ts";
import type { Gray } from "./gray.ts";
import { PAGES_MAX } from "./size.ts";

/**
 * Pixels of a page as it is drawn: A4 at 200 dpi. A page is as many whatever size it says it
 * has, since scanners and phones write sizes that mean nothing.
 */
const PIXELS = 3_900_000;

/** Things on a page that are looked at to tell a scan from a drawing. */
const OBJECTS_MAX = 5000;

/** A page that is drawn when it is looked at. */
interface PdfPage {
  readonly number: number;
  readonly draw: () => Promise<Gray>;
  /** Whether it is a program's work, and no scan. */
  readonly isDrawn: () => boolean;
}

/** An opened PDF; it holds memory until it is closed. */
export interface Pdf {
  readonly pages: readonly PdfPage[];
  close(): void;
}

/** Opens a PDF. @throws BreakglassError `picture` or `input-too-large` */
export async function openPdf(bytes: Uint8Array, { pdfium }: Engines): Promise<Pdf> {
  if (pdfium === undefined) throw noEngine("PDF");
  const library = await PDFiumLibrary.init({ wasmBinary: pdfium as ArrayBuffer });
  let document: PDFiumDocument;
  try {
    document = await library.loadDocument(bytes);
  } catch (error) {
    library.destroy();
    throw /password|security/i.test(error instanceof Error ? error.message : "")
      ? encrypted()
      : broken("PDF");
  }
  const close = (): void => {
    document.destroy();
    library.destroy();
  };
  const count = document.getPageCount();
  if (count === 0 || count > PAGES_MAX) {
    close();
    throw count === 0 ? broken("PDF") : tooManyPages(count, PAGES_MAX);
  }
  return {
    close,
    pages: Array.from({ length: count }, (_, i) => ({
      number: i + 1,
      draw: () => draw(document.getPage(i)),
      isDrawn: () => isDrawn(document.getPage(i)),
    })),
  };
}

async function draw(page: PDFiumPage): Promise<Gray> {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const scale = Math.sqrt(PIXELS / (originalWidth * originalHeight));
  // A page that is a mere line would be drawn with sides of millions of pixels, or of none.
  if (!Number.isFinite(scale) || Math.min(originalWidth, originalHeight) * scale < 1)
    throw broken("PDF");
  try {
    const drawn = await page.render({ scale, render: "bitmap", colorSpace: "Gray" });
    return { data: drawn.data, width: drawn.width, height: drawn.height };
  } catch {
    throw broken("PDF");
  }
}

/**
 * Whether a page was drawn by a program: it has letters, and no picture that a scanner could have
 * made (a scanner that recognises text puts letters behind its picture).
 */
function isDrawn(page: PDFiumPage): boolean {
  const count = Math.min(page.getObjectCount(), OBJECTS_MAX);
  const types = Array.from({ length: count }, (_, i) => page.getObject(i).type);
  return types.includes("text") && !types.includes("image") && !types.includes("form");
}
