import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { DOCUMENT_MAX } from "../core/document.ts";
import { BreakglassError } from "../core/errors.ts";
import { decodeUtf8 } from "../core/utf8.ts";
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
  let handle: number | undefined;
  try {
    handle = path === "-" ? STDIN : openSync(path, "r");
    if (fstatSync(handle).isDirectory()) throw new DirectoryError();
    const bytes = new Uint8Array(limit + 1);
    let length = 0;
    while (length <= limit) {
      const read = readSome(handle, bytes, length);
      if (read === 0) break;
      length += read;
    }
    const content = bytes.slice(0, Math.min(length, limit));
    bytes.fill(0);
    if (length <= limit) return content;
  } catch (error) {
    throw fileError(error, `${name} can't be read`);
  } finally {
    if (handle !== undefined && handle !== STDIN) closeSync(handle);
  }
  throw new BreakglassError(
    "input-too-large",
    `${name} has more than ${limit} bytes`,
    "give only what was asked for",
  );
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

/**
 * Reads a text file, in UTF-8 or as Windows' shells write it, in UTF-16 with a byte-order mark.
 *
 * @throws BreakglassError `file`, `input-too-large`, or `no-slip` if it is no text
 */
export function readText(path: string, name: string): string {
  const bytes = readBytes(path, DOCUMENT_MAX, name);
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = utf16 ? new TextDecoder("utf-16le").decode(bytes) : decodeUtf8(bytes);
  bytes.fill(0);
  if (text === undefined || text.includes("\0"))
    throw new BreakglassError(
      "no-slip",
      `${name} is not a text file`,
      "give the slip's lines, or the text of its QR code, in a text file; or type the slip",
    );
  return text;
}
