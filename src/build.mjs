// Bundles the command line into dist/: one small file to start, the heavy parts in files of their
// own, loaded only by the commands that need them. And the recovery page: one file with everything.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { recoveryPage } from "./build-page.mjs";
import { compileAll, startFile } from "./build-start.mjs";
import { WASM_MODULES } from "./wasm-modules.mjs";

const root = new URL("../", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

/**
 * Node's own modules as plain objects. An import statement would have each of their exports looked
 * at, and some of these load half of Node when they are: a third of the time of a short command.
 */
const builtins = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, importer, kind }) => {
      if (!isBuiltin(path)) return undefined;
      // What is imported when it is needed, as PDFium's code does, expects Node's names on the module.
      if (kind === "dynamic-import") return { path, external: true };
      // commander wants it for commands that are programs of their own, of which there are none
      // here, and it alone would take a tenth of the time to start.
      const unused = path === "node:child_process" && /[\\/]commander[\\/]/.test(importer);
      if (unused) return { path, namespace: "none" };
      return { path, namespace: kind === "require-call" ? "required" : "imported" };
    });
    onLoad({ filter: /./, namespace: "required" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    onLoad({ filter: /./, namespace: "imported" }, ({ path }) => ({
      contents: [
        `const all = process.getBuiltinModule(${JSON.stringify(path)});`,
        "const get = (name) => all[name];",
        "export default all;",
        // Each alone, and none that nobody uses: to copy them all took a twentieth of the time.
        ...exportsOf(path).map(
          (name) => `export const ${name} = /* @__PURE__ */ get(${JSON.stringify(name)});`,
        ),
      ].join("\n"),
    }));
    onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** A quarter of what `status` would load otherwise, and seldom needed. */
const calendarAlone = {
  name: "calendar",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/calendar\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./calendar.cjs", external: true } : undefined,
    );
  },
};

/**
 * Files that hold together what is loaded together: to find and open each file alone takes a tenth of
 * the time to start. First what most first questions need, then what the menu needs besides.
 */
const TOGETHER = {
  main: [
    "src/cli/main.ts",
    "src/cli/slip-commands.ts",
    "src/cli/rotation/issue-and-lead.ts",
    "src/cli/rotation/rotate.ts",
    "src/cli/register/confirm.ts",
    "src/cli/journal/journal-file.ts",
    "node_modules/@inquirer/input/dist/index.js",
  ],
  rotation: [
    "src/cli/rotation/lead-ceremony.ts",
    "src/cli/rotation/rotation-start.ts",
    "src/cli/rotation/rotate-guided.ts",
    "src/cli/rotation/rotate-confirm.ts",
    "src/cli/rotation/rotate-check.ts",
  ],
  register: ["src/cli/register-commands.ts", "src/cli/register/record-event.ts"],
  menu: ["src/cli/guide.ts"],
  sitting: [
    "src/cli/issuing/issue-form.ts",
    "src/cli/issuing/issue-record.ts",
    "src/cli/journal/journal-append.ts",
    "src/cli/rotation/read-from-paper.ts",
    "src/cli/rotation/rotate-set.ts",
    "src/cli/rotation/rotate-sign-in.ts",
  ],
};

/** Where to find what these files, and whatever they import, became: by its name. */
function placesOf({ outputs }) {
  const places = new Map();
  const add = (path, place) => {
    const name = basename(path, ".cjs");
    if (places.has(name)) return;
    places.set(name, place);
    for (const { path: other, kind } of outputs[path].imports)
      if (kind === "import-statement") add(other, place);
  };
  for (const [place, files] of Object.entries(TOGETHER))
    for (const [path, { entryPoint }] of Object.entries(outputs))
      if (files.includes(entryPoint)) add(path, place);
  return places;
}

function exportsOf(path) {
  return Object.keys(process.getBuiltinModule(path)).filter((name) => /^[a-z]\w*$/i.test(name));
}

rmSync(new URL("dist", root), { recursive: true, force: true });
const settings = {
  absWorkingDir: fileURLToPath(root),
  outdir: "dist",
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  external: ["pdfkit", "qrcode", "fontkit", "dejavu-fonts-ttf"],
  plugins: [builtins],
  define: {
    BREAKGLASS_VERSION: JSON.stringify(version),
    // Under "development" a decoder speaks on standard output, which is for the answer alone.
    "process.env.NODE_ENV": '"production"',
  },
  logLevel: "warning",
};
// The machinery for ES modules would take a tenth of the time to start, but only they can be split.
const at = 'const here=require("node:url").pathToFileURL(__filename).href;';
const commonJs = { format: "cjs", banner: at, define: { "import.meta.url": "here" } };
const { outputFiles, metafile } = await build({
  ...settings,
  entryPoints: {
    main: "src/cli/main.ts",
    calendar: "src/cli/register/calendar.ts",
    "scan-worker": "src/cli/reading/scan-worker.ts",
  },
  outExtension: { ".js": ".cjs" },
  splitting: true,
  write: false,
  metafile: true,
});
mkdirSync(new URL("dist", root));
const places = placesOf(metafile);
const together = new Map(Object.keys(TOGETHER).map((place) => [place, []]));
for (const { path, text } of outputFiles) {
  const { minify, platform, target } = settings;
  const supported = { "dynamic-import": false };
  // Where it lies is asked by few files, and to say it in each would take as long as to load some.
  const banner = text.includes("import.meta.url") ? at : "";
  const { code } = await transform(text, {
    ...commonJs,
    banner,
    minify,
    platform,
    target,
    supported,
  });
  const loading = code.replaceAll(/require\("\.\/([\w-]+)\.cjs"\)/g, (whole, name) =>
    places.has(name) ? `require("./${places.get(name)}.cjs")("${name}")` : whole,
  );
  const name = basename(path, ".cjs");
  // In brackets, since V8 then compiles it with the file, and that is done here once for all.
  if (places.has(name))
    together.get(places.get(name)).push(`"${name}":(function(exports,module){${loading}\n})`);
  else writeFileSync(path, loading);
}
for (const [place, files] of together)
  writeFileSync(
    new URL(`dist/${place}.cjs`, root),
    `const files = {${files.join(",\n")}};
const loaded = {};
module.exports = (name) => {
  if (loaded[name] === undefined) {
    loaded[name] = { exports: {} };
    files[name](loaded[name].exports, loaded[name]);
  }
  return loaded[name].exports;
};
`,
  );
// An emergency does not wait, and monitoring asks again and again: every file more to load would take
// half a millisecond.
for (const [name, entry] of Object.entries({
  status: "main-status.ts",
  slips: "main-slips.ts",
  record: "main-record.ts",
  "verify-worker": "journal/verify-worker.ts",
}))
  await build({
    ...settings,
    entryPoints: { [name]: `src/cli/${entry}` },
    outExtension: { ".js": ".cjs" },
    format: commonJs.format,
    supported: { "dynamic-import": false },
    plugins: [calendarAlone, ...settings.plugins],
    define: { ...settings.define, ...commonJs.define },
    banner: { js: at },
  });
compileAll(fileURLToPath(new URL("dist", root)));
const binary = fileURLToPath(new URL("dist/breakglass.cjs", root));
const slips = { recover: "slips", check: "slips" };
const fast = { status: "status", "--version": "status", record: "record", ...slips };
writeFileSync(binary, startFile(fast), { mode: 0o755 });
writeFileSync(
  new URL("dist/breakglass.1", root),
  execFileSync(process.execPath, [binary, "man"], { env: {} }),
);

// Under the names that src/cli/reading/scan-worker.ts reads.
for (const [name, path] of Object.entries(WASM_MODULES))
  copyFileSync(path, new URL(`dist/${name}.wasm`, root));

// What ipptool is to send to the print system.
for (const name of ["job-state.ipp", "job-forget.ipp"])
  copyFileSync(new URL(`src/cli/printing/${name}`, root), new URL(`dist/${name}`, root));

writeFileSync(new URL("dist/recover.html", root), await recoveryPage(root, version));
