import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import type { Gray } from "../../src/scan/gray.ts";

/** A grey picture as `pdftoppm -gray` writes it. */
export function readPgm(path: string): Gray {
  const file = readFileSync(path);
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString("latin1", 0, 40))!;
  const data = new Uint8Array(file.subarray(header[0].length));
  return { width: Number(header[1]), height: Number(header[2]), data };
}

/** A grey picture as a PNG file. */
export function pngOf({ data, width, height }: Gray): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode({ data, width, height, channels: 1, depth: 8 }));
}
