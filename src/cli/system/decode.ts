import { isAscii } from "node:buffer";
import { decodeUtf8 } from "../../core/utf8.ts";
import type { Decode } from "../../custody/journal.ts";

/** UTF-8 as text. Nearly all of a long journal is ASCII, of which this makes text in half the time. */
export const decode: Decode = (bytes) =>
  isAscii(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")
    : decodeUtf8(bytes);
