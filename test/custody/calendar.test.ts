import { describe, expect, it } from "vitest";
import { registerCalendar, type CalendarEntry } from "../../src/custody/calendar.ts";
import { readJournal } from "../../src/custody/journal.ts";
import { dueDates } from "../../src/custody/schedule/schedule.ts";
import { nodeHash, opened, perform, steps, type Book } from "./book.ts";

function calendarOf(book: Book): readonly CalendarEntry[] {
  return registerCalendar(readJournal(book.bytes, nodeHash).entries, book.date()).entries;
}

function started(): Book {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
  return book;
}

describe("a register's calendar", () => {
  it("has every duty with a date once, on its last day, with the command", () => {
    const book = started();
    const calendar = calendarOf(book);
    expect(calendar.map(({ what }) => what)).toEqual(
      expect.arrayContaining(dueDates(book.register).map(({ what }) => what)),
    );
    expect(new Set(calendar.map(({ uid }) => uid)).size).toBe(calendar.length);
    const rotation = calendar.find(({ what }) => what.startsWith("the password of bg-1"))!;
    expect(rotation).toMatchObject({
      ...{ day: "2026-04-01", command: "breakglass rotate bg-1" },
      ...{ settled: false, warningDays: 14 },
    });
    expect(calendar.every(({ uid }) => /^[0-9a-f]{32}@breakglass$/.test(uid))).toBe(true);
    expect(calendarOf(book)).toEqual(calendar);
  });

  it("moves a duty that comes round, under the same name and a higher sequence", () => {
    const book = started();
    const before = calendarOf(book).find(({ what }) => what.startsWith("the password of bg-1"))!;
    book.on("2026-03-20");
    perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
    const after = calendarOf(book).find(({ uid }) => uid === before.uid)!;
    expect(after).toMatchObject({ day: "2026-06-18", settled: false });
    expect(after.sequence).toBeGreaterThan(before.sequence);
  });

  it("cancels what was settled since, until it is long past", () => {
    const book = started().on("2026-03-20");
    perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
    const before = calendarOf(book).filter(({ what }) => what.includes("not destroyed yet"));
    expect(before.map(({ settled }) => settled)).toEqual([false, false, false]);
    book.on("2026-03-22").put(...steps.destroy("K7Q2"));
    const settledOn = (day: string): CalendarEntry[] =>
      calendarOf(book.on(day)).filter(({ what }) => what.includes("not destroyed yet"));
    expect(settledOn("2026-03-22")).toEqual(
      before.map((entry) => ({ ...entry, settled: true, sequence: book.register.n })),
    );
    expect(settledOn("2026-04-20")).toHaveLength(3);
    expect(settledOn("2026-06-01")).toEqual([]);
  });

  it("loses nothing that any earlier calendar of it had", () => {
    const book = started().on("2026-01-20");
    const known = new Map<string, string>();
    const look = (): void => {
      const calendar = calendarOf(book);
      const uids = new Set(calendar.map(({ uid }) => uid));
      for (const [uid, what] of known) expect(uids.has(uid), what).toBe(true);
      for (const { uid, what, settled } of calendar) if (!settled) known.set(uid, what);
    };
    look();
    for (const happening of [
      { kind: "custodian-gone", custodian: "Ada" },
      { kind: "slip-lost", slip: { set: "K7Q2", slip: 3 } },
      { kind: "slip-moved", slip: { set: "K7Q2", slip: 1 }, custodian: "Bea", alternate: "Eve" },
      { kind: "combination-changed", location: "Safe A" },
      { kind: "process-reviewed" },
      { kind: "account-retired", account: "bg-2" },
    ] as const) {
      book.put(happening);
      look();
    }
    expect(known.size).toBeGreaterThan(10);
  });

  it("shares no name with another register's", () => {
    const other = started();
    const here = new Set(calendarOf(started()).map(({ uid }) => uid));
    expect(calendarOf(other).every(({ uid }) => here.has(uid))).toBe(true);
    const elsewhere = opened().on("2026-01-02");
    const apart = registerCalendar(
      readJournal(elsewhere.bytes, nodeHash).entries.map((entry) => ({ ...entry, hash: "00" })),
      elsewhere.date(),
    );
    expect(apart.entries.some(({ uid }) => here.has(uid))).toBe(false);
  });
});
