import type { Entry, SlipRef } from "../../custody/events.ts";
import type { Act, Evidence, SetHistory } from "../../custody/evidence.ts";
import { holdersOf, isLeft, type SlipState } from "../../custody/register.ts";
import { CSV_HEADER, csvRow } from "../journal/entry-text.ts";
import { csv } from "../system/csv.ts";
import { refText } from "../../custody/slip-ref.ts";

/** A table of evidence. */
export interface Table {
  readonly name: string;
  /** What it says, for the list of files. */
  readonly about: string;
  readonly text: string;
}

/** What stands in each column, by its title. */
type Columns<T> = Readonly<Record<string, (row: T) => string | number | undefined>>;

/** Spreadsheets take a file for UTF-8 only if it begins with this. */
const BYTE_ORDER_MARK = "\u{feff}";

function table<T>(name: string, about: string, rows: readonly T[], columns: Columns<T>): Table {
  const cells = rows.map((row) => Object.values(columns).map((cell) => String(cell(row) ?? "")));
  return { name, about, text: BYTE_ORDER_MARK + csv(Object.keys(columns), cells) };
}

/** When, by whom, before whom, and which entry of the journal says so. */
function act<T>(title: string, of: (row: T) => Act | undefined): Columns<T> {
  return {
    [title]: (row) => of(row)?.at,
    [`${title} by`]: (row) => of(row)?.by,
    [`${title} witness`]: (row) => of(row)?.witness,
    [`${title} entry`]: (row) => of(row)?.entry,
  };
}

function entries(name: string, about: string, rows: readonly Entry[]): Table {
  return { name, about, text: BYTE_ORDER_MARK + csv(CSV_HEADER, rows.map(csvRow)) };
}

/** Whether a replacement was in time; nothing for the first set of an account. */
export function timeliness({ replaces }: SetHistory): string {
  if (replaces === undefined) return "";
  if (replaces.dueBy === undefined) return "no rotation asked for";
  return replaces.daysLate === 0 ? "in time" : `${replaces.daysLate} days late`;
}

/** Everything that is best read in a spreadsheet. */
export function evidenceTables(evidence: Evidence): Table[] {
  const { register, sets } = evidence;
  const slips = sets.flatMap((set) => set.slips.map((slip) => ({ ...slip, of: set })));
  return [
    entries(
      "journal.csv",
      "every entry that happened, or was written down, in the period",
      evidence.entries,
    ),
    table("rotations.csv", "every set of slips, from issue to destruction", sets, {
      account: ({ account }) => account,
      set: ({ set }) => set,
      generation: ({ generation }) => generation,
      "slips needed": ({ threshold }) => threshold,
      "slips in all": (set) => set.slips.length,
      stage: ({ stage }) => stage,
      "anchor on its slips": (set) => set.anchor,
      ...act<SetHistory>("issued", ({ issued }) => issued),
      ...act<SetHistory>("all slips checked", ({ allChecked }) => allChecked),
      ...act<SetHistory>("shown to be set", ({ shown }) => shown),
      "shown from slips": ({ shown }) => shown?.slips.join(" "),
      ...act<SetHistory>("sign-in confirmed", ({ confirmed }) => confirmed),
      "confirmed from slips": ({ confirmed }) => confirmed?.slips.join(" "),
      ...act<SetHistory>("all slips sealed", ({ allSealed }) => allSealed),
      "replaces set": ({ replaces }) => replaces?.set,
      "days since the rotation before": ({ replaces }) => replaces?.days,
      "was due by": ({ replaces }) => replaces?.dueBy,
      "in time": timeliness,
      "itself to be replaced by": ({ stays, replaceBy }) => (stays ? undefined : replaceBy),
      ...act<SetHistory>("superseded", ({ superseded }) => superseded),
      ...act<SetHistory>("abandoned", ({ abandoned }) => abandoned),
    }),
    table("slips.csv", "every slip of these sets, as it was at the end", slips, {
      slip: refText,
      account: ({ of }) => of.account,
      generation: ({ of }) => of.generation,
      "set's stage": ({ of }) => of.stage,
      custodian: ({ custodian }) => custodian,
      alternate: ({ alternate }) => alternate,
      location: ({ location }) => location,
      site: ({ site }) => site,
      bag: ({ bag }) => bag,
      ...act<(typeof slips)[number]>("checked", ({ checked }) => checked),
      ...act<(typeof slips)[number]>("sealed", ({ sealed }) => sealed),
      ...act<(typeof slips)[number]>("opened", ({ opened }) => opened),
      ...act<(typeof slips)[number]>("damaged", ({ damaged }) => damaged),
      ...act<(typeof slips)[number]>("lost", ({ lost }) => lost),
      ...act<(typeof slips)[number]>("compromised", ({ compromised }) => compromised),
      ...act<(typeof slips)[number]>("destroyed", ({ destroyed }) => destroyed),
    }),
    entries("recoveries.csv", "every time a password was put together", evidence.recoveries),
    entries("drills.csv", "every drill", evidence.drills),
    entries(
      "validations.csv",
      "sign-ins, alerts seen, reviews, trainings, tests, new combinations",
      evidence.validations,
    ),
    table("triggers.csv", "what called for a new password, and how it ended", evidence.triggers, {
      what: ({ what }) => what,
      account: ({ account }) => account,
      set: ({ set }) => set,
      ...act<Evidence["triggers"][number]>("noted", ({ noted }) => noted),
      "due by": ({ dueBy }) => dueBy,
      "closed how": ({ closed }) => closed?.how ?? "open",
      ...act<Evidence["triggers"][number]>("closed", ({ closed }) => closed),
      late: ({ late }) => (late ? "late" : ""),
    }),
    table("exceptions.csv", "what went otherwise than planned", evidence.exceptions, {
      problem: ({ problem }) => problem,
      account: ({ account }) => account,
      ...act<Evidence["exceptions"][number]>("noted", ({ noted }) => noted),
      remedy: ({ remedy, closed }) => remedy ?? (closed === undefined ? "open" : ""),
      ...act<Evidence["exceptions"][number]>("closed", ({ closed }) => closed),
    }),
    entries("overrides.csv", "rules that were overridden, and why", evidence.overrides),
    table(
      "custodians.csv",
      "the people, and the slips each could fetch at the end",
      [...register.custodians.values()],
      {
        custodian: ({ custodian }) => custodian,
        role: ({ role }) => role,
        alternate: ({ alternate }) => alternate,
        since: ({ added }) => added.at,
        left: ({ gone }) => gone?.at,
        "last trained": ({ trained }) => trained?.at,
        "can fetch": ({ custodian }) =>
          slips
            .filter((slip) => isLeft(stateOf(evidence, slip)))
            .filter((slip) => holdersOf(slip).includes(custodian))
            .map(refText)
            .join(" "),
      },
    ),
    entries(
      "changes.csv",
      "changes of people, holders, safes, accounts, items and rules",
      evidence.changes,
    ),
  ];
}

function stateOf({ register }: Evidence, { set, slip }: SlipRef): SlipState {
  return register.sets.get(set)!.slips[slip - 1]!;
}
