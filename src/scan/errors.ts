import { BreakglassError } from "../core/errors.ts";
import type { OtherKind } from "./file-kind.ts";

const TYPE_INSTEAD = "or type the code lines printed beside the QR code";

const OTHER_KINDS: Readonly<Record<OtherKind, readonly [string, string]>> = {
  heic: [
    "this is an HEIC picture, which can't be read here",
    `convert it to JPEG, or photograph the slip again with the camera set to JPEG ("most compatible"); ${TYPE_INSTEAD}`,
  ],
  avif: [
    "this is an AVIF picture, which can't be read here",
    `convert it to JPEG; ${TYPE_INSTEAD}`,
  ],
  jpeg2000: [
    "this is a JPEG 2000 picture, which can't be read here",
    `convert it to JPEG; ${TYPE_INSTEAD}`,
  ],
  "jpeg-xl": [
    "this is a JPEG XL picture, which can't be read here",
    `convert it to JPEG; ${TYPE_INSTEAD}`,
  ],
  netpbm: [
    "this is a PBM, PGM or PPM picture, which can't be read here",
    `convert it to PNG; ${TYPE_INSTEAD}`,
  ],
  markup: [
    "this is a web page or a drawing in text form (HTML, XML or SVG), which can't be read here",
    `save it as PNG or PDF, or print and scan it; ${TYPE_INSTEAD}`,
  ],
  bigtiff: [
    "this is a BigTIFF picture, which can't be read here",
    `convert it to TIFF or PNG; ${TYPE_INSTEAD}`,
  ],
  zip: ["this is a zip archive, not a picture", "take the pictures out of it, and give these"],
};

/** For a file that is known not to be readable. */
export function otherKind(kind: OtherKind): BreakglassError {
  return new BreakglassError("picture", ...OTHER_KINDS[kind]);
}

/** For a file that is broken, or made otherwise than its kind allows. */
export function broken(what: string): BreakglassError {
  return new BreakglassError(
    "picture",
    `this ${what} is damaged or cut off`,
    `copy the file again, or scan the slip again; ${TYPE_INSTEAD}`,
  );
}

/** For a file of a kind that can be read, whose pixels can't. */
export function otherPacking(what: string): BreakglassError {
  return new BreakglassError(
    "picture",
    `this ${what} has its pixels packed in a way that can't be read here`,
    `save it as PNG or PDF; ${TYPE_INSTEAD}`,
  );
}

/** For a picture that moves. */
export function animation(what: string): BreakglassError {
  return new BreakglassError(
    "picture",
    `this ${what} is an animation, which can't be read here`,
    `save one picture of it as PNG; ${TYPE_INSTEAD}`,
  );
}

/** For a file of which nothing is known that could be read. */
export function unknownKind(): BreakglassError {
  return new BreakglassError(
    "picture",
    "this is neither a picture nor a PDF that can be read here",
    `give PNG, JPEG, WebP, TIFF or PDF; ${TYPE_INSTEAD}`,
  );
}

/** For a picture with more pixels than can be held. */
export function tooLarge(width: number, height: number, limit: number): BreakglassError {
  return new BreakglassError(
    "input-too-large",
    `this picture has ${width} x ${height} pixels, and at most ${limit / 1e6} million are looked at`,
    `scan at 200 to 300 dpi, or photograph with fewer megapixels; ${TYPE_INSTEAD}`,
  );
}

/**
 * For a file that would take more time or memory than it is worth: drawing a page of a million
 * lines, say.
 */
export function tooMuch(): BreakglassError {
  return new BreakglassError(
    "picture",
    "reading it took too much time or memory, and was given up",
    `scan the slip again, at 200 to 300 dpi; ${TYPE_INSTEAD}`,
  );
}

/** For a picture that would unpack to more than its own header says. */
export function tooMuchInside(what: string): BreakglassError {
  return new BreakglassError(
    "input-too-large",
    `this ${what} holds many more bytes than its size has pixels for`,
    `scan the slip again, at 200 to 300 dpi; ${TYPE_INSTEAD}`,
  );
}

/** For a document of more pages than are looked at. */
export function tooManyPages(pages: number, limit: number): BreakglassError {
  return new BreakglassError(
    "input-too-large",
    `this file has ${pages} pages, and at most ${limit} are looked at`,
    "give only the pages with slips",
  );
}

export function encrypted(): BreakglassError {
  return new BreakglassError(
    "picture",
    "this PDF is protected by a password",
    `save or print it without protection, or scan the slip again; ${TYPE_INSTEAD}`,
  );
}

/** For readers that were not passed in. */
export function noEngine(kind: string): BreakglassError {
  return new BreakglassError(
    "picture",
    `${kind} files can't be read here`,
    `give PNG or JPEG; ${TYPE_INSTEAD}`,
  );
}

/**
 * For pictures in which no slip's code was found.
 *
 * @param foreign how many codes of something else were seen
 */
export function noSlip(foreign: number): BreakglassError {
  const hint = `photograph it again, flat, sharp and in even light, with the whole QR code in it; ${TYPE_INSTEAD}`;
  return foreign > 0
    ? new BreakglassError(
        "no-slip",
        foreign === 1
          ? "the QR code in it is not a slip's"
          : `none of the ${foreign} QR codes in it is a slip's`,
        `give a picture of the slip; ${TYPE_INSTEAD}`,
      )
    : new BreakglassError("no-slip", "no QR code can be read in it", hint);
}
