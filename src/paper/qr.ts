import qrcode from "qrcode";

/** Modules that must stay white around a code. */
export const QUIET_MODULES = 4;

/** A QR code as modules. */
export interface QrModules {
  /** Modules along a side. */
  readonly side: number;
  /** `side` x `side` modules, row by row; 1 is dark. */
  readonly dark: Uint8Array;
}

/**
 * The QR code of an upper-case text at error correction level H.
 *
 * @param text of QR's alphanumeric set, which takes 5.5 bits a character
 */
export function qrModules(text: string): QrModules {
  const { modules } = qrcode.create([{ data: text, mode: "alphanumeric" }], {
    errorCorrectionLevel: "H",
  });
  return { side: modules.size, dark: modules.data };
}

const MIN_SIZE = 40;
const MIN_MODULE = 0.55;
/** One dot of a 300 dpi printer, so that all modules come out equally wide. */
const DOT = 25.4 / 300;

/** The size to print a code at, in millimetres without the quiet zone: 40 or a little more, and 0.55 a module. */
export function qrSize(side: number): number {
  return side * DOT * Math.ceil(Math.max(MIN_SIZE / side, MIN_MODULE) / DOT - 1e-9);
}
