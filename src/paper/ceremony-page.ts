import type { CeremonyTemplate, Count, Script } from "./ceremony-template.ts";
import { checkFacts, custodiansOf, type PaperFacts } from "./facts.ts";
import { flowPages, type Piece, type Running } from "./flow.ts";
import type { Fonts } from "./fonts.ts";
import type { Block, Item, Page } from "./page.ts";
import type { Ceremony } from "./papers.ts";
import { line, newPaper, rule, type PageSize, type Paper, type Style } from "./sheet.ts";
import type { Words } from "./step-template.ts";
import { commonValues, isMeant, neededPhrase, setPhrase, stepPieces } from "./steps.ts";
import {
  gapPiece,
  headingPiece,
  roomPart,
  roomPiece,
  spacePart,
  Table,
  textPart,
  textPiece,
  type Part,
} from "./table.ts";
import { fill } from "./wording.ts";

/** What a paper is printed on, and with. */
export interface PaperLayout {
  readonly pageSize: PageSize;
  readonly fonts: Fonts;
}

const BODY: Style = { font: "regular", size: 9 };
const BOLD: Style = { font: "bold", size: 9 };
const SMALL: Style = { font: "regular", size: 7.5 };

/**
 * The script of a ceremony.
 *
 * @throws BreakglassError `usage` if a fact or the template can't be printed or does not fit
 */
export function ceremonyPages(
  template: CeremonyTemplate,
  ceremony: Ceremony,
  facts: PaperFacts,
  { pageSize, fonts }: PaperLayout,
): Page[] {
  const checked = checkFacts(facts, fonts);
  const paper = newPaper(pageSize, fonts);
  const script = template.scripts[ceremony];
  const { words } = template;
  const sections = script.sections.map((name) => template.sections[name]!);
  const titles = Object.fromEntries(
    Object.entries(template.roles).map(([key, { title }]) => [key, title]),
  );
  const columns = [
    { caption: words.step, width: 11 },
    { caption: words.who, width: 25 },
    { caption: words.activity, width: 102 },
    { caption: words.initials, width: 20 },
    { caption: words.utc, width: 22 },
  ];
  return flowPages(paper, runningHead(script.title, checked, words), [
    ...opening(paper, script, checked, template),
    ...signInPieces(paper, script, checked, template),
    ...holderPieces(paper, checked, template),
    ...rolePieces(paper, script, template),
    ...inventoryPieces(paper, script, checked, template),
    ...stepPieces(paper, sections, checked, words, { columns, titles }),
    ...exceptionPieces(paper, script, checked, template),
  ]);
}

/** The running head of a paper about an account. */
export function runningHead(title: string, facts: PaperFacts, words: Words): Running {
  const { organisation, account, set, anchor } = facts;
  return {
    organisation,
    title,
    facts: [
      account,
      setPhrase(set, words),
      anchor === undefined ? words.noAnchor : fill(words.anchor, { anchor }),
    ],
    page: (page, pages) => fill(words.page, { page, pages }),
  };
}

/** Sizes of a value, in points. */
const VALUE_SIZES = [9, 8.5, 8, 7.5];

function fitsAt(paper: Paper, value: string, width: number): number | undefined {
  return VALUE_SIZES.find(
    (size) => line(paper, value, 0, 0, { font: "bold", size }).width <= width,
  );
}

/** A value on one line, smaller if need be, and else on as many as it needs. */
function valuePart(paper: Paper, value: string, width: number): Part {
  return textPart(paper, value, width, { font: "bold", size: fitsAt(paper, value, width) ?? 8 });
}

/** A title, and what it is about in two columns. */
export function factPieces(
  paper: Paper,
  title: string,
  purpose: string,
  rows: readonly (readonly [caption: string, value: string])[],
): Piece[] {
  const whole = paper.right - paper.left;
  const half = whole / 2;
  const caption = 27;
  const room = (width: number): number => width - caption - 4;
  /** A word that is wider than its half, such as an anchor: whoever types it must not find it broken. */
  const isWide = ([, value]: readonly [string, string]): boolean =>
    !value.includes(" ") && fitsAt(paper, value, room(half)) === undefined;
  const cell = (row: readonly [string, string]): Part => {
    const [name, value] = row;
    const key = textPart(paper, name, caption - 2, SMALL);
    const what = valuePart(paper, value, room(isWide(row) ? whole : half));
    return {
      height: Math.max(key.height, what.height) + 0.8,
      draw: (x, top): Item[] => [...key.draw(x, top + 0.4), ...what.draw(x + caption, top)],
    };
  };
  const pairs: Piece[] = [];
  const waiting = [...rows];
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
    const beside = waiting[0];
    const isPair = beside !== undefined && !isWide(row) && !isWide(beside);
    if (isPair) waiting.shift();
    const [left, right] = [cell(row), isPair ? cell(beside) : undefined];
    pairs.push({
      height: Math.max(left.height, right?.height ?? 0),
      draw: (top): Block[] => [
        { tag: "P", items: left.draw(paper.left, top) },
        ...(right === undefined
          ? []
          : [{ tag: "P" as const, items: right.draw(paper.left + half, top) }]),
      ],
    });
  }
  return [
    headingPiece(paper, "H1", title, 22, 0),
    textPiece(paper, purpose, { font: "regular", size: 10 }),
    {
      height: 3,
      draw: (top): Block[] => [
        { tag: "Artifact", items: [rule(paper.left, top + 1, paper.right, top + 1)] },
      ],
    },
    ...pairs,
  ];
}

function opening(
  paper: Paper,
  script: Script,
  facts: PaperFacts,
  { words }: CeremonyTemplate,
): Piece[] {
  const { set, earlier } = facts;
  const values = commonValues(facts, words);
  return [
    ...factPieces(paper, script.title, fill(script.purpose, values), [
      [words.account, facts.account],
      [words.set, set.set ?? words.notKnown],
      [words.generation, String(set.generation)],
      [words.split, neededPhrase(set, words)],
      [set.stays === true ? words.validateBy : words.replaceBy, set.replaceBy ?? words.notKnown],
      [words.replaces, earlier.length === 0 ? words.nothing : String(values["earlier"])],
      [words.printed, facts.printed],
      [words.registerAnchor, facts.anchor ?? words.noAnchor],
    ]),
    gapPiece(1.5),
    roomPiece(paper, words.when.slice(0, 2)),
    roomPiece(paper, words.when.slice(2)),
  ];
}

const SIGNING_ROW = 11.5;
/** For whoever comes along: an auditor, an alternate. */
const OTHERS = 2;

function signInPieces(
  paper: Paper,
  script: Script,
  facts: PaperFacts,
  template: CeremonyTemplate,
): Piece[] {
  const { words } = template;
  const table = new Table(paper, [
    { caption: words.title, width: 42 },
    { caption: words.printedName, width: 50 },
    { caption: words.signature, width: 44 },
    { caption: words.date, width: 23 },
    { caption: words.time, width: 21 },
  ]);
  const row = (title: string, name?: string): Piece =>
    table.row(
      [
        [
          textPart(paper, title, table.width(0), BODY),
          ...(name === undefined ? [] : [textPart(paper, name, table.width(0), SMALL)]),
        ],
        ...[[], [], [], []],
      ],
      SIGNING_ROW,
    );
  return [
    headingPiece(paper, "H2", words.signIn, 12, 6),
    textPiece(paper, words.signInNote, SMALL, true),
    table.head,
    ...script.roles.map((key) => row(template.roles[key]!.title)),
    ...custodiansOf(facts.set).map(({ name, slips }) =>
      row(
        fill(words.custodianOf, { slips: slips.map(({ slip }) => slip).join(", ") }),
        name === undefined
          ? undefined
          : [name, ...new Set(slips.flatMap(({ alternate }) => alternate ?? []))].join(" / "),
      ),
    ),
    ...Array.from({ length: OTHERS }, () => row(words.other)),
  ];
}

/** Room for the names that nobody has said yet. */
function holderPieces(
  paper: Paper,
  { set: { slips, total } }: PaperFacts,
  { words }: CeremonyTemplate,
): Piece[] {
  const known = slips.every(
    (slip) => slip.custodian !== undefined && slip.alternate !== undefined && slip.location,
  );
  if (known) return [];
  const table = new Table(paper, [
    { caption: words.slip, width: 24 },
    { caption: words.custodian, width: 52 },
    { caption: words.alternate, width: 52 },
    { caption: words.location, width: 52 },
  ]);
  const cell = (name: string | undefined, column: number): Part[] =>
    name === undefined ? [] : [textPart(paper, name, table.width(column), BODY)];
  return [
    headingPiece(paper, "H2", words.holders, 12, 7),
    textPiece(paper, words.holdersNote, SMALL, true),
    table.head,
    ...keptTogether(
      slips.map(({ slip, custodian, alternate, location, site }) =>
        table.row(
          [
            cell(fill(words.slipNamed, { index: slip, total }), 0),
            cell(custodian, 1),
            cell(alternate, 2),
            [...cell(location, 3), ...cell(site, 3)],
          ],
          SIGNING_ROW,
        ),
      ),
    ),
  ];
}

function rolePieces(paper: Paper, script: Script, template: CeremonyTemplate): Piece[] {
  const { words, roles } = template;
  const table = new Table(paper, [
    { caption: words.role, width: 42 },
    { caption: words.does, width: 138 },
  ]);
  return [
    headingPiece(paper, "H2", words.roles, 12, 7),
    table.head,
    ...keptTogether(
      [...script.roles, template.custodianRole].map((key) =>
        table.row(
          [
            [textPart(paper, roles[key]!.title, table.width(0), BODY)],
            [textPart(paper, roles[key]!.does, table.width(1), BODY)],
          ],
          8,
        ),
      ),
    ),
  ];
}

/** In millimetres. */
const HALF_A_PAGE = 140;

/** Rows of a short table on one page; a long one flows. */
function keptTogether(rows: readonly Piece[]): readonly Piece[] {
  if (rows.reduce((sum, { height }) => sum + height, 0) > HALF_A_PAGE) return rows;
  return rows.map((row, i) => (i < rows.length - 1 ? { ...row, keep: true } : row));
}

/** The number of each thing that a ceremony needs. */
export function ceremonyCounts(script: Script, facts: PaperFacts): Readonly<Record<Count, number>> {
  const custodians = custodiansOf(facts.set).length;
  return {
    slips: facts.set.slips.length,
    needed: facts.set.threshold,
    earlier: facts.earlier.reduce((sum, { slips }) => sum + slips.length, 0),
    custodians,
    people: script.roles.length + custodians,
  };
}

function inventoryPieces(
  paper: Paper,
  script: Script,
  facts: PaperFacts,
  { words }: CeremonyTemplate,
): Piece[] {
  const counts = ceremonyCounts(script, facts);
  const values = commonValues(facts, words);
  const table = new Table(paper, [
    { caption: words.item, width: 128 },
    { caption: words.count, width: 22 },
    { caption: words.present, width: 30 },
  ]);
  const rows = script.inventory
    .filter(({ only }) => isMeant(only, facts))
    .map(({ item, count }) => ({ item, count: typeof count === "number" ? count : counts[count] }))
    .filter(({ count }) => count > 0);
  if (rows.length === 0) return [];
  return [
    headingPiece(paper, "H2", words.inventory, 12, 7),
    table.head,
    ...keptTogether(
      rows.map(({ item, count }) =>
        table.row(
          [
            [textPart(paper, fill(item, values), table.width(0), BODY)],
            [textPart(paper, String(count), table.width(1), BOLD)],
          ],
          8,
        ),
      ),
    ),
  ];
}

function exceptionPieces(
  paper: Paper,
  script: Script,
  facts: PaperFacts,
  { words }: CeremonyTemplate,
): Piece[] {
  if (script.exceptions === 0) return [];
  const { people } = ceremonyCounts(script, facts);
  return [
    headingPiece(paper, "H2", words.exceptions, 12, 7),
    textPiece(paper, words.exceptionsNote, SMALL, true),
    ...Array.from({ length: script.exceptions }, (_, i) =>
      exceptionPiece(paper, words, i + 1, people),
    ),
  ];
}

function exceptionPiece(
  paper: Paper,
  words: CeremonyTemplate["words"],
  number: number,
  people: number,
): Piece {
  const { left, right } = paper;
  const width = right - left;
  const blank: Part = {
    height: 9,
    draw: (x, top): Item[] => [rule(x, top + 7.5, x + width, top + 7.5)],
  };
  const title = textPart(paper, fill(words.exception, { number }), 38, BOLD);
  const head: Part = {
    height: 9.5,
    draw: (x, top): Item[] => [
      ...title.draw(x, top + 3.2),
      ...roomPart(paper, [words.exceptionStep, words.exceptionTime], width - 40).draw(x + 40, top),
    ],
  };
  const writing = (label: string, lines: number): Part[] => [
    roomPart(paper, [label], width),
    ...Array.from({ length: lines - 1 }, () => blank),
  ];
  const parts = [
    head,
    ...writing(words.problem, 3),
    ...writing(words.remedy, 2),
    initialsPart(paper, words.initialsOfAll, width, people),
    spacePart(2),
  ];
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  return {
    height,
    space: 3,
    draw: (top): Block[] => {
      let y = top;
      const items = parts.flatMap((part) => {
        const drawn = part.draw(left, y);
        y += part.height;
        return drawn;
      });
      return [
        { tag: "P", items: items.filter(({ kind }) => kind === "text") },
        {
          tag: "Artifact",
          items: [rule(left, top, right, top, 1), ...items.filter(({ kind }) => kind !== "text")],
        },
      ];
    },
  };
}

const INITIALS_WIDTH = 18;
const INITIALS_HEIGHT = 9;

/** A box for the initials of each person in the room. */
function initialsPart(paper: Paper, label: string, width: number, people: number): Part {
  const caption = textPart(paper, label, 30, SMALL);
  const perRow = Math.floor((width - 32) / INITIALS_WIDTH);
  const rows = Math.ceil(people / perRow);
  return {
    height: 3 + rows * INITIALS_HEIGHT,
    draw: (x, top): Item[] => {
      const y = top + 3;
      const boxes = Array.from({ length: rows }, (_, row) => {
        const here = Math.min(perRow, people - row * perRow);
        const [x1, x2] = [x + 32, x + 32 + here * INITIALS_WIDTH];
        const y1 = y + row * INITIALS_HEIGHT;
        const y2 = y1 + INITIALS_HEIGHT;
        return [
          rule(x1, y1, x2, y1),
          rule(x1, y2, x2, y2),
          ...Array.from({ length: here + 1 }, (_, i) =>
            rule(x1 + i * INITIALS_WIDTH, y1, x1 + i * INITIALS_WIDTH, y2),
          ),
        ];
      });
      return [...caption.draw(x, y + 2.5), ...boxes.flat()];
    },
  };
}
