import { setName, VERSION, type Slip } from "../core/slip.ts";
import type { Fonts } from "./fonts.ts";
import type { Block, Item, Page, TextItem } from "./page.ts";
import {
  leading,
  line,
  newSheet,
  paragraph,
  rule,
  shortLine,
  type PageSize,
  type Sheet,
  type Style,
} from "./sheet.ts";
import { secretParts } from "./slip-code.ts";
import { checkValue, tooLong, type SlipDetails } from "./slip-details.ts";
import { formBlocks } from "./slip-form.ts";
import { fill, inWords, wordingError, type Wording } from "./wording.ts";

/** How a slip is laid out. */
export interface SlipLayout {
  readonly pageSize: PageSize;
  readonly wording: Wording;
  /** Printed instead of organisation, account, people and place, which are then left out. */
  readonly discreet?: string;
  readonly fonts: Fonts;
}

/** Height taken by what stands above the facts, and kept free above a fold. */
const FACTS_TOP = 36.8;
const FOLD_EDGE = 3;
const STEP_INDENT = 5;
const GAP = 6;
/** Of the sentence that says how many slips are needed, on two lines. */
const NEEDED_WIDTH = 58;

/**
 * The pages of one slip. What is secret lies in the middle third of each, so that a page folded
 * twice hides it.
 *
 * @throws BreakglassError `usage` if a detail or the wording can't be printed or does not fit
 */
export function slipPages(slip: Slip, details: SlipDetails, layout: SlipLayout): Page[] {
  const sheet = newSheet(layout.pageSize, layout.fonts, layout.wording);
  const front = printedFront(details, layout);
  const secrets = secretParts(slip, sheet);
  return secrets.map((secret, i) => ({
    width: sheet.width,
    height: sheet.height,
    blocks: [
      ...headingBlocks(slip, sheet, front, i + 1, secrets.length),
      ...(i === 0 ? frontBlocks(slip, sheet, front) : []),
      foldBlock(sheet, sheet.third),
      ...secret,
      foldBlock(sheet, sheet.third * 2),
      ...(i === 0 ? formBlocks(sheet, front.discreet) : []),
    ],
  }));
}

type FactKey =
  | "account"
  | "generation"
  | "issued"
  | "replaceBy"
  | "validateBy"
  | "anchor"
  | "custodian"
  | "alternate"
  | "location"
  | "alsoNeeded"
  | "format";

/** One of the facts on the first page. */
interface Fact {
  /** What it is called in a message. */
  readonly what: string;
  readonly key: FactKey;
  readonly value: string;
}

/** Whom the slip belongs to: an organisation, or on a discreet slip a label. */
interface Owner {
  readonly what: string;
  readonly value: string;
}

/** What the upper third says, checked and composed. */
interface Front {
  readonly discreet: boolean;
  readonly owner: Owner | undefined;
  readonly columns: readonly [readonly Fact[], readonly Fact[]];
}

function printedFront(details: SlipDetails, layout: SlipLayout): Front {
  const { wording, fonts, discreet } = layout;
  const fact = (what: string, key: FactKey, value: string): Fact => ({
    what,
    key,
    value: checkValue(what, value, fonts),
  });
  const owner = (what: string, value: string): Owner => ({
    what,
    value: checkValue(what, value, fonts),
  });
  const dates = [
    fact("the generation", "generation", String(details.generation)),
    fact("the date of issue", "issued", details.issued),
    details.stays === true
      ? fact("the date of the next sign-in", "validateBy", details.replaceBy)
      : fact("the date of replacement", "replaceBy", details.replaceBy),
  ];
  const anchor = fact("the register anchor", "anchor", details.anchor ?? wording.notRecorded);
  const needed = fact(
    "what is also needed",
    "alsoNeeded",
    details.alsoNeeded.length === 0 ? wording.nothingElse : details.alsoNeeded.join(", "),
  );
  const format = fact("the format", "format", String(VERSION));
  if (discreet !== undefined)
    return {
      discreet: true,
      owner: owner("the label", discreet),
      columns: [dates, [needed, anchor, format]],
    };
  return {
    discreet: false,
    owner:
      details.organisation === undefined
        ? undefined
        : owner("the organisation", details.organisation),
    columns: [
      [fact("the account", "account", details.account), ...dates, anchor, format],
      [
        fact("the custodian's name", "custodian", details.custodian),
        fact("the alternate's name", "alternate", details.alternate),
        fact("the location", "location", details.location),
        needed,
      ],
    ],
  };
}

function headingBlocks(
  slip: Slip,
  sheet: Sheet,
  front: Front,
  page: number,
  pages: number,
): Block[] {
  const { wording, left, right } = sheet;
  const key = front.discreet ? "titleDiscreet" : "title";
  const title = shortLine(sheet, key, wording[key], right, 14, (right - left) / 2, {
    font: "regular",
    size: 9,
    align: "right",
  });
  const owner = front.owner === undefined ? [] : [fitted(sheet, front.owner, title.x - left - GAP)];
  const name = `${setName(slip.setId)}  ${fill(wording.slip, { index: slip.index, total: slip.total })}`;
  const nameRoom = right - left - NEEDED_WIDTH - GAP;
  const nameItem = shortLine(sheet, "slip", name, left, 28, nameRoom, { font: "bold", size: 26 });
  return [
    { tag: "P", items: [...owner, title] },
    { tag: "Artifact", items: [rule(left, 16.5, right, 16.5, 1)] },
    { tag: "H1", items: [nameItem] },
    ...(pages === 1 ? [] : [pageBlock(sheet, page, pages)]),
    { tag: "P", items: neededItems(slip, sheet) },
    { tag: "Artifact", items: [rule(left, 32, right, 32)] },
  ];
}

/** The owner in the largest size that fits. */
function fitted(sheet: Sheet, { what, value }: Owner, room: number): TextItem {
  for (const size of [11, 10, 9, 8, 7]) {
    const item = line(sheet, value, sheet.left, 14, { font: "bold", size });
    if (item.width <= room) return item;
  }
  throw tooLong(what);
}

function pageBlock(sheet: Sheet, page: number, pages: number): Block {
  const text = fill(sheet.wording.page, { page, pages });
  const style = { font: "bold", size: 8, align: "right" } as const;
  return {
    tag: "P",
    items: [shortLine(sheet, "page", text, sheet.right, 19.4, NEEDED_WIDTH, style)],
  };
}

function neededItems(slip: Slip, sheet: Sheet): TextItem[] {
  const [key, sentence] = neededSentence(slip, sheet.wording);
  const style = { font: "regular", size: 10, align: "right" } as const;
  const items = paragraph(sheet, sentence, sheet.right, 28, NEEDED_WIDTH, style);
  if (items.length > 2) throw wordingError(sheet.wording.file, `${key} is too long for its place`);
  const shift = items.at(-1)!.baseline - 28;
  return items.map((item) => ({ ...item, baseline: item.baseline - shift }));
}

function neededSentence(slip: Slip, wording: Wording): [key: string, sentence: string] {
  const total = inWords(wording, slip.total);
  if (slip.threshold < slip.total) {
    const needed = inWords(wording, slip.threshold);
    return ["neededSome", fill(wording.neededSome, { needed, total })];
  }
  if (slip.total === 2) return ["neededBoth", wording.neededBoth];
  return ["neededAll", fill(wording.neededAll, { total })];
}

function frontBlocks(slip: Slip, sheet: Sheet, front: Front): Block[] {
  for (const size of [9, 8.5, 8, 7.5, 7]) {
    const facts = factBlocks(sheet, front, size);
    const steps = stepBlocks(slip, sheet, facts.bottom, size);
    if (steps.bottom <= sheet.third - FOLD_EDGE) return [...facts.blocks, ...steps.blocks];
  }
  const longest = front.columns.flat().reduce((a, b) => (b.value.length > a.value.length ? b : a));
  if (longest.value.length > LONG_VALUE) throw tooLong(longest.what);
  const key = slip.scheme === "concat" ? "recoverStepsConcat" : "recoverSteps";
  throw wordingError(sheet.wording.file, `${key} is too long for the page`);
}

interface Stack {
  readonly blocks: Block[];
  readonly bottom: number;
}

const CAPTION: Style = { font: "regular", size: 7.5 };
const CAPTION_WIDTH = 24;
/** The right column has the longer values. */
const LEFT_COLUMN = 0.48;
const FACT_LINES = 3;
/** If the page is too full, a value with more characters, which needs several lines, is to blame. */
const LONG_VALUE = 40;

function factBlocks(sheet: Sheet, front: Front, size: number): Stack {
  const right = sheet.left + (sheet.right - sheet.left) * LEFT_COLUMN;
  const columns = [
    { x: sheet.left, width: right - GAP - sheet.left - CAPTION_WIDTH },
    { x: right, width: sheet.right - right - CAPTION_WIDTH },
  ] as const;
  const blocks: Block[] = [];
  let bottom = FACTS_TOP;
  front.columns.forEach((facts, i) => {
    const { x, width } = columns[i]!;
    let baseline = FACTS_TOP;
    for (const fact of facts) {
      const caption = shortLine(
        sheet,
        fact.key,
        sheet.wording[fact.key],
        x,
        baseline,
        CAPTION_WIDTH - 1,
        CAPTION,
      );
      const items = factItems(sheet, fact, x + CAPTION_WIDTH, baseline, width, size);
      blocks.push({ tag: "P", items: [caption, ...items] });
      baseline = items.at(-1)!.baseline + leading(size) + 0.6;
    }
    bottom = Math.max(bottom, baseline);
  });
  return { blocks, bottom };
}

/** A value on one line, smaller if need be, and else on a few small lines. */
function factItems(
  sheet: Sheet,
  fact: Fact,
  x: number,
  baseline: number,
  width: number,
  size: number,
): TextItem[] {
  for (const smaller of [size, size * 0.9]) {
    const item = line(sheet, fact.value, x, baseline, { font: "bold", size: smaller });
    if (item.width <= width) return [item];
  }
  const small = { font: "regular", size: Math.min(size, 7.5) } as const;
  const items = paragraph(sheet, fact.value, x, baseline, width, small);
  if (items.length > FACT_LINES) throw tooLong(fact.what);
  return items;
}

function stepBlocks(slip: Slip, sheet: Sheet, top: number, size: number): Stack {
  const { wording, left, right } = sheet;
  const steps = slip.scheme === "concat" ? wording.recoverStepsConcat : wording.recoverSteps;
  const values = {
    needed: inWords(wording, slip.threshold),
    total: inWords(wording, slip.total),
    set: setName(slip.setId),
  };
  const body = { font: "regular", size } as const;
  const heading = shortLine(
    sheet,
    "recoverHeading",
    wording.recoverHeading,
    left,
    top + 4.5,
    right - left,
    {
      font: "bold",
      size: 9,
    },
  );
  const blocks: Block[] = [
    { tag: "Artifact", items: [rule(left, top - 0.5, right, top - 0.5)] },
    { tag: "H2", items: [heading] },
  ];
  let baseline = heading.baseline + leading(size) + 0.5;
  const add = (items: TextItem[]): void => {
    blocks.push({ tag: "P", items });
    baseline = items.at(-1)!.baseline + leading(size);
  };
  steps.forEach((step, i) => {
    const width = right - left - STEP_INDENT;
    add([
      line(sheet, `${i + 1}.`, left, baseline, body),
      ...paragraph(sheet, fill(step, values), left + STEP_INDENT, baseline, width, body),
    ]);
  });
  add(
    paragraph(sheet, wording.generations, left, baseline + 0.8, right - left, {
      font: "bold",
      size,
    }),
  );
  return { blocks, bottom: baseline - leading(size) + 1 };
}

function foldBlock(sheet: Sheet, y: number): Block {
  const middle = sheet.width / 2;
  const label = shortLine(sheet, "fold", sheet.wording.fold, middle, y + 0.8, sheet.width / 2, {
    font: "regular",
    size: 6.5,
    align: "center",
  });
  const dashes = (x1: number, x2: number): Item => rule(x1, y, x2, y, 0.5, true);
  return {
    tag: "Artifact",
    items: [dashes(8, label.x - 2), label, dashes(label.x + label.width + 2, sheet.width - 8)],
  };
}
