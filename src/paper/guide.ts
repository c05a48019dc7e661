import { lexer, type Token, type Tokens } from "marked";
import { BreakglassError } from "../core/errors.ts";
import type { PaperLayout } from "./ceremony-page.ts";
import { flowPages, type Piece } from "./flow.ts";
import { textWidth, type FontRole } from "./fonts.ts";
import type { Block, Page } from "./page.ts";
import { richPart, type Run } from "./rich-text.ts";
import { leading, line, newPaper, rule, type Paper } from "./sheet.ts";
import { ascent, headingPiece, Table, type Part } from "./table.ts";

const BODY = 9.5;
const CELL = 9;
const CODE = { font: "mono", size: 8.5 } as const;
const CODE_INDENT = 4;
const CODE_BAR = 1.2;
const LIST_INDENT = 6;
const BETWEEN = 2;
const HEADINGS = [
  { tag: "H1", size: 22, space: 0 },
  { tag: "H2", size: 13, space: 5 },
] as const;

export interface GuideLayout extends PaperLayout {
  /** Stands at the top of every page, beside the document's title. */
  readonly facts: readonly string[];
}

/**
 * A document in Markdown as pages: headings, paragraphs, lists, tables and code. A line of code is
 * one line on paper, so that it can be typed off, and copied from the PDF, as it stands.
 *
 * @throws BreakglassError `internal` if the document has anything else, or a line of code is too
 *   long for the page
 */
export function guidePages(markdown: string, { pageSize, fonts, facts }: GuideLayout): Page[] {
  const paper = newPaper(pageSize, fonts);
  const tokens = lexer(markdown).filter(({ type }) => type !== "space");
  const [first] = tokens;
  if (first?.type !== "heading") throw unknown("no title");
  const running = {
    organisation: undefined,
    title: plainText(first as Tokens.Heading),
    facts,
    page: (page: number, pages: number): string => `page ${page} of ${pages}`,
  };
  const pieces = tokens.flatMap((token, i) => {
    // What leads to some code, a list or a table stays with it.
    const leads =
      token.type === "paragraph" && /^(code|list|table)$/.test(tokens[i + 1]?.type ?? "");
    return piecesOf(paper, token, leads);
  });
  return flowPages(paper, running, pieces);
}

function piecesOf(paper: Paper, token: Token, keep: boolean): Piece[] {
  switch (token.type) {
    case "heading": {
      const { tag, size, space } = HEADINGS[(token as Tokens.Heading).depth - 1] ?? HEADINGS[1];
      return [headingPiece(paper, tag, plainText(token as Tokens.Heading), size, space)];
    }
    case "paragraph": {
      const part = richPart(paper, runsOf(token as Tokens.Paragraph), widthOf(paper), BODY);
      return [partPiece(part, paper.left, keep)];
    }
    case "list":
      return listPieces(paper, token as Tokens.List);
    case "table":
      return tablePieces(paper, token as Tokens.Table);
    case "code":
      return [codePiece(paper, (token as Tokens.Code).text)];
    default:
      throw unknown(token.type);
  }
}

function unknown(what: string): BreakglassError {
  return new BreakglassError(
    "internal",
    `a document to be printed has something that is not provided for (${what})`,
    "report this defect",
  );
}

function widthOf({ left, right }: Paper): number {
  return right - left;
}

function plainText(token: { readonly tokens: Token[] }): string {
  return runsOf(token)
    .map(({ text }) => text)
    .join("");
}

const FONTS: Readonly<Record<string, FontRole>> = {
  text: "regular",
  escape: "regular",
  link: "regular",
  strong: "bold",
  codespan: "mono",
};

/** What a paragraph says, in its fonts; of links only their words. */
function runsOf({ tokens }: { readonly tokens: Token[] }, font?: FontRole): Run[] {
  return tokens.flatMap((token): Run[] => {
    const own = FONTS[token.type];
    if (own === undefined) throw unknown(token.type);
    const { tokens: inner, text } = token as Tokens.Text;
    return inner === undefined
      ? [{ text: text.replaceAll("\n", " "), font: own === "regular" ? (font ?? own) : own }]
      : runsOf({ tokens: inner }, own === "regular" ? font : own);
  });
}

function partPiece(part: Part, x: number, keep = false): Piece {
  return {
    height: part.height,
    space: BETWEEN,
    keep,
    draw: (top): Block[] => [{ tag: "P", items: part.draw(x, top) }],
  };
}

function listPieces(paper: Paper, { items, ordered, start }: Tokens.List): Piece[] {
  return items.map((item, i) => {
    const marker = ordered ? `${Number(start) + i}.` : "\u2022";
    const runs = item.tokens.flatMap((token) => runsOf(token as Tokens.Paragraph));
    const part = richPart(paper, runs, widthOf(paper) - LIST_INDENT, BODY);
    const draw: Part["draw"] = (x, top) => [
      line(paper, marker, x, top + ascent(BODY), { font: "regular", size: BODY }),
      ...part.draw(x + LIST_INDENT, top),
    ];
    return partPiece({ height: part.height, draw }, paper.left);
  });
}

function gap(space: number, keep = false): Piece {
  return { height: 0, space, keep, draw: () => [] };
}

function tablePieces(paper: Paper, { header, rows }: Tokens.Table): Piece[] {
  // Each column as wide as its longest cell asks for, within reason.
  const longest = header.map((_, i) =>
    Math.max(...[header, ...rows].map((row) => plainText(row[i]!).length)),
  );
  const table = new Table(
    paper,
    header.map((cell, i) => ({
      caption: plainText(cell),
      width: Math.min(60, Math.max(25, longest[i]!)),
    })),
  );
  return [
    gap(BETWEEN + 1, true),
    table.head,
    ...rows.map((row) =>
      table.row(
        row.map((cell, i) => [richPart(paper, runsOf(cell), table.width(i), CELL)]),
        0,
      ),
    ),
    gap(1),
  ];
}

/** A blank at the start of a line of code is set as room, which copies as the same indentation. */
function codePiece(paper: Paper, code: string): Piece {
  const { size } = CODE;
  const unit = textWidth("0", paper.fonts, CODE.font, size);
  const lines = code.split("\n").map((text) => {
    const bare = text.trimStart();
    const x = paper.left + CODE_INDENT + (text.length - bare.length) * unit;
    return line(paper, bare, x, 0, CODE);
  });
  if (lines.some(({ x, width }) => x + width > paper.right)) throw unknown("a long line of code");
  const height = lines.length * leading(size);
  return {
    height: height + 1.4,
    space: BETWEEN + 0.4,
    draw: (top): Block[] => [
      {
        tag: "Artifact",
        items: [
          rule(paper.left + CODE_BAR, top, paper.left + CODE_BAR, top + height + 0.6, CODE_BAR),
        ],
      },
      {
        tag: "P",
        items: lines
          .map((item, i) => ({ ...item, baseline: top + ascent(size) + i * leading(size) }))
          .filter(({ text }) => text !== ""),
      },
    ],
  };
}
