import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_KINDS, type CustodyEvent } from "../../src/custody/events.ts";
import { leftovers, looseEnd, nextStep } from "../../src/custody/lifecycle/standing.ts";
import { permits } from "../../src/custody/lifecycle/permits.ts";
import type { PolicyChange } from "../../src/custody/policy.ts";
import {
  heldSets,
  isPending,
  isRecoverable,
  setsOf,
  type Register,
} from "../../src/custody/register.ts";
import { apply } from "../../src/custody/fold/fold.ts";
import { eventOf } from "./arbitrary.ts";
import { Book, issue, opened, perform, steps, type Happening } from "./book.ts";

const KEY = { kind: "item-added", item: "Key 2", type: "FIDO2 key" } as const;
const MOVED = { kind: "item-moved", item: "Key 1" } as const;

const SETS = ["K7Q2", "M0XA", "9ZZW", "TT4T", "4YR1", "A000"];
const ACCOUNTS = ["bg-1", "bg-2"];

function recoverAs(actor: string, set: string, slips: readonly number[]): Happening {
  return { kind: "password-recovered", set, slips, purpose: "ceremony", actor };
}

/** Commands in any order, some of them sensible: for them, by chance, far lives come about. */
const command: fc.Arbitrary<(register: Register) => Happening> = fc
  .record({
    account: fc.constantFrom(...ACCOUNTS),
    set: fc.constantFrom(...SETS),
    slip: fc.integer({ min: 1, max: 3 }),
    actor: fc.constantFrom("Ada", "Bea"),
    subset: fc.constantFrom([1, 2], [2, 3], [1, 3]),
    latest: fc.boolean(),
    kind: fc.constantFrom(
      ...(["set-issued", "slip-printed", "slip-checked", "slip-checked", "slip-checked"] as const),
      ...(["setting-begun", "sign-in-confirmed", "sign-in-failed", "set-backed-out"] as const),
      ...(["set-abandoned", "slip-sealed", "slip-sealed", "slip-opened", "slip-moved"] as const),
      ...(["slip-destroyed", "slip-destroyed", "slip-destroyed", "password-recovered"] as const),
      ...Array<"follow">(15).fill("follow"),
    ),
  })
  .map(({ account, set: drawn, slip: number, actor, subset, latest, kind }) => (register) => {
    const sets = setsOf(register, account);
    const set = (latest ? sets.at(-1)?.set : undefined) ?? drawn;
    const slip = { set, slip: number };
    const free = SETS.find((name) => !register.sets.has(name)) ?? drawn;
    const generation = (sets.at(-1)?.generation ?? 0) + 1;
    const next = (): Happening => {
      const last = sets.at(-1);
      if (last === undefined) return issue({ set: free, account, generation });
      const of = (found: { slip: number }): { set: string; slip: number } => ({
        ...{ set: last.set, slip: found.slip },
      });
      const open = last.slips.find(({ checked }) => checked === undefined);
      if (open !== undefined) return { kind: "slip-checked", slip: of(open) };
      if (last.stage === "checked")
        return { kind: "setting-begun", set: last.set, slips: [1, 2], actor: "Ada" };
      if (last.stage === "setting") {
        const isReady = last.recoveries.some((each) => each.actor === "Bea");
        return isReady
          ? { kind: "sign-in-confirmed", set: last.set, slips: [2, 3], actor: "Bea" }
          : recoverAs("Bea", last.set, [2, 3]);
      }
      const loose = last.slips.find(({ sealed }) => sealed === undefined);
      if (loose !== undefined && last.stage === "active")
        return { kind: "slip-sealed", slip: of(loose) };
      const old = sets
        .filter(({ stage }) => stage === "superseded" || stage === "abandoned")
        .flatMap(({ slips }) => slips.filter(({ destroyed }) => destroyed === undefined))[0];
      return old === undefined
        ? issue({ set: free, account, generation })
        : { kind: "slip-destroyed", slip: { set: old.set, slip: old.slip }, witness: "Wim" };
    };
    switch (kind) {
      case "follow":
        return next();
      case "set-issued":
        return issue({ set: drawn, account, generation });
      case "slip-printed":
        return { kind, slip, to: "file" };
      case "slip-opened":
        return { kind, slip, reason: "check" };
      case "slip-destroyed":
        return { kind, slip, witness: "Wim" };
      case "set-abandoned":
        return { kind, set, reason: "none" };
      case "set-backed-out": {
        const restored = heldSets(register, account).find(({ stage }) => stage === "active")?.set;
        return restored === undefined || actor === "Bea" ? { kind, set } : { kind, set, restored };
      }
      case "setting-begun":
      case "sign-in-confirmed":
      case "sign-in-failed":
        return { kind, set, slips: subset, actor };
      case "password-recovered":
        return { kind, set, slips: subset, actor, purpose: "ceremony" };
      default:
        return { kind, slip };
    }
  });

/**
 * What the tenant holds, kept apart from the register's own idea of it: the sets whose password
 * may be set there.
 */
class Tenant {
  readonly maybe = new Map<string, Set<string>>();
  #underWay: string | undefined;

  follow(account: string, happening: Happening): void {
    const held = this.maybe.get(account) ?? new Set();
    this.maybe.set(account, held);
    if (happening.kind === "setting-begun") {
      held.add(happening.set);
      this.#underWay = happening.set;
    } else if (happening.kind === "set-backed-out") held.delete(happening.set);
    // A sign-in with the old password does not keep anybody from setting the new one a minute later.
    else if (happening.kind === "sign-in-confirmed" && happening.set === this.#underWay)
      this.maybe.set(account, new Set([happening.set]));
  }
}

describe("whatever commands are tried in whatever order", () => {
  it("nobody is locked out", () => {
    let reached = 0;
    fc.assert(
      fc.property(fc.array(command, { minLength: 20, maxLength: 120 }), (commands) => {
        const book = opened();
        const tenant = new Tenant();
        for (const make of commands) {
          const happening = make(book.register);
          const event = book.event(happening);
          if (permits(book.register, event) !== undefined) continue;
          book.force(event);
          const name =
            "set" in happening && typeof happening.set === "string" ? happening.set : undefined;
          const account = name === undefined ? undefined : book.register.sets.get(name)?.account;
          if (account !== undefined) tenant.follow(account, happening);
          expectSafe(book, tenant);
        }
        if ([...book.register.sets.values()].some(({ stage }) => stage === "destroyed")) reached++;
        expect(book.register.contradictions).toEqual([]);
      }),
      { numRuns: 300 },
    );
    // The commands do lead to the end of a set's life, so that the rules on it were tried.
    expect(reached).toBeGreaterThan(5);
  });
});

function expectSafe(book: Book, tenant: Tenant): void {
  const { register } = book;
  const all = [...register.sets.values()];
  expect(all.filter(({ stage }) => stage === "setting").length).toBeLessThanOrEqual(1);
  for (const account of ACCOUNTS) {
    const sets = setsOf(register, account);
    expect(
      sets.filter((set) => isPending(set) || set.stage === "setting").length,
    ).toBeLessThanOrEqual(1);
    const held = heldSets(register, account);
    const truth = tenant.maybe.get(account) ?? new Set();
    expect(new Set(held.map(({ set }) => set))).toEqual(truth);
    const tries = held.toSorted((a, b) => b.generation - a.generation).map(({ set }) => set);
    expect(nextStep(register, account).tries).toEqual(
      held.some(({ stage, failed }) => stage === "setting" && failed !== undefined) &&
        held.every(({ stage, failed }) => stage === "setting" || failed === undefined)
        ? tries.toReversed()
        : tries,
    );
    for (const set of held) {
      expect(isRecoverable(set)).toBe(true);
      for (const { slip } of set.slips) {
        const destroy = {
          kind: "slip-destroyed",
          slip: { set: set.set, slip },
          witness: "Wim",
        } as const;
        expect(book.refusal(destroy)).toBeDefined();
      }
      expect(book.refusal({ kind: "set-abandoned", set: set.set, reason: "x" })).toBeDefined();
    }
  }
}

/** The register of a book as it would be with one more event. */
function foldedWith(book: Book, happening: Happening): Register {
  const register = structuredClone(book.register);
  apply(register, {
    ...{ ...book.event(happening), n: register.n + 1, prev: "", hash: "" },
  });
  return register;
}

describe("a ceremony", () => {
  const set = "K7Q2";
  const begun = (): Book =>
    opened().put(issue({ set, account: "bg-1", generation: 1 }), ...steps.print(set));

  it("is led from each step to the next", () => {
    const book = begun();
    const where = (): string => nextStep(book.register, "bg-1").where;
    const next = (): string | undefined => nextStep(book.register, "bg-1").next?.command;
    expect(where()).toMatch(/0 of 3 slips checked/);
    expect(next()).toBe("breakglass check K7Q2/1");
    book.put(...steps.check(set));
    expect(next()).toBe("breakglass recover --set K7Q2");
    book.put(...steps.begin(set));
    expect(next()).toBe("breakglass confirm bg-1");
    expect(nextStep(book.register, "bg-1").holds).toMatch(/or a password that is in no set/);
    book.put(...steps.confirm(set));
    expect(next()).toBe("breakglass record sealed K7Q2/1");
    book.put(...steps.seal(set));
    expect(nextStep(book.register, "bg-1")).toEqual({
      ...{ where: "set K7Q2 (generation 1) is active, and nothing is under way", tries: [set] },
      ...{
        holds: "generation 1 (set K7Q2)",
        pending: undefined,
        next: undefined,
        backOut: undefined,
      },
    });
  });

  it("says of a set with which a sign-in failed that it did, and to try the one before it first", () => {
    const begun = (): Book => {
      const book = opened();
      perform(book, { set, account: "bg-1", generation: 1 });
      book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.print("M0XA"));
      return book.put(...steps.check("M0XA"), ...steps.begin("M0XA")).on("2026-02-03");
    };
    const failed: Happening = { kind: "sign-in-failed", set: "M0XA", slips: [2, 3] };
    const book = begun().put(failed);
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      ...{
        holds:
          "generation 1 or 2: a sign-in with 2 failed on 2026-02-03, try 1 first (set K7Q2, then set M0XA)",
      },
      ...{ tries: [set, "M0XA"], pending: "M0XA", next: { command: "breakglass confirm bg-1" } },
    });
    // Set again, it is the one to try first again.
    book.put(...steps.begin("M0XA"));
    expect(nextStep(book.register, "bg-1").tries).toEqual(["M0XA", set]);
    const alone = begun().put({ kind: "slip-lost", slip: { set, slip: 1 } });
    alone.put({ kind: "slip-lost", slip: { set, slip: 2 } }, failed);
    expect(nextStep(alone.register, "bg-1").holds).toBe(
      "generation 2 or 1: a sign-in with 2 failed on 2026-02-03, too few sound slips of 1 are left, try 2 first (set M0XA, then set K7Q2)",
    );
  });

  it("sends nobody first to a set that can't be recovered, though no sign-in with it failed", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.print("M0XA"));
    book.put(...steps.check("M0XA"), ...steps.begin("M0XA"));
    for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: "M0XA", slip } });
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      holds:
        "generation 1 or 2: too few sound slips of 2 are left, try 1 first (set K7Q2, then set M0XA)",
      tries: [set, "M0XA"],
    });
  });

  it("has a set that an emergency showed tried before the active one with which a sign-in failed", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.print("M0XA"));
    book.put({
      ...{ kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
    });
    expect(nextStep(book.register, "bg-1").tries).toEqual([set, "M0XA"]);
    book.on("2026-02-03").put({ kind: "sign-in-failed", set, slips: [1, 2] });
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      holds:
        "generation 1 (set K7Q2), with which a sign-in failed on 2026-02-03; or generation 2 (set M0XA), whose password was shown in an emergency before it was set: try it first",
      tries: ["M0XA", set],
    });
  });

  it("forgets that a sign-in failed with a set whose password was set again, and held", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put({ kind: "sign-in-failed", set, slips: [1, 2] });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.print("M0XA"));
    book.put(...steps.check("M0XA"), ...steps.begin("M0XA"));
    expect(book.register.sets.get(set)!.failed).toBeDefined();
    book.put({ kind: "password-recovered", set, slips: [1, 2], purpose: "ceremony" });
    book.put({ kind: "set-backed-out", set: "M0XA", restored: set });
    expect(book.register.sets.get(set)!.failed).toBeUndefined();
  });

  it("says which of two sets to try, and how to go back", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.print("M0XA"));
    book.put(...steps.check("M0XA"), ...steps.begin("M0XA"));
    const standing = nextStep(book.register, "bg-1");
    expect(standing.holds).toBe("generation 2 or 1: try 2 first (set M0XA, then set K7Q2)");
    expect(standing.backOut?.command).toBe("breakglass record backed-out M0XA --restored K7Q2");
    expect(book.refusal({ kind: "set-backed-out", set: "M0XA" })?.refusal).toMatch(
      /K7Q2 \(generation 1\) has to be set again first/,
    );
    const back = { kind: "set-backed-out", set: "M0XA", restored: set } as const;
    expect(book.refusal(back)?.refusal).toBe(
      "the register has no recovery of set K7Q2 since set M0XA was about to be set",
    );
    book.put(recoverAs("Ada", set, [1, 3]), back);
    expect(book.register.triggers.size).toBe(0);
    expect(nextStep(book.register, "bg-1").holds).toBe("generation 1 (set K7Q2)");
  });

  it.each<[string, (book: Book) => Book, Happening, RegExp]>([
    [
      "setting before every slip is checked",
      (book) => book.put(...steps.check(set).slice(0, 2)),
      { kind: "setting-begun", set, slips: [1, 2] },
      /K7Q2\/3 was not checked/,
    ],
    [
      "setting with a slip lost",
      (book) => book.put(...steps.check(set), { kind: "slip-lost", slip: { set, slip: 3 } }),
      { kind: "setting-begun", set, slips: [1, 2] },
      /K7Q2\/3 is lost/,
    ],
    [
      "setting from too few slips",
      (book) => book.put(...steps.check(set)),
      { kind: "setting-begun", set, slips: [1] },
      /needs 2 slips/,
    ],
    [
      "setting from one slip twice",
      (book) => book.put(...steps.check(set)),
      { kind: "setting-begun", set, slips: [1, 1] },
      /not different slips/,
    ],
    [
      "showing the password before it is said that it will be set",
      (book) => book.put(...steps.check(set)),
      { kind: "password-recovered", set, slips: [1, 2], purpose: "ceremony" },
      /nobody was told/,
    ],
    [
      "confirming before",
      (book) => book.put(...steps.check(set)),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" },
      /was not about to be set/,
    ],
    [
      "confirming by the same person",
      (book) => book.put(...steps.check(set), ...steps.begin(set)),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Ada" },
      /Ada recovered the password to set it/,
    ],
    [
      "confirming by the same person, written otherwise",
      (book) => book.put(...steps.check(set), ...steps.begin(set)),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: " \uff21da\u00a0" },
      /Ada recovered the password to set it/,
    ],
    [
      "confirming by who set it again after a failed sign-in",
      (book) =>
        book.put(
          ...steps.check(set),
          ...steps.begin(set),
          { kind: "sign-in-failed", set },
          { kind: "setting-begun", set, slips: [2, 3], actor: "Bea" },
          recoverAs("Bea", set, [2, 3]),
        ),
      { kind: "sign-in-confirmed", set, slips: [1, 3], actor: "Bea" },
      /Bea recovered the password to set it/,
    ],
    [
      "confirming by who set it before another did",
      (book) =>
        book.put(...steps.check(set), ...steps.begin(set), {
          ...{ kind: "setting-begun", set, slips: [2, 3], actor: "Bea" },
        }),
      { kind: "sign-in-confirmed", set, slips: [1, 3], actor: "Ada" },
      /Ada recovered the password to set it/,
    ],
    [
      "confirming by somebody who recovered nothing",
      (book) => book.put(...steps.check(set), ...steps.begin(set)),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" },
      /no recovery of set K7Q2 from slips 2,3 by Bea/,
    ],
    [
      "confirming from other slips than were recovered from",
      (book) => book.put(...steps.check(set), ...steps.begin(set), recoverAs("Bea", set, [1, 3])),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" },
      /no recovery of set K7Q2 from slips 2,3 by Bea/,
    ],
    [
      "confirming from a lost slip",
      (book) =>
        book.put(...steps.check(set), ...steps.begin(set), recoverAs("Bea", set, [2, 3]), {
          ...{ kind: "slip-lost", slip: { set, slip: 3 } },
        }),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" },
      /K7Q2\/3 is lost/,
    ],
    [
      "confirming what can't be recovered any more",
      (book) =>
        book.put(
          ...steps.check(set),
          ...steps.begin(set),
          recoverAs("Bea", set, [2, 3]),
          { kind: "slip-lost", slip: { set, slip: 1 } },
          { kind: "slip-damaged", slip: { set, slip: 2 } },
        ),
      { kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" },
      /must not become the active one: 1 of its slips is left, and 2 are needed/,
    ],
    [
      "sealing before a sign-in was confirmed",
      (book) => book.put(...steps.check(set), ...steps.begin(set)),
      { kind: "slip-sealed", slip: { set, slip: 1 } },
      /no sign-in with set K7Q2 was confirmed yet/,
    ],
    [
      "a drill with a set that is not active",
      (book) => book.put(...steps.check(set)),
      { kind: "password-recovered", set, slips: [1, 2], purpose: "drill" },
      /a drill is held with the active set/,
    ],
    [
      "confirming from the same slips",
      (book) => book.put(...steps.check(set), ...steps.begin(set)),
      { kind: "sign-in-confirmed", set, slips: [2, 1], actor: "Bea" },
      /from the same slips/,
    ],
    [
      "abandoning what may be in the tenant",
      (book) => book.put(...steps.check(set), ...steps.begin(set)),
      { kind: "set-abandoned", set, reason: "no" },
      /tenant may hold/,
    ],
    [
      "a second set beside a pending one",
      (book) => book,
      issue({ set: "M0XA", account: "bg-1", generation: 2 }),
      /K7Q2 \(generation 1\) of bg-1 is issued/,
    ],
    [
      "a set of a name that is taken",
      (book) => book,
      issue({ set, account: "bg-2", generation: 1 }),
      /in the register already/,
    ],
    [
      "a generation that was there",
      (book) => book.put({ kind: "set-abandoned", set, reason: "no" }),
      issue({ set: "M0XA", account: "bg-1", generation: 1 }),
      /generations only go up/,
    ],
    [
      "sealing before checking",
      (book) => book,
      { kind: "slip-sealed", slip: { set, slip: 1 } },
      /slips are sealed after that/,
    ],
    [
      "printing again",
      (book) => book.put(...steps.check(set)),
      { kind: "slip-printed", slip: { set, slip: 1 }, to: "printer" },
      /printed when a set is issued/,
    ],
    [
      "destroying what is needed",
      (book) => book.put(...steps.check(set)),
      { kind: "slip-destroyed", slip: { set, slip: 1 }, witness: "Wim" },
      /is checked, and its slips are needed/,
    ],
    [
      "being one's own witness",
      (book) => book.put({ kind: "set-abandoned", set, reason: "no" }),
      { kind: "slip-destroyed", slip: { set, slip: 1 }, actor: "Wim", witness: "wim" },
      /nobody is a witness/,
    ],
    [
      "retiring in the middle",
      (book) => book,
      { kind: "account-retired", account: "bg-1" },
      /set K7Q2 of bg-1 is issued/,
    ],
    [
      "moving to somebody who is in no register",
      (book) => book,
      { kind: "slip-moved", slip: { set, slip: 1 }, custodian: "Zoe" },
      /Zoe is not in the register/,
    ],
    [
      "moving to an alternate who has left",
      (book) => book.put({ kind: "custodian-gone", custodian: "Flo" }),
      { kind: "slip-moved", slip: { set, slip: 1 }, alternate: "Flo" },
      /Flo has left/,
    ],
    [
      "moving into a safe of old",
      (book) => book.put({ kind: "location-gone", location: "Safe C" }),
      { kind: "slip-moved", slip: { set, slip: 1 }, location: "Safe C" },
      /Safe C is no longer used/,
    ],
    [
      "moving nothing",
      (book) => book,
      { kind: "slip-moved", slip: { set, slip: 1 }, custodian: "Ada", location: "Safe A" },
      /nothing would change/,
    ],
    [
      "leaving twice",
      (book) => book.put({ kind: "custodian-gone", custodian: "Flo" }),
      { kind: "custodian-gone", custodian: "Flo" },
      /Flo has left, says the register/,
    ],
    [
      "standing in for oneself",
      (book) => book,
      { kind: "custodian-added", custodian: "Zoe", alternate: "Zoe" },
      /Zoe would be their own alternate/,
    ],
    [
      "coming to stand in for oneself",
      (book) => book,
      { kind: "custodian-changed", custodian: "Ada", alternate: "Ada" },
      /Ada would be their own alternate/,
    ],
    [
      "a slip that is not there",
      (book) => book,
      { kind: "slip-moved", slip: { set, slip: 4 } },
      /has no slip 4/,
    ],
  ])("refuses %s", (_, prepare, happening, refusal) => {
    expect(prepare(begun()).refusal(happening)?.refusal).toMatch(refusal);
  });

  it("refuses to set two accounts at a time", () => {
    const book = begun().put(...steps.check(set), ...steps.begin(set));
    book.put(issue({ set: "M0XA", account: "bg-2", generation: 1 }), ...steps.check("M0XA"));
    const begin = { kind: "setting-begun", set: "M0XA", slips: [1, 2] } as const;
    expect(book.refusal(begin)?.refusal).toMatch(/account bg-1 of this tenant is being set/);
    book.put(...steps.confirm(set));
    expect(book.refusal(begin)).toBeUndefined();
  });

  it("is led to the account that is being set before its own password is set", () => {
    const book = opened();
    book.put(issue({ set: "M0XA", account: "bg-2", generation: 1 }), ...steps.check("M0XA"));
    book.put(issue({ set, account: "bg-1", generation: 1 }), ...steps.check(set));
    book.put(...steps.begin(set));
    const { next, backOut } = nextStep(book.register, "bg-2");
    expect(next?.command).toBe("breakglass confirm bg-1");
    expect(next?.what).toMatch(/^first, for account bg-1: set the password/);
    expect(backOut?.command).toBe("breakglass record abandoned M0XA");
    book.put(...steps.confirm(set));
    expect(nextStep(book.register, "bg-2").next?.command).toBe("breakglass recover --set M0XA");
  });

  it("has a slip in a bag taken out before it is sealed in another", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
    const slip = { set: "K7Q2", slip: 1 };
    const again = { kind: "slip-sealed", slip, bag: "other" } as const;
    for (const event of [again, { kind: "slip-sealed", slip } as const])
      expect(book.refusal(event)?.refusal).toMatch(/K7Q2\/1 lies sealed in bag K7Q2-1, says entry/);
    expect(book.refusal({ ...again, bag: "K7Q2-1" })).toBeUndefined();
    expect(book.refusal({ ...again, note: "its serial was mistyped" })).toBeUndefined();
    book.put({ kind: "slip-opened", slip, reason: "a check" });
    expect(book.refusal(again)).toBeUndefined();
    // A bag is used once, whichever slip was in it.
    for (const number of [1, 2]) {
      book.put({ kind: "slip-opened", slip: { set: "K7Q2", slip: number }, reason: "a check" });
      const used = { kind: "slip-sealed", slip: { set: "K7Q2", slip: 2 }, bag: "K7Q2-1" } as const;
      expect(book.refusal(used)?.refusal).toMatch(/K7Q2\/1 was taken out of a bag of this serial/);
      expect(book.refusal({ ...used, note: "the serial was read wrongly" })).toBeUndefined();
    }
  });

  it("has a slip that was lost for a while lie in its bag again, if nobody opened it", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
    const slip = { set: "K7Q2", slip: 1 };
    const again = { kind: "slip-sealed", slip, bag: "K7Q2-1" } as const;
    book.put({ kind: "slip-lost", slip, reason: "by mistake" }, { kind: "slip-found", slip });
    expect(book.refusal(again)).toBeUndefined();
    book.put(again, { kind: "password-recovered", set: "K7Q2", slips: [1, 2], purpose: "drill" });
    expect(book.refusal(again)?.refusal).toBe("K7Q2/1 was taken out of a bag of this serial");
    // Written down late, it was opened since.
    const third = { set: "K7Q2", slip: 3 };
    book.on("2026-01-09").put({ kind: "slip-opened", slip: third, reason: "a check" });
    const late = { at: "2026-01-08T09:00:00Z", recorded: book.now } as const;
    book.put({ kind: "slip-sealed", slip: third, bag: "late", ...late });
    expect(book.refusal({ ...again, bag: "late" })?.refusal).toMatch(/^K7Q2\/3 was taken out/);
    book.put({ kind: "slip-sealed", slip: third, bag: "new" });
    book.put({ kind: "slip-opened", slip: third, reason: "a drill", bag: "in between", ...late });
    const between = { ...again, bag: "in between" };
    expect(book.refusal(between)?.refusal).toMatch(/^K7Q2\/3 was taken out/);
  });

  it("has no new slip lie in the bag of one that was destroyed", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    book.put(...steps.destroy("K7Q2"));
    const slip = { set: "M0XA", slip: 1 };
    book.put({ kind: "slip-opened", slip, reason: "a check" });
    expect(book.refusal({ kind: "slip-sealed", slip, bag: "K7Q2-3" })?.refusal).toBe(
      "K7Q2/3 was taken out of a bag of this serial",
    );
  });

  it("lets old slips go only when every new one is sealed", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    book.put(...steps.begin("M0XA"), ...steps.confirm("M0XA"));
    book.put(...steps.seal("M0XA").slice(0, 2));
    const destroy = { kind: "slip-destroyed", slip: { set, slip: 1 }, witness: "Wim" } as const;
    expect(book.refusal(destroy)?.refusal).toMatch(/M0XA\/3 of the new set is not sealed/);
    book.put(...steps.seal("M0XA").slice(2));
    expect(book.refusal(destroy)).toBeUndefined();
  });

  it("lets no old slip go while too few of the new ones are left", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    book.put({ kind: "slip-lost", slip: { set: "M0XA", slip: 1 } });
    const destroy = { kind: "slip-destroyed", slip: { set, slip: 1 }, witness: "Wim" } as const;
    expect(book.refusal(destroy)).toBeUndefined();
    book.put({ kind: "slip-lost", slip: { set: "M0XA", slip: 2 } });
    expect(book.refusal(destroy)?.refusal).toBe(
      "the new set M0XA can't be recovered any more: 1 of its slips is left, and 2 are needed",
    );
    // The slip that is left need not even be sealed.
    book.put({ kind: "slip-opened", slip: { set: "M0XA", slip: 3 }, reason: "a look" });
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      where: "set M0XA (generation 2) is active, and 1 of its slips is left, and 2 are needed",
      next: { what: "issue another set", command: "breakglass rotate bg-1" },
    });
  });

  it("takes a slip from which a password was recovered for opened", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    book.put({ kind: "password-recovered", set: "M0XA", slips: [1, 3], purpose: "emergency" });
    expect(nextStep(book.register, "bg-1").next?.command).toBe("breakglass record sealed M0XA/1");
    const destroy = { kind: "slip-destroyed", slip: { set, slip: 1 }, witness: "Wim" } as const;
    expect(book.refusal(destroy)?.refusal).toMatch(/M0XA\/1, M0XA\/3 of the new set are not/);
    for (const again of steps.seal("M0XA", "new").filter((_, i) => i !== 1)) book.put(again);
    expect(book.refusal(destroy)).toBeUndefined();
  });

  it("is backed out once too few slips are left to confirm it", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    book.put(...steps.begin("M0XA"));
    for (const slip of [2, 3]) book.put({ kind: "slip-lost", slip: { set: "M0XA", slip } });
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      where:
        "set M0XA (generation 2): its password was shown to be set, and 1 of its slips is left, and 2 are needed",
      next: { step: "back out", command: "breakglass record backed-out M0XA --restored K7Q2" },
    });
    // Where the old one can't be recovered either, any other password is set.
    for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set, slip } });
    expect(nextStep(book.register, "bg-1").next?.what).toMatch(/set any other password/);
    book.put({ kind: "set-backed-out", set: "M0XA" });
  });

  it("may be confirmed from the same slips where no others are left", () => {
    const book = begun().put(...steps.check(set), ...steps.begin(set), {
      ...{ kind: "slip-lost", slip: { set, slip: 3 } },
    });
    book.put(recoverAs("Bea", set, [1, 2]), {
      ...{ kind: "sign-in-confirmed", set, slips: [2, 1], actor: "bea" },
    });
    expect(book.register.sets.get(set)!.stage).toBe("active");
  });

  it("is not abandoned after an emergency showed its password until the active one has held", () => {
    const seen: Happening = {
      ...{ kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
    };
    const abandon: Happening = { kind: "set-abandoned", set: "M0XA", reason: "seen" };
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    expect(book.refusal(abandon)).toBeUndefined();
    book.put(seen);
    expect(nextStep(book.register, "bg-1").backOut).toEqual({
      step: "sign in",
      what: "sign in with set K7Q2 (if that fails, go on with set M0XA), which shows that nobody set the password of set M0XA",
      command: "breakglass confirm bg-1",
    });
    book.put({ kind: "slip-lost", slip: { set: "M0XA", slip: 3 } });
    const what =
      "sign in with set K7Q2 (if that fails, write that down: breakglass record sign-in-failed K7Q2), which shows that nobody set the password of set M0XA";
    expect(book.refusal(abandon)?.hint).toBe(`first ${what} (breakglass confirm bg-1)`);
    expect(nextStep(book.register, "bg-1").next).toEqual({
      ...{ step: "sign in", what, command: "breakglass confirm bg-1" },
    });
    book.put({ kind: "sign-in-confirmed", set, slips: [2, 3], actor: "Bea" });
    expect(nextStep(book.register, "bg-1").next?.command).toBe("breakglass record abandoned M0XA");
    book.put(abandon);
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      ...{ holds: "generation 1 (set K7Q2)", tries: [set] },
      next: { command: "breakglass record destroyed M0XA/1" },
    });
  });

  it("sets the active one again after an emergency from slips of an issue that broke off, where its sign-in fails", () => {
    const abandon: Happening = { kind: "set-abandoned", set: "M0XA", reason: "power cut" };
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(
      issue({ set: "M0XA", account: "bg-1", generation: 2 }),
      ...steps.print("M0XA").slice(0, 2),
      { kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
    );
    expect(nextStep(book.register, "bg-1").next?.what).toMatch(
      /if that fails, .*: breakglass record sign-in-failed K7Q2\)/,
    );
    book.put({ kind: "sign-in-failed", set });
    expect(nextStep(book.register, "bg-1").next?.what).toMatch(/^recover set K7Q2 .*, set that/);
    book.put(recoverAs("Ada", set, [1, 2]));
    book.put({ kind: "sign-in-confirmed", set, slips: [1, 2], actor: "Ada" }, abandon);
  });

  describe("after an emergency showed the password of a set that is spoiled since", () => {
    const next = "M0XA";
    const abandon: Happening = { kind: "set-abandoned", set: next, reason: "a slip is lost" };
    const spoiledNext = (): Book => {
      const book = opened();
      perform(book, { set, account: "bg-1", generation: 1 });
      return book.put(
        issue({ set: next, account: "bg-1", generation: 2 }),
        ...steps.print(next),
        ...steps.check(next),
        { kind: "password-recovered", set: next, slips: [1, 2], purpose: "emergency" },
        { kind: "slip-lost", slip: { set: next, slip: 3 } },
      );
    };

    it("sets the active one again where its sign-in fails", () => {
      const book = spoiledNext().put({ kind: "sign-in-failed", set });
      const what =
        "recover set K7Q2 from its slips (breakglass recover --set K7Q2 --purpose ceremony), set that password again, sign in, and confirm";
      expect(nextStep(book.register, "bg-1").next).toEqual({
        ...{ step: "sign in", what, command: "breakglass confirm bg-1" },
      });
      expect(book.refusal(abandon)?.hint).toBe(`first ${what} (breakglass confirm bg-1)`);
      const triggers = book.register.triggers.size;
      book.put(recoverAs("Ada", set, [1, 2]));
      // A step of a ceremony is no use of the password that would call for another.
      expect(book.register.triggers.size).toBe(triggers);
      book.put({ kind: "sign-in-confirmed", set, slips: [1, 2], actor: "Ada" }, abandon);
    });

    it("gives it up where the active one can't be recovered, and keeps what may be the only paper", () => {
      const book = spoiledNext();
      for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set, slip } });
      expect(nextStep(book.register, "bg-1").next).toEqual({
        step: "abandon",
        what: "abandon set M0XA; its slips are kept, since somebody may have set its password, and another set can be issued",
        command: "breakglass record abandoned M0XA",
      });
      book.put(abandon);
      const destroy = steps.destroy(next)[0]!;
      expect(book.refusal(destroy)).toEqual({
        refusal: "an emergency showed the password of set M0XA, and the tenant may hold it",
        hint: "keep M0XA/1 until a sign-in with another set was confirmed; if it no longer exists: breakglass record lost M0XA/1",
      });
      expect(leftovers(book.register, "bg-1")).toMatchObject({ old: [], kept: [] });
      expect(nextStep(book.register, "bg-1")).toMatchObject({
        holds:
          "generation 1 (set K7Q2); or generation 2 (set M0XA), whose password was shown in an emergency before it was set: try it first",
        tries: [next, set],
      });
      // It may have been the tenant's: that an emergency uses it again is nothing odd.
      book.put({ kind: "password-recovered", set: next, slips: [1, 2], purpose: "emergency" });
      expect(book.register.contradictions).toEqual([]);
      perform(book, { set: "9ZZW", account: "bg-1", generation: 3 });
      expect(nextStep(book.register, "bg-1").tries).toEqual(["9ZZW"]);
      book.put(destroy);
    });
  });

  describe("after an emergency from the slips of a set that was given up", () => {
    const next = "M0XA";
    const shown: Happening = {
      ...{ kind: "password-recovered", set: next, slips: [1, 2], purpose: "emergency" },
    };
    const abandon: Happening = { kind: "set-abandoned", set: next, reason: "not needed" };
    const held: Happening = { kind: "sign-in-confirmed", set, slips: [1, 2], actor: "Ada" };

    it.each<[string, readonly Happening[]]>([
      ["that nobody had seen", [abandon, shown]],
      ["since a sign-in with the active one held", [shown, held, abandon, shown]],
    ])("takes it for one that may be set, %s", (_, happened) => {
      const book = opened();
      perform(book, { set, account: "bg-1", generation: 1 });
      book.put(issue({ set: next, account: "bg-1", generation: 2 }), ...steps.check(next));
      book.put(...happened);
      expect(nextStep(book.register, "bg-1")).toMatchObject({
        holds:
          "generation 1 (set K7Q2); or generation 2 (set M0XA), whose password was shown in an emergency before it was set",
        tries: [set, next],
        next: undefined,
      });
      expect(book.register.contradictions).toEqual([]);
      const destroy = steps.destroy(next)[0]!;
      expect(book.refusal(destroy)?.hint).toMatch(/^keep M0XA\/1 until a sign-in with another set/);
      book.put(held, destroy);
    });
  });

  it("may be set still where an emergency before the last one is written down late", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    const shown: Happening = {
      ...{ kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
    };
    const held = { kind: "sign-in-confirmed", set, slips: [1, 2], actor: "Ada" } as const;
    book.on("2026-02-05").put(held).on("2026-02-10").put(shown);
    const late = { at: "2026-02-01T09:00:00Z", recorded: "2026-02-12T09:00:00Z" };
    book.on("2026-02-12").put({ ...shown, ...late });
    expect(nextStep(book.register, "bg-1").tries).toEqual([set, "M0XA"]);
  });

  it("keeps a first set that was given up after an emergency until another one is set, or the account is retired", () => {
    const given = (): Book =>
      begun().put(
        { kind: "password-recovered", set, slips: [1, 2], purpose: "emergency" },
        { kind: "set-abandoned", set, reason: "seen" },
      );
    const destroy = steps.destroy(set)[0]!;
    const book = given();
    expect(book.refusal(destroy)?.hint).toMatch(/^keep K7Q2\/1 until a sign-in with another set/);
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      holds:
        "no set of this register; or generation 1 (set K7Q2), whose password was shown in an emergency before it was set",
      tries: [set],
      next: { command: "breakglass issue bg-1" },
    });
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    book.put(...steps.destroy(set));
    const retired = given().put({ kind: "account-retired", account: "bg-1" });
    expect(nextStep(retired.register, "bg-1").tries).toEqual([]);
    retired.put({ kind: "account-added", account: "bg-1", secret: "password" }, destroy);
  });

  it("is in doubt no longer once it was backed out of", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(
      ...[issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA")],
      { kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
      ...steps.begin("M0XA"),
      recoverAs("Ada", set, [1, 2]),
      { kind: "set-backed-out", set: "M0XA", restored: set },
    );
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      ...{ holds: "generation 1 (set K7Q2)", tries: [set] },
    });
    book.put({ kind: "set-abandoned", set: "M0XA", reason: "the tenant refused it" });
  });

  it("is in doubt no longer once the active one has held", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(...[issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA")], {
      kind: "password-recovered",
      set: "M0XA",
      slips: [1, 2],
      purpose: "emergency",
    });
    expect(nextStep(book.register, "bg-1").tries).toEqual([set, "M0XA"]);
    book.put({ kind: "sign-in-confirmed", set, slips: [1, 2], actor: "Ada" });
    expect(nextStep(book.register, "bg-1").tries).toEqual([set]);
  });

  it("says that a password was seen before it was set", () => {
    const book = begun().put({
      ...{ kind: "password-recovered", set, slips: [1, 2], purpose: "emergency" },
    });
    expect(nextStep(book.register, "bg-1")).toMatchObject({
      holds:
        "no set of this register; or generation 1 (set K7Q2), whose password was shown in an emergency before it was set",
      tries: [set],
    });
    expect(book.register.contradictions).toEqual([]);
  });

  it("comes after the loose ends of the last one, but for a loss", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    book.put(...steps.begin("M0XA"), ...steps.confirm("M0XA"));
    const next = issue({ set: "9ZZW", account: "bg-1", generation: 3 });
    expect(book.refusal(next)?.refusal).toMatch(/3 of its slips are not sealed/);
    expect(book.refusal(next)?.hint).toBe("first seal M0XA/1 (breakglass record sealed M0XA/1)");
    book.put(...steps.seal("M0XA"));
    expect(book.refusal(next)?.refusal).toBe("3 old slips are not destroyed yet");
    const lost = { kind: "slip-lost", slip: { set: "M0XA", slip: 1 } } as const;
    expect(permits(foldedWith(book, lost), book.event(next))).toBeUndefined();
    book.put(...steps.destroy(set));
    expect(book.refusal(next)).toBeUndefined();
    // A slip that was needed is replaced, and need not be sealed before.
    book.put({ kind: "slip-opened", slip: { set: "M0XA", slip: 1 }, reason: "locked out" });
    expect(book.refusal(next)).toBeUndefined();
  });

  it.each<[string, Happening, PolicyChange]>([
    [
      "an emergency",
      { kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
      {},
    ],
    [
      "a drill, where every use asks for it",
      { kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "drill" },
      { mode: "rotate-after-use" },
    ],
  ])("waits for nothing after %s", (_, use, policy) => {
    const book = opened().put({ kind: "policy-changed", policy });
    perform(book, { set, account: "bg-1", generation: 1 });
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    const next = issue({ set: "9ZZW", account: "bg-1", generation: 3 });
    expect(book.refusal(next)?.refusal).toBe("3 old slips are not destroyed yet");
    book.put(use);
    expect(looseEnd(book.register, "bg-1")).toBeUndefined();
    expect(book.refusal(next)).toBeUndefined();
  });

  it("does not wait for the slips of a drill to be sealed again", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put({ kind: "password-recovered", set, slips: [1, 2], purpose: "drill" });
    expect(book.refusal(issue({ set: "M0XA", account: "bg-1", generation: 2 }))).toBeUndefined();
  });

  it("interrupted while printing can only be abandoned", () => {
    const book = opened().put(issue({ set, account: "bg-1", generation: 1 }));
    book.put(...steps.print(set).slice(0, 2));
    const { where, next } = nextStep(book.register, "bg-1");
    expect(where).toMatch(/interrupted before K7Q2\/3 was printed/);
    expect(next?.command).toBe("breakglass record abandoned K7Q2");
    book.put({ kind: "set-abandoned", set, reason: "power cut" });
    expect(nextStep(book.register, "bg-1").next?.command).toBe(
      "breakglass record destroyed K7Q2/1",
    );
  });

  it("of a PIN or a password ends when its account is retired", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put({ kind: "account-retired", account: "bg-1" }, ...steps.destroy(set));
    expect(book.register.sets.get(set)!.stage).toBe("destroyed");
    book.put({ kind: "account-added", account: "bg-1", secret: "password" });
    expect(book.refusal(issue({ set: "M0XA", account: "bg-1", generation: 2 }))).toBeUndefined();
  });
});

describe("an account that was retired and added again", () => {
  const set = "K7Q2";
  const again = (): Book => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    return book.put(
      { kind: "account-retired", account: "bg-1" },
      { kind: "account-added", account: "bg-1", secret: "password" },
    );
  };

  it("gets a new set once the old slips are destroyed, as it is told", () => {
    const book = again();
    const next = issue({ set: "M0XA", account: "bg-1", generation: 2 });
    expect(book.refusal(next)?.hint).toBe(
      "first destroy K7Q2/1 before a witness (breakglass record destroyed K7Q2/1)",
    );
    book.put(...steps.destroy(set), next);
  });

  it("keeps the slips that a newer set replaces, as any other", () => {
    const book = again().put(...steps.destroy(set));
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    book.put(issue({ set: "9ZZW", account: "bg-1", generation: 3 }), ...steps.check("9ZZW"));
    book.put(...steps.begin("9ZZW"), ...steps.confirm("9ZZW"));
    expect(book.refusal(steps.destroy("M0XA")[0]!)?.refusal).toMatch(
      /of the new set are not sealed/,
    );
    expect(leftovers(book.register, "bg-1").kept.length).toBe(3);
  });
});

describe("a time that is given", () => {
  const set = "K7Q2";
  const active = (): Book => {
    const book = opened().on("2026-01-05");
    perform(book, { set, account: "bg-1", generation: 1 });
    return book.on("2026-01-09");
  };
  const setting = (): Book => {
    const book = active().put(issue({ set: "M0XA", account: "bg-1", generation: 2 }));
    book.on("2026-01-10").put(...steps.check("M0XA"));
    book.on("2026-01-11").put(...steps.begin("M0XA"));
    book.on("2026-01-12").put(recoverAs("Bea", "M0XA", [2, 3]));
    return book.on("2026-01-13");
  };
  const late = (at: string, happening: Happening) => (book: Book) =>
    book.refusal({ ...happening, at, recorded: book.now })?.refusal;

  it.each<[string, () => Book, string, Happening, string]>([
    ...([
      [
        "in the future",
        active,
        "2026-01-09T09:03:00Z",
        { kind: "process-reviewed" },
        "it is 2026-01-09T09:00:00Z",
      ],
      [
        "in an emergency to come",
        active,
        "2027-01-01T00:00:00Z",
        recoverAs("Ada", set, [1, 2]),
        "lies in the future",
      ],
      [
        "before the register",
        active,
        "2025-12-31T09:00:00Z",
        { kind: "account-retired", account: "bg-1" },
        "the register was opened at 2026-01-01T09:00:00Z",
      ],
      [
        "before the set",
        active,
        "2026-01-04T09:00:00Z",
        { kind: "slip-checked", slip: { set, slip: 1 } },
        "the set was issued at 2026-01-05T09:00:00Z",
      ],
      [
        "of a setting before the check",
        () =>
          setting().put(recoverAs("Ada", set, [1, 3]), {
            kind: "set-backed-out",
            set: "M0XA",
            restored: set,
          }),
        "2026-01-09T10:00:00Z",
        { kind: "setting-begun", set: "M0XA", slips: [1, 2] },
        "M0XA/1 was checked at 2026-01-10",
      ],
      [
        "of a sign-in before the setting",
        setting,
        "2026-01-10T10:00:00Z",
        { kind: "sign-in-confirmed", set: "M0XA", slips: [2, 3], actor: "Bea" },
        "the password was shown to be set at 2026-01-11",
      ],
      [
        "of a sign-in before its recovery",
        setting,
        "2026-01-11T10:00:00Z",
        { kind: "sign-in-confirmed", set: "M0XA", slips: [2, 3], actor: "Bea" },
        "Bea recovered it at 2026-01-12",
      ],
      [
        "of a destruction before the replacement",
        () => {
          const book = setting().put({
            kind: "sign-in-confirmed",
            set: "M0XA",
            slips: [2, 3],
            actor: "Bea",
          });
          return book.put(...steps.seal("M0XA"));
        },
        "2026-01-12T10:00:00Z",
        { kind: "slip-destroyed", slip: { set, slip: 1 }, witness: "Wim" },
        "the set was given up at 2026-01-13",
      ],
    ] satisfies [string, () => Book, string, Happening, string][]),
  ])("is refused %s", (_, prepare, at, happening, refusal) => {
    expect(late(at, happening)(prepare())).toContain(refusal);
  });

  it.each<[string, Happening]>([
    ["a training", { kind: "people-trained", people: ["Ada"] }],
    ["a review", { kind: "process-reviewed" }],
    ["a test of an item", { kind: "item-tested", item: "Key 1", result: "passed" }],
    ["a drill", { kind: "drill-held", type: "full", result: "passed" }],
  ])("of %s may be from before the register", (_, happening) => {
    const book = active().put({ kind: "item-added", item: "Key 1", type: "FIDO2 key" });
    book.put({ ...happening, at: "2025-12-15T09:00:00Z", recorded: book.now });
    expect(book.register.contradictions).toEqual([]);
  });

  it("of a destruction is after the new slips were sealed first, and not again", () => {
    const book = active();
    perform(book, { set: "M0XA", account: "bg-1", generation: 2 });
    const destroyed = steps.destroy(set)[0]!;
    const slip = { set: "M0XA", slip: 1 };
    book.on("2026-01-12").put({ kind: "slip-opened", slip, reason: "audit" });
    book.put({ kind: "slip-sealed", slip });
    expect(late("2026-01-10T09:00:00Z", destroyed)(book)).toBeUndefined();
    expect(late("2026-01-09T09:12:00Z", destroyed)(book)).toBe(
      "--at 2026-01-09T09:12:00Z is too early: the new slips were sealed at 2026-01-09T09:13:00Z",
    );
  });

  it("may be to the minute, and a little ahead of this clock", () => {
    const book = active();
    const now = book.now;
    const ahead = { kind: "process-reviewed", recorded: now } as const;
    expect(late("2026-01-09T09:03:00Z", ahead)(book)).toContain("lies in the future");
    // What is permitted is not held against anybody's clock.
    book.put({ ...ahead, at: "2026-01-09T09:02:00Z" });
    expect(book.register.contradictions).toEqual([]);
    book.now = "2026-01-09T09:00:30Z";
    book.put({ kind: "exception-noted", problem: "torn bag" });
    const closed = { kind: "exception-closed", exception: book.register.n, remedy: "x" } as const;
    expect(late(now, closed)(book)).toBeUndefined();
  });
});

describe("the record of an emergency", () => {
  it("is taken in any state, of any set", () => {
    fc.assert(
      fc.property(
        eventOf("password-recovered"),
        fc.array(command, { maxLength: 40 }),
        (event, commands) => {
          const book = opened();
          for (const make of commands) {
            const made = book.event(make(book.register));
            if (permits(book.register, made) === undefined) book.force(made);
          }
          // A time to come is a slip of the finger.
          const told = Object.entries({ ...event, purpose: "emergency" });
          const emergency = Object.fromEntries(
            told.filter(([name]) => name !== "recorded"),
          ) as unknown as CustodyEvent;
          expect(permits(book.register, emergency)).toBeUndefined();
          expect(permits(new Book().register, emergency)).toBeUndefined();
          expect(() => book.force(emergency)).not.toThrow();
        },
      ),
      { numRuns: 100 },
    );
  });
});

it("nothing but opening comes before a register is open", () => {
  const { register } = new Book();
  for (const kind of ALL_KINDS) {
    if (kind === "password-recovered") continue;
    const [event] = fc.sample(eventOf(kind), { numRuns: 1, seed: 1 });
    expect(permits(register, event!) === undefined, kind).toBe(kind === "register-opened");
  }
});

it.each<[string, Happening]>([
  ["staff", { kind: "staff-changed", change: "x", accounts: ["bg-1", "bg-11"] }],
  ["subscriptions", { kind: "subscriptions-changed", change: "x", accounts: ["bg-11"] }],
  ["a drill", { kind: "drill-held", type: "full", accounts: ["bg-11"], result: "passed" }],
  ["an exception", { kind: "exception-noted", problem: "x", account: "bg-11" }],
])("%s is about accounts that there are", (_, happening) => {
  expect(opened().refusal(happening)?.refusal).toBe("account bg-11 is not in the register");
});

it.each<[string, Happening, string]>([
  ["of an account", { ...KEY, account: "bg-11" }, "account bg-11 is not in the register"],
  ["in a safe", { ...KEY, location: "Safe X" }, "Safe X is not in the register"],
  ["in a safe of old", { ...KEY, location: "Safe C" }, "Safe C is no longer used"],
  ["kept by somebody", { ...KEY, custodian: "Adam" }, "Adam is not in the register"],
  ["kept by who left", { ...KEY, custodian: "Flo" }, "Flo has left"],
  ["moved to somebody", { ...MOVED, custodian: "Adam" }, "Adam is not in the register"],
  ["moved to who left", { ...MOVED, custodian: "Flo" }, "Flo has left"],
  ["moved into a safe of old", { ...MOVED, location: "Safe C" }, "Safe C is no longer used"],
  ["gone and tested", { kind: "item-tested", item: "Key 0", result: "passed" }, "Key 0 is gone"],
  ["gone and moved", { ...MOVED, item: "Key 0", custodian: "Ada" }, "Key 0 is gone"],
  ["gone twice", { kind: "item-gone", item: "Key 0" }, "Key 0 is gone, says entry"],
])("an item %s that the register does not have is refused", (_, happening, refusal) => {
  const book = opened().put(
    { kind: "item-added", item: "Key 0", type: "FIDO2 key" },
    { kind: "item-gone", item: "Key 0" },
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1", custodian: "Ada" },
    { kind: "custodian-gone", custodian: "Flo" },
    { kind: "location-gone", location: "Safe C" },
  );
  expect(book.refusal(happening)?.refusal).toContain(refusal);
  book.put({ ...KEY, item: "Key 0", location: "Safe A" });
  book.put({ ...MOVED, item: "Key 0", custodian: "Ada" });
});

it("an item is moved to somebody or somewhere else", () => {
  const book = opened().put({ ...KEY, location: "Safe A", custodian: "Ada" });
  const moved = { kind: "item-moved", item: KEY.item } as const;
  for (const where of [{}, { location: "Safe A" }, { location: "Safe A", custodian: "Ada" }])
    expect(book.refusal({ ...moved, ...where })).toEqual({
      refusal: "Key 2 is kept so already: nothing would change",
      hint: "say what is new: --location or --custodian",
    });
  book.put({ ...moved, location: "Safe A", custodian: "Bea" }, { ...moved, location: "Safe B" });
});

it("an account that is added again carries what it did, and a PIN belongs to one that there is", () => {
  const book = opened().put({ kind: "account-retired", account: "bg-1" });
  const pin = { kind: "account-added", account: "pin-1", secret: "pin" } as const;
  expect(book.refusal({ ...pin, belongsTo: "bg-77" })?.refusal).toBe(
    "account bg-77 is not in the register",
  );
  expect(book.refusal({ ...pin, belongsTo: "bg-1" })?.refusal).toBe("account bg-1 was retired");
  expect(book.refusal({ ...pin, account: "bg-1", belongsTo: "bg-2" })).toEqual({
    refusal: "account bg-1 was retired, and its slips carried a password",
    hint: "add it as it was, or choose another name for the pin",
  });
  book.put({ kind: "account-added", account: "bg-1", secret: "password" });
  book.put({ ...pin, belongsTo: "bg-1" }, { kind: "account-retired", account: "pin-1" });
  expect(book.refusal({ ...pin, belongsTo: "bg-2" })).toEqual({
    refusal: "account pin-1 was retired, and belonged to bg-1",
    hint: "add it as it was, or choose another name for the pin",
  });
  book.put({ ...pin, belongsTo: "bg-1" });
});

it("people are trained who are in the register", () => {
  const training: Happening = { kind: "people-trained", people: ["Ada", "Adam"] };
  expect(opened().refusal(training)?.refusal).toBe("Adam is not in the register");
});

it.each<[string, Happening, string]>([
  ["account", { kind: "account-added", account: "BG-1", secret: "password" }, "bg-1"],
  ["custodian", { kind: "custodian-added", custodian: "ada " }, "Ada"],
  ["safe", { kind: "location-added", location: "safe a", site: "Wels" }, "Safe A"],
  ["site", { kind: "location-added", location: "Safe D", site: "VIENNA" }, "Vienna"],
  [
    "new site of a safe",
    { kind: "location-changed", location: "Safe B", site: "vienna" },
    "Vienna",
  ],
  ["item", { kind: "item-added", item: "key1", type: "FIDO2 key" }, "Key 1"],
])(
  "a second %s whose name differs in capitals or blanks alone is refused",
  (_, happening, known) => {
    const book = opened().put({ kind: "item-added", item: "Key 1", type: "FIDO2 key" });
    expect(book.refusal(happening)?.refusal).toMatch(
      new RegExp(`^${known} is in the register already, and this name differs`),
    );
  },
);

it("whoever comes back has the name from before, and a safe may change how its own site is spelled", () => {
  const book = opened().put({ kind: "custodian-gone", custodian: "Ada" });
  expect(book.refusal({ kind: "custodian-added", custodian: "ADA" })?.refusal).toMatch(
    /^Ada is in/,
  );
  book.put({ kind: "custodian-added", custodian: "Ada" });
  book.put({ kind: "location-changed", location: "Safe A", site: "VIENNA" });
});
