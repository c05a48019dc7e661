import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BreakglassError } from "../../core/errors.ts";
import { decodeUtf8 } from "../../core/utf8.ts";
import type { Fonts } from "../../paper/fonts.ts";
import { parseWording, type Wording } from "../../paper/wording.ts";
import { readBytes } from "../system/input.ts";
import { oneLine } from "../system/output.ts";

/** What is printed with: the fonts, and the sentences of the slip. */
export interface Stationery {
  readonly fonts: Fonts;
  readonly wording: Wording;
}

const TEMPLATES = fileURLToPath(new URL("../templates", import.meta.url));
const TEMPLATE_MAX = 64 * 1024;

/**
 * @param templates the folder of an organisation's own templates, or undefined for those that
 *   come with breakglass
 * @throws BreakglassError `file` or `usage`
 */
export function loadStationery(templates: string | undefined): Stationery {
  const fonts = loadFonts();
  const { path, text } = readTemplate(templates, "slip.json");
  return { fonts, wording: parseWording(path, text, fonts) };
}

let loaded: Fonts | undefined;

/** The fonts of everything that is printed, read once. */
export function loadFonts(): Fonts {
  loaded ??= {
    regular: readFont("DejaVuSans"),
    bold: readFont("DejaVuSans-Bold"),
    mono: readFont("DejaVuSansMono"),
    monoBold: readFont("DejaVuSansMono-Bold"),
  };
  return loaded;
}

/**
 * Reads a template: an organisation's own, or the one that comes with breakglass.
 *
 * @throws BreakglassError `file`, or `usage` if it is not UTF-8
 */
export function readTemplate(
  templates: string | undefined,
  file: string,
): { readonly path: string; readonly text: string } {
  const path = join(templates ?? TEMPLATES, file);
  const text = decodeUtf8(readBytes(path, TEMPLATE_MAX, oneLine(path)));
  if (text === undefined)
    throw new BreakglassError("usage", `${oneLine(path)} is not UTF-8`, "save it as UTF-8 text");
  return { path, text };
}

function readFont(name: string): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
}
