import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeUtf8 } from "../core/utf8.ts";
import { BreakglassError } from "../core/errors.ts";
import type { Fonts } from "../paper/fonts.ts";
import { parseWording, type Wording } from "../paper/wording.ts";
import { readBytes } from "./input.ts";

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
  const fonts: Fonts = {
    regular: readFont("DejaVuSans"),
    bold: readFont("DejaVuSans-Bold"),
    mono: readFont("DejaVuSansMono"),
    monoBold: readFont("DejaVuSansMono-Bold"),
  };
  const file = join(templates ?? TEMPLATES, "slip.json");
  const text = decodeUtf8(readBytes(file, TEMPLATE_MAX));
  if (text === undefined)
    throw new BreakglassError("usage", `${file} is not UTF-8`, "save it as UTF-8 text");
  return { fonts, wording: parseWording(file, text, fonts) };
}

function readFont(name: string): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
}
