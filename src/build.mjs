// Bundles the command line into dist/: one small file to start, the heavy parts in files of their
// own, loaded only by the commands that need them. And the recovery page: one file with everything.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { recoveryPage } from "./build-page.mjs";
import { WASM_MODULES } from "./wasm-modules.mjs";

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

// Under the names that src/cli/scan-worker.ts reads.
for (const [name, path] of Object.entries(WASM_MODULES))
  copyFileSync(path, new URL(`dist/${name}.wasm`, root));

writeFileSync(new URL("dist/recover.html", root), await recoveryPage(root, version));
