import type { Piece } from "./flow.ts";
import { MM_PER_POINT } from "./fonts.ts";
import type { Block, Item } from "./page.ts";
import { leading, line, paragraph, rule, wrap, type Paper, type Style } from "./sheet.ts";

/** Something in a cell, below what is there already. Lengths in millimetres. */
export interface Part {
  readonly height: number;
  readonly draw: (x: number, top: number) => Item[];
}

/** A column of a table; the width is its share if the shares of all are more or less than the page. */
export interface Column {
  readonly caption: string;
  readonly width: number;
}

const PAD_X = 1.5;
const PAD_Y = 1.8;
const CAPTION: Style = { font: "regular", size: 7 };
const HEAD_HEIGHT = 5.4;
const LABEL: Style = { font: "regular", size: 7 };
const ROOM_HEIGHT = 9.5;
const BOX = 5.2;
const BOX_HEIGHT = 6.6;
const BOX_GAP = 2.5;

/** From the top of a line to where its letters stand. */
export function ascent(size: number): number {
  return size * MM_PER_POINT * 0.98;
}

/** A text over as many lines as it needs. */
export function textPart(
  paper: Paper,
  text: string,
  width: number,
  style: Style,
  indent = 0,
): Part {
  const at = (x: number, top: number): Item[] =>
    paragraph(paper, text, x + indent, top + ascent(style.size), width - indent, style);
  return { height: at(0, 0).length * leading(style.size), draw: at };
}

const HANGING = 4;

/** A line to be typed; where it is too long for one, the rest stands further in. */
export function commandPart(
  paper: Paper,
  text: string,
  width: number,
  style: Style,
  indent: number,
): Part {
  const [first, ...rest] = wrap(paper.fonts, text, width - indent - HANGING, style);
  const lines = [
    { text: first!, x: indent },
    ...rest.map((text) => ({ text, x: indent + HANGING })),
  ];
  return {
    height: lines.length * leading(style.size),
    draw: (x, top) =>
      lines.map((part, i) =>
        line(
          paper,
          part.text,
          x + part.x,
          top + ascent(style.size) + i * leading(style.size),
          style,
        ),
      ),
  };
}

/** Empty space. */
export function spacePart(height: number): Part {
  return { height, draw: () => [] };
}

/** A word in bold in front of a text. */
export function ledPart(
  paper: Paper,
  lead: string,
  text: string,
  width: number,
  style: Style,
): Part {
  const first = line(paper, lead, 0, 0, { ...style, font: "bold" });
  const body = textPart(paper, text, width, style, first.width + 1.6);
  return {
    height: body.height,
    draw: (x, top) => [
      line(paper, lead, x, top + ascent(style.size), { ...style, font: "bold" }),
      ...body.draw(x, top),
    ],
  };
}

/**
 * Labelled room to write in: a line, or a box for each `#` of the label.
 *
 * @param labels one or two, side by side
 */
export function roomPart(paper: Paper, labels: readonly string[], width: number): Part {
  const share = (width - (labels.length - 1) * 3) / labels.length;
  return {
    height: ROOM_HEIGHT,
    draw: (x, top) =>
      labels.flatMap((label, i) =>
        room(paper, label, x + i * (share + 3), top + ROOM_HEIGHT - 2, share),
      ),
  };
}

/** Whether a label asks for boxes, and so for a line of its own. */
function asksForBoxes(label: string): boolean {
  return label.includes("#");
}

/** Labels in lines of their own or, where both are short, in pairs. */
export function roomParts(paper: Paper, labels: readonly string[], width: number): Part[] {
  const parts: Part[] = [];
  const isShort = (label: string | undefined): label is string =>
    label !== undefined &&
    !asksForBoxes(label) &&
    line(paper, label, 0, 0, LABEL).width < width * 0.28;
  for (let i = 0; i < labels.length; i++) {
    const [one, two] = [labels[i]!, labels[i + 1]];
    if (isShort(one) && isShort(two)) {
      parts.push(roomPart(paper, [one, two], width));
      i++;
    } else parts.push(roomPart(paper, [one], width));
  }
  return parts;
}

function room(paper: Paper, label: string, x: number, y: number, width: number): Item[] {
  const groups = label.match(/#+/g) ?? [];
  const name = label.replaceAll("#", "").trim();
  const text = line(paper, name, x, y - 0.6, LABEL);
  let at = x + text.width + 2;
  if (groups.length === 0) return [text, rule(at, y, x + width, y)];
  const rules: Item[] = [];
  for (const group of groups) {
    const end = at + group.length * BOX;
    rules.push(rule(at, y, end, y), rule(at, y - BOX_HEIGHT, end, y - BOX_HEIGHT));
    for (let i = 0; i <= group.length; i++)
      rules.push(rule(at + i * BOX, y - BOX_HEIGHT, at + i * BOX, y));
    at = end + BOX_GAP;
  }
  return [text, ...rules];
}

/** A table over the width of the page, or from `left` to `right`. */
export class Table {
  readonly #paper: Paper;
  readonly #columns: readonly (Column & { readonly x: number })[];
  readonly head: Piece;

  constructor(paper: Paper, columns: readonly Column[]) {
    this.#paper = paper;
    const unit = (paper.right - paper.left) / columns.reduce((sum, { width }) => sum + width, 0);
    let x = paper.left;
    this.#columns = columns.map((column) => {
      const placed = { ...column, width: column.width * unit, x };
      x += placed.width;
      return placed;
    });
    this.head = this.#headPiece();
  }

  /** The room for text in a column. */
  width(column: number): number {
    const { width } = this.#columns[column]!;
    return width - PAD_X - (column === 0 ? 0 : PAD_X);
  }

  /**
   * A row, which is never split.
   *
   * @param cells what is in each column, from the left; those left out are empty
   */
  row(cells: readonly (readonly Part[])[], least: number): Piece {
    const content = Math.max(
      ...cells.map((parts) => parts.reduce((sum, { height }) => sum + height, 0)),
    );
    const height = Math.max(least, content + 2 * PAD_Y);
    return {
      height,
      head: this.head,
      draw: (top): Block[] => {
        const items = cells.flatMap((parts, i) => {
          let y = top + PAD_Y;
          return parts.flatMap((part) => {
            const drawn = part.draw(this.#textX(i), y);
            y += part.height;
            return drawn;
          });
        });
        return this.#blocks(items, top, height, true);
      },
    };
  }

  /** A line of text across all columns, kept with the row below it. */
  span(text: string, style: Style): Piece {
    const { left, right } = this.#paper;
    const part = textPart(this.#paper, text, right - left - PAD_X, style);
    const height = part.height + 2.6;
    return {
      height,
      keep: true,
      head: this.head,
      draw: (top): Block[] => this.#blocks(part.draw(left, top + 1.5), top, height, false),
    };
  }

  #textX(column: number): number {
    return this.#columns[column]!.x + (column === 0 ? 0 : PAD_X);
  }

  #headPiece(): Piece {
    const height = HEAD_HEIGHT;
    return {
      height,
      keep: true,
      draw: (top): Block[] => {
        const captions = this.#columns.flatMap(({ caption }, i) =>
          caption === "" ? [] : [line(this.#paper, caption, this.#textX(i), top + 3.7, CAPTION)],
        );
        const { left, right } = this.#paper;
        const [text, rules] = this.#blocks(captions, top, height, true);
        return [
          text!,
          { tag: "Artifact", items: [rule(left, top, right, top, 1), ...rules!.items] },
        ];
      },
    };
  }

  #blocks(items: readonly Item[], top: number, height: number, split: boolean): Block[] {
    const { left, right } = this.#paper;
    const bottom = top + height;
    const between = split ? this.#columns.slice(1).map(({ x }) => rule(x, top, x, bottom)) : [];
    const drawn = items.filter(({ kind }) => kind !== "text");
    return [
      { tag: "P", items: items.filter(({ kind }) => kind === "text") },
      { tag: "Artifact", items: [rule(left, bottom, right, bottom), ...between, ...drawn] },
    ];
  }
}

/** A heading, kept with what it is for. */
export function headingPiece(
  paper: Paper,
  tag: "H1" | "H2",
  text: string,
  size: number,
  space: number,
): Piece {
  const part = textPart(paper, text, paper.right - paper.left, { font: "bold", size });
  return {
    height: part.height + size * 0.12,
    space,
    keep: true,
    draw: (top): Block[] => [{ tag, items: part.draw(paper.left, top) }],
  };
}

/** A text across the page. */
export function textPiece(paper: Paper, text: string, style: Style, keep = false): Piece {
  const part = textPart(paper, text, paper.right - paper.left, style);
  return {
    height: part.height + 1.6,
    keep,
    draw: (top): Block[] => [{ tag: "P", items: part.draw(paper.left, top) }],
  };
}

/** Empty space, but not at the top of a page. */
export function gapPiece(space: number): Piece {
  return { height: 0, space, draw: () => [] };
}

/** Room to write in across the page. */
export function roomPiece(paper: Paper, labels: readonly string[]): Piece {
  const part = roomPart(paper, labels, paper.right - paper.left);
  return {
    height: part.height,
    draw: (top): Block[] => {
      const items = part.draw(paper.left, top);
      return [
        { tag: "P", items: items.filter(({ kind }) => kind === "text") },
        { tag: "Artifact", items: items.filter(({ kind }) => kind !== "text") },
      ];
    },
  };
}
