import { decodeQR } from "qr/decode.js";
import type { Gray } from "./gray.ts";

/** Looks for one QR code with the second reader, which needs no module. */
export function readWithQr(picture: Gray, timeLimit: number): string | undefined {
  try {
    return decodeQR(
      picture,
      // A format that begins with the luminance, and of which nothing else is looked at.
      { format: "I420", effort: Infinity, timeLimit },
    );
  } catch {
    return undefined; // its errors say that there is none, or quote what it read
  }
}
