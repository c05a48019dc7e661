// Bundles the command line into dist/: one small file to start, the heavy parts in files of their
// own, loaded only by the commands that need them.
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

rmSync(new URL("dist", root), { recursive: true, force: true });
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: { breakglass: "src/cli/main.ts" },
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
// What ipptool is to send to the print system.
for (const name of ["job-state.ipp", "job-forget.ipp"])
  copyFileSync(new URL(`src/cli/${name}`, root), new URL(`dist/${name}`, root));
