import decodeJpeg, { init as initJpeg } from "@jsquash/jpeg/decode.js";
import decodeWebp, { init as initWebp } from "@jsquash/webp/decode.js";
import { decode as decodePng } from "fast-png";
import type { Engines, WasmBytes } from "./engines.ts";
import { animation, broken, noEngine } from "./errors.ts";
import { grayOf, type Gray, type Pixels } from "./gray.ts";
import { withBoundedMemory } from "./memory.ts";
import { plainPng } from "./png.ts";
import { DECODED_MAX, NAMES, sizeOf, type SingleKind } from "./size.ts";

/**
 * The pixels of a picture whose size is known to be bearable.
 *
 * @returns undefined for a kind or a size that only zxing decodes
 * @throws BreakglassError `picture`
 */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  kind: SingleKind,
  engines: Engines,
): Promise<Gray | undefined> {
  const { width, height } = sizeOf(bytes, kind);
  // Held against its header even where zxing alone decodes it, which does not say what is wrong.
  const file = kind === "png" ? plainPng(bytes, engines) : bytes;
  if (width * height > DECODED_MAX) return undefined;
  if (kind === "webp" && isAnimation(bytes)) throw animation(NAMES.webp);
  try {
    if (kind === "png") return grayOfPng(file);
    if (kind === "jpeg")
      return engines.jpeg && grayOf(await withImageData(engines.jpeg, initJpeg, decodeJpeg, bytes));
    if (kind === "webp" && engines.webp !== undefined)
      return grayOf(await withImageData(engines.webp, initWebp, decodeWebp, bytes));
  } catch {
    throw broken(NAMES[kind]);
  }
  if (kind === "webp") throw noEngine("WebP");
  return undefined;
}

/** Whether a WebP says of itself that it moves, which the decoder knows nothing of. */
function isAnimation(webp: Uint8Array): boolean {
  const isExtended = String.fromCharCode(...webp.subarray(12, 16)) === "VP8X";
  return isExtended && ((webp[20] ?? 0) & 0x02) !== 0;
}

function grayOfPng(bytes: Uint8Array): Gray {
  const { data, width, height, channels, depth, palette } = decodePng(bytes);
  const pixels = new Uint8Array(width * height * 4).fill(255);
  const shift = depth === 16 ? 8 : 0;
  const spread = depth < 8 && palette === undefined ? 255 / (2 ** depth - 1) : 1;
  const at = (i: number): number => (data[i]! >> shift) * spread;
  for (let i = 0; i < width * height; i++) {
    const p = i * channels;
    const color = palette?.[data[p]!];
    const isGray = channels < 3;
    pixels[4 * i] = color?.[0] ?? at(p);
    pixels[4 * i + 1] = color?.[1] ?? at(isGray ? p : p + 1);
    pixels[4 * i + 2] = color?.[2] ?? at(isGray ? p : p + 2);
    if (color === undefined && channels % 2 === 0) pixels[4 * i + 3] = at(p + channels - 1);
    else if (color?.[3] !== undefined) pixels[4 * i + 3] = color[3];
  }
  return grayOf({ data: pixels, width, height });
}

/** What these decoders make their result of, which only browsers have. */
class PlainImageData implements Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

async function withImageData(
  wasm: WasmBytes,
  init: (module: undefined, options: { wasmBinary: ArrayBuffer }) => Promise<unknown>,
  decode: (bytes: ArrayBuffer) => Promise<Pixels>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Pixels> {
  const world = globalThis as { ImageData?: unknown };
  world.ImageData ??= PlainImageData;
  await init(undefined, { wasmBinary: withBoundedMemory(wasm) });
  return decode(bytes.slice().buffer);
}
