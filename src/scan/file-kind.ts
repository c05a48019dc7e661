/** Files that can be looked at. */
export type PictureKind = "png" | "jpeg" | "gif" | "bmp" | "webp" | "tiff" | "pdf";
/** Files that are known, and can't. */
export type OtherKind =
  "heic" | "avif" | "jpeg2000" | "jpeg-xl" | "zip" | "netpbm" | "markup" | "bigtiff";

/** As many bytes as {@link fileKind} looks at. */
const HEAD_LENGTH = 64;

/**
 * What a file is by its first bytes, whatever it is called; undefined for a text, and for
 * everything else.
 */
export function fileKind(head: Uint8Array): PictureKind | OtherKind | undefined {
  const ascii = String.fromCharCode(...head.subarray(0, HEAD_LENGTH));
  if (ascii.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (ascii.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(ascii)) return "gif";
  // A name of two letters begins a text too, so the length of what follows is looked at.
  // eslint-disable-next-line no-control-regex
  if (/^BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0{3}/s.test(ascii)) return "bmp";
  if (/^RIFF.{4}WEBP/s.test(ascii)) return "webp";
  if (/^(II\*\0|MM\0\*)/.test(ascii)) return "tiff";
  if (/^(II\+\0|MM\0\+)/.test(ascii)) return "bigtiff";
  if (/^(\xef\xbb\xbf)?\s*%PDF-/.test(ascii)) return "pdf";
  if (/^.{4}ftyp/s.test(ascii)) {
    if (/^.{8}(.{4})*?(avif|avis)/s.test(ascii)) return "avif";
    if (/^.{8}(.{4})*?(hei[cmsx]|hev[cmsx]|mif1|msf1)/s.test(ascii)) return "heic";
  }
  if (ascii.startsWith("\0\0\0\x0cjP  ") || ascii.startsWith("\xff\x4f\xff\x51")) return "jpeg2000";
  if (ascii.startsWith("\xff\x0a") || ascii.startsWith("\0\0\0\x0cJXL ")) return "jpeg-xl";
  if (["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"].includes(ascii.slice(0, 4))) return "zip";
  // Both look like texts, and a slip is in neither: one has its pixels as they are, one is drawn.
  if (/^P[1-6]\s+(#.*\s+)?[0-9]+\s+[0-9]+\s/.test(ascii)) return "netpbm";
  if (/^(\xef\xbb\xbf)?\s*<(!doctype\b|\?xml\b|!--|html\b|svg\b)/i.test(ascii)) return "markup";
  return undefined;
}
