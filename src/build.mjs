// Bundles the command line into dist/: one small file to start, the heavy parts in files of their
// own, loaded only by the commands that need them.
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

rmSync(new URL("dist", root), { recursive: true, force: true });
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: { breakglass: "src/cli/main.ts", "scan-worker": "src/cli/scan-worker.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  external: ["pdfkit", "qrcode", "fontkit", "dejavu-fonts-ttf"],
  define: { BREAKGLASS_VERSION: JSON.stringify(version) },
  // commander, as CommonJS, asks for Node's own modules by require. It wants child_process only
  // for commands that are programs of their own, of which there are none here, and that module
  // alone would take a tenth of the time to start.
  banner: {
    js: 'const require=(name)=>name==="node:child_process"?{}:process.getBuiltinModule(name);',
  },
  logLevel: "warning",
});

// The decoders' WebAssembly, under the names that src/cli/scan-worker.ts reads.
const modules = {
  zxing: "zxing-wasm/reader/zxing_reader.wasm",
  pdfium: "@hyzyla/pdfium/pdfium.wasm",
  jpeg: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
  webp: "@jsquash/webp/codec/dec/webp_dec.wasm",
};
const { resolve } = createRequire(import.meta.url);
for (const [name, path] of Object.entries(modules))
  copyFileSync(resolve(path), new URL(`dist/${name}.wasm`, root));
