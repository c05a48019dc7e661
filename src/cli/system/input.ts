import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { DOCUMENT_MAX } from "../../core/document.ts";
import { BreakglassError } from "../../core/errors.ts";
import { decodeUtf8 } from "../../core/utf8.ts";
import { fileKind } from "../../scan/file-kind.ts";
import { fileError } from "./file-error.ts";
import { oneLine } from "./output.ts";
import { patiently } from "./patiently.ts";

const STDIN = 0;

/**
 * How messages call an input. What names no file is not repeated: somebody may have typed a secret
 * where a file's name belongs.
 *
 * @param place among the files that were named, from 1
 */
export function inputName(path: string, place = 1): string {
  if (path === "-") return "standard input";
  return existsSync(path) ? oneLine(path) : `file ${place} on the command line`;
}

/**
 * Reads a file, or standard input for `-`, up to a limit.
 *
 * @throws BreakglassError `file`, or `input-too-large` without reading further than the limit
 */
export function readBytes(path: string, limit: number, name = inputName(path)): Uint8Array {
  return readUpTo(path, limit, limit, name);
}

/** As {@link readBytes}; more than `textLimit` only of what is no text by its first bytes. */
function readUpTo(
  path: string,
  textLimit: number,
  pictureLimit: number,
  name: string,
): Uint8Array<ArrayBuffer> {
  let handle: number | undefined;
  let limit = textLimit;
  try {
    handle = path === "-" ? STDIN : openSync(path, "r");
    if (fstatSync(handle).isDirectory()) throw new DirectoryError();
    let bytes = new Uint8Array(limit + 1);
    let length = 0;
    for (;;) {
      const read = readSome(handle, bytes, length);
      length += read;
      if (length > textLimit && fileKind(bytes) !== undefined) limit = pictureLimit;
      if (read === 0 || length > limit) break;
      if (length === bytes.length) bytes = moved(bytes, Math.min(2 * length, limit + 1));
    }
    const content = moved(bytes, Math.min(length, limit));
    if (length <= limit) return content;
  } catch (error) {
    throw fileError(error, `${name} can't be read`);
  } finally {
    if (handle !== undefined && handle !== STDIN) closeSync(handle);
  }
  if (pictureLimit > textLimit && limit === textLimit)
    throw new BreakglassError(
      "input-too-large",
      `${name} is too long for a text, and no picture or PDF that can be read`,
      FORMS,
    );
  throw new BreakglassError(
    "input-too-large",
    `${name} has more than ${limit} bytes`,
    "give only what was asked for",
  );
}

const FORMS =
  "give PNG, JPEG, WebP, TIFF or PDF; the slip's lines, or the text of its QR code, in a text file; or type the slip";

/** Bytes in an array of another length; the old one is wiped. */
function moved(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const other = new Uint8Array(length);
  other.set(bytes.subarray(0, length));
  bytes.fill(0);
  return other;
}

class DirectoryError extends Error {
  readonly code = "EISDIR";
}

function readSome(handle: number, bytes: Uint8Array, offset: number): number {
  try {
    return patiently(() => readSync(handle, bytes, offset, bytes.length - offset, null));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EOF") return 0; // a closed pipe on Windows
    throw error;
  }
}

/** Slips as they were given: a text, or the bytes of a picture or PDF. */
export type Given = { readonly text: string } | { readonly picture: Uint8Array<ArrayBuffer> };

/** The largest picture or PDF that is read: sixty pages in colour at 300 dpi. */
const PICTURE_MAX = 128 * 1024 * 1024;

/**
 * Reads a text file, in UTF-8 or as Windows' shells write it, in UTF-16 with a byte-order mark; or
 * a picture or PDF. Which it is shows in its content.
 *
 * @throws BreakglassError `file`, `input-too-large`, or `no-slip` if it is neither
 */
export function readGiven(path: string, name: string): Given {
  const bytes = readUpTo(path, DOCUMENT_MAX, PICTURE_MAX, name);
  if (fileKind(bytes) !== undefined) return { picture: bytes };
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = utf16 ? new TextDecoder("utf-16le").decode(bytes) : decodeUtf8(bytes);
  bytes.fill(0);
  if (text === "")
    throw new BreakglassError(
      "no-slip",
      `${name} is empty`,
      "copy the file again, or scan or type the slip",
    );
  if (text === undefined || text.includes("\0"))
    throw new BreakglassError(
      "no-slip",
      `${name} is not a text file, nor a picture or PDF that can be read`,
      FORMS,
    );
  return { text };
}
