import { COMMANDS } from "../commands.ts";
import type { Policy } from "../policy.ts";
import type { Register } from "../register.ts";
import { DAY } from "../times.ts";
import { accountDuties, leftoverDuties } from "./account-duties.ts";
import {
  SEVERITIES,
  endOfDay,
  Duties,
  type Severity,
  type Duty,
  type Finding,
  type DueDate,
} from "./duty.ts";
import { registerDuties } from "./register-duties.ts";
import { triggerDuties } from "./trigger-duties.ts";

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
