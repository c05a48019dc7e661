import type { Entry, SlipRef } from "../custody/events.ts";
import { factPieces, type PaperLayout } from "./ceremony-page.ts";
import { flowPages, type Piece } from "./flow.ts";
import { canPrint, codePointName, type Fonts } from "./fonts.ts";
import type { MinutesTemplate } from "./minutes-template.ts";
import type { Page } from "./page.ts";
import { newPaper, type Paper, type Style } from "./sheet.ts";
import { checkValue } from "./slip-details.ts";
import { headingPiece, Table, textPart, textPiece } from "./table.ts";
import { fill, looksLikeCode } from "./wording.ts";
import { refText } from "../custody/slip-ref.ts";

/** What the minutes are of. */
export interface MinutesFacts {
  readonly organisation: string | undefined;
  readonly account: string;
  /** The register's anchor, which the last of all its entries made. */
  readonly anchor: string;
  /** YYYY-MM-DD. */
  readonly printed: string;
  /** The sets whose password stays by the policy: their day is the one by which to sign in. */
  readonly stays?: ReadonlySet<string>;
  /** Those that are told, in the order of the journal. */
  readonly entries: readonly Entry[];
}

const BODY: Style = { font: "regular", size: 8.5 };
const SMALL: Style = { font: "regular", size: 7.5 };
const ROW = 8;
const SIGNING_ROW = 12;

/**
 * What the journal says happened.
 *
 * Nothing that stands in the journal is refused, since nobody can change it any more: a character
 * that the fonts lack is printed by its name, and a text that looks like a code line with a full
 * stop before its bracket.
 *
 * @throws BreakglassError `usage` if organisation or account can't be printed
 */
export function minutesPages(
  template: MinutesTemplate,
  facts: MinutesFacts,
  { pageSize, fonts }: PaperLayout,
): Page[] {
  const paper = newPaper(pageSize, fonts);
  const account = checkValue("the account", facts.account, fonts);
  const { entries, anchor } = facts;
  const [first, last] = [entries[0], entries.at(-1)];
  const running = {
    organisation:
      facts.organisation === undefined
        ? undefined
        : checkValue("the organisation", facts.organisation, fonts),
    title: template.title,
    facts: [account, fill(template.anchor, { anchor })],
    page: (page: number, pages: number): string => fill(template.page, { page, pages }),
  };
  return flowPages(paper, running, [
    ...factPieces(paper, template.title, fill(template.purpose, { account }), [
      [template.account, account],
      [template.printed, facts.printed],
      [
        template.entries,
        first === undefined || last === undefined
          ? template.nothing
          : fill(template.range, { first: first.n, last: last.n }),
      ],
      [template.date, daysOf(template, entries)],
    ]),
    ...entryPieces(paper, template, facts),
    ...anchorPieces(paper, template, anchor),
    ...signingPieces(paper, template),
  ]);
}

/** The days, in UTC, on which it happened: a ceremony may go on past midnight. */
function daysOf(template: MinutesTemplate, entries: readonly Entry[]): string {
  const days = entries.map(({ at }) => at.slice(0, 10)).toSorted();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return template.nothing;
  return first === last ? first : fill(template.range, { first, last });
}

function entryPieces(
  paper: Paper,
  template: MinutesTemplate,
  { entries, stays = new Set() }: MinutesFacts,
): Piece[] {
  const heading = headingPiece(paper, "H2", template.what, 12, 6);
  if (entries.length === 0) return [heading, textPiece(paper, template.nothing, BODY)];
  const table = new Table(paper, [
    { caption: template.number, width: 14 },
    { caption: template.time, width: 23 },
    { caption: template.event, width: 85 },
    { caption: template.who, width: 30 },
    { caption: template.witness, width: 28 },
  ]);
  const cell = (column: number, text: string, style: Style): ReturnType<typeof textPart> =>
    textPart(paper, printable(text, paper.fonts), table.width(column), style);
  const rows = entries.map((entry) =>
    table.row(
      [
        [cell(0, String(entry.n), BODY)],
        [cell(1, spokenTime(entry.at), BODY)],
        [
          cell(2, eventText(template, entry, stays), BODY),
          ...(entry.note === undefined
            ? []
            : [cell(2, fill(template.note, { note: entry.note }), SMALL)]),
          ...(entry.recorded === undefined
            ? []
            : [cell(2, fill(template.recorded, { time: spokenTime(entry.recorded) }), SMALL)]),
        ],
        [cell(3, entry.actor, BODY)],
        entry.witness === undefined ? [] : [cell(4, entry.witness, BODY)],
      ],
      ROW,
    ),
  );
  return [heading, table.head, ...rows];
}

function anchorPieces(paper: Paper, template: MinutesTemplate, anchor: string): Piece[] {
  const style: Style = { font: "monoBold", size: 15 };
  const part = textPart(paper, anchor, paper.right - paper.left, style);
  return [
    headingPiece(paper, "H2", template.anchorHeading, 12, 8),
    textPiece(paper, template.anchorNote, SMALL, true),
    {
      height: part.height + 2,
      draw: (top) => [{ tag: "P", items: part.draw(paper.left, top + 1) }],
    },
  ];
}

function signingPieces(paper: Paper, template: MinutesTemplate): Piece[] {
  const table = new Table(paper, [
    { caption: template.signTitle, width: 42 },
    { caption: template.printedName, width: 55 },
    { caption: template.signature, width: 55 },
    { caption: template.date, width: 28 },
  ]);
  return [
    headingPiece(paper, "H2", template.signHeading, 12, 6),
    textPiece(paper, template.signNote, SMALL, true),
    table.head,
    ...template.signers.map((title) =>
      table.row([[textPart(paper, title, table.width(0), BODY)], [], [], []], SIGNING_ROW),
    ),
  ];
}

/** `2026-03-01T09:30:00Z` as it is read: date and time, apart. */
function spokenTime(moment: string): string {
  return moment.replace("T", " ").replace("Z", "");
}

/**
 * What an entry says besides when and who, as a sentence.
 *
 * @param stays sets whose password stays by the policy
 */
export function eventText(
  template: MinutesTemplate,
  entry: Entry,
  stays: ReadonlySet<string>,
): string {
  if (entry.kind === "later") return fill(template.later, { name: entry.name });
  const fields = fieldsOf(entry, stays);
  // A wording that knows one day for both policies gets that day.
  const value = (name: string): string =>
    spoken(fields[name] ?? (name === "replaceBy" ? fields["validateBy"] : undefined));
  return template.events[entry.kind]
    .replace(/\[([^[\]]*)\]/g, (_, part: string) =>
      [...part.matchAll(/\{([A-Za-z]+)\}/g)].every(([, name]) => fields[name!] !== undefined)
        ? part
        : "",
    )
    .replace(/\{([A-Za-z]+)\}/g, (_, name: string) => value(name));
}

/**
 * The fields of an entry, and what its sentence may name besides: a strength is three numbers, and
 * a day is that of the next password or of the next sign-in.
 */
function fieldsOf(entry: Entry, stays: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  if (entry.kind !== "set-issued") return { ...entry };
  const { replaceBy, strength, ...fields } = entry;
  const day = stays.has(entry.set) ? { validateBy: replaceBy } : { replaceBy };
  if (strength === undefined) return { ...fields, ...day };
  const { whole, afterOne, afterAllButOne } = strength;
  const floor = Math.floor;
  return {
    ...fields,
    ...day,
    bits: floor(whole),
    bitsAfterOne: floor(afterOne),
    bitsAfterAllButOne: floor(afterAllButOne),
  };
}

function spoken(value: unknown): string {
  if (Array.isArray(value))
    return value.every((part) => typeof part !== "object")
      ? value.join(", ")
      : String(value.length);
  if (typeof value !== "object" || value === null) return String(value);
  if ("slip" in value && "set" in value) return refText(value as SlipRef);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${String(part)}`)
    .join(", ");
}

/** A text of the journal as it can be printed, with nothing left out. */
function printable(text: string, fonts: Fonts): string {
  const chars = [...text.normalize("NFC")].map((char) =>
    canPrint(char, fonts, "regular") ? char : `<${codePointName(char)}>`,
  );
  const whole = chars.join("");
  if (!looksLikeCode(whole)) return whole;
  return whole.replace(/(?<=^|\s)([0-9]+|S|BG[0-9]+)(?=[):])/gi, "$1.");
}
