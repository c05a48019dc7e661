/** The bytes of a WebAssembly module. */
export type WasmBytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

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
  /** Waited for between two looks: where the page's own thread looks, it can answer a person then. */
  readonly breathe?: () => Promise<void>;
}
