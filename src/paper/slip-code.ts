import { encodeSlip, groupLine, slipFragment, type Slip } from "../core/slip.ts";
import { spellText } from "../core/spelling.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { BreakglassError } from "../core/errors.ts";
import { canPrint, codePointName } from "./fonts.ts";
import { OPEN_BOX, type Block, type TextItem } from "./page.ts";
import { QUIET_MODULES, qrModules, qrSize } from "./qr.ts";
import { line, wrap, type Sheet, type Style } from "./sheet.ts";
import { fill } from "./wording.ts";

/** Nothing secret is nearer to a fold than this. */
const EDGE = 2.5;
/** Below the fold: the heading, the QR code, the first line of code. */
const HEADING = 5.5;
const QR_TOP = 9.5;
const FIRST_LINE = 16.5;
const PITCH = 7.4;
const CODE: Style = { font: "mono", size: 16 };

const COLUMNS = 10;
/** A row of the fragment: the character, and under it its number and words. */
const ROW = 13.4;

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
  const parts = codeParts(slip, sheet);
  const fragment = slipFragment(slip);
  if (fragment !== undefined) addFragment(parts, fragmentText(fragment), slip, sheet);
  return parts.map((part) => part.blocks);
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
  const heading = line(sheet, sheet.wording.secretHeading, sheet.left, sheet.third + HEADING, {
    font: "bold",
    size: 9,
  });
  return { blocks: [{ tag: "H2", items: [heading] }], bottom: sheet.third + QR_TOP - 1 };
}

function codeParts(slip: Slip, sheet: Sheet): Part[] {
  const { lines, spare, qr } = encodeSlip(slip);
  const rows = [
    ...lines.map((symbols, i) => ({
      text: `${i + 1}) ${groupLine(symbols)}`,
      role: "code" as const,
    })),
    { text: `S) ${groupLine(spare)}`, role: "spare" as const },
  ];
  const perPage = Math.floor((sheet.third - FIRST_LINE - EDGE) / PITCH) + 1;
  const pages = Math.ceil(rows.length / perPage);
  const share = Math.ceil(rows.length / pages);
  const parts = Array.from({ length: pages }, (_, page) => {
    const part = newPart(sheet);
    if (page === 0) addQr(part, qr, sheet);
    addRows(part, rows.slice(page * share, (page + 1) * share), sheet);
    return part;
  });
  return pages === 1 ? parts : [elsewhere(sheet), ...parts];
}

function elsewhere(sheet: Sheet): Part {
  const note = line(sheet, sheet.wording.secretElsewhere, sheet.left, sheet.third * 1.5, {
    font: "bold",
    size: 9,
  });
  return { blocks: [{ tag: "P", items: [note] }], bottom: sheet.third * 2 };
}

function addQr(part: Part, text: string, sheet: Sheet): void {
  const { side, dark } = qrModules(text);
  const size = qrSize(side);
  const y = sheet.third + QR_TOP;
  part.blocks.push({
    tag: "Figure",
    alt: sheet.wording.qrDescription,
    items: [{ kind: "qr", text, x: sheet.left, y, size, side, dark }],
  });
  part.bottom = Math.max(part.bottom, y + size + (size / side) * QUIET_MODULES);
}

function addRows(
  part: Part,
  rows: readonly { text: string; role: "code" | "spare" }[],
  sheet: Sheet,
): void {
  const first = sheet.third + FIRST_LINE;
  const items = rows.map(({ text, role }, i) =>
    line(sheet, text, 0, first + i * PITCH, { ...CODE, role }),
  );
  // numbers of two digits stick out to the left, so that the symbols stay in columns
  const widths = items.map((item) => item.width);
  const x = (item: TextItem): number => sheet.right - item.width;
  const hint = line(
    sheet,
    sheet.wording.codeHint,
    sheet.right - Math.min(...widths),
    sheet.third + HEADING + 4.5,
    { font: "regular", size: 7.5 },
  );
  part.blocks.push({ tag: "P", items: [hint] });
  for (const item of items) part.blocks.push({ tag: "P", items: [{ ...item, x: x(item) }] });
  part.bottom = Math.max(part.bottom, first + (rows.length - 1) * PITCH + 2);
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
      items: [line(sheet, hints, sheet.left, baseline, { font: "bold", size: 8 })],
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
        line(sheet, part, center, top + 9.6 + row * 2.7, small),
      );
      return { tag: "P", items: [number, glyph, ...said] };
    });
  });
}
