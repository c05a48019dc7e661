import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALL_KINDS,
  checkEntry,
  checkEvent,
  parseRef,
  type CustodyEvent,
} from "../../src/custody/events.ts";
import { BreakglassError } from "../../src/core/errors.ts";
import { FIELDS, anyEvent, eventOf } from "./arbitrary.ts";
import { issue, opened } from "./book.ts";
import { refText } from "../../src/custody/slip-ref.ts";

const link = { n: 1, prev: "-", hash: "-" };
const problemOf = (given: object): string | undefined => {
  const checked = checkEntry({ ...link, ...given });
  return "problem" in checked ? checked.problem : undefined;
};

describe("an event", () => {
  const sealed = {
    kind: "slip-sealed",
    at: "2026-01-01T09:00:00Z",
    actor: "Ada",
    slip: { set: "K7Q2", slip: 2 },
    bag: "B 1",
  } as const satisfies CustodyEvent;

  it("is of a kind that these tests draw", () => {
    expect(Object.keys(FIELDS).toSorted()).toEqual([...ALL_KINDS].toSorted());
  });

  it.each(ALL_KINDS)("of kind %s is taken as it is", (kind) => {
    fc.assert(
      fc.property(eventOf(kind), (event) => {
        expect(() => checkEvent(event)).not.toThrow();
        expect(checkEntry({ ...link, ...event })).toEqual({ entry: { ...link, ...event } });
      }),
      { numRuns: 30 },
    );
  });

  it("has no place for a field that its kind does not have", () => {
    const names = fc.oneof(
      fc.constantFrom("password", "secret2", "fragment", "share", "digest", "__proto__", "text"),
      fc.stringMatching(/^x[a-z]{1,12}$/),
    );
    fc.assert(
      fc.property(anyEvent, names, fc.string(), (event, name, value) => {
        fc.pre(!Object.hasOwn(event, name));
        const given = JSON.parse(
          JSON.stringify(event).replace(
            /\}$/,
            `,${JSON.stringify(name)}:${JSON.stringify(value)}}`,
          ),
        ) as object;
        expect(problemOf(given)).toBe("has a field that does not belong there");
      }),
      { numRuns: 500 },
    );
  });

  it("does not bring a place in the journal along", () => {
    for (const field of [{ n: 2 }, { prev: "x" }, { hash: "x" }])
      expect(() => checkEvent({ ...sealed, ...field })).toThrow(/does not belong there/);
  });

  it("has no place for such a field further inside either", () => {
    const set = opened().event(issue({ set: "K7Q2", account: "bg-1", generation: 1 }));
    for (const change of [
      { strength: { whole: 1, afterOne: 1, afterAllButOne: 1, password: "x" } },
      { slips: [{ commitment: "0".repeat(32), custodian: "A", location: "B", share: "x" }] },
    ])
      expect(problemOf({ ...set, ...change })).toMatch(/does not belong there$/);
  });

  it.each<[string, object, string]>([
    ["a text of 301 characters", { note: "x".repeat(301) }, "longer than 300"],
    ["an empty text", { actor: " " }, "is empty"],
    ["a line end", { note: "one\ntwo" }, "control character"],
    ["an escape sequence", { note: "\u001b[2J" }, "control character"],
    ["a turn of direction", { note: "abc\u202edef" }, "control character"],
    ["half a character", { note: "\ud83d" }, "control character"],
    ["a number for a text", { actor: 5 }, "is not a text"],
    ["a time with fractions", { at: "2026-01-01T09:00:00.5Z" }, "no time in UTC"],
    ["a time elsewhere", { at: "2026-01-01T09:00:00+01:00" }, "no time in UTC"],
    ["the 29th of February of another year", { at: "2026-02-29T09:00:00Z" }, "no time in UTC"],
    ["the 31st of April", { at: "2026-04-31T09:00:00Z" }, "no time in UTC"],
    ["a set's name with a U", { slip: { set: "K7QU", slip: 2 } }, "no name of a set"],
    ["slip 17", { slip: { set: "K7Q2", slip: 17 } }, "from 1 to 16"],
    ["slip 1.5", { slip: { set: "K7Q2", slip: 1.5 } }, "from 1 to 16"],
    ["no slip", { slip: undefined }, "is no record"],
    ["a list for a slip", { slip: [] }, "is no record"],
  ])("is refused with %s", (_, change, problem) => {
    expect(problemOf(sealed)).toBeUndefined();
    expect(problemOf({ ...sealed, ...change })).toContain(problem);
  });

  it("takes a text of 300 characters and the 29th of a leap year's February", () => {
    expect(problemOf({ ...sealed, note: "\u00e4".repeat(300) })).toBeUndefined();
    expect(problemOf({ ...sealed, at: "2028-02-29T23:59:59Z" })).toBeUndefined();
  });

  it("lacks nothing that its kind asks for", () => {
    const { kind, at, actor, slip } = sealed;
    expect(problemOf({ kind, at, actor })).toBe('lacks the field "slip"');
    const destroyed = { kind: "slip-destroyed", at, actor, slip };
    expect(problemOf(destroyed)).toBe('lacks the field "witness"');
    expect(problemOf({ ...destroyed, witness: "Wim" })).toBeUndefined();
  });

  it("names a split that can be", () => {
    const set = opened().event(issue({ set: "K7Q2", account: "bg-1", generation: 1 }));
    expect(problemOf(set)).toBeUndefined();
    expect(problemOf({ ...set, threshold: 4 })).toMatch(/threshold above/);
    expect(problemOf({ ...set, scheme: "concat" })).toMatch(/no concatenation/);
    expect(problemOf({ ...set, scheme: "concat", threshold: 3 })).toBeUndefined();
  });

  it("is not repeated when it is refused", () => {
    const value = "correct horse battery";
    for (const change of [
      { note: `${value}\n` },
      { [value]: 1 },
      { kind: value },
      { slip: { set: value, slip: 1 } },
    ])
      expect(problemOf({ ...sealed, ...change })).not.toContain("horse");
  });

  it("of a later version is kept, with what this version knows of it checked", () => {
    const later = { kind: "moon-rose", at: sealed.at, actor: "Ada", phase: { full: true } };
    expect(checkEntry({ ...link, ...later })).toEqual({
      entry: {
        ...{ ...link, kind: "later", name: "moon-rose", at: sealed.at, actor: "Ada" },
        fields: { phase: { full: true } },
      },
    });
    const nested = (levels: number): unknown => (levels === 0 ? "full" : [nested(levels - 1)]);
    expect(problemOf({ ...later, phase: nested(8) })).toBeUndefined();
    expect(problemOf({ ...later, phase: nested(9) })).toContain("nested too deeply");
    const deep = JSON.parse("[".repeat(4e4) + "]".repeat(4e4)) as unknown;
    expect(problemOf({ ...later, phase: deep })).toContain("nested too deeply");
    expect(problemOf({ ...later, at: "today" })).toContain("no time in UTC");
    expect(problemOf({ kind: "moon-rose", at: sealed.at })).toContain("actor");
    expect(() => checkEvent(later as unknown as CustodyEvent)).toThrow(BreakglassError);
  });

  it.each([
    "1) 1808 FGJ0 3G56 W157  PZE9",
    "it said 1808-FGJ0-3G56-W157-PZE9 there",
    "1808 fgj0 3g56 w157 pze9",
    "BG1:1808FGJ03G56W157PZE9",
  ])("does not take the code of a slip into a text: %s", (note) => {
    expect(() => checkEvent({ ...sealed, note })).toThrow(/looks like a slip's code/);
    const moved = { kind: "people-trained", at: sealed.at, actor: "Ada", people: [note] } as const;
    expect(() => checkEvent(moved)).toThrow(/looks like a slip's code/);
  });

  it.each([
    "seen by Bea, bag 0012 3456 7890",
    "anchor 12-4f0c4f0c4f0c4f0c4f0c4f0c4f0c4f",
    "call 0043 1234 5678 9012",
    "they were here when that safe went down",
    "check word K7Q2 M0XA",
  ])("takes other texts: %s", (note) => {
    expect(() => checkEvent({ ...sealed, note })).not.toThrow();
  });
});

describe("a slip's short name", () => {
  it("reads back", () => {
    expect(parseRef("k7q2/2")).toEqual({ set: "K7Q2", slip: 2 });
    expect(refText({ set: "K7Q2", slip: 16 })).toBe("K7Q2/16");
    for (const text of ["K7Q2", "K7Q2/0", "K7Q2/17", "K7QU/1", "K7Q2/1/2", ""])
      expect(parseRef(text)).toBeUndefined();
  });
});
