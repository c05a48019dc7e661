import { create, type Font, type GlyphRun } from "fontkit";
import { BreakglassError } from "../core/errors.ts";

/** What a text on paper is set in. */
export type FontRole = "regular" | "bold" | "mono" | "monoBold";

/** The fonts of a page, each as the bytes of a TrueType file. */
export type Fonts = Readonly<Record<FontRole, Uint8Array>>;

export const MM_PER_POINT = 25.4 / 72;

const parsed = new WeakMap<Uint8Array, Font>();

/**
 * A font ready for measuring and drawing, parsed once for as long as its bytes are in memory.
 *
 * It sets character after character, without ligatures and kerning: what is measured is then what
 * is drawn, every letter can be picked out of the PDF again, and shaping is most of the time that a
 * page takes.
 */
export function openFont(fonts: Fonts, role: FontRole): Font {
  const bytes = fonts[role];
  let font = parsed.get(bytes);
  if (font === undefined) {
    font = create(bytes);
    font.layout = layoutPlainly;
    parsed.set(bytes, font);
  }
  return font;
}

/**
 * Blanks of a fixed-pitch font, as parts of their usual width: the first, and one after another.
 * At full width the groups of a code line are so far apart that text extraction and character
 * recognition take them for columns (poppler does from 0.7 em).
 */
const BLANK = 0.7;
const SECOND_BLANK = 0.43;

function advance(font: Font, char: string, previous: string | undefined): number {
  const { advanceWidth } = font.glyphForCodePoint(char.codePointAt(0)!);
  if (char !== " " || !font.post.isFixedPitch) return advanceWidth;
  return advanceWidth * (previous === " " ? SECOND_BLANK : BLANK);
}

function layoutPlainly(this: Font, text: string): GlyphRun {
  const chars = [...text];
  const positions = chars.map((char, i) => ({
    // pdfkit lays out word by word, each with the blank after it; so a blank alone follows another
    xAdvance: advance(this, char, text === " " ? " " : chars[i - 1]),
    yAdvance: 0,
    xOffset: 0,
    yOffset: 0,
  }));
  return {
    glyphs: chars.map((char) => this.glyphForCodePoint(char.codePointAt(0)!)),
    positions,
    advanceWidth: positions.reduce((sum, position) => sum + position.xAdvance, 0),
  };
}

/**
 * Scripts that come out right when set from left to right, one character after the other. The fonts
 * have glyphs for Arabic and Hebrew too, which need more than that.
 */
const PLAIN_SCRIPTS =
  /^[\p{scx=Latin}\p{scx=Greek}\p{scx=Cyrillic}\p{scx=Armenian}\p{scx=Georgian}\p{scx=Common}]$/u;
/** Controls, invisible formatting, line ends, marks that go onto the letter before, emoji parts. */
const NEVER_ALONE = /^[\p{C}\p{Zl}\p{Zp}\p{M}]$/u;

/** Whether a font prints this code point as it should be. */
export function canPrint(char: string, fonts: Fonts, role: FontRole): boolean {
  return (
    !NEVER_ALONE.test(char) &&
    PLAIN_SCRIPTS.test(char) &&
    openFont(fonts, role).hasGlyphForCodePoint(char.codePointAt(0)!)
  );
}

/** A code point as `U+00E9`. */
export function codePointName(char: string): string {
  return `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The first code point of a text that one of these fonts can't print, as `U+4E2D`, or undefined. */
export function unprintable(
  text: string,
  fonts: Fonts,
  roles: readonly FontRole[],
): string | undefined {
  const char = [...text].find((char) => !roles.every((role) => canPrint(char, fonts, role)));
  return char === undefined ? undefined : codePointName(char);
}

/**
 * The width of a line.
 *
 * @param size in points
 * @param spacing added after every character but the last, in points
 * @returns millimetres
 * @throws BreakglassError `usage` if the font lacks a character, so that none is ever drawn as a box
 */
export function textWidth(
  text: string,
  fonts: Fonts,
  role: FontRole,
  size: number,
  spacing = 0,
): number {
  const font = openFont(fonts, role);
  let units = 0;
  let characters = 0;
  let previous: string | undefined;
  for (const char of text) {
    const codePoint = char.codePointAt(0)!;
    if (!font.hasGlyphForCodePoint(codePoint))
      throw new BreakglassError(
        "usage",
        `a text of this page has a character (${codePointName(char)}) that its font can't print`,
        "give other fonts or another text",
      );
    units += advance(font, char, previous);
    characters++;
    previous = char;
  }
  const points = (units / font.unitsPerEm) * size + spacing * Math.max(0, characters - 1);
  return points * MM_PER_POINT;
}
