import { describe, expect, it } from "vitest";
import {
  holderProblems,
  replaceByProblem,
  strengthProblem,
  type HolderPlan,
} from "../../src/custody/rules.ts";
import type { PolicyChange } from "../../src/custody/policy.ts";
import { HOLDERS, opened } from "./book.ts";

const { register } = opened()
  .put({ kind: "location-added", location: "Safe D", site: "Vienna" })
  .put({ kind: "custodian-added", custodian: "Gus" }, { kind: "custodian-gone", custodian: "Gus" })
  .put(
    { kind: "location-added", location: "Attic", site: "Wels" },
    { kind: "location-gone", location: "Attic" },
  );

function problems(
  change: (holders: HolderPlan[]) => HolderPlan[],
  policy: PolicyChange = {},
  threshold = 2,
): string[] {
  const slips = change(HOLDERS.map((holder) => ({ ...holder })));
  return holderProblems({ threshold, slips }, { ...register.policy, ...policy }, register).map(
    ({ rule, severity, what }) => `${severity} ${rule}: ${what}`,
  );
}

describe("the holders of a set", () => {
  it("are the same people and safes whatever way their names are spelled", () => {
    const spelled = problems(([one, two, three]) => [
      one!,
      { ...two!, custodian: "ADA", location: "safe a" },
      { ...three!, alternate: "cy" },
    ]);
    expect(spelled.filter((problem) => !problem.includes("unknown"))).toEqual([
      "refuse person-opens: Ada would hold slips 1 and 2: enough to open the set",
      "refuse safe-opens: slips 1 and 2 would lie in Safe A: enough to open the set",
      "refuse no-alternate: the alternate of slip 3 is its custodian",
    ]);
  });

  it("may be three people at three sites", () => {
    expect(problems((holders) => holders)).toEqual([]);
  });

  it.each<[string, Partial<HolderPlan>, PolicyChange, number, string[]]>([
    [
      "one person",
      { custodian: "Ada" },
      {},
      2,
      ["refuse person-opens: Ada would hold slips 1 and 2: enough to open the set"],
    ],
    [
      "one person who can't open it",
      { custodian: "Ada" },
      {},
      3,
      ["refuse share-custodian: Ada would hold slips 1 and 2"],
    ],
    [
      "one person who can't open it, as the policy allows",
      { custodian: "Ada" },
      { shareCustodian: true },
      3,
      [],
    ],
    [
      "one safe",
      { location: "Safe A" },
      {},
      2,
      [
        "refuse safe-opens: slips 1 and 2 would lie in Safe A: enough to open the set",
        "refuse site-opens: slips 1 and 2 would lie at Vienna: enough to open the set",
      ],
    ],
    [
      "two safes at one site",
      { location: "Safe D" },
      {},
      2,
      ["refuse site-opens: slips 1 and 2 would lie at Vienna: enough to open the set"],
    ],
    [
      "two safes at one site that don't open it",
      { location: "Safe D" },
      {},
      3,
      ["refuse share-site: slips 1 and 2 would lie at Vienna"],
    ],
    [
      "two safes at one site, as the policy allows",
      { location: "Safe D" },
      { shareSite: true },
      3,
      [],
    ],
    [
      "an alternate who holds another slip",
      { alternate: "Ada" },
      {},
      2,
      [
        "warn alternate-opens: Ada could fetch slips 1 and 2, as custodian or as alternate: enough to open the set",
      ],
    ],
    [
      "the same, refused by policy",
      { alternate: "Ada" },
      { alternatesCount: "refuse" },
      2,
      [
        "refuse alternate-opens: Ada could fetch slips 1 and 2, as custodian or as alternate: enough to open the set",
      ],
    ],
    [
      "no alternate",
      { alternate: undefined },
      {},
      2,
      ["refuse no-alternate: slip 2 has no alternate"],
    ],
    [
      "an alternate to oneself",
      { alternate: "Bea" },
      {},
      2,
      ["refuse no-alternate: the alternate of slip 2 is its custodian"],
    ],
    [
      "a stranger",
      { custodian: "Zoe" },
      {},
      2,
      ["refuse unknown-person: Zoe (slip 2) is not in the register"],
    ],
    [
      "somebody who left",
      { alternate: "Gus" },
      {},
      2,
      ["refuse unknown-person: Gus (slip 2) has left"],
    ],
    [
      "an unknown safe",
      { location: "Shed" },
      {},
      2,
      ["refuse unknown-location: Shed (slip 2) is not in the register"],
    ],
    [
      "a safe of old",
      { location: "Attic" },
      {},
      2,
      ["refuse unknown-location: Attic (slip 2) is no longer used"],
    ],
  ])("%s", (_, second, policy, threshold, expected) => {
    expect(
      problems((holders) => holders.with(1, { ...holders[1]!, ...second }), policy, threshold),
    ).toEqual(expected);
  });

  it("are named by the numbers of their slips", () => {
    const named = problems(([first, , third]) => [
      { ...first!, slip: 1 },
      { ...third!, slip: 3, custodian: "Ada" },
    ]);
    expect(named[0]).toContain("slips 1 and 3");
  });
});

it("a set is replaced as soon as the policy asks", () => {
  const problem = (day: string, change: PolicyChange = {}): string | undefined =>
    replaceByProblem(day, "2026-01-01T09:00:00Z", { ...register.policy, ...change })?.what;
  expect(problem("2026-04-01")).toBeUndefined();
  expect(problem("2026-04-02")).toBe(
    "it is to be replaced by 2026-04-02, and the policy asks for 90 days",
  );
  expect(problem("2027-12-31", { mode: "validate-only" })).toBeUndefined();
});

it("a set is as strong as the policy asks", () => {
  const policy = { ...register.policy, minimumBits: 80 };
  const strength = { whole: 190, afterOne: 80, afterAllButOne: 80 };
  expect(strengthProblem(strength, policy)).toBeUndefined();
  expect(strengthProblem({ ...strength, afterOne: 79.9 }, policy)?.what).toMatch(/only 79 bits/);
  expect(strengthProblem(undefined, policy)?.what).toMatch(/unknown/);
});
