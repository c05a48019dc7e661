import type { Inflate } from "./engines.ts";
import { grayOfBits, type Gray } from "./gray.ts";
import { chunksOf, packedPixels } from "./png.ts";
import type { Size } from "./size.ts";

/** Samples of a pixel, by the type of its colours, where one of them shows what is dark. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/**
 * The light of a PNG as most scans are, fast: of colours the green ones only, for each row is packed
 * without regard to other colours (PNG, third edition, section 9), and ink is dark in all of them.
 *
 * @returns undefined for one that is made otherwise, or damaged
 */
export function grayOfCleanPng(
  file: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  inflate: Inflate,
): Gray | undefined {
  const [depth, colours, , , interlaced] = file.subarray(24, 29);
  const samples = SAMPLES[colours ?? NaN];
  const isBits = depth === 1 && samples === 1;
  if (samples === undefined || interlaced !== 0 || !(isBits || depth === 8)) return undefined;
  const across = isBits ? Math.ceil(width / 8) : width;
  const length = height * (1 + across * samples);
  const rows = inflate(packedPixels(chunksOf(file)), length);
  if (rows?.length !== length) return undefined;
  const data = unfilter(rows, across, height, samples);
  return { data: isBits ? grayOfBits(data, width, height) : data, width, height };
}

/** One sample of each pixel: the second of colours. */
function unfilter(rows: Uint8Array, width: number, height: number, samples: number): Uint8Array {
  const data = new Uint8Array(width * height);
  const second = samples < 3 ? 0 : 1;
  for (let y = 0; y < height; y++) {
    const row = y * (1 + width * samples);
    const filter = rows[row]!;
    for (
      let x = 0, from = row + 1 + second, to = y * width;
      x < width;
      x++, from += samples, to++
    ) {
      const left = x > 0 ? data[to - 1]! : 0;
      const above = y > 0 ? data[to - width]! : 0;
      let expected = 0;
      if (filter === 1) expected = left;
      else if (filter === 2) expected = above;
      else if (filter === 3) expected = (left + above) >> 1;
      else if (filter === 4)
        expected = paeth(left, above, x > 0 && y > 0 ? data[to - width - 1]! : 0);
      data[to] = rows[from]! + expected;
    }
  }
  return data;
}

/** Whichever of three neighbours is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const nearLeft = Math.abs(above - corner);
  const nearAbove = Math.abs(left - corner);
  const nearCorner = Math.abs(left + above - 2 * corner);
  if (nearLeft <= nearAbove && nearLeft <= nearCorner) return left;
  return nearAbove <= nearCorner ? above : corner;
}
