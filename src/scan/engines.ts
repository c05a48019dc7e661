/** The bytes of a WebAssembly module. */
export type WasmBytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/**
 * Unpacks what is packed with deflate (RFC 1951).
 *
 * @param parts the packed bytes, without a header
 * @param max as many bytes as may come out
 * @returns undefined if it is damaged or cut off, or if there are more
 */
export type Inflate = (
  parts: readonly Uint8Array<ArrayBuffer>[],
  max: number,
) => Uint8Array<ArrayBuffer> | undefined;

/**
 * What a scan needs of the world, passed in by whoever has it. A reader whose WebAssembly module is
 * missing is left out.
 */
export interface Engines {
  /** zxing-wasm's reader: finds most codes. Without it only the second reader looks. */
  readonly zxing?: WasmBytes;
  /** PDFium: for PDF files. */
  readonly pdfium?: WasmBytes;
  /** MozJPEG's decoder: for a second look at JPEG pictures. */
  readonly jpeg?: WasmBytes;
  /** libwebp's decoder: for WebP pictures. */
  readonly webp?: WasmBytes;
  /** Unpacks deflate faster than it is done here. */
  readonly inflate?: Inflate;
  /** Waited for between two looks: where the page's own thread looks, it can answer a person then. */
  readonly breathe?: () => Promise<void>;
}
