import * as v from "valibot";
import { factPieces, runningHead, type PaperLayout } from "./ceremony-page.ts";
import {
  checkFacts,
  type ItemFacts,
  type PaperFacts,
  type SetFacts,
  type SlipFacts,
} from "./facts.ts";
import { flowPages, type Piece } from "./flow.ts";
import type { Fonts } from "./fonts.ts";
import type { Block, Page } from "./page.ts";
import { inFours } from "./in-fours.ts";
import { newPaper, type Paper, type Style } from "./sheet.ts";
import { checkSections, keys, sections, words } from "./step-template.ts";
import { commonValues, countSteps, neededPhrase, setPhrase, stepPieces } from "./steps.ts";
import { headingPiece, roomPart, Table, textPart, textPiece, type Part } from "./table.ts";
import { fill, languageTag, parseTemplate, text, wordingError } from "./wording.ts";

const schema = v.strictObject(
  {
    language: languageTag,
    title: text(),
    purpose: text("account"),
    words: v.strictObject(
      {
        ...words,
        account: text(),
        needed: text(),
        tryFirst: text(),
        tryNext: text(),
        noOther: text(),
        registerAnchor: text(),
        printed: text(),
        people: text(),
        peopleNote: text(),
        call: text(),
        phone: text(),
        otherwise: text(),
        reached: text(),
        mail: text("email"),
        /** Of who has left, and of a safe that is no longer used. */
        left: v.exactOptional(text("name")),
        unused: v.exactOptional(text("location")),
        others: text(),
        other: text(),
        name: text(),
        slips: text("set"),
        slipsNote: text("needed"),
        /** The same where no slip may be left behind. */
        slipsNoteAll: v.exactOptional(text("needed")),
        slip: text(),
        place: text(),
        bag: text(),
        fetchedBy: text(),
        brought: text(),
        site: text("location", "site"),
        items: text(),
        item: text(),
        serial: text("type", "serial"),
        keeper: text(),
        step: text(),
        activity: text(),
        done: text(),
        utc: text(),
      },
      "must be an object",
    ),
    /** Whom else to call; names and numbers are written in. */
    contacts: keys(12),
    sections,
    /** Sections that stand before the people and the places, and after them. */
    before: keys(10),
    after: keys(20),
  },
  "must be an object",
);

/** The runbook's wording and steps, checked. */
export type RunbookTemplate = Readonly<v.InferOutput<typeof schema>> & {
  /** The file it came from, for messages. */
  readonly file: string;
};

/**
 * The wording of the runbook.
 *
 * @throws BreakglassError `usage`, naming file and key, unless it is whole and printable
 */
export function parseRunbook(file: string, json: string, fonts: Fonts): RunbookTemplate {
  const all = parseTemplate(schema, file, json, fonts, ["regular", "bold", "mono"]);
  checkSections(file, all.sections, {});
  for (const key of ["before", "after"] as const)
    all[key].forEach((name, i) => {
      if (!Object.hasOwn(all.sections, name))
        throw wordingError(file, `${key}.${i} is not a key of sections`);
    });
  return { ...all, file };
}

const BODY: Style = { font: "regular", size: 9 };
const BOLD: Style = { font: "bold", size: 9.5 };
const SMALL: Style = { font: "regular", size: 7.5 };
const PHONE: Style = { font: "bold", size: 10.5 };
const HASH: Style = { font: "mono", size: 8.5 };
const HASH_X = 36;
const ROW = 12.5;

export interface RunbookLayout extends PaperLayout {
  /** SHA-256 of the recovery page in hex, where it is known. */
  readonly recoveryPage?: string;
}

/**
 * What to do when nobody can sign in any more: whom to call, where the slips lie, how to recover.
 *
 * @throws BreakglassError `usage` if a fact or the template can't be printed or does not fit
 */
export function runbookPages(
  template: RunbookTemplate,
  facts: PaperFacts,
  { pageSize, fonts, recoveryPage }: RunbookLayout,
): Page[] {
  const checked = checkFacts(facts, fonts);
  const paper = newPaper(pageSize, fonts);
  const { words, title } = template;
  const { set, earlier } = checked;
  const values = commonValues(checked, words);
  const columns = [
    { caption: words.step, width: 11 },
    { caption: words.activity, width: 127 },
    { caption: words.done, width: 20 },
    { caption: words.utc, width: 22 },
  ];
  const steps = (names: readonly string[], first: number): Piece[] =>
    stepPieces(
      paper,
      names.map((name) => template.sections[name]!),
      checked,
      words,
      { columns, titles: undefined, first },
    );
  const before = steps(template.before, 1);
  const numbered = countSteps(
    template.before.map((name) => template.sections[name]!),
    checked,
  );
  return flowPages(paper, runningHead(title, checked, words), [
    ...factPieces(paper, title, fill(template.purpose, values), [
      [words.account, checked.account],
      [words.needed, neededPhrase(set, words)],
      [words.tryFirst, setName(set, words)],
      [words.tryNext, earlier.length === 0 ? words.noOther : String(values["earlier"])],
      [words.printed, checked.printed],
      [words.registerAnchor, checked.anchor ?? words.noAnchor],
    ]),
    ...(recoveryPage === undefined ? [] : [pageHashPiece(paper, recoveryPage)]),
    ...before,
    ...peoplePieces(paper, template, checked),
    ...[set, ...earlier].flatMap((one) => placePieces(paper, template, one, checked)),
    ...itemPieces(paper, template, checked),
    ...steps(template.after, numbered + 1),
  ]);
}

/** What a forged page would not have: on one line, to be compared by two people. */
function pageHashPiece(paper: Paper, sha256: string): Piece {
  const caption = textPart(paper, "recover.html, SHA-256", HASH_X, SMALL);
  const value = textPart(paper, inFours(sha256), paper.right - paper.left - HASH_X, HASH);
  return {
    height: Math.max(caption.height, value.height) + 0.8,
    space: 1,
    draw: (top): Block[] => [
      {
        tag: "P",
        items: [...caption.draw(paper.left, top + 0.4), ...value.draw(paper.left + HASH_X, top)],
      },
    ],
  };
}

/** A phone number, or room for one. */
function phoneParts(
  paper: Paper,
  { words }: RunbookTemplate,
  facts: PaperFacts,
  name: string,
  width: number,
): Part[] {
  const known = facts.people.find((person) => person.name === name);
  const mail =
    known?.email === undefined
      ? []
      : [textPart(paper, fill(words.mail, { email: known.email }), width, SMALL)];
  return known?.phone === undefined
    ? [...mail, roomPart(paper, [words.phone], width)]
    : [textPart(paper, known.phone, width, PHONE), ...mail];
}

function hasLeft(name: string | undefined, { people }: PaperFacts): boolean {
  return people.some((person) => person.name === name && person.left === true);
}

/** The custodian first, unless only the alternate is still there. */
function callOrder(
  { custodian, alternate }: SlipFacts,
  facts: PaperFacts,
): readonly [string | undefined, string | undefined] {
  const isGone = alternate !== undefined && hasLeft(custodian, facts) && !hasLeft(alternate, facts);
  return isGone ? [alternate, custodian] : [custodian, alternate];
}

function personName(name: string, facts: PaperFacts, words: RunbookTemplate["words"]): string {
  return hasLeft(name, facts) ? fill(words.left ?? "{name} (left)", { name }) : name;
}

function placeName(
  location: string,
  unused: boolean | undefined,
  words: RunbookTemplate["words"],
): string {
  return unused === true
    ? fill(words.unused ?? "{location} (no longer used)", { location })
    : location;
}

/** The custodian of each slip and, if nobody answers, the alternate; then everybody else. */
function peoplePieces(paper: Paper, template: RunbookTemplate, facts: PaperFacts): Piece[] {
  const { words } = template;
  const table = new Table(paper, [
    { caption: words.slip, width: 20 },
    { caption: words.call, width: 70 },
    { caption: words.otherwise, width: 70 },
    { caption: words.reached, width: 20 },
  ]);
  const person = (name: string | undefined, column: number): Part[] => {
    const width = table.width(column);
    return name === undefined
      ? [roomPart(paper, [words.name], width), roomPart(paper, [words.phone], width)]
      : [
          textPart(paper, personName(name, facts, words), width, BODY),
          ...phoneParts(paper, template, facts, name, width),
        ];
  };
  const rows = facts.set.slips.map((slip) => {
    const [first, second] = callOrder(slip, facts);
    return table.row(
      [
        [textPart(paper, String(slip.slip), table.width(0), BOLD)],
        person(first, 1),
        person(second, 2),
      ],
      ROW,
    );
  });
  const others = new Table(paper, [
    { caption: words.other, width: 50 },
    { caption: words.name, width: 60 },
    { caption: words.phone, width: 50 },
    { caption: words.reached, width: 20 },
  ]);
  return [
    headingPiece(paper, "H2", words.people, 12, 7),
    textPiece(paper, words.peopleNote, SMALL, true),
    table.head,
    ...rows,
    headingPiece(paper, "H2", words.others, 12, 7),
    others.head,
    ...template.contacts.map((contact) =>
      others.row([[textPart(paper, contact, others.width(0), BODY)], [], [], []], ROW),
    ),
  ];
}

function setName(set: SetFacts, words: RunbookTemplate["words"]): string {
  return set.set === undefined
    ? setPhrase(set, words)
    : fill(words.earlierNamed, { name: set.set, generation: set.generation });
}

function slipsNote(set: SetFacts, words: RunbookTemplate["words"]): string {
  const note = set.threshold < set.total ? words.slipsNote : (words.slipsNoteAll ?? "{needed}");
  return fill(note, { needed: neededPhrase(set, words) });
}

function placePieces(
  paper: Paper,
  { words }: RunbookTemplate,
  set: SetFacts,
  facts: PaperFacts,
): Piece[] {
  const table = new Table(paper, [
    { caption: words.slip, width: 20 },
    { caption: words.place, width: 68 },
    { caption: words.bag, width: 32 },
    { caption: words.fetchedBy, width: 38 },
    { caption: words.brought, width: 22 },
  ]);
  return [
    headingPiece(paper, "H2", fill(words.slips, { set: setName(set, words) }), 12, 7),
    textPiece(paper, slipsNote(set, words), SMALL, true),
    table.head,
    ...set.slips.map((slip) =>
      table.row(
        [
          [textPart(paper, String(slip.slip), table.width(0), BOLD)],
          slip.location === undefined
            ? []
            : [textPart(paper, slipPlace(slip, slip.location, words), table.width(1), BODY)],
          slip.bag === undefined ? [] : [textPart(paper, slip.bag, table.width(2), BODY)],
          callOrder(slip, facts).flatMap((name) =>
            name === undefined
              ? []
              : [textPart(paper, personName(name, facts, words), table.width(3), SMALL)],
          ),
        ],
        ROW,
      ),
    ),
  ];
}

function slipPlace(
  { site, unused }: SlipFacts,
  location: string,
  words: RunbookTemplate["words"],
): string {
  const safe = placeName(location, unused, words);
  return site === undefined ? safe : fill(words.site, { location: safe, site });
}

function itemText(
  type: string,
  serial: string | undefined,
  words: RunbookTemplate["words"],
): string {
  return serial === undefined ? type : fill(words.serial, { type, serial });
}

function itemPieces(paper: Paper, { words }: RunbookTemplate, facts: PaperFacts): Piece[] {
  const { items, alsoNeeded } = facts;
  const isItem = (kind: string, { name, type }: ItemFacts): boolean =>
    [name, type, `${type} ${name}`].includes(kind);
  const others = alsoNeeded.filter((kind) => !items.some((item) => isItem(kind, item)));
  if (items.length + others.length === 0) return [];
  const table = new Table(paper, [
    { caption: words.item, width: 58 },
    { caption: words.place, width: 62 },
    { caption: words.keeper, width: 38 },
    { caption: words.brought, width: 22 },
  ]);
  const cell = (text: string | undefined, column: number): Part[] =>
    text === undefined ? [] : [textPart(paper, text, table.width(column), BODY)];
  return [
    headingPiece(paper, "H2", words.items, 12, 7),
    table.head,
    ...items.map(({ name, type, serial, location, unused, custodian }) =>
      table.row(
        [
          cell(itemText(`${type} ${name}`, serial, words), 0),
          cell(location && placeName(location, unused, words), 1),
          cell(custodian && personName(custodian, facts, words), 2),
        ],
        ROW,
      ),
    ),
    ...others.map((kind) => table.row([cell(kind, 0)], ROW)),
  ];
}
