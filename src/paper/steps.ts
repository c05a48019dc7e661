import type { PaperFacts, SetFacts, SlipFacts } from "./facts.ts";
import type { Piece } from "./flow.ts";
import type { Paper, Style } from "./sheet.ts";
import type { Condition, Repeat, Section, Step, Words } from "./step-template.ts";
import {
  commandPart,
  headingPiece,
  ledPart,
  roomParts,
  spacePart,
  Table,
  textPart,
  textPiece,
  type Column,
  type Part,
} from "./table.ts";
import { fill } from "./wording.ts";

/** Values for the placeholders of a sentence. */
export type Values = Readonly<Record<string, string | number>>;

/** How a set is named in a sentence. */
export function setPhrase({ set }: SetFacts, words: Words): string {
  return set === undefined ? words.setNew : fill(words.setNamed, { name: set });
}

/** How many slips of a set recover it. */
export function neededPhrase({ threshold, total }: SetFacts, words: Words): string {
  const key = threshold < total ? "neededSome" : "neededAll";
  return fill(words[key], { needed: threshold, total });
}

/** What stands in a command for the name of a set that is yet to be issued. */
const UNNAMED_SET = "SET";

/** The values that every sentence may name. */
export function commonValues(facts: PaperFacts, words: Words): Values {
  const { set, earlier } = facts;
  return {
    account: facts.account,
    set: setPhrase(set, words),
    name: set.set ?? UNNAMED_SET,
    generation: set.generation,
    needed: set.threshold,
    total: set.total,
    earlier: earlier
      .map((other) =>
        fill(words.earlierNamed, { name: other.set ?? "", generation: other.generation }),
      )
      .join("; "),
  };
}

/** Whether all of some conditions hold. */
export function isMeant(only: readonly Condition[] | undefined, facts: PaperFacts): boolean {
  const { set, earlier, secret, alsoNeeded, items } = facts;
  const holds: Readonly<Record<Condition, boolean>> = {
    first: earlier.length === 0,
    earlier: earlier.length > 0,
    shamir: set.scheme === "shamir",
    concat: set.scheme === "concat",
    spare: set.threshold < set.total,
    whole: set.threshold === set.total,
    // A key that came into the register after the slips is asked for at the sign-in all the same.
    items: alsoNeeded.length + items.length > 0,
    "no items": alsoNeeded.length + items.length === 0,
    password: secret === "password",
    pin: secret === "pin",
  };
  return (only ?? []).every((condition) => holds[condition]);
}

/** What a repeated step is said for. */
interface Turn {
  readonly values: Values;
  readonly heading: string;
}

function turnsOf(repeat: Repeat | undefined, facts: PaperFacts, words: Words): Turn[] {
  if (repeat === undefined) return [{ values: {}, heading: "" }];
  const turn = (set: SetFacts, slip: SlipFacts, name: string): Turn => {
    const custodian = slip.custodian ?? words.unnamed;
    const values = {
      slip: name,
      ref: `${set.set ?? UNNAMED_SET}/${slip.slip}`,
      custodian,
      alternate: slip.alternate ?? words.unnamed,
      location: slip.location ?? words.unplaced,
    };
    return { values, heading: fill(words.slipHeading, { slip: name, custodian }) };
  };
  if (repeat === "slip")
    return facts.set.slips.map((slip) =>
      turn(facts.set, slip, fill(words.slipNamed, { index: slip.slip, total: facts.set.total })),
    );
  return facts.earlier.flatMap((set) =>
    set.slips.map((slip) =>
      turn(
        set,
        slip,
        fill(words.slipOfSet, { index: slip.slip, total: set.total, name: set.set ?? "" }),
      ),
    ),
  );
}

/** How many numbered steps some sections have. */
export function countSteps(sections: readonly Section[], facts: PaperFacts): number {
  const slips = (repeat: Repeat | undefined): number =>
    repeat === undefined
      ? 1
      : repeat === "slip"
        ? facts.set.slips.length
        : facts.earlier.reduce((sum, set) => sum + set.slips.length, 0);
  return sections
    .filter(({ only }) => isMeant(only, facts))
    .reduce(
      (sum, { for: repeat, steps }) =>
        sum +
        slips(repeat) *
          steps
            .filter((step) => step.do !== undefined && isMeant(step.only, facts))
            .reduce((inner, step) => inner + slips(step.for), 0),
      0,
    );
}

/** A table of steps: which columns it has, and in which of them the steps stand. */
export interface StepTable {
  readonly columns: readonly Column[];
  /** Titles of roles, or undefined for a table without a column for them. */
  readonly titles: Readonly<Record<string, string>> | undefined;
  /** The number of the first step; 1 unless told otherwise. */
  readonly first?: number;
}

const NUMBER: Style = { font: "bold", size: 9 };
const BRANCH_NUMBER: Style = { font: "regular", size: 8 };
const WHO: Style = { font: "regular", size: 7.5 };
const DO: Style = { font: "regular", size: 9 };
const BRANCH: Style = { font: "regular", size: 8.5 };
const COMMAND: Style = { font: "mono", size: 8 };
const SPAN: Style = { font: "bold", size: 8.5 };
const STEP_HEIGHT = 12.5;
const BRANCH_HEIGHT = 12.5;

/** Sections of steps, which are numbered through. */
export function stepPieces(
  paper: Paper,
  sections: readonly Section[],
  facts: PaperFacts,
  words: Words,
  { columns, titles, first = 1 }: StepTable,
): Piece[] {
  const table = new Table(paper, columns);
  const writer = new StepWriter(paper, table, words, titles, first - 1);
  const common = commonValues(facts, words);
  return sections
    .filter(({ only }) => isMeant(only, facts))
    .flatMap((section) => {
      const rows = turnsOf(section.for, facts, words).flatMap(({ values, heading }) => [
        ...(heading === "" ? [] : [table.span(heading, SPAN)]),
        ...keptWithBranches(
          section.steps
            .filter(({ only }) => isMeant(only, facts))
            .flatMap((step) =>
              turnsOf(step.for, facts, words).map((turn) => ({
                step,
                piece: writer.row(step, { ...common, ...values, ...turn.values }),
              })),
            ),
        ),
      ]);
      if (rows.length === 0) return [];
      return [
        headingPiece(paper, "H2", fill(section.heading, common), 12, 7),
        ...(section.note === undefined
          ? []
          : [textPiece(paper, fill(section.note, common), BRANCH, true)]),
        table.head,
        ...rows,
      ];
    });
}

/** A branch stays with the step that it follows, unless the two are repeated for many slips. */
function keptWithBranches(
  rows: readonly { readonly step: Step; readonly piece: Piece }[],
): Piece[] {
  return rows.map(({ step, piece }, i) => {
    const next = rows[i + 1]?.step;
    const keep = next !== undefined && next.do === undefined && next.for === undefined;
    return keep && step.do !== undefined ? { ...piece, keep } : piece;
  });
}

class StepWriter {
  readonly #paper: Paper;
  readonly #table: Table;
  readonly #words: Words;
  readonly #titles: StepTable["titles"];
  #number: number;
  #branch = 0;

  constructor(
    paper: Paper,
    table: Table,
    words: Words,
    titles: StepTable["titles"],
    number: number,
  ) {
    this.#number = number;
    this.#paper = paper;
    this.#table = table;
    this.#words = words;
    this.#titles = titles;
  }

  row(step: Step, values: Values): Piece {
    const what = this.#titles === undefined ? 1 : 2;
    const width = this.#table.width(what);
    const isBranch = step.do === undefined;
    const cells: Part[][] = [[this.#numberPart(isBranch)]];
    if (this.#titles !== undefined)
      cells.push(
        step.who === undefined
          ? []
          : [textPart(this.#paper, this.#titles[step.who]!, this.#table.width(1), WHO)],
      );
    cells.push([
      ...(isBranch ? this.#branchParts(step, values, width) : this.#doParts(step, values, width)),
      ...this.#typeParts(step, values, width),
      ...roomParts(
        this.#paper,
        (step.write ?? []).map((label) => fill(label, values)),
        width,
      ),
    ]);
    return this.#table.row(cells, isBranch ? BRANCH_HEIGHT : STEP_HEIGHT);
  }

  /** 7, and for the branches that follow it 7a, 7b ... */
  #numberPart(isBranch: boolean): Part {
    if (!isBranch) {
      this.#number++;
      this.#branch = 0;
      return textPart(this.#paper, String(this.#number), this.#table.width(0), NUMBER);
    }
    const letter = String.fromCharCode("a".charCodeAt(0) + this.#branch++);
    const text = `${this.#number}${letter}`;
    return textPart(this.#paper, text, this.#table.width(0), BRANCH_NUMBER);
  }

  #doParts(step: Step, values: Values, width: number): Part[] {
    return [textPart(this.#paper, fill(step.do!, values), width, DO)];
  }

  #branchParts(step: Step, values: Values, width: number): Part[] {
    return [
      ledPart(this.#paper, this.#words.if, fill(step.if!, values), width, BRANCH),
      spacePart(0.5),
      ledPart(this.#paper, this.#words.then, fill(step.then!, values), width, BRANCH),
    ];
  }

  #typeParts({ type = [] }: Step, values: Values, width: number): Part[] {
    const indent = 3;
    const lines = type.map((text) =>
      commandPart(this.#paper, fillCommand(text, values), width, COMMAND, indent),
    );
    return lines.length === 0 ? [] : [spacePart(1), ...lines, spacePart(0.8)];
  }
}

/** A line to be typed, with values as a shell takes them. */
export function fillCommand(command: string, values: Values): string {
  return command.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => quoted(String(values[name])));
}

/** Bare where that is safe, and else in the quotes that both a POSIX shell and PowerShell know. */
function quoted(value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  return value.includes("'") && !/["$`\\]/.test(value) ? `"${value}"` : `'${value}'`;
}
