/*
 * Scans of which nearly all are read at the first look, and whose decoding is a walk over as many
 * pixels as A4 has at 200 dpi, and not many more.
 */
export const CLEAN_KINDS: readonly string[] = ["jpeg", "png", "tiff"];
export const CLEAN_LENGTH_MAX = 4_000_000;
export const CLEAN_PIXELS_MAX = 4_500_000;
