import { grayOfCleanPng } from "./clean-png.ts";
import { CLEAN_LENGTH_MAX, CLEAN_PIXELS_MAX } from "./clean.ts";
import type { Engines } from "./engines.ts";
import { fileKind } from "./file-kind.ts";
import type { Gray } from "./gray.ts";
import { requireSize, scansOf, type Size } from "./size.ts";

/** What zxing takes: pixels, or a file that it decodes itself; and its size. */
export interface CleanPicture extends Size {
  readonly data: Gray | Uint8Array;
}

/**
 * A picture as most scans are, decoded as fast as it can be done in JavaScript.
 *
 * @returns undefined for one that is larger, of another kind, or takes longer to decode
 * @throws BreakglassError `picture` or `input-too-large`
 */
export async function cleanPicture(
  bytes: Uint8Array<ArrayBuffer>,
  engines: Engines,
): Promise<CleanPicture | undefined> {
  if (bytes.length > CLEAN_LENGTH_MAX) return undefined;
  const kind = fileKind(bytes);
  if (kind === "tiff") {
    const { isCleanTiff, tiffPages } = await import("./tiff.ts");
    if (!isCleanTiff(bytes)) return undefined;
    for await (const data of tiffPages(bytes, engines, true)) return { ...data, data };
    return undefined;
  }
  if (kind !== "jpeg" && kind !== "png") return undefined;
  const size = requireSize(bytes, kind);
  if (size.width * size.height > CLEAN_PIXELS_MAX) return undefined;
  if (kind === "jpeg") return scansOf(bytes) === 1 ? { ...size, data: bytes } : undefined;
  const data = engines.inflate && grayOfCleanPng(bytes, size, engines.inflate);
  return data && { ...size, data };
}
