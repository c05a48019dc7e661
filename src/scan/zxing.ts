import {
  prepareZXingModule,
  purgeZXingModule,
  readBarcodes,
  type Position,
  type ReaderOptions,
  type ReadResult,
} from "zxing-wasm/reader";
import type { Engines } from "./engines.ts";
import { tooMuch } from "./errors.ts";
import type { Gray } from "./gray.ts";
import { withBoundedMemory } from "./memory.ts";

/** What a reader saw. */
export interface Seen {
  /** The texts of the codes that it read. */
  readonly texts: readonly string[];
  /** Where it noticed a code that it could not read. */
  readonly unread: readonly Place[];
  /** How many pixels the codes that it read cover. */
  readonly covered: number;
  /** Whether there were pixels to look at: not in a file that it could not decode. */
  readonly isDecoded: boolean;
}

/** A rectangle in a picture, in pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How to look. */
export type Look = Pick<
  ReaderOptions,
  "binarizer" | "tryDenoise" | "tryHarder" | "tryInvert" | "tryRotate" | "tryDownscale"
>;

/** Codes on a page; more than any page of slips has, and a bound for one made to have many. */
const CODES_MAX = 64;

/** What it says of such a file, in the place of a code. */
const UNDECODED = "Failed to load image";

/** What it writes is for its makers. */
const printErr = (): void => undefined;

/** Begins to compile zxing, so that the first picture need not wait for it. */
export function prepareZxing({ zxing }: Engines): void {
  // Without the module's bytes it would be fetched from the network.
  if (zxing !== undefined)
    prepareZXingModule({
      overrides: { wasmBinary: withBoundedMemory(zxing), printErr },
      fireImmediately: true,
    }).catch(() => undefined); // told when it is to read
}

/**
 * Looks for QR codes with zxing.
 *
 * @param picture pixels, or a file that zxing decodes itself: PNG, JPEG, GIF or BMP
 * @returns undefined without its module
 */
export async function readWithZxing(
  picture: Gray | Uint8Array,
  { zxing }: Engines,
  look: Look = {},
): Promise<Seen | undefined> {
  if (zxing === undefined) return undefined;
  prepareZxing({ zxing });
  const results = await read(picture instanceof Uint8Array ? picture : pgm(picture), {
    // Neither helps with a QR code that is dark on light, and each costs time; attempts.ts tries both.
    tryInvert: false,
    tryRotate: false,
    ...look,
    formats: ["QRCode"],
    textMode: "Plain",
    returnErrors: true,
    maxNumberOfSymbols: CODES_MAX,
  });
  const valid = results.filter(({ isValid }) => isValid);
  return {
    isDecoded: !results.some(({ error }) => error.startsWith(UNDECODED)),
    texts: valid.map(({ text }) => text),
    covered: valid.reduce((sum, { position }) => sum + areaOf(position), 0),
    unread: results
      .filter(({ isValid }) => !isValid)
      .map(({ position: { topLeft, topRight, bottomRight, bottomLeft } }) => {
        const corners = [topLeft, topRight, bottomRight, bottomLeft];
        const left = Math.min(...corners.map(({ x }) => x));
        const top = Math.min(...corners.map(({ y }) => y));
        const width = Math.max(...corners.map(({ x }) => x)) - left;
        const height = Math.max(...corners.map(({ y }) => y)) - top;
        return { left, top, width, height };
      }),
  };
}

async function read(file: Uint8Array, options: ReaderOptions): Promise<ReadResult[]> {
  try {
    return await readBarcodes(file, options);
  } catch {
    // It came to the bound of its memory, and is of no use afterwards.
    purgeZXingModule();
    throw tooMuch();
  }
}

/** Half the product of the diagonals, as vectors. */
function areaOf({ topLeft, topRight, bottomRight, bottomLeft }: Position): number {
  const [ax, ay] = [bottomRight.x - topLeft.x, bottomRight.y - topLeft.y];
  const [bx, by] = [bottomLeft.x - topRight.x, bottomLeft.y - topRight.y];
  return Math.abs(ax * by - ay * bx) / 2;
}

/** The portable grey map: the only form for plain grey pixels that zxing takes, a quarter of RGBA. */
function pgm({ data, width, height }: Gray): Uint8Array {
  const header = new TextEncoder().encode(`P5 ${width} ${height} 255\n`);
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
  return file;
}
