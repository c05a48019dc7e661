import { COMMANDS } from "../commands.ts";
import { isLeft, type Register, type SetState, type SlipState } from "../register.ts";
import {
  holderProblems,
  replaceByProblem,
  strengthProblem,
  type Problem,
  type SetPlan,
} from "../rules.ts";
import { Duties } from "./duty.ts";

type Override = Register["overrides"][number];

/** Why a set may break a rule. It holds until the set ends. */
export function overrideOf(
  set: SetState,
  rule: Problem["rule"],
  { overrides }: Register,
): Override | undefined {
  return overrides.findLast((override) => override.set === set.set && override.rule === rule);
}

/** Rules that a set breaks: as it was issued, or since a slip was moved. */
export function ruleRemarks(set: SetState, register: Register, found: Duties): void {
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
