import { PDFiumModule } from "@hyzyla/pdfium";
import type { Engines } from "./engines.ts";
import { broken, encrypted, noEngine, tooLarge, tooMuch, tooManyPages } from "./errors.ts";
import type { Gray } from "./gray.ts";
import { withBoundedMemory } from "./memory.ts";
import { PAGES_MAX, PIXELS_MAX } from "./size.ts";

/**
 * Pixels of a page as it is drawn: A4 at 200 dpi. A page is as many whatever size it says it
 * has, since scanners and phones write sizes that mean nothing.
 */
const PIXELS = 3_900_000;

/**
 * Pages with more things on them are not drawn: a slip has a few hundred, and a program that
 * prints each module of a code by itself makes some thousands.
 */
const OBJECTS_MAX = 20_000;
/** Nor such as have forms within forms within forms. */
const DEPTH_MAX = 8;

/** As PDFium numbers them. */
const TEXT = 1;
const IMAGE = 3;
const FORM = 5;
/** Why a document was not opened: for want of a password, or of a way to use it. */
const PROTECTED = [4, 5];
const GRAY = 1;
/** With annotations, and without colours. */
const HOW = 0x01 | 0x08;

/** What is used of PDFium; its package knows more than its types say. */
interface Pdfium {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(length: number): number; free(at: number): void };
  _FPDF_InitLibrary(): void;
  _FPDF_LoadMemDocument(at: number, length: number, password: number): number;
  _FPDF_GetLastError(): number;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_GetPageWidthF(page: number): number;
  _FPDF_GetPageHeightF(page: number): number;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFFormObj_CountObjects(form: number): number;
  _FPDFFormObj_GetObject(form: number, index: number): number;
  _FPDFImageObj_GetImagePixelSize(image: number, width: number, height: number): number;
  _FPDFBitmap_CreateEx(w: number, h: number, format: number, at: number, stride: number): number;
  _FPDFBitmap_Destroy(bitmap: number): void;
  _FPDF_RenderPageBitmap(...bitmapPageLeftTopWidthHeightRotateFlags: readonly number[]): void;
  _FPDF_ClosePage(page: number): void;
}

/** A page as it is drawn. */
interface PdfPage {
  readonly picture: Gray;
  /** Whether it is a program's work, and no scan. */
  readonly isDrawn: boolean;
}

/**
 * The pages of a PDF, drawn one by one.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export async function* pdfPages(
  bytes: Uint8Array,
  { pdfium: module }: Engines,
): AsyncGenerator<PdfPage> {
  if (module === undefined) throw noEngine("PDF");
  // What it writes is for its makers; and it would look for its module by a name, which leads nowhere.
  const options = {
    wasmBinary: withBoundedMemory(module),
    locateFile: (): string => "",
    print: (): void => undefined,
    printErr: (): void => undefined,
  };
  const pdfium = (await PDFiumModule(options)) as unknown as Pdfium;
  // Nothing is given back at the end: the module and its memory are for this file alone.
  const document = within(() => open(pdfium, bytes));
  const count = pdfium._FPDF_GetPageCount(document);
  if (count === 0) throw broken("PDF");
  if (count > PAGES_MAX) throw tooManyPages(count, PAGES_MAX);
  for (let i = 0; i < count; i++) yield within(() => drawnPage(pdfium, document, i));
}

/** Runs what ends in an error of its own if PDFium comes to the bound of its memory. */
function within<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof Error && error.name === "RuntimeError" ? tooMuch() : error;
  }
}

function open(pdfium: Pdfium, bytes: Uint8Array): number {
  pdfium._FPDF_InitLibrary();
  const document = pdfium._FPDF_LoadMemDocument(copied(pdfium, bytes), bytes.length, 0);
  if (document !== 0) return document;
  throw PROTECTED.includes(pdfium._FPDF_GetLastError()) ? encrypted() : broken("PDF");
}

function copied(pdfium: Pdfium, bytes: Uint8Array): number {
  const at = room(pdfium, bytes.length);
  pdfium.HEAPU8.set(bytes, at);
  return at;
}

function room({ wasmExports }: Pdfium, length: number): number {
  const at = wasmExports.malloc(length);
  if (at === 0) throw tooMuch();
  return at;
}

function drawnPage(pdfium: Pdfium, document: number, index: number): PdfPage {
  const page = pdfium._FPDF_LoadPage(document, index);
  if (page === 0) throw broken("PDF");
  const types = lookOver(pdfium, page);
  const drawn = { picture: draw(pdfium, page), isDrawn: isDrawn(types) };
  pdfium._FPDF_ClosePage(page);
  return drawn;
}

/**
 * Looks over what is on a page before it is drawn: drawing can't be ended.
 *
 * @returns the types of the things on it
 * @throws BreakglassError `input-too-large`
 */
function lookOver(pdfium: Pdfium, page: number): Set<number> {
  const types = new Set<number>();
  const size = room(pdfium, 8);
  let things = 0;
  let pixels = 0;
  const look = (object: number, depth: number): void => {
    if (++things > OBJECTS_MAX || depth > DEPTH_MAX) throw tooMuch();
    const type = pdfium._FPDFPageObj_GetType(object);
    if (depth === 0) types.add(type);
    if (type === IMAGE && pdfium._FPDFImageObj_GetImagePixelSize(object, size, size + 4) !== 0) {
      const view = new DataView(pdfium.HEAPU8.buffer, size, 8);
      const [width, height] = [view.getUint32(0, true), view.getUint32(4, true)];
      pixels += width * height;
      if (pixels > PIXELS_MAX) throw tooLarge(width, height, PIXELS_MAX);
    }
    if (type === FORM)
      for (let i = 0; i < pdfium._FPDFFormObj_CountObjects(object); i++)
        look(pdfium._FPDFFormObj_GetObject(object, i), depth + 1);
  };
  for (let i = 0; i < pdfium._FPDFPage_CountObjects(page); i++)
    look(pdfium._FPDFPage_GetObject(page, i), 0);
  pdfium.wasmExports.free(size);
  return types;
}

function draw(pdfium: Pdfium, page: number): Gray {
  const [wide, high] = [pdfium._FPDF_GetPageWidthF(page), pdfium._FPDF_GetPageHeightF(page)];
  const scale = Math.sqrt(PIXELS / (wide * high));
  // A page that is a mere line would be drawn with sides of millions of pixels, or of none.
  if (!Number.isFinite(scale) || Math.min(wide, high) * scale < 1) throw broken("PDF");
  const [width, height] = [Math.ceil(wide * scale), Math.ceil(high * scale)];
  const at = room(pdfium, width * height);
  pdfium.HEAPU8.fill(255, at, at + width * height);
  const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, GRAY, at, width);
  pdfium._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, HOW);
  const data = pdfium.HEAPU8.slice(at, at + width * height);
  pdfium._FPDFBitmap_Destroy(bitmap);
  pdfium.wasmExports.free(at);
  return { data, width, height };
}

/**
 * Whether a page was drawn by a program: it has letters, and no picture that a scanner could have
 * made (a scanner that recognises text puts letters behind its picture).
 */
function isDrawn(types: ReadonlySet<number>): boolean {
  return types.has(TEXT) && !types.has(IMAGE) && !types.has(FORM);
}
