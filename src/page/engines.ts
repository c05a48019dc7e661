import type { Engines } from "../scan/engines.ts";

/** WebAssembly modules that the page holds. */
type Name = "zxing" | "pdfium";

/** Those that can be used here, packed as they stand in the page. */
export type PackedEngines = Readonly<Partial<Record<Name, Uint8Array<ArrayBuffer>>>>;

/** What reads pictures, in whatever thread: {@link Engines}, each unpacked when it is asked for. */
export type EngineSource = (...names: readonly Name[]) => Promise<Engines>;

let inPage: Promise<PackedEngines> | undefined;

/**
 * The WebAssembly modules that stand packed inside the page. Where the browser can't unpack or run
 * one, it is left out, and its reader with it.
 */
export function packedEngines(): Promise<PackedEngines> {
  return (inPage ??= collect());
}

async function collect(): Promise<PackedEngines> {
  if (!("WebAssembly" in globalThis) || !("DecompressionStream" in globalThis)) return {};
  // They stand after the script, so that the page can be used before they are all loaded.
  if (document.readyState === "loading")
    await new Promise((resolve) =>
      document.addEventListener("DOMContentLoaded", resolve, { once: true }),
    );
  const found: Partial<Record<Name, Uint8Array<ArrayBuffer>>> = {};
  for (const name of ["zxing", "pdfium"] as const) {
    const text = document.getElementById(`engine-${name}`)?.textContent;
    if (text !== undefined) found[name] = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  }
  return found;
}

/** @param breathe waited for between two looks */
export function unpacked(packed: PackedEngines, breathe: () => Promise<void>): EngineSource {
  const ready: Partial<Record<Name, Promise<ArrayBuffer>>> = {};
  return async (...names) => {
    const found: { -readonly [name in keyof Engines]: Engines[name] } = { breathe };
    for (const name of names) {
      const bytes = packed[name];
      if (bytes !== undefined) found[name] = await (ready[name] ??= unpack(bytes));
    }
    return found;
  };
}

function unpack(packed: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const stream = new Response(packed).body!.pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
