import type { Engines, Inflate } from "./engines.ts";
import { broken, tooMuchInside } from "./errors.ts";
import { HELD_MAX, inflatedLength } from "./inflate.ts";
import { NAMES } from "./size.ts";

const SIGNATURE = 8;
/** Where the header ends, which stands first. */
const HEADER_END = 33;
/** What a picture is drawn from. All else is about it, and may unpack to gigabytes. */
const NEEDED = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
/** Samples of a pixel, by the type of its colours. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Chunk {
  readonly type: string;
  /** With its length, its type and its checksum. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A PNG without what it says about itself, and with as many bytes for its pixels as they need.
 *
 * @throws BreakglassError `picture` or `input-too-large`
 */
export function plainPng(
  file: Uint8Array<ArrayBuffer>,
  { inflate }: Engines,
): Uint8Array<ArrayBuffer> {
  if (file.length < HEADER_END) throw broken(NAMES.png);
  const chunks = [...chunksOf(file)].filter(({ type }) => NEEDED.includes(type));
  requireData(file, chunks, inflate);
  const plain = new Uint8Array(chunks.reduce((sum, { bytes }) => sum + bytes.length, SIGNATURE));
  plain.set(file.subarray(0, SIGNATURE));
  let at = SIGNATURE;
  for (const { bytes } of chunks) {
    plain.set(bytes, at);
    at += bytes.length;
  }
  return plain;
}

/** What is packed with deflate, without zlib's header. */
export function packedPixels(chunks: Iterable<Chunk>): readonly Uint8Array<ArrayBuffer>[] {
  return [...chunks]
    .filter(({ type }) => type === "IDAT")
    .map(({ bytes }, i) => bytes.subarray(i === 0 ? 8 + 2 : 8, -4));
}

/** Its chunks, in their order. */
export function* chunksOf(file: Uint8Array<ArrayBuffer>): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = SIGNATURE; at + 12 <= file.length;) {
    const end = at + 12 + view.getUint32(at);
    yield {
      type: String.fromCharCode(...file.subarray(at + 4, at + 8)),
      bytes: file.subarray(at, end),
    };
    at = end;
  }
}

/** Holds the packed pixels against what the header announces. */
function requireData(
  file: Uint8Array<ArrayBuffer>,
  chunks: readonly Chunk[],
  inflate: Inflate | undefined,
): void {
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  const bits = header.getUint8(24) * (SAMPLES[header.getUint8(25)] ?? 0);
  const wanted = height * (1 + Math.ceil((width * bits) / 8));
  // Interlaced rows are more, and shorter.
  const max = wanted + 8 * (height + 8) * 2;
  const data = packedPixels(chunks);
  const unpacked = max <= HELD_MAX ? inflate?.(data, max) : undefined;
  const length = unpacked?.length ?? inflatedLength(data, max);
  if (length > max) throw tooMuchInside(NAMES.png);
  if (length < wanted) throw broken(NAMES.png);
}
