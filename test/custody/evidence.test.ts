import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/custody/events.ts";
import { evidenceOf, type Evidence } from "../../src/custody/evidence.ts";
import { anchor, readJournal } from "../../src/custody/journal.ts";
import { anyEvent } from "./arbitrary.ts";
import { entriesOf, issue, nodeHash, opened, perform, steps, type Book } from "./book.ts";

const YEAR = { since: "2026-01-01", until: "2026-12-31" };

function entriesIn(book: Book): readonly Entry[] {
  return readJournal(book.bytes, nodeHash).entries;
}

function evidenceIn(book: Book, period = YEAR, now = new Date("2027-02-01T00:00:00Z")): Evidence {
  return evidenceOf(entriesIn(book), period, now);
}

/** Two rotations, the second late by nine days; one slip lost, one exception, one drill. */
function life(): Book {
  const book = opened().put({ kind: "policy-changed", policy: { rotationDays: 90 } });
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
  book.on("2026-03-20");
  perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
  book.on("2026-03-22").put(...steps.destroy("K7Q2"));
  book.on("2026-06-27");
  perform(book, { set: "3XYZ", account: "bg-1", generation: 3, replaceBy: "2026-09-25" });
  return book;
}

describe("the evidence of a period", () => {
  it("says for each set who did what, and whether it came in time", () => {
    const book = life();
    const { sets } = evidenceIn(book);
    expect(sets.map(({ set, stage }) => [set, stage])).toEqual([
      ...[
        ["K7Q2", "destroyed"],
        ["9N4M", "superseded"],
        ["3XYZ", "active"],
      ],
    ]);
    expect(sets.map(({ replaces }) => replaces)).toEqual([
      undefined,
      { set: "K7Q2", days: 78, dueBy: "2026-04-01", daysLate: 0 },
      { set: "9N4M", days: 99, dueBy: "2026-06-18", daysLate: 9 },
    ]);
    const [first] = sets;
    const entries = entriesIn(book);
    const at = (entry: number | undefined): Entry => entries[entry! - 1]!;
    expect(at(first!.issued.entry)).toMatchObject({ kind: "set-issued", set: "K7Q2" });
    expect(at(first!.allChecked?.entry)).toMatchObject({ slip: { set: "K7Q2", slip: 3 } });
    expect(at(first!.allSealed?.entry)).toMatchObject({ kind: "slip-sealed", bag: "K7Q2-3" });
    expect(first!.confirmed).toMatchObject({ by: "Bea", at: at(first!.confirmed?.entry).at });
    expect(first!.slips.map(({ destroyed }) => destroyed?.witness)).toEqual(["Wim", "Wim", "Wim"]);
    const issued = at(first!.issued.entry);
    expect(first!.anchor).toBe(anchor({ n: issued.n, hash: issued.hash }));
  });

  it("counts a slip as sealed only until a password is put together from it", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    book.on("2026-02-01");
    book.put(issue({ set: "9N4M", account: "bg-1", generation: 2 }), ...steps.check("9N4M"));
    book.put(...steps.begin("9N4M"), ...steps.confirm("9N4M"), ...steps.seal("9N4M").slice(0, 2));
    book.put({ kind: "password-recovered", set: "9N4M", purpose: "drill", slips: [1, 3] });
    book.put(steps.seal("9N4M")[2]!);
    expect(evidenceIn(book).sets[1]?.allSealed).toBeUndefined();
    book.put(steps.seal("9N4M", "new")[0]!);
    expect(evidenceIn(book).sets[1]?.allSealed?.entry).toBe(book.register.n);
  });

  it("counts days by the calendar, and not by the hour", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
    // Earlier in the day than the sign-in ninety days before.
    book.now = "2026-04-01T07:00:00Z";
    perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-30" });
    const [, second] = evidenceIn(book).sets;
    expect(second?.replaces).toMatchObject({ days: 90, dueBy: "2026-04-01", daysLate: 0 });
  });

  it("goes by the policy of the day, and not by what it became", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
    book.on("2026-03-10");
    perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
    book.put(...steps.destroy("K7Q2"));
    book.put({ kind: "policy-changed", policy: { rotationDays: 30 } }).on("2026-04-20");
    perform(book, { set: "3XYZ", account: "bg-1", generation: 3, replaceBy: "2026-05-20" });
    const [, second, third] = evidenceIn(book).sets;
    expect(second?.replaces).toMatchObject({ dueBy: "2026-04-01", daysLate: 0 });
    expect(third?.replaces).toMatchObject({ dueBy: "2026-04-09", daysLate: 11 });
  });

  it("takes the end of the period for its present, with what was written down later", () => {
    const book = life();
    book.on("2026-07-10").put({
      ...{ kind: "slip-destroyed", slip: { set: "9N4M", slip: 1 }, witness: "Wim" },
      ...{ at: "2026-06-29T08:00:00Z", recorded: "2026-07-10T09:00:00Z" },
    } as never);
    const june = evidenceIn(book, { since: "2026-06-01", until: "2026-06-30" });
    expect(june.asOf).toBe("2026-06-30T23:59:59Z");
    expect(june.register.sets.get("9N4M")!.slips[0]!.destroyed?.at).toBe("2026-06-29T08:00:00Z");
    expect(june.writtenLate.map(({ kind }) => kind)).toEqual(["slip-destroyed"]);
    expect(june.headThen.n).toBe(book.register.n - 1);
    expect(june.findings.map(({ id }) => id)).not.toContain("clock");
    // The first set had gone before June, and is in no table of it.
    expect(june.sets.map(({ set }) => set)).toEqual(["9N4M", "3XYZ"]);
    const march = evidenceIn(book, { since: "2026-03-01", until: "2026-03-19" });
    expect(march.sets.map(({ set, stage }) => [set, stage])).toEqual([["K7Q2", "active"]]);
    const going = evidenceIn(book, YEAR, new Date("2026-07-20T12:00:00Z"));
    expect(going.asOf).toBe("2026-07-20T12:00:00Z");
  });

  it("says of each trigger when it was due, and how and when it was closed", () => {
    const book = life().on("2026-07-01");
    book.put({ kind: "staff-changed", change: "an administrator left" });
    book.put({ kind: "slip-lost", slip: { set: "3XYZ", slip: 3 } }).on("2026-07-03");
    const open = evidenceIn(book, YEAR, new Date("2026-07-03T00:00:00Z")).triggers;
    expect(open.map(({ kind, closed, dueBy, late }) => [kind, closed, dueBy, late])).toEqual([
      ["staff", undefined, "2026-07-08T23:59:59Z", false],
      ["lost", undefined, "2026-07-01T09:01:00Z", true],
    ]);
    perform(book, { set: "5ABC", account: "bg-1", generation: 4, replaceBy: "2026-09-30" });
    const { triggers } = evidenceIn(book);
    expect(triggers.map(({ closed, late }) => [closed?.how, closed?.by, late])).toEqual([
      ["the set was replaced, or its account retired", "Bea", false],
      ["the set was replaced, or its account retired", "Bea", true],
    ]);
    book.on("2026-08-01").put({ kind: "staff-changed", change: "somebody came" });
    const { n } = book.register;
    book.put({ kind: "trigger-assessed", trigger: n, reason: "no access" });
    expect(evidenceIn(book).triggers.at(-1)?.closed).toMatchObject({
      ...{ how: "assessed: no access", entry: n + 1 },
    });
    // Closed before the period, and so no part of it.
    const autumn = evidenceIn(book, { since: "2026-09-01", until: "2026-12-31" });
    expect(autumn.triggers).toEqual([]);
  });

  it("has exceptions that were open in the period, overrides, drills and recoveries of it", () => {
    const book = life().on("2026-07-01");
    book.put({ kind: "exception-noted", problem: "the door was open" });
    const { n } = book.register;
    book.put(
      { kind: "exception-noted", problem: "no second pen", remedy: "one was fetched" },
      { kind: "rule-overridden", rule: "share-site", reason: "the other site burned down" },
      { kind: "drill-held", type: "full", result: "passed", minutes: 30 },
      { kind: "password-recovered", set: "3XYZ", purpose: "emergency", slips: [1, 2] },
    );
    book.on("2026-09-01").put({ kind: "exception-closed", exception: n, remedy: "a new lock" });
    const july = evidenceIn(book, { since: "2026-07-01", until: "2026-07-31" });
    expect(july.exceptions.map(({ problem, closed }) => [problem, closed?.entry])).toEqual([
      ["the door was open", undefined],
      ["no second pen", n + 1],
    ]);
    expect(july.overrides).toHaveLength(1);
    expect(july.drills).toHaveLength(1);
    expect(july.recoveries.map(({ purpose }) => purpose)).toEqual(["emergency"]);
    const autumn = evidenceIn(book, { since: "2026-08-15", until: "2026-12-31" });
    expect(autumn.exceptions.map(({ remedy }) => remedy)).toEqual(["a new lock"]);
    expect([autumn.overrides, autumn.drills, autumn.recoveries]).toEqual([[], [], []]);
  });

  it("is found in any journal, and depends on nothing else", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const entries = entriesOf(events);
        const now = new Date("2027-06-01T00:00:00Z");
        const period = { since: "2026-06-01", until: "2027-03-31" };
        const found = evidenceOf(entries, period, now);
        expect(evidenceOf(entries, period, now)).toEqual(found);
        for (const { at, recorded } of found.entries)
          expect([at, recorded ?? at].some((time) => time >= "2026-06-01")).toBe(true);
        for (const { closed, noted } of found.triggers)
          expect(closed === undefined || closed.at >= noted.at || closed.entry > 0).toBe(true);
      }),
    );
  });
});
