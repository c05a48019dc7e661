import { encodeSlip, groupLine, slipFragment, type Slip, type SlipText } from "../core/slip.ts";
import { spellText } from "../core/spelling.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { BreakglassError } from "../core/errors.ts";
import { canPrint, codePointName } from "./fonts.ts";
import { OPEN_BOX, type Block, type TextItem } from "./page.ts";
import { QUIET_MODULES, qrModules, qrSize, type QrModules } from "./qr.ts";
import { line, paragraph, shortLine, wrap, type Sheet, type Style } from "./sheet.ts";
import { fill } from "./wording.ts";

/** Nothing secret is nearer to a fold than this. */
const EDGE = 2.5;
/** Below the fold: the heading, the hint, the QR code, the first line of code. */
const HEADING = 5.5;
const HINT = 9.8;
const QR_TOP = 8.5;
const FIRST_LINE = 17;
/**
 * Of the fonts, sizes and places tried, tesseract reads this best, with the lines at the left edge
 * and the QR code far behind them: from a larger or nearer one it reads noise into the lines.
 */
const CODE: Style = { font: "monoBold", size: 17 };
const CODE_WIDTH = 105;

const COLUMNS = 10;
/** A row of the fragment: the character, and under it the words that spell it. */
const ROW = 14;

/** From one line of code to the next: as it is best, and where that saves a page. */
const PITCHES: readonly number[] = [8.4, 7.4];

/** A middle third while it is filled. `bottom` is below what is in it so far. */
interface Part {
  readonly blocks: Block[];
  bottom: number;
}

/**
 * The secret part of a slip, for the middle third of as many pages as it needs.
 *
 * @returns blocks for each page; the first page says where the code is if it has no room for it
 */
export function secretParts(slip: Slip, sheet: Sheet): Block[][] {
  const code = encodeSlip(slip);
  const qr = { text: code.qr, ...qrModules(code.qr) };
  const bytes = slipFragment(slip);
  const fragment = bytes === undefined ? undefined : fragmentText(bytes);
  const layouts = PITCHES.map((pitch) => {
    const parts = codeParts(code, qr, sheet, pitch);
    if (fragment !== undefined) addFragment(parts, fragment, slip, sheet);
    return parts.map((part) => part.blocks);
  });
  return layouts.reduce((best, next) => (next.length < best.length ? next : best));
}

function fragmentText(fragment: Uint8Array): string {
  const text = decodeUtf8(fragment);
  if (text === undefined)
    throw new BreakglassError(
      "refused",
      "this slip's part of the password is not text, so it can't be printed to be read by eye",
      "split the password at whole characters, or with Shamir's scheme",
    );
  return text;
}

function newPart(sheet: Sheet): Part {
  const { wording, left, third } = sheet;
  const heading = shortLine(
    sheet,
    "secretHeading",
    wording.secretHeading,
    left,
    third + HEADING,
    CODE_WIDTH,
    { font: "bold", size: 9 },
  );
  return { blocks: [{ tag: "H2", items: [heading] }], bottom: heading.baseline + 1 };
}

function codeParts(
  code: SlipText,
  qr: QrModules & { readonly text: string },
  sheet: Sheet,
  pitch: number,
): Part[] {
  const rows: Row[] = [
    ...code.lines.map((symbols, i): Row => [`${i + 1}) ${groupLine(symbols)}`, "code"]),
    [`S) ${groupLine(code.spare)}`, "spare"],
  ];
  const perPage = Math.floor((sheet.third - FIRST_LINE - EDGE) / pitch) + 1;
  const pages = Math.ceil(rows.length / perPage);
  const share = Math.ceil(rows.length / pages);
  const parts = Array.from({ length: pages }, (_, page) => {
    const part = newPart(sheet);
    addRows(part, rows.slice(page * share, (page + 1) * share), sheet, pitch);
    if (page === 0) addQr(part, qr, sheet);
    return part;
  });
  return pages === 1 ? parts : [elsewhere(sheet), ...parts];
}

/** A line of code as it is printed. */
type Row = [text: string, role: "code" | "spare"];

function elsewhere(sheet: Sheet): Part {
  const { wording, left, right, third } = sheet;
  const style = { font: "bold", size: 9 } as const;
  const items = paragraph(
    sheet,
    wording.secretElsewhere,
    left,
    third + HEADING,
    right - left,
    style,
  );
  return { blocks: [{ tag: "P", items }], bottom: third * 2 };
}

function addRows(part: Part, rows: readonly Row[], sheet: Sheet, pitch: number): void {
  const { wording, left, third } = sheet;
  const hint = shortLine(sheet, "codeHint", wording.codeHint, left, third + HINT, CODE_WIDTH, {
    font: "regular",
    size: 7.5,
  });
  part.blocks.push({ tag: "P", items: [hint] });
  const items = rows.map(([text, role], i) =>
    line(sheet, text, left, third + FIRST_LINE + i * pitch, { ...CODE, role }),
  );
  // numbers may have one digit or two, and the symbols stay in columns
  const width = Math.max(...items.map((item) => item.width));
  for (const item of items)
    part.blocks.push({ tag: "P", items: [{ ...item, x: left + width - item.width }] });
  part.bottom = items.at(-1)!.baseline + 2;
}

function addQr(
  part: Part,
  { text, side, dark }: QrModules & { readonly text: string },
  sheet: Sheet,
): void {
  const size = qrSize(side);
  const y = sheet.third + QR_TOP;
  part.blocks.push({
    tag: "Figure",
    alt: sheet.wording.qrDescription,
    items: [{ kind: "qr", text, x: sheet.right - size, y, size, side, dark }],
  });
  part.bottom = Math.max(part.bottom, y + size + (size / side) * QUIET_MODULES);
}

function addFragment(parts: Part[], text: string, slip: Slip, sheet: Sheet): void {
  const rows = fragmentRows(text, sheet);
  const hints = fragmentHints(text, slip, sheet);
  const style = { font: "bold", size: 7.5 } as const;
  const hintsBelow = (y: number): TextItem[] =>
    paragraph(sheet, hints, sheet.left, y + 4.5, sheet.right - sheet.left, style);
  const hintsHeight = hintsBelow(0).at(-1)!.baseline + 1.5;
  const room = (part: Part): number =>
    Math.floor((sheet.third * 2 - EDGE - part.bottom - hintsHeight) / ROW);
  if (room(parts.at(-1)!) < rows.length) parts.push(newPart(sheet));
  for (let start = 0; start < rows.length;) {
    if (start > 0) parts.push(newPart(sheet));
    const part = parts.at(-1)!;
    const end = Math.min(rows.length, start + room(part));
    const top = part.bottom + hintsHeight;
    part.blocks.push({ tag: "P", items: hintsBelow(part.bottom) });
    for (let row = start; row < end; row++)
      part.blocks.push(...rows[row]!(top + (row - start) * ROW));
    start = end;
  }
}

function fragmentHints(text: string, slip: Slip, sheet: Sheet): string {
  const { wording } = sheet;
  const cells = [...text].map((char) => cellText(char, sheet));
  return [
    fill(wording.fragmentHeading, { index: slip.index, total: slip.total, count: cells.length }),
    ...(cells.includes(OPEN_BOX) ? [fill(wording.blankHint, { blank: OPEN_BOX })] : []),
    ...(cells.some(isName) ? [wording.codePointHint] : []),
  ].join(" ");
}

/** Whether a cell holds the name of a code point in place of the character itself. */
function isName(cell: string): boolean {
  return cell.startsWith("U+");
}

function cellText(char: string, sheet: Sheet): string {
  if (char === " ") return OPEN_BOX;
  return char !== OPEN_BOX && canPrint(char, sheet.fonts, "mono") ? char : codePointName(char);
}

/** Each row of the fragment's characters, to be placed below a height. */
function fragmentRows(text: string, sheet: Sheet): ((top: number) => Block[])[] {
  const spelled = spellText(text);
  const width = (sheet.right - sheet.left) / COLUMNS;
  const starts = Array.from({ length: Math.ceil(spelled.length / COLUMNS) }, (_, i) => i * COLUMNS);
  return starts.map((start) => (top) => {
    return spelled.slice(start, start + COLUMNS).map(({ char, words }, i): Block => {
      const x = sheet.left + i * width;
      const center = x + width / 2;
      const cell = cellText(char, sheet);
      const small: Style = { font: "regular", size: 6.5, role: "spelling", align: "center" };
      const glyph = line(sheet, cell, center, top + 6.3, {
        font: "mono",
        size: isName(cell) ? 7.5 : 22,
        role: "fragment",
        align: "center",
      });
      const number = line(sheet, String(start + i + 1), x + 0.5, top + 2.6, {
        ...small,
        align: "left",
      });
      const said = wrap(sheet.fonts, words, width - 1, small).map((part, row) =>
        line(sheet, part, center, top + 10.2 + row * 2.6, small),
      );
      return { tag: "P", items: [number, glyph, ...said] };
    });
  });
}
