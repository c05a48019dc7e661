import { BreakglassError } from "../core/errors.ts";
import type { Block, Page, TextItem } from "./page.ts";
import { leading, line, rule, wrap, type Paper } from "./sheet.ts";
import { tooLong } from "./slip-details.ts";

/** A part of a paper that always stays in one piece. Lengths in millimetres. */
export interface Piece {
  readonly height: number;
  /** Kept free above it, but for the top of a page. */
  readonly space?: number;
  readonly draw: (top: number) => Block[];
  /** Whether it goes to the page that the next piece goes to. */
  readonly keep?: boolean;
  /** Set again above it where it begins a page: the head of its table. */
  readonly head?: Piece;
}

/** What stands at the top of every page. */
export interface Running {
  readonly organisation: string | undefined;
  readonly title: string;
  /** Account, set and anchor. */
  readonly facts: readonly string[];
  readonly page: (page: number, pages: number) => string;
}

const FACTS = { font: "regular", size: 7.5 } as const;
const FACTS_BASELINE = 20.6;
const PAGE_NUMBER_ROOM = 28;
const GAP = 6;
const BOTTOM_MARGIN = 13;

/**
 * Pages with a running head, filled with pieces from top to bottom.
 *
 * @throws BreakglassError `usage` if a piece is taller than a page, or the head does not fit
 */
export function flowPages(paper: Paper, running: Running, pieces: readonly Piece[]): Page[] {
  const room = paper.right - paper.left - PAGE_NUMBER_ROOM;
  const facts = wrap(paper.fonts, running.facts.join("  \u00b7  "), room, FACTS);
  const top = FACTS_BASELINE + facts.length * leading(FACTS.size) + 2.5;
  const filled = fill(pieces, top, paper.height - BOTTOM_MARGIN);
  return filled.map((blocks, i) => ({
    width: paper.width,
    height: paper.height,
    blocks: [...headBlocks(paper, running, facts, i + 1, filled.length), ...blocks],
  }));
}

function headBlocks(
  paper: Paper,
  running: Running,
  facts: readonly string[],
  page: number,
  pages: number,
): Block[] {
  const { left, right } = paper;
  const title = line(paper, running.title, right, 14, { font: "regular", size: 9, align: "right" });
  const owner =
    running.organisation === undefined
      ? []
      : [fitted(paper, running.organisation, title.x - left - GAP)];
  const number = line(paper, running.page(page, pages), right, FACTS_BASELINE, {
    ...{ font: "bold", size: FACTS.size, align: "right" },
  });
  const items = facts.map((part, i) =>
    line(paper, part, left, FACTS_BASELINE + i * leading(FACTS.size), FACTS),
  );
  return [
    { tag: "P", items: [...owner, title] },
    { tag: "Artifact", items: [rule(left, 16.5, right, 16.5, 1)] },
    { tag: "P", items: [...items, number] },
  ];
}

function fitted(paper: Paper, organisation: string, room: number): TextItem {
  for (const size of [11, 10, 9, 8, 7]) {
    const item = line(paper, organisation, paper.left, 14, { font: "bold", size });
    if (item.width <= room) return item;
  }
  throw tooLong("the organisation");
}

/** Each page's blocks. What is kept together moves to the next page as a whole. */
function fill(pieces: readonly Piece[], top: number, bottom: number): Block[][] {
  const pages: Block[][] = [[]];
  let y = top;
  const place = (piece: Piece): void => {
    pages.at(-1)!.push(...piece.draw(y));
    y += piece.height;
  };
  for (let start = 0; start < pieces.length;) {
    let end = start + 1;
    while (pieces[end - 1]!.keep === true && end < pieces.length) end++;
    const group = pieces.slice(start, end);
    const fresh = y === top;
    if (!fresh) y += group[0]!.space ?? 0;
    if (!fresh && y + heightOf(group) > bottom) {
      pages.push([]);
      y = top;
    }
    const { head } = group[0]!;
    if (y === top && head !== undefined) place(head);
    if (y + heightOf(group) > bottom)
      throw new BreakglassError(
        "usage",
        "a part of this paper is taller than a page",
        "shorten the texts of the template, or the names and places",
      );
    group.forEach((piece, i) => {
      if (i > 0) y += piece.space ?? 0;
      place(piece);
    });
    start = end;
  }
  return pages;
}

function heightOf(group: readonly Piece[]): number {
  return group.reduce(
    (sum, { height, space }, i) => sum + height + (i === 0 ? 0 : (space ?? 0)),
    0,
  );
}
