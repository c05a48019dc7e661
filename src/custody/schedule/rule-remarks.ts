import { COMMANDS } from "../commands.ts";
import { isLeft, type Deed, type Register, type SetState, type SlipState } from "../register.ts";
import { replaceCommand } from "../lifecycle/standing.ts";
import {
  holderProblems,
  replaceByProblem,
  strengthProblem,
  type HolderProblem,
  type Problem,
  type SetPlan,
} from "../rules.ts";
import { within, Duties, type Duty } from "./duty.ts";

type Override = Register["overrides"][number];

/** Why a set may break a rule. It holds until the set ends. */
export function overrideOf(
  set: SetState,
  rule: Problem["rule"],
  { overrides }: Register,
): Override | undefined {
  return overrides.findLast((override) => override.set === set.set && override.rule === rule);
}

/** Rules on holders that a set breaks: as it was issued, or since a slip was moved. */
export function holderRemarks(set: SetState, register: Register, found: Duties): void {
  const { policy } = register;
  const { threshold } = set;
  const left = set.slips.filter(isLeft);
  const problemsOf = (slips: SetPlan["slips"]): HolderProblem[] =>
    holderProblems({ threshold, slips, stands: true }, policy, register);
  const issuedTo = left.map(({ slip, issuedTo: holding }) => ({ slip, ...holding }));
  const asIssued = new Set(problemsOf(issuedTo).map(({ what }) => what));
  for (const [i, problem] of problemsOf(left).entries()) {
    const { rule, what } = problem;
    const about = left.filter(({ slip }) => problem.slips.includes(slip));
    const moved = lastMoved(about);
    const override = overrideOf(set, rule, register);
    // What came of a later move, nobody has given a reason for.
    const covers = asIssued.has(what) || (moved?.moved?.n ?? 0) < (override?.n ?? 0);
    const reason = covers ? override : undefined;
    // Who left, and who is missing, is said above with its date.
    if (reason === undefined && (rule === "no-alternate" || rule === "unknown-person")) continue;
    const byMove = asIssued.has(what) ? undefined : moved;
    say(problem, i, { set, register, found, about, override: reason, byMove });
  }
}

/** What is known of a rule that a set breaks. */
interface Broken {
  readonly set: SetState;
  readonly register: Register;
  readonly found: Duties;
  /** The slips that it is about. */
  readonly about: readonly SlipState[];
  readonly override: Override | undefined;
  /** The slip that was moved last, if it came of a move. */
  readonly byMove: SlipState | undefined;
}

function say({ rule, severity, what }: HolderProblem, i: number, broken: Broken): void {
  const { set, found, override } = broken;
  const { account } = set;
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
  else {
    const duty = { ...place, what: `set ${set.set}: ${what}`, ...settledBy(rule, broken) };
    const cause = causeOf(rule, broken);
    if (cause === undefined) found.remarks.push({ ...duty, severity: "due" });
    else found.date({ ...duty, ...within(cause, broken.register.policy.graceDays) });
  }
}

/** Rules on where slips lie: another place for one of them settles it. */
const PLACE_RULES: readonly string[] = [
  "safe-opens",
  "site-opens",
  "share-site",
  "unknown-location",
];

/** A set that is not active yet can't be replaced: its slips are moved until it breaks no rule. */
function settledBy(
  rule: Problem["rule"],
  { set, register, about, byMove }: Broken,
): Pick<Duty, "command" | "alternative"> {
  const rotate = replaceCommand(register, set.account);
  const isActive = set.stage === "active";
  const slip = byMove ?? lastMoved(about) ?? about.at(-1);
  const moves = byMove !== undefined || PLACE_RULES.includes(rule) || !isActive;
  if (!moves || slip === undefined) return { command: rotate };
  const command = COMMANDS.recordSlip("moved", slip);
  return isActive ? { command, alternative: rotate } : { command };
}

/** The entry that broke a rule, if no other one can have: neither a new policy nor another site. */
function causeOf(rule: Problem["rule"], { register, about, byMove }: Broken): Deed | undefined {
  if (rule === "unknown-location") return register.locations.get(about[0]!.location)?.gone;
  return rule === "person-opens" || rule === "safe-opens" ? byMove?.moved : undefined;
}

/** The slip that was moved last. */
function lastMoved(slips: readonly SlipState[]): SlipState | undefined {
  const [last] = slips
    .filter(({ moved }) => moved !== undefined)
    .toSorted((a, b) => b.moved!.n - a.moved!.n);
  return last;
}

/** A set that is weaker than the policy asks, or is to stay longer. */
export function termRemarks(set: SetState, register: Register, found: Duties): void {
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
        ? { what: `set ${set.set}: ${problem.what}`, command: replaceCommand(register, account) }
        : {
            what: `accepted: set ${set.set}: ${problem.what} (${override.reason})`,
            command: COMMANDS.log(override.n),
          }),
    });
  }
}
