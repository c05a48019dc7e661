import type { Engines } from "../scan/engines.ts";

const unpacked = new Map<string, Promise<ArrayBuffer | undefined>>();

/**
 * The WebAssembly modules that stand packed inside the page, unpacked when they are first asked
 * for. Where the browser can't unpack or run one, it is left out, and its reader with it.
 */
export async function engines(...names: readonly ("zxing" | "pdfium")[]): Promise<Engines> {
  const found: { -readonly [name in keyof Engines]: Engines[name] } = { breathe };
  for (const name of names) {
    if (!unpacked.has(name)) unpacked.set(name, unpack(name));
    const bytes = await unpacked.get(name);
    if (bytes !== undefined) found[name] = bytes;
  }
  return found;
}

/** Lets the page be drawn, and answer a person. A timer would be slowed in the background. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

async function unpack(name: string): Promise<ArrayBuffer | undefined> {
  // They stand after the script, so that the page can be used before they are all loaded.
  if (document.readyState === "loading")
    await new Promise((resolve) =>
      document.addEventListener("DOMContentLoaded", resolve, { once: true }),
    );
  const packed = document.getElementById(`engine-${name}`)?.textContent;
  if (
    packed === undefined ||
    !("WebAssembly" in globalThis) ||
    !("DecompressionStream" in globalThis)
  )
    return undefined;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
