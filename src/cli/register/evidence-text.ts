import type { Evidence, SetHistory } from "../../custody/evidence.ts";
import { anchor, type Head } from "../../custody/journal.ts";
import { activeSet, isLeft } from "../../custody/register.ts";
import { rotationUntil } from "../../custody/schedule/account-lines.ts";
import { isoDate } from "../../custody/times.ts";
import type { Compared } from "../journal/compare-anchor.ts";
import { oneLine } from "../system/output.ts";
import { timeliness } from "./evidence-tables.ts";

/** What the texts say besides what happened. */
export interface Proof {
  /** Of the whole journal. */
  readonly head: Head;
  readonly compared: readonly Compared[];
  /** What was odd about the register when it was read. */
  readonly notes: readonly string[];
  /** When the folder was made. */
  readonly made: string;
}

function lines(parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().map(oneLine).join("\n")}\n`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? `no ${many}` : `${number} ${number === 1 ? one : many}`;
}

/** Some lines, or that there is nothing. */
function listed(rows: readonly string[]): string[] {
  return rows.length === 0 ? ["  none"] : rows.map((row) => `  ${row}`);
}

/** The chain's head, and which papers it was compared with. */
export function chainText({ period, headThen }: Evidence, { head, compared, made }: Proof): string {
  return lines([
    `journal.jsonl was read on ${made} and its chain of ${head.n} entries holds.`,
    "",
    `${"anchor of the whole journal".padEnd(28)}  ${anchor(head)}`,
    `${"hash of its last entry".padEnd(28)}  ${head.hash}`,
    headThen.n === 0
      ? `nothing was written by the end of ${period.until}`
      : `${`at the end of ${period.until}`.padEnd(28)}  ${anchor(headThen)}`,
    "",
    ...(compared.length === 0
      ? ["No paper was compared: that nothing was rewritten is not shown by this folder alone."]
      : [
          "Compared with anchors from paper:",
          ...compared.map(
            ({ paper, unprotected }) =>
              `  ${paper.n}-${paper.digits}  agrees: entries 1 to ${paper.n} are those of that day; ${count(unprotected, "later entry", "later entries")} not covered`,
          ),
        ]),
  ]);
}

/** One page for whoever reads only one. */
export function summaryText(evidence: Evidence, proof: Proof): string {
  const { period, asOf, register, findings, sets, triggers, exceptions } = evidence;
  const isIn = (time: string | undefined): boolean =>
    time !== undefined && time.slice(0, 10) >= period.since && time <= asOf;
  const confirmed = sets.filter((set) => isIn(set.confirmed?.at));
  const recoveredFor = (wanted: Recovery["purpose"]): string[] =>
    evidence.recoveries.filter(({ purpose }) => purpose === wanted).map(recoveryLine);
  const openTriggers = triggers.filter(({ closed }) => closed === undefined);
  const openExceptions = exceptions.filter(({ closed }) => closed === undefined);
  const overdue = findings.filter(({ severity }) => severity === "overdue");
  const isDue = findings.filter(({ severity }) => severity === "due");
  return lines([
    `Custody of the emergency accounts of ${register.opened?.tenant ?? "(not opened)"}`,
    ...(register.policy.organisation === undefined ? [] : [register.policy.organisation]),
    `${period.since} to ${period.until} (days in UTC, both included), as of ${asOf}`,
    ...unknownTime(evidence),
    `made ${proof.made}`,
    "",
    "Integrity",
    `  the chain of ${proof.head.n} entries holds; anchor ${anchor(proof.head)}`,
    `  compared with ${count(proof.compared.length, "anchor")} from paper: ${proof.compared.length === 0 ? "nothing shows yet that the journal was not rewritten" : "each agrees"}`,
    ...proof.notes.map((note) => `  note: ${note}`),
    `  ${count(evidence.entries.length, "entry", "entries")} in the period, ${evidence.writtenLate.length} of them written down more than a day late`,
    ...evidence.writtenLate.map(
      ({ n, at, recorded }) => `    entry ${n}: happened ${at}, written down ${recorded!}`,
    ),
    ...evidence.contradictions.map(
      ({ n, what, closed, remedy }) =>
        `  entry ${n} can't be so: ${what}; ${closed === undefined ? "open" : `closed ${closed.at} by entry ${closed.n}: ${remedy ?? ""}`}`,
    ),
    "",
    "Accounts at the end",
    ...listed(
      [...register.accounts.values()].flatMap(({ account, retired }) => {
        if (retired !== undefined) return [`${account}: retired ${retired.at}`];
        const active = activeSet(register, account);
        const until = active && rotationUntil(active, register);
        if (active === undefined) return [`${account}: no password on slips is in use`];
        return [
          `${account}: set ${active.set}, generation ${active.generation}, in use since ${active.confirmed?.at ?? "?"}${until === undefined ? "" : `, to be replaced by ${isoDate(new Date(until))}`}`,
        ];
      }),
    ),
    "",
    `Passwords replaced or first set in the period (policy at the end: ${policyText(evidence)})`,
    ...listed(confirmed.map(rotationLine)),
    "",
    "Old slips not destroyed at the end",
    ...listed(oldSlips(evidence)),
    "",
    "Emergency recoveries",
    ...listed(recoveredFor("emergency")),
    "",
    "Drills",
    ...listed(
      evidence.drills.map(
        ({ at, type, result, accounts, minutes, targetMinutes }) =>
          `${at}  ${type === "full" ? "full" : "slips checked"}, ${result}${accounts === undefined ? "" : `, ${accounts.join(", ")}`}${minutes === undefined ? "" : `, ${minutes} minutes`}${targetMinutes === undefined ? "" : ` (target ${targetMinutes})`}`,
      ),
    ),
    "",
    // How one went is on record only where somebody said so: that it was held shows here.
    "Passwords recovered for a drill",
    ...listed(recoveredFor("drill")),
    "",
    `What called for a new password: ${triggers.length}; open at the end: ${openTriggers.length}; late: ${triggers.filter(({ late }) => late).length}`,
    ...listed(
      triggers.map(
        ({ noted, what, account, set, dueBy, closed, late }) =>
          `${noted.at}  ${account} (set ${set}): ${what}; due ${dueBy.slice(0, 10)}; ${closed === undefined ? "open" : `closed ${closed.at} (${closed.how})`}${late ? ", late" : ""}`,
      ),
    ),
    "",
    `Exceptions: ${exceptions.length}; open at the end: ${openExceptions.length}`,
    ...listed(
      exceptions.map(
        ({ noted, problem, remedy, closed }) =>
          `entry ${noted.entry}, ${noted.at}: ${problem}; ${closed === undefined ? "open" : `closed ${closed.at}: ${remedy ?? ""}`}`,
      ),
    ),
    "",
    "Rules overridden",
    ...listed(
      evidence.overrides.map(({ n, at, rule, reason }) => `entry ${n}, ${at}: ${rule}: ${reason}`),
    ),
    "",
    `Overdue at the end: ${overdue.length}; due: ${isDue.length}`,
    ...listed([...overdue, ...isDue].map(({ severity, what }) => `${severity.padEnd(8)} ${what}`)),
  ]);
}

/** That the register is silent on a time does not mean that nothing happened then. */
function unknownTime({ period, register: { opened } }: Evidence): string[] {
  const since = opened?.at.slice(0, 10);
  return since === undefined || since <= period.since
    ? []
    : [
        `the register was opened on ${since}: of the time before it knows only what was written down later`,
      ];
}

function policyText({ register: { policy } }: Evidence): string {
  if (policy.mode === "rotate") return `every ${policy.rotationDays} days`;
  return policy.mode === "validate-only" ? "sign-in tried, no rotation" : "rotation after use";
}

type Recovery = Evidence["recoveries"][number];

function recoveryLine({ at, set, slips, actor, reason }: Recovery): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  return `${at}  set ${set}, slips ${slips.join(", ")}, by ${actor}${why}`;
}

function rotationLine(set: SetHistory): string {
  const { account, generation, confirmed, replaces } = set;
  const interval =
    replaces === undefined
      ? "the first"
      : `${replaces.days} days after the one before${replaces.dueBy === undefined ? "" : `, due by ${replaces.dueBy}`}: ${timeliness(set)}`;
  return `${confirmed!.at}  ${account}, set ${set.set}, generation ${generation}, confirmed by ${confirmed!.by}; ${interval}`;
}

function oldSlips({ register, sets }: Evidence): string[] {
  return sets
    .filter(({ stage }) => stage === "superseded" || stage === "abandoned")
    .map(({ set }) => register.sets.get(set)!)
    .map(({ set, stage, slips }) => {
      const left = slips.filter(isLeft).map(({ slip }) => slip);
      return `set ${set} (${stage}): slips ${left.join(", ")}`;
    });
}

/** What an auditor reads first. */
export function readmeText(
  files: readonly (readonly [string, string])[],
  { period, asOf }: Evidence,
  { head, made }: Proof,
): string {
  const width = Math.max(...files.map(([name]) => name.length));
  return lines([
    "Evidence from a custody register",
    "================================",
    "",
    `This folder was made by "breakglass evidence" on ${made}, for ${period.since} to ${period.until}`,
    `(days in UTC, both included). "At the end" means ${asOf}: what had happened by then,`,
    "as far as the register knew when the folder was made. It holds no password and no part of one;",
    "it does name accounts, people and places, and is to be kept accordingly.",
    "",
    "Files",
    "-----",
    "",
    ...files.map(([name, about]) => `${name.padEnd(width)}  ${about}`),
    "",
    'Tables are CSV in UTF-8. Times are in UTC. Columns named "entry" are numbers of entries of the',
    "journal, in which everything can be looked up. An apostrophe before a cell that begins with = + - @",
    "keeps a spreadsheet from taking it for a formula.",
    "",
    "How to verify",
    "-------------",
    "",
    "1. That no file was changed since:",
    "",
    "       sha256sum -c SHA256SUMS",
    "",
    "2. That the journal is a whole chain, by a short program that you can read first:",
    "",
    "       python3 verify_journal.py journal.jsonl",
    "",
    `   It must name the anchor ${anchor(head)}.`,
    "",
    "3. That the journal was not rewritten. Nothing in this folder can show that: paper can. Every slip",
    "   in a safe, and the minutes of every ceremony, have the register's anchor of their day printed on",
    "   them. Choose papers yourself, the oldest and the newest among them, and give what is printed:",
    "",
    "       python3 verify_journal.py journal.jsonl ANCHOR ANCHOR",
    "",
    "   or, with breakglass: breakglass log --register . --verify --anchor ANCHOR",
    "   rotations.csv says which anchor the slips of each set must have.",
    "",
    "4. That the tables say what the journal says: breakglass log --register . --entry NUMBER, and",
    "   breakglass evidence NEWFOLDER --register . with the same period makes them again.",
  ]);
}
