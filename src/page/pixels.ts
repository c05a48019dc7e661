import type { Pixels } from "../scan/scan.ts";

/** Draws something at a size, and takes its pixels; in the page as in a worker. */
export function pixelsOf(source: CanvasImageSource, width: number, height: number): Pixels {
  const canvas = emptyCanvas(width, height);
  const context: Drawing = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  // Paper is white: a picture with transparent parts is seen as on paper.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  canvas.width = 0; // frees it at once, which matters for a camera's many frames
  return pixels;
}

type Drawing = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function emptyCanvas(width: number, height: number): HTMLCanvasElement | OffscreenCanvas {
  if ("OffscreenCanvas" in globalThis) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}
