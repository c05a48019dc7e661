import { COMMANDS } from "./commands.ts";
import type { SlipRef } from "./events.ts";
import { firstSealed } from "./lifecycle/order.ts";
import { leftovers, nextStep, waitsForNewer } from "./lifecycle/standing.ts";
import { keepsPassword, type Policy } from "./policy.ts";
import {
  activeSet,
  holdersOf,
  inUse,
  isLeft,
  isLoss,
  isOpen,
  isPending,
  isRecoverable,
  isSealed,
  passwordAccounts,
  pendingSet,
  type AccountState,
  type Deed,
  type Register,
  type SetState,
  type SlipState,
  type Trigger,
} from "./register.ts";
import {
  holderProblems,
  replaceByProblem,
  strengthProblem,
  type Problem,
  type SetPlan,
} from "./rules.ts";
import { DAY, isoDate, isoTime } from "./times.ts";
import { refText } from "./slip-ref.ts";

/** How much a finding matters; the worst first. */
const SEVERITIES = ["overdue", "due", "in progress", "soon", "note"] as const;
type Severity = (typeof SEVERITIES)[number];

/** Something that is to be done. */
interface Duty {
  /** The same as long as it is about the same thing, whatever its date becomes. */
  readonly id: string;
  readonly account?: string;
  readonly set?: string;
  readonly slip?: number;
  /** One plain sentence. */
  readonly what: string;
  /** The command that settles it, if one does. */
  readonly command?: string;
  /** The command that settles it in another way, where there is a choice. */
  readonly alternative?: string;
  /** From when on it is to be done. */
  readonly since?: string;
  /** The last moment to do it. */
  readonly until?: string;
}

/** A duty as of a moment. Times are in UTC, in whole seconds. */
export interface Finding extends Duty {
  readonly severity: Severity;
}

/** A duty with a date, near or far: what a calendar shows. */
export type DueDate = Duty & { readonly until: string };

/** A duty without a date: to be done, or only to be known. */
interface Remark extends Duty {
  readonly severity: "due" | "note";
}

/** The last second of a day that many days later. */
function endOfDay(time: number, days = 0): number {
  return Math.floor(time / DAY) * DAY + (days + 1) * DAY - 1000;
}

/** A duty that comes round: so many days after it was last done. */
function recurring(last: Deed, days: number): Pick<DueDate, "until"> {
  return { until: isoTime(new Date(endOfDay(Date.parse(last.at), days))) };
}

/** A duty that is there from a moment on, and overdue so many days later. */
function within(start: Deed, days: number): { readonly since: string; readonly until: string } {
  const time = Date.parse(start.at);
  return {
    since: start.at,
    until: days === 0 ? start.at : isoTime(new Date(endOfDay(time, days))),
  };
}

function severityOf(duty: DueDate, now: number, policy: Policy): Severity | undefined {
  const until = Date.parse(duty.until);
  if (now > until) return "overdue";
  const start = duty.since === undefined ? endOfDay(until, -1) + 1 : Date.parse(duty.since);
  if (now >= start) return "due";
  return now > until - policy.warningDays * DAY ? "soon" : undefined;
}

/**
 * Everything that is overdue, due, going on, soon due, or to be known, the worst first.
 *
 * @param now a moment by the clock of the computer
 */
export function due(register: Register, now: Date): Finding[] {
  const { dated, going, remarks } = duties(register);
  const time = now.getTime();
  const findings: Finding[] = [...remarks];
  for (const duty of going)
    findings.push({ ...duty, severity: time > Date.parse(duty.until) ? "overdue" : "in progress" });
  for (const duty of dated) {
    const severity = severityOf(duty, time, register.policy);
    if (severity !== undefined) findings.push({ ...duty, severity });
  }
  const rank = (finding: Finding): number => SEVERITIES.indexOf(finding.severity);
  return findings.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      harmOf(a) - harmOf(b) ||
      compare(a.until ?? a.since ?? "", b.until ?? b.since ?? "") ||
      compare(a.id, b.id),
  );
}

/** Of what is equally late, first a password that is to be made or set, then paper that lies open. */
function harmOf({ id }: Duty): number {
  if (/^(?:ceremony|recoverable|rotation|trigger):/.test(id)) return 0;
  return /^(?:sealed|destroy):/.test(id) ? 1 : 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Every duty that has a date, however far off, the nearest first. */
export function dueDates(register: Register): DueDate[] {
  const { dated, going } = duties(register);
  return [...dated, ...going].toSorted((a, b) => compare(a.until, b.until) || compare(a.id, b.id));
}

/** An account at a glance. */
export interface AccountLine {
  readonly account: string;
  /** The set whose password the tenant was proven to hold. */
  readonly active: string | undefined;
  readonly generation: number | undefined;
  /** The day by which it is to be replaced; undefined unless the policy is to rotate. */
  readonly replaceBy: string | undefined;
  /** Whole days until then, negative if it is past. */
  readonly daysLeft: number | undefined;
  readonly pending: string | undefined;
}

/** Every account that was not retired, in the order in which they were added. */
export function accountLines(register: Register, now: Date): AccountLine[] {
  return liveAccounts(register).map(({ account }) => {
    const active = activeSet(register, account);
    const until = active && rotationUntil(active, register);
    const today = Math.floor(now.getTime() / DAY);
    return {
      account,
      active: active?.set,
      generation: active?.generation,
      replaceBy: until === undefined ? undefined : isoDate(new Date(until)),
      daysLeft: until === undefined ? undefined : Math.floor(until / DAY) - today,
      pending: pendingSet(register, account)?.set,
    };
  });
}

function liveAccounts({ accounts }: Register): AccountState[] {
  return [...accounts.values()].filter(({ retired }) => retired === undefined);
}

/**
 * The date on the slips, or an earlier one where the policy has become stricter; a later one only
 * if somebody gave a reason for it when the set was issued.
 */
export function rotationUntil(set: SetState, register: Register): number | undefined {
  const { policy } = register;
  if (keepsPassword(policy)) return undefined;
  const printed = endOfDay(Date.parse(set.replaceBy));
  return overrideOf(set, "replace-by", register) === undefined
    ? Math.min(printed, endOfDay(Date.parse(set.issued.at), policy.rotationDays))
    : printed;
}

type Override = Register["overrides"][number];

/** Why a set may break a rule. It holds until the set ends. */
function overrideOf(
  set: SetState,
  rule: Problem["rule"],
  { overrides }: Register,
): Override | undefined {
  return overrides.findLast((override) => override.set === set.set && override.rule === rule);
}

/** What the parts below find. */
class Duties {
  readonly dated: DueDate[] = [];
  /** Ceremonies that were begun. */
  readonly going: DueDate[] = [];
  readonly remarks: Remark[] = [];

  date(duty: DueDate): void {
    this.dated.push(duty);
  }

  note(duty: Duty): void {
    this.remarks.push({ ...duty, severity: "note" });
  }
}

function duties(register: Register): Duties {
  const found = new Duties();
  if (register.opened === undefined) {
    found.note({ id: "register", what: "the register is not opened", command: COMMANDS.init() });
    return found;
  }
  registerDuties(register, register.opened, found);
  for (const account of register.accounts.values()) {
    if (account.retired === undefined) accountDuties(account, register, found);
    leftoverDuties(account, register, found);
  }
  for (const trigger of register.triggers.values()) triggerDuties(trigger, register, found);
  return found;
}

function registerDuties(register: Register, opened: Deed, found: Duties): void {
  const { policy } = register;
  const passwords = passwordAccounts(register);
  if (passwords < policy.minimumAccounts)
    found.date({
      id: "accounts",
      what: `the register has ${passwords} of at least ${policy.minimumAccounts} emergency accounts`,
      command: COMMANDS.addAccount(),
      ...within(register.short ?? opened, policy.graceDays),
    });
  found.date({
    id: "process",
    what:
      register.reviewed === undefined
        ? "the process was never reviewed"
        : "the process is to be reviewed again",
    command: COMMANDS.recordReviewed(),
    ...validated(register.reviewed, opened, policy),
  });
  trainingDuties(register, found);
  custodianDuties(register, found);
  for (const { location, combinationKnownTo } of register.locations.values())
    if (combinationKnownTo !== undefined)
      found.date({
        id: `combination:${location}`,
        what: `the combination of ${location} is the same as before ${combinationKnownTo.who} left`,
        command: COMMANDS.recordLocation(location),
        ...within(combinationKnownTo, policy.graceDays),
      });
  for (const item of register.items.values()) {
    if (item.gone !== undefined) continue;
    const failed = item.tested?.result === "failed" ? item.tested : undefined;
    found.date({
      id: `item:${item.item}`,
      ...(item.account === undefined ? {} : { account: item.account }),
      what:
        failed === undefined
          ? `${item.type} ${item.item} is to be tested`
          : `${item.type} ${item.item} failed its test`,
      command: COMMANDS.recordItem(item.item),
      ...(failed === undefined
        ? validated(item.tested, item.added, policy)
        : within(failed, policy.graceDays)),
    });
  }
  registerNotes(register, found);
}

/** Done so often, and soon if it never was. */
function validated(
  last: Deed | undefined,
  start: Deed,
  { validationDays, graceDays }: Policy,
): Pick<DueDate, "until" | "since"> {
  return last === undefined ? within(start, graceDays) : recurring(last, validationDays);
}

/** One duty for all people who are to be trained by the same day. */
function trainingDuties({ custodians, policy }: Register, found: Duties): void {
  const groups = new Map<string, { people: string[]; term: Pick<DueDate, "until" | "since"> }>();
  for (const { custodian, gone, trained, added } of custodians.values()) {
    if (gone !== undefined) continue;
    const term = validated(trained, added, policy);
    const group = groups.get(term.until);
    if (group === undefined) groups.set(term.until, { people: [custodian], term });
    else group.people.push(custodian);
  }
  for (const { people, term } of groups.values())
    found.date({
      id: `training:${people[0]!}`,
      what: `${people.join(", ")} ${people.length === 1 ? "is" : "are"} to be trained`,
      command: COMMANDS.recordTrained(people),
      ...term,
    });
}

/** Custodians without alternates, and people who left and still hold slips. */
function custodianDuties(register: Register, found: Duties): void {
  const { custodians, policy } = register;
  const gone = (person: string): Deed | undefined => custodians.get(person)?.gone;
  for (const set of register.sets.values()) {
    if (!inUse(set)) continue;
    for (const slip of set.slips) {
      if (!isLeft(slip)) continue;
      const place = { ...slipPlace(set, slip), command: COMMANDS.recordSlip("moved", slip) };
      const { custodian, alternate } = slip;
      const left = gone(custodian);
      if (left !== undefined)
        found.date({
          id: `custodian:${refText(slip)}`,
          what: `${custodian} left and is still the custodian of ${refText(slip)}`,
          ...{ ...place, ...within(left, policy.graceDays) },
        });
      const alternateLeft = alternate === undefined ? undefined : gone(alternate);
      // What a reason was given for when it was issued is said with that reason.
      const accepted = lacksAsIssued(slip) && overrideOf(set, "no-alternate", register);
      if (accepted && alternateLeft === undefined) continue;
      if (holdersOf(slip).length < 2 || alternateLeft !== undefined)
        found.date({
          id: `alternate:${refText(slip)}`,
          what:
            alternateLeft === undefined
              ? `${refText(slip)} has a custodian and no alternate`
              : `${alternate!} left and is still the alternate for ${refText(slip)}`,
          ...{ ...place, ...within(alternateLeft ?? set.issued, policy.graceDays) },
        });
    }
  }
}

/** Whether nobody else can fetch a slip, just as it was when it was issued. */
function lacksAsIssued(slip: SlipState): boolean {
  const { alternate, issuedTo } = slip;
  return (
    holdersOf(issuedTo).length < 2 &&
    (issuedTo.alternate === undefined) === (alternate === undefined)
  );
}

function slipPlace(
  set: SetState,
  { slip }: SlipRef,
): { readonly account: string; readonly set: string; readonly slip: number } {
  return { account: set.account, set: set.set, slip };
}

function registerNotes(register: Register, found: Duties): void {
  for (const exception of register.exceptions.values())
    if (exception.closed === undefined)
      found.note({
        id: `exception:${exception.n}`,
        ...(exception.account === undefined ? {} : { account: exception.account }),
        what: `an exception is open: ${exception.problem}`,
        command: COMMANDS.closeException(exception.n),
        since: exception.at,
      });
  for (const [i, { n, at, what, clock, closed }] of register.contradictions.entries())
    if (closed === undefined)
      found.note({
        id: `contradiction:${i + 1}`,
        what: clock
          ? `entry ${n}: ${what}; set the clock, do again what it put off, and say so`
          : `entry ${n} can't be so: ${what}`,
        command: clock ? COMMANDS.closeException(n) : COMMANDS.log(n),
        since: at,
      });
  const [first] = register.later;
  if (first !== undefined)
    found.note({
      id: "later",
      what: `${register.later.length} ${register.later.length === 1 ? "entry is" : "entries are"} of a later version of breakglass and not understood here`,
      command: COMMANDS.log(first.n),
      since: first.at,
    });
}

function accountDuties(account: AccountState, register: Register, found: Duties): void {
  const { policy } = register;
  const name = account.account;
  const active = activeSet(register, name);
  const pending = pendingSet(register, name);
  if (pending !== undefined) pendingDuties(pending, register, found);
  if (active === undefined) {
    if (pending === undefined)
      found.date({
        ...{ id: `rotation:${name}`, account: name },
        what: `${name} has no password on slips`,
        command: COMMANDS.issue(name),
        ...within(account.added, policy.graceDays),
      });
    return;
  }
  const place = { account: name, set: active.set };
  const rotation = rotationUntil(active, register);
  if (rotation !== undefined)
    found.date({
      ...{ id: `rotation:${name}`, ...place },
      what: `the password of ${name} is to be replaced (set ${active.set}, generation ${active.generation})`,
      command: COMMANDS.rotate(name),
      until: isoTime(new Date(rotation)),
    });
  found.date({
    ...{ id: `sign-in:${name}`, ...place },
    what: `the sign-in of ${name} is to be tried`,
    command: COMMANDS.confirm(name),
    ...recurring(active.signedIn ?? active.issued, policy.validationDays),
  });
  if (account.secret === "password")
    found.date({
      ...{ id: `alert:${name}`, ...place },
      what:
        account.alertSeen === undefined
          ? `nobody has seen that a sign-in of ${name} raises an alert`
          : `the alert on a sign-in of ${name} is to be seen again`,
      command: COMMANDS.recordAccount("alert-seen", name),
      ...validated(account.alertSeen, active.confirmed ?? active.issued, policy),
    });
  activeDuties(active, rotation, register, found);
}

function activeDuties(
  set: SetState,
  rotation: number | undefined,
  register: Register,
  found: Duties,
): void {
  const { policy } = register;
  const { account } = set;
  const place = { account, set: set.set };
  for (const slip of set.slips) {
    if (!isLeft(slip)) continue;
    const checked = recurring(slip.checked ?? set.issued, policy.checkDays);
    // A rotation that comes no later brings a new slip, which is checked then.
    if (rotation === undefined || Date.parse(checked.until) < rotation)
      found.date({
        ...{ id: `check:${refText(slip)}`, ...slipPlace(set, slip) },
        what: `${refText(slip)} is to be checked by ${slip.custodian}`,
        command: COMMANDS.recordSlip("checked", slip),
        ...checked,
      });
    // What was before it was sealed the last time is over; opened since, it is no longer sealed.
    const opened = slip.sealed === undefined ? slip.opened : slip.used;
    if (!isSealed(slip))
      found.date({
        ...{ id: `sealed:${refText(slip)}`, ...slipPlace(set, slip) },
        what:
          opened === undefined
            ? `${refText(slip)} is not sealed`
            : `${refText(slip)} was opened and not sealed again`,
        command: COMMANDS.recordSlip("sealed", slip),
        ...within(opened ?? set.confirmed ?? set.issued, policy.graceDays),
      });
  }
  if (!isRecoverable(set))
    found.date({
      ...{ id: `recoverable:${account}`, ...place },
      what: `the password of ${account} can't be recovered any more: too few slips of set ${set.set} are left`,
      command: COMMANDS.rotate(account),
      ...within(lastLoss(set), 0),
    });
  ruleRemarks(set, register, found);
}

/** Rules that a set breaks: as it was issued, or since a slip was moved. */
function ruleRemarks(set: SetState, register: Register, found: Duties): void {
  const { policy } = register;
  const { account, threshold } = set;
  const left = set.slips.filter(isLeft);
  const problemsOf = (slips: SetPlan["slips"]): Problem[] =>
    holderProblems({ threshold, slips, stands: true }, policy, register);
  const issuedTo = left.map(({ slip, issuedTo: holding }) => ({ slip, ...holding }));
  const asIssued = new Set(problemsOf(issuedTo).map(({ what }) => what));
  const moved = lastMoved(left);
  const say = (problem: Problem, i: number, override: Override | undefined): void => {
    const { rule, severity, what } = problem;
    const byMove = moved !== undefined && !asIssued.has(what);
    const place = { id: `rule:${set.set}:${rule}:${i}`, account, set: set.set };
    if (override !== undefined)
      found.note({
        ...{ ...place, what: `accepted: set ${set.set}: ${what} (${override.reason})` },
        command: COMMANDS.log(override.n),
      });
    else if (severity === "warn")
      found.note({
        ...{ ...place, what: `set ${set.set}: ${what}`, command: COMMANDS.exposure(account) },
      });
    else
      found.remarks.push({
        ...{ ...place, severity: "due", what: `set ${set.set}: ${what}` },
        ...(byMove
          ? { command: COMMANDS.recordSlip("moved", moved), alternative: COMMANDS.rotate(account) }
          : { command: COMMANDS.rotate(account) }),
      });
  };
  for (const [i, problem] of problemsOf(left).entries()) {
    const override = overrideOf(set, problem.rule, register);
    // What came of a later move, nobody has given a reason for.
    const covers = asIssued.has(problem.what) || (moved?.moved?.n ?? 0) < (override?.n ?? 0);
    const reason = covers ? override : undefined;
    // Who left, and who is missing, is said above with its date.
    const above = problem.rule === "no-alternate" || problem.rule === "unknown-person";
    if (!above || reason !== undefined) say(problem, i, reason);
  }
  termRemarks(set, register, found);
}

/** The slip that was moved last. */
function lastMoved(slips: readonly SlipState[]): SlipState | undefined {
  const [last] = slips
    .filter(({ moved }) => moved !== undefined)
    .toSorted((a, b) => b.moved!.n - a.moved!.n);
  return last;
}

/** A set that is weaker than the policy asks, or is to stay longer. */
function termRemarks(set: SetState, register: Register, found: Duties): void {
  const { policy, accounts } = register;
  const { account } = set;
  const isPin = accounts.get(account)?.secret === "pin";
  for (const [id, problem] of [
    ["strength", isPin ? undefined : strengthProblem(set.strength, policy)],
    ["replace-by", replaceByProblem(set.replaceBy, set.issued.at, policy)],
  ] as const) {
    if (problem === undefined) continue;
    const override = overrideOf(set, problem.rule, register);
    // A date that the policy has overtaken is not the one that counts.
    if (override === undefined && problem.rule === "replace-by") continue;
    found.note({
      ...{ id: `${id}:${set.set}`, account, set: set.set },
      ...(override === undefined
        ? { what: `set ${set.set}: ${problem.what}`, command: COMMANDS.rotate(account) }
        : {
            what: `accepted: set ${set.set}: ${problem.what} (${override.reason})`,
            command: COMMANDS.log(override.n),
          }),
    });
  }
}

function lastLoss(set: SetState): Deed {
  const losses = set.slips.flatMap(({ destroyed, lost, damaged }) =>
    [destroyed, lost, damaged].filter((deed) => deed !== undefined),
  );
  return losses.reduce((last, deed) => (deed.at > last.at ? deed : last), set.issued);
}

/**
 * A ceremony that was begun: it goes on for the days of grace, and is overdue then. From the moment
 * the password is shown to be set it is due.
 */
function pendingDuties(set: SetState, register: Register, found: Duties): void {
  const { where, holds, next } = nextStep(register, set.account);
  const start = set.stage === "setting" ? (set.begun ?? set.issued) : set.issued;
  const duty = {
    ...{ id: `ceremony:${set.account}`, account: set.account, set: set.set },
    what: `${where}; the tenant holds ${holds}`,
    ...(next?.command === undefined ? {} : { command: next.command }),
    ...within(start, register.policy.graceDays),
  };
  // Which password the tenant holds is not to stay open for a day.
  if (set.stage === "setting") found.date(duty);
  else found.going.push(duty);
}

/** Old slips that are not destroyed, and files of slips that are not deleted. */
function leftoverDuties(account: AccountState, register: Register, found: Duties): void {
  const { graceDays } = register.policy;
  const { unsealed, old, kept } = leftovers(register, account.account);
  const [loose] = unsealed;
  // Where none is left to be sealed, the new set can't be recovered, and another one comes first.
  const toFree =
    loose === undefined ? COMMANDS.rotate(account.account) : COMMANDS.recordSlip("sealed", loose);
  for (const slip of [...old, ...kept]) {
    const set = register.sets.get(slip.set)!;
    const ended = set.superseded ?? set.abandoned ?? set.issued;
    const free = waitsForNewer(set, register) ? firstSealed(set, register) : undefined;
    found.date({
      ...{ id: `destroy:${refText(slip)}`, ...slipPlace(set, slip) },
      what: `${refText(slip)} is of ${set.stage === "abandoned" ? "an abandoned" : "an old"} set (generation ${set.generation}) and not destroyed yet`,
      command: kept.includes(slip) ? toFree : COMMANDS.recordSlip("destroyed", slip),
      ...within(free ?? ended, graceDays),
    });
  }
  for (const set of account.sets)
    if (set.files !== undefined)
      found.date({
        ...{ id: `files:${set.set}`, account: set.account, set: set.set },
        what: `the slip files of set ${set.set} are not deleted yet`,
        command: COMMANDS.recordSet("files-deleted", set.set),
        ...filesTerm(set, set.files, graceDays),
      });
}

/** Until every slip was checked, one may have to be printed again. */
function filesTerm(
  { stage }: SetState,
  written: Deed,
  graceDays: number,
): Pick<DueDate, "since" | "until"> {
  const { since, until } = within(written, graceDays);
  return stage === "issued" ? { until } : { since, until };
}

/** There is no grace after a loss. */
export function triggerTerm(
  trigger: Trigger,
  { graceDays }: Policy,
): { readonly since: string; readonly until: string } {
  return within(trigger, isLoss(trigger) ? 0 : graceDays);
}

/** Whether a trigger is about the paper or the password of one set, and not about people. */
function isOfSet({ kind, slip }: Trigger): boolean {
  return slip !== undefined || kind === "compromised";
}

/** After a loss of paper, whether another one could be borne. */
function leftText({ kind }: Trigger, set: SetState): string {
  if (kind !== "lost" && kind !== "damaged") return "";
  const left = set.slips.filter(isLeft).length;
  return `; ${left} of ${set.slips.length} slips ${left === 1 ? "is" : "are"} left, ${set.threshold} are needed`;
}

/** A trigger, for each account that it still concerns. */
function triggerDuties(trigger: Trigger, register: Register, found: Duties): void {
  const open = trigger.sets
    .map((name) => register.sets.get(name))
    .filter((set) => set !== undefined)
    .filter((set) => isOpen(trigger, set))
    // A set that was never set is abandoned, and the tenant's password stays as it is.
    .filter((set) => !(isPending(set) && isOfSet(trigger)));
  for (const account of new Set(open.map((set) => set.account))) {
    const set = open.find((other) => other.account === account)!;
    found.date({
      ...{ id: `trigger:${trigger.n}:${account}`, account, set: set.set },
      ...(trigger.slip === undefined ? {} : { slip: trigger.slip.slip }),
      what: `the password of ${account} is to be replaced: ${trigger.what}${leftText(trigger, set)}`,
      command: COMMANDS.rotate(account),
      ...(isLoss(trigger) ? {} : { alternative: COMMANDS.assess(trigger.n, account) }),
      ...triggerTerm(trigger, register.policy),
    });
  }
}
