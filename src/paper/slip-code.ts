import { encodeSlip, groupLine, slipFragment, type Slip, type SlipText } from "../core/slip.ts";
import { spellText } from "../core/spelling.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { BreakglassError } from "../core/errors.ts";
import { canPrint, codePointName } from "./fonts.ts";
import { OPEN_BOX, type Block } from "./page.ts";
import { MIN_SIZE, QUIET_MODULES, qrModules, qrSize, type QrModules } from "./qr.ts";
import { line, paragraph, shortLine, wrap, type Sheet, type Style } from "./sheet.ts";
import { fill } from "./wording.ts";

/** Nothing secret is nearer to a fold than this. */
const EDGE = 2.5;
/** Below the fold: the heading, the hint, the QR code, the first line of code. */
const HEADING = 5.5;
const HINT = 9.8;
const QR_TOP = 7;
const FIRST_LINE = 17;
/**
 * Of the fonts, sizes and places tried, tesseract reads this one best, with the lines at the left
 * edge and the QR code behind them.
 */
const CODE: Style = { font: "monoBold", size: 17 };
const CODE_WIDTH = 105;

const COLUMNS = 10;
/** A row of the fragment: the character, and under it the words that spell it. */
const ROW = 14;

/** How generously a secret part is set, in millimetres. */
interface Spacing {
  /** From one line of code to the next. */
  readonly pitch: number;
  /** Width of the QR code, at least. */
  readonly qr: number;
}

const SPACINGS: readonly Spacing[] = [
  { pitch: 8.4, qr: 54 },
  { pitch: 8.4, qr: MIN_SIZE },
  { pitch: 7.4, qr: MIN_SIZE },
];

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
  const layouts = SPACINGS.map((spacing) => {
    const parts = codeParts(code, qr, sheet, spacing);
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
  { pitch, qr: size }: Spacing,
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
    if (page === 0) addQr(part, qr, sheet, size);
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
  wanted: number,
): void {
  const size = qrSize(side, wanted);
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
  const room = (part: Part): number =>
    Math.floor((sheet.third * 2 - EDGE - part.bottom - 6.5) / ROW);
  let part = parts.at(-1)!;
  if (room(part) < rows.length) parts.push((part = newPart(sheet)));
  let start = 0;
  for (;;) {
    const end = Math.min(rows.length, start + room(part));
    const hints = fragmentHints(text, slip, sheet);
    const baseline = part.bottom + 5;
    part.blocks.push({
      tag: "P",
      items: [
        shortLine(sheet, "fragmentHeading", hints, sheet.left, baseline, sheet.right - sheet.left, {
          font: "bold",
          size: 7.5,
        }),
      ],
    });
    rows.slice(start, end).forEach((row, i) => {
      part.blocks.push(...row(baseline + 1.5 + i * ROW));
    });
    if (end === rows.length) return;
    start = end;
    parts.push((part = newPart(sheet)));
  }
}

function fragmentHints(text: string, slip: Slip, sheet: Sheet): string {
  const { wording } = sheet;
  const cells = [...text].map((char) => cellText(char, sheet));
  return [
    fill(wording.fragmentHeading, { index: slip.index, total: slip.total, count: cells.length }),
    ...(cells.includes(OPEN_BOX) ? [fill(wording.blankHint, { blank: OPEN_BOX })] : []),
    ...(cells.some((cell) => cell.length > 2) ? [wording.codePointHint] : []),
  ].join(". ");
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
        size: cell.length > 2 ? 9 : 22,
        role: "fragment",
        align: "center",
      });
      const number = line(sheet, String(start + i + 1), x + 0.5, top + 3.2, {
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
