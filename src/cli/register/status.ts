import { BreakglassError } from "../../core/errors.ts";
import { registerCalendar } from "../../custody/calendar.ts";
import { leftText } from "../../custody/lifecycle/paper.ts";
import { nextStep, stepLine } from "../../custody/lifecycle/standing.ts";
import { isLeft, type Register } from "../../custody/register.ts";
import { accountLines, type AccountLine } from "../../custody/schedule/account-lines.ts";
import type { Finding } from "../../custody/schedule/duty.ts";
import { due } from "../../custody/schedule/schedule.ts";
import { whereabouts, whereaboutsText } from "../../custody/whereabouts.ts";
import { openRegister, openState, type RegisterState } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { EXIT_DUE, EXIT_OVERDUE } from "../system/exit-status.ts";
import { answer, answerInRows, oneLine, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";

export interface StatusOptions {
  /** Several registers may be named. */
  readonly register?: readonly string[];
  readonly json?: boolean;
  readonly ics?: boolean;
  readonly slips?: boolean;
}

/** What is told of one register. */
export interface Report {
  readonly state: RegisterState;
  readonly accounts: readonly AccountLine[];
  readonly findings: readonly Finding[];
}

/**
 * `breakglass status`: every account at a glance, and what is due, with the command that settles
 * it. Several registers are shown with the worst first.
 *
 * @returns the exit status: 0, 10 if something is due, 11 if something is overdue
 */
export async function status(options: StatusOptions, now: Date): Promise<number> {
  const folders = options.register ?? [undefined];
  if (options.ics === true) {
    return writeCalendar(folders, options, now);
  }
  const looked = folders.map((folder, i) => look(folder, { i, of: folders.length }, now));
  const reports = looked
    .flatMap(({ report }) => report ?? [])
    .toSorted((a, b) => exitStatus(b.findings) - exitStatus(a.findings));
  const slips = options.slips === true;
  if (options.json === true)
    answer(
      `${JSON.stringify(
        reports.map((report) => statusJson(report, slips)),
        null,
        2,
      )}\n`,
    );
  else answerInRows(reports.map((report) => statusText(report, slips)).join("\n"));
  return told(looked) ?? Math.max(...reports.map(({ findings }) => exitStatus(findings)));
}

/**
 * Tells which registers can't be read: one of them may hold what is overdue.
 *
 * @returns the exit status of the first
 */
function told(looked: readonly Pick<Looked, "failure">[]): number | undefined {
  return looked.flatMap(({ failure }) => (failure === undefined ? [] : reportError(failure)))[0];
}

interface Looked {
  readonly report?: Report | undefined;
  readonly failure?: BreakglassError | undefined;
}

/** Opens one of several registers; one that can't be read must not hide the others. */
function opened<T>(
  open: (folder: string) => T,
  folder: string | undefined,
  { i, of }: { readonly i: number; readonly of: number },
): { readonly state?: T; readonly failure?: BreakglassError } {
  try {
    return { state: open(registerFolder(folder)) };
  } catch (error) {
    if (!(error instanceof BreakglassError) || of === 1) throw error;
    const which = `${error.message} (register ${i + 1} of ${of})`;
    return { failure: new BreakglassError(error.code, which, error.hint) };
  }
}

/** Looks into one of several registers. */
function look(
  folder: string | undefined,
  place: { readonly i: number; readonly of: number },
  now: Date,
): Looked {
  const { state, failure } = opened(openState, folder, place);
  if (state === undefined) return { failure };
  const { register } = state;
  const accounts = accountLines(register, now);
  return { report: { state, accounts, findings: due(register, now) } };
}

/** One calendar for all of them. What is due is in it, and no failure of writing it. */
async function writeCalendar(
  folders: readonly (string | undefined)[],
  { json, slips }: StatusOptions,
  now: Date,
): Promise<number> {
  const other = json === true ? "--json" : slips === true ? "--slips" : undefined;
  if (other !== undefined)
    throw new BreakglassError("usage", `--ics and ${other} are two answers`, "give one of them");
  const looked = folders.map((folder, i) => {
    const { state, failure } = opened(openRegister, folder, { i, of: folders.length });
    for (const note of state?.notes ?? []) say(`note: ${note}`);
    return { calendar: state && registerCalendar(state.journal.entries, now), failure };
  });
  const { calendarFile } = await import("./calendar.ts");
  answer(
    calendarFile(
      looked.flatMap(({ calendar }) => calendar ?? []),
      now,
    ),
  );
  return told(looked) ?? 0;
}

function exitStatus(findings: readonly Finding[]): number {
  if (findings.some(({ severity }) => severity === "overdue")) return EXIT_OVERDUE;
  return findings.some(({ severity }) => severity === "due") ? EXIT_DUE : 0;
}

/**
 * It as a script reads it.
 *
 * @param slips whether it is told, too, where the slips lie and who can fetch them
 */
export function statusJson({ state, accounts, findings }: Report, slips = false): object {
  const { register, folder, journal, notes } = state;
  return {
    folder,
    tenant: register.opened?.tenant ?? null,
    entries: journal.head.n,
    accounts: accounts.map((line) => ({
      ...line,
      standing: nextStep(register, line.account),
      ...(slips ? { whereabouts: whereabouts(register, line.account) } : {}),
    })),
    findings,
    notes,
  };
}

/** It as a person reads it; `slips` as for {@link statusJson}. */
export function statusText({ state, accounts, findings }: Report, slips = false): string {
  const { register, folder, journal, notes } = state;
  const tenant = register.opened?.tenant ?? "(not opened)";
  const lines = [`${tenant} (${folder}, ${journal.head.n} entries)`, ""];
  for (const line of accounts) {
    lines.push(...accountText(line, state));
    if (slips) {
      const rows = whereaboutsText(whereabouts(register, line.account));
      lines.push(...rows.map((row) => `  ${row}`));
    }
    lines.push("");
  }
  if (accounts.length === 0) lines.push("no accounts yet: breakglass account add", "");
  let before = "";
  for (const { severity, what, until, command, alternative } of findings) {
    const day = until === undefined ? "" : ` (${until.slice(0, 10)})`;
    const said = [`${severity.padEnd(11)} ${what}${day}`];
    if (command !== undefined) said.push(`${" ".repeat(12)}${command}`);
    // What happened twice in a day is one thing to do, and each time has its own assessment.
    if (said.join("\n") !== before) lines.push(...said);
    before = said.join("\n");
    if (alternative !== undefined) lines.push(`${" ".repeat(9)}or ${alternative}`);
  }
  if (findings.length === 0) lines.push("nothing is due");
  for (const note of notes) lines.push(`note        ${note}`);
  return `${lines.map(oneLine).join("\n")}\n`;
}

function accountText(line: AccountLine, { register }: Report["state"]): string[] {
  const { account } = line;
  const { where, holds, next, backOut } = nextStep(register, account);
  const lines = [`${account}: ${headText(line, register)}`];
  if (next !== undefined || backOut !== undefined) {
    lines.push(`  stands  ${where}`, `  tenant  holds ${holds}`);
    if (next !== undefined) lines.push(`  next    ${stepLine(next)}`);
    if (backOut !== undefined) lines.push(`  or back ${stepLine(backOut)}`);
  }
  return lines;
}

function headText(line: AccountLine, register: Register): string {
  const { active, generation, recoverable, daysLeft, replaceBy } = line;
  if (active === undefined) return "no active set";
  const set = `set ${active}, generation ${generation!}`;
  if (recoverable === false) {
    const state = register.sets.get(active)!;
    // In an emergency nobody is to be kept from trying what may still be read.
    const how =
      state.slips.filter(isLeft).length < state.threshold
        ? "can't be recovered any more"
        : "can be recovered only with damaged slips";
    return `${set}, ${how}: ${leftText(state)}`;
  }
  if (daysLeft === undefined || replaceBy === undefined) return set;
  const days = daysLeft < 0 ? `${-daysLeft} days overdue` : `${daysLeft} days left`;
  return `${set}, ${days} (${replaceBy})`;
}
