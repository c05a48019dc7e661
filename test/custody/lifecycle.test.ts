import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_KINDS, type Entry } from "../../src/custody/events.ts";
import { nextStep, permits } from "../../src/custody/lifecycle.ts";
import {
  apply,
  heldSets,
  isPending,
  isRecoverable,
  setsOf,
  type Register,
} from "../../src/custody/register.ts";
import { eventOf } from "./arbitrary.ts";
import { Book, issue, opened, perform, steps, type Happening } from "./book.ts";

const SETS = ["K7Q2", "M0XA", "9ZZW", "TT4T", "4YR1", "A000"];
const ACCOUNTS = ["bg-1", "bg-2"];

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
      if (last.stage === "setting")
        return { kind: "sign-in-confirmed", set: last.set, slips: [2, 3], actor: "Bea" };
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
    expect(nextStep(register, account).tries).toEqual(
      held.toSorted((a, b) => b.generation - a.generation).map(({ set }) => set),
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
  } as Entry);
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
    book.put({ kind: "set-backed-out", set: "M0XA", restored: set });
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
      /not checked from paper/,
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
      { kind: "slip-destroyed", slip: { set, slip: 1 }, actor: "Wim", witness: "Wim" },
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

  it("comes after the loose ends of the last one, but for a loss", () => {
    const book = opened();
    perform(book, { set, account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    book.put(...steps.begin("M0XA"), ...steps.confirm("M0XA"));
    const next = issue({ set: "9ZZW", account: "bg-1", generation: 3 });
    expect(book.refusal(next)).toMatchObject({
      refusal: expect.stringMatching(/3 of its slips are not sealed/),
      hint: "first seal M0XA/1 (breakglass record sealed M0XA/1)",
    });
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
          const emergency = { ...event, purpose: "emergency" } as typeof event;
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

it("people are trained who are in the register", () => {
  const training: Happening = { kind: "people-trained", people: ["Ada", "Adam"] };
  expect(opened().refusal(training)?.refusal).toBe("Adam is not in the register");
});
