// Puts the recovery page together: one HTML file with script, styles and WebAssembly inside, the
// same bytes whoever builds it.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gzipSync } from "fflate";
import { WASM_MODULES } from "./wasm-modules.mjs";

/** What the page reads files with; other pictures than PDF the browser decodes itself. */
const ENGINES = ["zxing", "pdfium"];

/**
 * @param {URL} root
 * @param {string} version
 * @returns {Promise<string>} the page
 */
export async function recoveryPage(root, version) {
  const script = await bundle(root, "src/page/start.ts", version);
  const styles = await bundle(root, "templates/recover.css", version);
  const policy = [
    "default-src 'none'",
    // Nothing but this very script; WebAssembly is compiled, and no text ever evaluated.
    `script-src '${digest(script)}' 'wasm-unsafe-eval'`,
    `style-src '${digest(styles)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    // The worker that reads files, which the page makes of this script's own text.
    "worker-src blob:",
    // Nothing may enter the page as markup; the one rule makes that worker's address.
    "require-trusted-types-for 'script'",
    "trusted-types scanner",
  ].join("; ");
  const data = ENGINES.map((name) =>
    embedded(`engine-${name}`, readFileSync(WASM_MODULES[name])),
  ).join("\n    ");
  const parts = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    styles: `<style>${styles}</style>`,
    data,
    script: `<script>${script}</script>`,
  };
  const skeleton = readFileSync(new URL("templates/recover.html", root), "utf8");
  return skeleton.replace(/<!-- (\w+) -->/g, (_, name) => {
    if (!(name in parts)) throw new Error(`templates/recover.html asks for ${name}`);
    return parts[name];
  });
}

async function bundle(root, entry, version) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    platform: "browser",
    // What came out in 2023: the core uses arrays' `toSorted`, which is newer than most else here.
    target: ["chrome110", "firefox115", "safari16.4"],
    format: "iife",
    charset: "ascii",
    legalComments: "none",
    define: { BREAKGLASS_VERSION: JSON.stringify(version) },
    logLevel: "warning",
  });
  const { text } = outputFiles[0];
  if (/<\/(script|style)/i.test(text)) throw new Error(`${entry} would end its own element`);
  return text.trim();
}

function digest(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/**
 * A module as a block of data that is not run. It is packed in JavaScript, since what zlib makes
 * of the same bytes depends on its version.
 */
function embedded(id, bytes) {
  const packed = Buffer.from(gzipSync(bytes, { level: 9, mtime: 0 })).toString("base64");
  return `<script type="application/gzip" id="${id}">${packed}</script>`;
}
