import type { Engines } from "./engines.ts";
import { cleanPicture } from "./clean-picture.ts";
import { broken, otherKind, unknownKind } from "./errors.ts";
import { fileKind, type PictureKind } from "./file-kind.ts";
import { grayOf, type Gray, type Pixels } from "./gray.ts";
import { NAMES, requireSize, type SingleKind, type Size } from "./size.ts";
import { readWithZxing, type Look, type Seen } from "./zxing.ts";
import { beginsLikeSlip } from "./slip-text.ts";

export type { Engines } from "./engines.ts";
export type { Pixels } from "./gray.ts";

/** A slip's QR text, and where it stood. */
export interface FoundText {
  readonly text: string;
  /** From 1. */
  readonly page: number;
}

/** What was found in a file. */
export interface Scan {
  /** Texts that begin like a slip's (BG followed by digits and a colon), each once, in the order of the pages. */
  readonly found: readonly FoundText[];
  /** How many QR codes of something else were seen. */
  readonly foreign: number;
  readonly pages: number;
  /**
   * Whether a slip stood on a page that a program drew, such as the PDF that `issue` writes: this
   * proves the file, and not the paper.
   */
  readonly drawn: boolean;
}

// What most files do not need is loaded when one does: it would take longer than to read them.

/** How long one page may take, in milliseconds: no look is begun that would probably end later. */
const PAGE_TIME = 1800;
/** So long others are looked for at least, where a large picture's first look alone takes that. */
const OTHERS_TIME = 1000;
/** The same for a whole file, unless told otherwise. */
const FILE_TIME = 10_000;

/**
 * Reads a picture or PDF file. What it is is seen from its content, not from a name.
 *
 * @param patience milliseconds after which only a first look is taken at what is left; 0: nowhere more
 * @throws BreakglassError `picture` or `input-too-large`, naming what is wrong and quoting nothing;
 *   that no code was found is no error here
 */
export async function scanFile(
  bytes: Uint8Array,
  engines: Engines,
  patience = FILE_TIME,
): Promise<Scan> {
  const kind = fileKind(bytes);
  if (kind === undefined) throw unknownKind();
  if (!isPicture(kind)) throw otherKind(kind);
  const file = bytes as Uint8Array<ArrayBuffer>;
  const until = Date.now() + patience;
  if (kind === "pdf") return scanPdf(file, engines, until);
  if (kind === "tiff") return scanTiff(file, engines, until);
  return summary([await scanPicture(file, kind, engines, until)]);
}

/**
 * The quickest look, which is enough for a clean scan: one threshold for all of it. Where there is no
 * room for another slip, none has to be looked for in every row, or in a smaller picture.
 */
const CLEAN_LOOK: Look = {
  binarizer: "GlobalHistogram",
  tryHarder: false,
  tryDownscale: false,
};

/**
 * Reads a small JPEG, PNG or TIFF whose slips are all seen at the first look, as most scans are.
 *
 * @returns undefined if it is something else, or there may be more to see
 * @throws BreakglassError `picture` or `input-too-large`
 */
export async function readCleanly(
  bytes: Uint8Array<ArrayBuffer>,
  engines: Engines,
): Promise<Scan | undefined> {
  const picture = await cleanPicture(bytes, engines);
  if (picture === undefined) return undefined;
  const seen = await readWithZxing(picture.data, engines, CLEAN_LOOK);
  return seen !== undefined && isDone(seen, picture) ? summary([seen.texts]) : undefined;
}

function isPicture(kind: NonNullable<ReturnType<typeof fileKind>>): kind is PictureKind {
  return ["png", "jpeg", "gif", "bmp", "webp", "tiff", "pdf"].includes(kind);
}

/**
 * Codes in one picture: all of them, those of slips and others.
 *
 * @param effort "glance": one attempt, for a camera's frame; "thorough": crops, scales and
 *   thresholds in turn, within a bound of about two seconds
 */
export async function scanPixels(
  pixels: Pixels,
  engines: Engines,
  effort: "glance" | "thorough",
): Promise<readonly string[]> {
  const began = Date.now();
  const picture = grayOf(pixels);
  const seen = await glance(picture, engines);
  if (effort === "glance") return seen.texts;
  return lookOn(picture, seen, engines, { began, until: Infinity });
}

async function glance(picture: Gray, engines: Engines): Promise<Seen> {
  const seen = await readWithZxing(picture, engines);
  if (seen !== undefined) return seen;
  const { readWithQr } = await import("./qr.ts");
  const text = readWithQr(picture, PAGE_TIME);
  // What it read may be all that there is, for it looks for one code only.
  return {
    texts: text === undefined ? [] : [text],
    unread: [],
    covered: Infinity,
    isDecoded: true,
  };
}

/** A slip's page, A4 with the smallest code that is printed, has so many times the code's area. */
const PAGE_PER_CODE = 39;

/** Whether a picture is so much larger than the slips read in it that another may lie there. */
function hasRoom({ covered }: Seen, { width, height }: Size): boolean {
  return width * height > 1.25 * PAGE_PER_CODE * covered;
}

/** Whether a look read a slip, and neither noticed anything else nor left room for it. */
function isDone(seen: Seen, size: Size): boolean {
  return seen.unread.length === 0 && seen.texts.some(beginsLikeSlip) && !hasRoom(seen, size);
}

/** When a page was begun, and when its file has to be done; by `Date.now()`. */
interface Limits {
  readonly began: number;
  readonly until: number;
}

async function lookOn(
  picture: Gray,
  seen: Seen,
  engines: Engines,
  { began, until }: Limits,
): Promise<readonly string[]> {
  await engines.breathe?.();
  if (isDone(seen, picture)) return seen.texts;
  const { lookAgain } = await import("./attempts.ts");
  const end = Math.max(began + PAGE_TIME, Date.now() + OTHERS_TIME);
  return lookAgain(picture, seen, hasRoom(seen, picture), engines, Math.min(until, end));
}

async function scanPicture(
  file: Uint8Array<ArrayBuffer>,
  kind: SingleKind,
  engines: Engines,
  until: number,
): Promise<readonly string[]> {
  const began = Date.now();
  const size = requireSize(file, kind);
  // zxing decodes most kinds itself, and faster; that is the way of nearly all pictures.
  const seen = kind === "webp" ? undefined : await readWithZxing(file, engines);
  if (seen !== undefined && isDone(seen, size)) return seen.texts;
  const { decodePicture } = await import("./picture.ts");
  const picture = await decodePicture(file, kind, engines);
  if (picture === undefined) {
    if (seen?.isDecoded === false) throw broken(NAMES[kind]);
    const { lookAgainAtFile } = await import("./attempts.ts");
    return lookAgainAtFile(file, seen?.texts ?? [], engines);
  }
  return lookOn(picture, seen ?? (await glance(picture, engines)), engines, { began, until });
}

async function scanTiff(
  file: Uint8Array<ArrayBuffer>,
  engines: Engines,
  until: number,
): Promise<Scan> {
  const pages: (readonly string[])[] = [];
  const { tiffPages } = await import("./tiff.ts");
  let began = Date.now();
  for await (const picture of tiffPages(file, engines)) {
    const seen = await glance(picture, engines);
    pages.push(await lookOn(picture, seen, engines, { began, until }));
    began = Date.now();
  }
  return summary(pages);
}

async function scanPdf(
  file: Uint8Array<ArrayBuffer>,
  engines: Engines,
  until: number,
): Promise<Scan> {
  const { pdfPages } = await import("./pdf.ts");
  const pages: (readonly string[])[] = [];
  let drawn = false;
  let began = Date.now();
  for await (const { picture, isDrawn } of pdfPages(file, engines)) {
    const seen = await glance(picture, engines);
    const texts = await lookOn(picture, seen, engines, { began, until });
    drawn ||= texts.some(beginsLikeSlip) && isDrawn;
    pages.push(texts);
    began = Date.now();
  }
  return { ...summary(pages), drawn };
}

function summary(pages: readonly (readonly string[])[]): Scan {
  const found = new Map<string, FoundText>();
  const foreign = new Set<string>();
  for (const [i, texts] of pages.entries())
    for (const text of texts)
      if (!beginsLikeSlip(text)) foreign.add(text);
      else if (!found.has(text)) found.set(text, { text, page: i + 1 });
  return { found: [...found.values()], foreign: foreign.size, pages: pages.length, drawn: false };
}
