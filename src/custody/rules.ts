import type { Strength } from "../core/strength.ts";
import { isSameName, nameKey } from "./names.ts";
import { keepsPassword, type Policy } from "./policy.ts";
import { holdersOf, type Register } from "./register.ts";
import { DAY } from "./times.ts";

/** Who is to hold a slip, and where it is to lie. */
export interface HolderPlan {
  /** The slip's number, if it is not its place in the list. */
  readonly slip?: number;
  readonly custodian: string;
  readonly alternate?: string | undefined;
  readonly location: string;
}

/** The holders of a set that is to be issued, or was. */
export interface SetPlan {
  /** Slips needed. */
  readonly threshold: number;
  /** Slip 1 first. */
  readonly slips: readonly HolderPlan[];
  /** Whether it is so already, and not to be. */
  readonly stands?: boolean;
}

/** The name of a rule, as it is written down when it is overridden. */
type Rule =
  | "person-opens"
  | "alternate-opens"
  | "safe-opens"
  | "site-opens"
  | "share-custodian"
  | "share-site"
  | "no-alternate"
  | "unknown-person"
  | "unknown-location"
  | "minimum-strength"
  | "replace-by";

/** A rule that a plan breaks. */
export interface Problem {
  readonly rule: Rule;
  /** Whether this stands in the way, or is only said. */
  readonly severity: "refuse" | "warn";
  /** One sentence. */
  readonly what: string;
}

/** A rule on holders that a plan breaks. */
export interface HolderProblem extends Problem {
  /** The slips that it is about. */
  readonly slips: readonly number[];
}

function numbers(slips: readonly number[]): string {
  const all = slips.map(String);
  const last = all.pop()!;
  return all.length === 0 ? `slip ${last}` : `slips ${all.join(", ")} and ${last}`;
}

/** A name, and the numbers of the slips that it has to do with. */
interface Group {
  readonly name: string;
  readonly held: number[];
}

/** The slips that each of some names has to do with, whatever way it is spelled. */
function groupSlips(
  slips: readonly HolderPlan[],
  namesOf: (slip: HolderPlan) => readonly (string | undefined)[],
): Map<string, Group> {
  const groups = new Map<string, Group>();
  slips.forEach((slip, i) => {
    for (const name of namesOf(slip)) {
      if (name === undefined) continue;
      const group = groups.get(nameKey(name)) ?? { name, held: [] };
      group.held.push(slip.slip ?? i + 1);
      groups.set(nameKey(name), group);
    }
  });
  return groups;
}

/** Every rule on holders that a plan breaks, the worst first. */
export function holderProblems(plan: SetPlan, policy: Policy, register: Register): HolderProblem[] {
  const { slips, threshold, stands = false } = plan;
  const holds = stands ? "holds" : "would hold";
  const lie = stands ? "lie" : "would lie";
  const fetch = stands ? "can fetch" : "could fetch";
  const problems: HolderProblem[] = [];
  const add = (
    rule: Rule,
    severity: Problem["severity"],
    about: readonly number[],
    what: string,
  ): void => void problems.push({ rule, severity, slips: about, what });
  const siteOf = ({ location }: HolderPlan): string | undefined =>
    register.locations.get(location)?.site;

  const people = groupSlips(slips, ({ custodian }) => [custodian]);
  const reaches = groupSlips(slips, ({ custodian, alternate }) =>
    holdersOf({ custodian, alternate }),
  );
  for (const [key, { name: person, held }] of reaches) {
    const own = people.get(key)?.held ?? [];
    if (own.length >= threshold)
      add(
        "person-opens",
        "refuse",
        own,
        `${person} ${holds} ${numbers(own)}: enough to open the set`,
      );
    else if (held.length >= threshold)
      add(
        "alternate-opens",
        policy.alternatesCount,
        held,
        `${person} ${fetch} ${numbers(held)}, as custodian or as alternate: enough to open the set`,
      );
    if (!policy.shareCustodian && own.length > 1 && own.length < threshold)
      add("share-custodian", "refuse", own, `${person} ${holds} ${numbers(own)}`);
  }
  const safes = groupSlips(slips, ({ location }) => [location]);
  for (const { name: safe, held } of safes.values())
    if (held.length >= threshold)
      add(
        "safe-opens",
        "refuse",
        held,
        `${numbers(held)} ${lie} in ${safe}: enough to open the set`,
      );
  const sites = groupSlips(slips, (slip) => [siteOf(slip)]);
  for (const { name: site, held } of sites.values()) {
    if (held.length >= threshold)
      add(
        "site-opens",
        "refuse",
        held,
        `${numbers(held)} ${lie} at ${site}: enough to open the set`,
      );
    else if (!policy.shareSite && held.length > 1 && held.length < threshold)
      add("share-site", "refuse", held, `${numbers(held)} ${lie} at ${site}`);
  }
  slips.forEach(({ custodian, alternate, location, slip: number }, i) => {
    const about = [number ?? i + 1];
    const slip = numbers(about);
    if (alternate === undefined) add("no-alternate", "refuse", about, `${slip} has no alternate`);
    else if (isSameName(custodian, alternate))
      add("no-alternate", "refuse", about, `the alternate of ${slip} is its custodian`);
    for (const person of holdersOf({ custodian, alternate })) {
      const known = register.custodians.get(person);
      if (known === undefined)
        add("unknown-person", "refuse", about, `${person} (${slip}) is not in the register`);
      else if (known.gone !== undefined)
        add("unknown-person", "refuse", about, `${person} (${slip}) has left`);
    }
    const safe = register.locations.get(location);
    if (safe === undefined)
      add("unknown-location", "refuse", about, `${location} (${slip}) is not in the register`);
    else if (safe.gone !== undefined)
      add("unknown-location", "refuse", about, `${location} (${slip}) is no longer used`);
  });
  return problems.toSorted((a, b) => Number(a.severity === "warn") - Number(b.severity === "warn"));
}

/**
 * Whether a set is to be replaced later than the policy has it.
 *
 * @param replaceBy a day
 * @param issued a day, or a moment
 */
export function replaceByProblem(
  replaceBy: string,
  issued: string,
  policy: Policy,
): Problem | undefined {
  const { rotationDays } = policy;
  const last = Date.parse(issued.slice(0, 10)) + rotationDays * DAY;
  if (keepsPassword(policy) || Date.parse(replaceBy) <= last) return undefined;
  return {
    rule: "replace-by",
    severity: "refuse",
    what: `it is to be replaced by ${replaceBy}, and the policy asks for ${rotationDays} days`,
  };
}

/**
 * Whether a set is weaker than the policy allows.
 *
 * @param strength undefined for a secret that was not generated here
 */
export function strengthProblem(
  strength: Strength | undefined,
  policy: Policy,
): Problem | undefined {
  if (strength === undefined)
    return {
      rule: "minimum-strength",
      severity: "refuse",
      what: "the strength of an imported secret is unknown",
    };
  if (strength.afterOne >= policy.minimumBits) return undefined;
  return {
    rule: "minimum-strength",
    severity: "refuse",
    what: `only ${Math.floor(strength.afterOne)} bits would be left if one slip is seen, and the policy asks for ${policy.minimumBits}`,
  };
}
