import * as v from "valibot";
import type { PaperLayout } from "./ceremony-page.ts";
import { checkFacts, type PaperFacts, type SlipFacts } from "./facts.ts";
import type { Fonts } from "./fonts.ts";
import type { Block, Item, Page, TextItem } from "./page.ts";
import { leading, line, newPaper, paragraph, rule, type Paper, type Style } from "./sheet.ts";
import { checkValue, tooLong } from "./slip-details.ts";
import { roomPart } from "./table.ts";
import { fill, languageTag, parseTemplate, text, textWith, wordingError } from "./wording.ts";

const schema = v.strictObject(
  {
    language: languageTag,
    title: text(),
    titleDiscreet: text(),
    slip: textWith("index", "total"),
    account: text(),
    custodian: text(),
    location: text(),
    replaceBy: text(),
    validateBy: v.optional(text(), "Validate by"),
    generation: text("generation"),
    notKnown: text(),
    setToWrite: text(),
    bag: text(),
    sealed: text(),
    custodianInitials: text(),
    witnessInitials: text(),
  },
  "must be an object",
);

/** Every sentence of the labels, checked. */
export type LabelTemplate = Readonly<v.InferOutput<typeof schema>> & {
  /** The file it came from, for messages. */
  readonly file: string;
};

/**
 * The wording of envelope labels.
 *
 * @throws BreakglassError `usage`, naming file and key, unless it is whole and printable
 */
export function parseLabels(file: string, json: string, fonts: Fonts): LabelTemplate {
  return { ...parseTemplate(schema, file, json, fonts, ["regular", "bold"]), file };
}

export interface LabelLayout extends PaperLayout {
  /** Printed instead of organisation, account, people and places, which are then left out. */
  readonly discreet?: string;
}

const COLUMNS = 2;
const ROWS = 4;
const PAD_X = 10;
const PAD_Y = 8.2;
/** From one line to write on to the next. */
const WRITING = 7.8;
const NAME: Style = { font: "bold", size: 19 };
const CAPTION: Style = { font: "regular", size: 7 };
const CAPTION_WIDTH = 20;
const MARK = 8;

/** Where a label is, inside of its cut lines. */
interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * A label for the bag of each slip of the set, eight on a sheet, to be cut apart.
 *
 * @throws BreakglassError `usage` if a fact or the template can't be printed or does not fit
 */
export function labelPages(
  template: LabelTemplate,
  facts: PaperFacts,
  { pageSize, fonts, discreet }: LabelLayout,
): Page[] {
  const checked = discreet === undefined ? checkFacts(facts, fonts) : facts;
  const owner =
    discreet === undefined ? checked.organisation : checkValue("the label", discreet, fonts);
  const paper = newPaper(pageSize, fonts);
  const { slips } = checked.set;
  const sheets: Page[] = [];
  for (let start = 0; start < slips.length; start += COLUMNS * ROWS)
    sheets.push({
      width: paper.width,
      height: paper.height,
      blocks: [
        { tag: "Artifact", items: cutLines(paper) },
        ...slips.slice(start, start + COLUMNS * ROWS).flatMap((slip, i) => {
          const label = new Label(paper, template, checked, placeOf(paper, i));
          return label.blocks(slip, owner, discreet !== undefined);
        }),
      ],
    });
  return sheets;
}

function placeOf(paper: Paper, index: number): Place {
  const width = paper.width / COLUMNS;
  const height = paper.height / ROWS;
  const left = (index % COLUMNS) * width;
  const top = Math.floor(index / COLUMNS) * height;
  return {
    left: left + PAD_X,
    right: left + width - PAD_X,
    top: top + PAD_Y,
    bottom: top + height - PAD_Y,
  };
}

function cutLines(paper: Paper): Item[] {
  const across = Array.from({ length: ROWS - 1 }, (_, i) => ((i + 1) * paper.height) / ROWS);
  const middle = paper.width / COLUMNS;
  return [
    ...across.map((y) => rule(MARK, y, paper.width - MARK, y, 0.5, true)),
    rule(middle, MARK, middle, paper.height - MARK, 0.5, true),
  ];
}

class Label {
  readonly #paper: Paper;
  readonly #template: LabelTemplate;
  readonly #facts: PaperFacts;
  readonly #place: Place;

  constructor(paper: Paper, template: LabelTemplate, facts: PaperFacts, place: Place) {
    this.#paper = paper;
    this.#template = template;
    this.#facts = facts;
    this.#place = place;
  }

  blocks(slip: SlipFacts, owner: string | undefined, discreet: boolean): Block[] {
    const { left, right, top, bottom } = this.#place;
    const { set } = this.#facts;
    const words = this.#template;
    const title = this.#short(
      discreet ? "titleDiscreet" : "title",
      discreet ? words.titleDiscreet : words.title,
      { font: "regular", size: 7 },
      (right - left) * 0.6,
    );
    const head: TextItem[] = [
      ...(owner === undefined ? [] : this.#owner(owner, right - left - title.width - 4)),
      { ...title, x: right - title.width },
    ];
    const rooms = [
      roomPart(this.#paper, discreet ? [words.sealed] : [words.bag, words.sealed], right - left),
      ...(discreet
        ? []
        : [roomPart(this.#paper, [words.custodianInitials, words.witnessInitials], right - left)]),
    ];
    const written = rooms.flatMap((part, i) =>
      part.draw(left, bottom - (rooms.length - i) * WRITING),
    );
    const facts = this.#factItems(slip, discreet, top + 18, bottom - rooms.length * WRITING + 2);
    const number = fill(words.slip, { index: slip.slip, total: set.total });
    return [
      { tag: "P", items: head },
      { tag: "Artifact", items: [rule(left, top + 4.9, right, top + 4.9, 1)] },
      ...this.#nameBlocks(number, right - left),
      { tag: "P", items: facts },
      { tag: "P", items: written.filter(({ kind }) => kind === "text") },
      { tag: "Artifact", items: written.filter(({ kind }) => kind !== "text") },
    ];
  }

  #nameBlocks(number: string, width: number): Block[] {
    const { left, top } = this.#place;
    const { set } = this.#facts.set;
    const words = this.#template;
    if (set !== undefined)
      return [
        {
          tag: "H2",
          items: [this.#at(this.#short("slip", `${set}  ${number}`, NAME, width), left, top + 13)],
        },
      ];
    // printed before the set is issued: its name is written in
    const room = roomPart(this.#paper, [words.setToWrite], 34).draw(left, top + 5.5);
    const item = this.#short("slip", number, NAME, width - 38);
    return [
      {
        tag: "H2",
        items: [...room.filter(({ kind }) => kind === "text"), this.#at(item, left + 38, top + 13)],
      },
      { tag: "Artifact", items: room.filter(({ kind }) => kind !== "text") },
    ];
  }

  #factItems(slip: SlipFacts, discreet: boolean, top: number, bottom: number): TextItem[] {
    const { left, right } = this.#place;
    const words = this.#template;
    const { set, account } = this.#facts;
    const due = `${set.replaceBy ?? words.notKnown}, ${fill(words.generation, { generation: set.generation })}`;
    const known = words.notKnown;
    const rows: [key: "account" | "custodian" | "location" | "replaceBy", value: string][] =
      discreet
        ? [["replaceBy", due]]
        : [
            ["replaceBy", due],
            ["account", account],
            ["custodian", slip.custodian ?? known],
            ["location", slip.location ?? known],
          ];
    const width = right - left - CAPTION_WIDTH;
    for (const size of [8.5, 8, 7.5, 7, 6.5, 6]) {
      let baseline = top;
      const items = rows.flatMap(([key, value]) => {
        const style: Style = { font: key === "replaceBy" ? "bold" : "regular", size };
        const name = key === "replaceBy" && set.stays === true ? "validateBy" : key;
        const caption = this.#short(key, words[name], CAPTION, CAPTION_WIDTH - 1);
        const parts = [
          this.#at(caption, left, baseline),
          ...paragraph(this.#paper, value, left + CAPTION_WIDTH, baseline, width, style),
        ];
        baseline = parts.at(-1)!.baseline + leading(size) + 0.3;
        return parts;
      });
      if (items.at(-1)!.baseline <= bottom - 1) return items;
    }
    throw tooLong(rows.reduce((a, b) => (b[1].length > a[1].length ? b : a))[0]);
  }

  #owner(owner: string, room: number): TextItem[] {
    const { left, top } = this.#place;
    for (const size of [9, 8, 7]) {
      const item = line(this.#paper, owner, left, top + 3, { font: "bold", size });
      if (item.width <= room) return [item];
    }
    const small = paragraph(this.#paper, owner, left, top + 1.4, room, { font: "bold", size: 5.5 });
    if (small.length > 2) throw tooLong("the organisation");
    return small;
  }

  #short(key: string, text: string, style: Style, width: number): TextItem {
    const { left, top } = this.#place;
    const item = line(this.#paper, text, left, top + 3, style);
    if (item.width > width)
      throw wordingError(this.#template.file, `${key} is too long for its place`);
    return item;
  }

  #at(item: TextItem, x: number, baseline: number): TextItem {
    return { ...item, x, baseline };
  }
}
