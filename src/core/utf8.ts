// Every runtime this code is meant for has TextDecoder, though no ECMAScript library types it.
declare const TextDecoder: new (
  label: "utf-8",
  options: { fatal: true; ignoreBOM: true },
) => {
  decode(bytes: Uint8Array): string;
};

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Bytes as text.
 *
 * @returns the text, or undefined if the bytes are not well-formed UTF-8
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined; // the runtime's message could quote the bytes
  }
}

/** The offsets at which the code points of well-formed UTF-8 begin, and the length at the end. */
export function codePointOffsets(bytes: Uint8Array): number[] {
  const offsets: number[] = [];
  bytes.forEach((byte, offset) => {
    if ((byte & 0xc0) !== 0x80) offsets.push(offset);
  });
  return [...offsets, bytes.length];
}
