import type { Block, Item, TextItem } from "./page.ts";
import { leading, line, paragraph, rule, shortLine, type Sheet, type Style } from "./sheet.ts";
import { wordingError } from "./wording.ts";

const BOTTOM_MARGIN = 9;
const ROWS = 5;
const ROW_HEIGHT = 8;
const HEADER_HEIGHT = 5;
const SIGNING_HEIGHT = 13;
const STEP_INDENT = 5;
const SMALL: Style = { font: "regular", size: 7 };

/**
 * The lower third: how to check the slip, signatures, openings.
 *
 * @param discreet without signatures, and without the columns that ask for names and serials
 * @throws BreakglassError `usage` if the wording does not fit
 */
export function formBlocks(sheet: Sheet, discreet: boolean): Block[] {
  const table = openingsBlocks(sheet, discreet);
  const signatures = discreet ? [] : signatureBlocks(sheet);
  const room = tableTop(sheet) - (discreet ? 0 : SIGNING_HEIGHT) - 2;
  for (const size of [8.5, 8, 7.5, 7]) {
    const check = checkBlocks(sheet, size);
    if (check.bottom <= room) return [...check.blocks, ...signatures, ...table];
  }
  throw wordingError(sheet.wording.file, "checkSteps is too long for the page");
}

function checkBlocks(sheet: Sheet, size: number): { blocks: Block[]; bottom: number } {
  const { wording, left, right } = sheet;
  const heading = shortLine(
    sheet,
    "checkHeading",
    wording.checkHeading,
    left,
    sheet.third * 2 + 6,
    right - left,
    { font: "bold", size: 9 },
  );
  const blocks: Block[] = [{ tag: "H2", items: [heading] }];
  let baseline = heading.baseline + leading(size) + 0.5;
  wording.checkSteps.forEach((step, i) => {
    const style = { font: "regular", size } as const;
    const items: TextItem[] = [
      line(sheet, `${i + 1}.`, left, baseline, style),
      ...paragraph(sheet, step, left + STEP_INDENT, baseline, right - left - STEP_INDENT, style),
    ];
    blocks.push({ tag: "P", items });
    baseline = items.at(-1)!.baseline + leading(size);
  });
  return { blocks, bottom: baseline - leading(size) };
}

function tableTop(sheet: Sheet): number {
  return sheet.height - BOTTOM_MARGIN - ROWS * ROW_HEIGHT - HEADER_HEIGHT;
}

function signatureBlocks(sheet: Sheet): Block[] {
  const gap = 6;
  const width = (sheet.right - sheet.left - 2 * gap) / 3;
  const y = tableTop(sheet) - 6;
  return sheet.wording.signatures.map((caption, i) => {
    const x = sheet.left + i * (width + gap);
    return {
      tag: "P",
      items: [
        rule(x, y, x + width, y),
        shortLine(sheet, "signatures", caption, x, y + 3.2, width, SMALL),
      ],
    };
  });
}

function openingsBlocks(sheet: Sheet, discreet: boolean): Block[] {
  const { left, right, wording } = sheet;
  const { opened, oldBag, why, checkWord, newBag, who } = wording.openings;
  const columns: [key: string, text: string, share: number][] = discreet
    ? [
        ["opened", opened, 4],
        ["why", why, 10],
        ["checkWord", checkWord, 4],
      ]
    : [
        ["opened", opened, 30],
        ["oldBag", oldBag, 26],
        ["why", why, 42],
        ["checkWord", checkWord, 28],
        ["newBag", newBag, 26],
        ["who", who, 28],
      ];
  const unit = (right - left) / columns.reduce((sum, [, , share]) => sum + share, 0);
  const top = tableTop(sheet);
  const bottom = top + HEADER_HEIGHT + ROWS * ROW_HEIGHT;
  const rules: Item[] = [rule(left, top, right, top, 1)];
  for (let row = 0; row <= ROWS; row++) {
    const y = top + HEADER_HEIGHT + row * ROW_HEIGHT;
    rules.push(rule(left, y, right, y));
  }
  const headers: TextItem[] = [];
  let x = left;
  columns.forEach(([key, text, share], i) => {
    const indent = i === 0 ? 0 : 1.5;
    if (i > 0) rules.push(rule(x, top, x, bottom));
    headers.push(
      shortLine(
        sheet,
        `openings.${key}`,
        text,
        x + indent,
        top + 3.5,
        share * unit - indent - 1,
        SMALL,
      ),
    );
    x += share * unit;
  });
  return [
    { tag: "P", items: headers },
    { tag: "Artifact", items: rules },
  ];
}
