import type { PAGE_SIZES } from "../custody/policy.ts";
import { MM_PER_POINT, textWidth, type FontRole, type Fonts } from "./fonts.ts";
import type { RuleItem, TextItem, TextRole } from "./page.ts";
import { wordingError, type Wording } from "./wording.ts";

export type PageSize = (typeof PAGE_SIZES)[number];

const SIZES: Readonly<Record<PageSize, readonly [width: number, height: number]>> = {
  A4: [210, 297],
  Letter: [215.9, 279.4],
};
const MARGIN = 15;

/** The paper and what is set on it. Lengths in millimetres. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  /** From one fold to the next; the secret part lies between `third` and twice that. */
  readonly third: number;
  readonly fonts: Fonts;
  readonly wording: Wording;
}

export function newSheet(size: PageSize, fonts: Fonts, wording: Wording): Sheet {
  return { ...newPaper(size, fonts), third: SIZES[size][1] / 3, wording };
}

/** Paper of any kind: what a sheet is, without the slip's folds and words. */
export type Paper = Pick<Sheet, "width" | "height" | "left" | "right" | "fonts">;

export function newPaper(size: PageSize, fonts: Fonts): Paper {
  const [width, height] = SIZES[size];
  return { width, height, left: MARGIN, right: width - MARGIN, fonts };
}

/** What a text is measured with. */
type Measured = Pick<Sheet, "fonts">;

/** How a line of text is set. Sizes in points. */
export interface Style {
  readonly font: FontRole;
  readonly size: number;
  readonly spacing?: number;
  readonly role?: TextRole;
  /** Which end of the line is at x. */
  readonly align?: "left" | "center" | "right";
}

/** A line of text at a place. */
export function line(
  sheet: Measured,
  text: string,
  x: number,
  baseline: number,
  style: Style,
): TextItem {
  const { font, size, spacing = 0, role, align = "left" } = style;
  const width = textWidth(text, sheet.fonts, font, size, spacing);
  const shift = { left: 0, center: width / 2, right: width }[align];
  return { kind: "text", text, x: x - shift, baseline, width, font, size, spacing, role };
}

/**
 * A text of the wording that has to stay on one line.
 *
 * @param key what it is in the wording
 * @throws BreakglassError `usage` if it is wider than its place
 */
export function shortLine(
  sheet: Measured & { readonly wording: Pick<Wording, "file"> },
  key: string,
  text: string,
  x: number,
  baseline: number,
  width: number,
  style: Style,
): TextItem {
  const item = line(sheet, text, x, baseline, style);
  if (item.width > width)
    throw wordingError(sheet.wording.file, `${key} is too long for its place`);
  return item;
}

/** From one baseline to the next, in millimetres. */
export function leading(size: number): number {
  return size * MM_PER_POINT * 1.32;
}

/** A text over as many lines as it needs, the first on this baseline. */
export function paragraph(
  sheet: Measured,
  text: string,
  x: number,
  baseline: number,
  width: number,
  style: Style,
): TextItem[] {
  return wrap(sheet.fonts, text, width, style).map((part, i) =>
    line(sheet, part, x, baseline + i * leading(style.size), style),
  );
}

/**
 * A text cut into lines at its blanks; a word too long for a line is cut where the line ends.
 *
 * @param width in millimetres
 */
export function wrap(fonts: Fonts, text: string, width: number, style: Style): string[] {
  const fits = (part: string): boolean => textWidth(part, fonts, style.font, style.size) <= width;
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (fits(longer)) {
      current = longer;
      continue;
    }
    if (current !== "") lines.push(current);
    current = "";
    for (const char of word) {
      if (!fits(current + char)) {
        lines.push(current);
        current = "";
      }
      current += char;
    }
  }
  return [...lines, current];
}

const HAIRLINE = 0.5;

/** A straight line from one point to another. */
export function rule(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  weight = HAIRLINE,
  dashed = false,
): RuleItem {
  return { kind: "rule", x1, y1, x2, y2, weight, dashed };
}
