import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { spawnSync } from "../child.ts";
import { calendarFile } from "../../src/cli/register/calendar.ts";
import { registerCalendar, type RegisterCalendar } from "../../src/custody/calendar.ts";
import { readJournal } from "../../src/custody/journal.ts";
import { nodeHash, opened, perform, steps, type Book } from "../custody/book.ts";
import { needs } from "../tools.ts";

/*
 * Reads files one after the other into one calendar, as a calendar program does: an event that is
 * known by its UID is replaced unless what comes has a lower SEQUENCE.
 */
const IMPORT = `
import icalendar, json, sys
known = {}
for text in json.load(sys.stdin):
    calendar = icalendar.Calendar.from_ical(text)
    assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        uid = str(event["UID"])
        if uid in known and known[uid]["sequence"] > event["SEQUENCE"]:
            continue
        known[uid] = {
            "sequence": event["SEQUENCE"],
            "day": event["DTSTART"].dt.isoformat(),
            "value": event["DTSTART"].params["VALUE"],
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "status": str(event["STATUS"]),
            "stamp": event["DTSTAMP"].dt.isoformat(),
            "alarms": [
                [str(alarm["ACTION"]), alarm["TRIGGER"].dt.total_seconds(),
                 str(alarm["TRIGGER"].params.get("RELATED", "START")), str(alarm["DESCRIPTION"])]
                for alarm in event.walk("VALARM")
            ],
        }
print(json.dumps(known))
`;

interface Imported {
  readonly sequence: number;
  readonly day: string;
  readonly value: string;
  readonly summary: string;
  readonly description: string;
  readonly status: string;
  readonly stamp: string;
  readonly alarms: readonly [string, number, string, string][];
}

/** Debian's own, which is where its packages are; another Python may come first on the path. */
const PYTHON = "/usr/bin/python3";

/** What another reader finds; python3-icalendar takes a backslash before an n for a line end. */
const TEXTS = `
import json, sys, vobject
calendar = vobject.readOne(json.load(sys.stdin))
print(json.dumps([[event.summary.value, event.description.value, event.valarm.description.value]
                  for event in calendar.vevent_list]))
`;

function run(program: string, input: unknown): unknown {
  const ran = spawnSync(PYTHON, ["-c", program], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  expect(ran.stderr).toBe("");
  return JSON.parse(ran.stdout);
}

function importAll(...files: readonly string[]): Imported[] {
  return Object.values(run(IMPORT, files) as Record<string, Imported>);
}

function calendarOf(book: Book): RegisterCalendar {
  return registerCalendar(readJournal(book.bytes, nodeHash).entries, book.date());
}

function fileOf(...books: readonly [Book, ...Book[]]): string {
  return calendarFile(books.map(calendarOf), books[0].date());
}

const DAY = 24 * 60 * 60;
const NINE = 9 * 60 * 60;
const without = needs("icalendar", "/usr/lib/python3/dist-packages/vobject");

test.skipIf(without)("a later file changes the events of an earlier one, and doubles none", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
  const first = fileOf(book);
  const rotationIn = (events: readonly Imported[]): Imported[] =>
    events.filter(({ summary }) => summary.includes("password of bg-1 is to be replaced"));
  const [before, ...more] = rotationIn(importAll(first));
  expect(more).toEqual([]);
  expect(before).toMatchObject({
    ...{ day: "2026-04-01", value: "DATE", status: "CONFIRMED" },
    description: "To settle it: breakglass rotate bg-1\nTenant: contoso",
  });
  // At nine in the morning, two weeks before and on the day.
  expect(before!.alarms).toEqual([
    ["DISPLAY", NINE - 14 * DAY, "START", before!.summary],
    ["DISPLAY", NINE, "START", before!.summary],
  ]);

  book.on("2026-03-20");
  perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
  const second = fileOf(book);
  book.on("2026-03-22").put(...steps.destroy("K7Q2"));
  const third = fileOf(book);
  const all = importAll(first, second, third);
  expect(rotationIn(all)).toEqual([expect.objectContaining({ day: "2026-06-18" })]);
  const destroyed = all.filter(({ summary }) => /K7Q2\/.*not destroyed/.test(summary));
  expect(destroyed.map(({ status, alarms }) => [status, alarms])).toEqual([
    ...[1, 2, 3].map(() => ["CANCELLED", []]),
  ]);
  expect(destroyed.every(({ summary }) => summary.startsWith("settled: "))).toBe(true);
  // Nothing that is settled goes on ringing, and a file read in the wrong order changes nothing back.
  const live = all.filter(({ status }) => status !== "CANCELLED").map(({ summary }) => summary);
  const fresh = importAll(third).filter(({ status }) => status !== "CANCELLED");
  expect(live.toSorted()).toEqual(fresh.map(({ summary }) => summary).toSorted());
  expect(importAll(third, first)).toEqual(expect.arrayContaining(importAll(third)));
});

/** A calendar program that keeps its events in a folder, and what it shows of them. */
function calendarProgram(): {
  readonly take: (file: string) => void;
  readonly shows: () => string[];
} {
  const folder = mkdtempSync(join(tmpdir(), "calendar-"));
  const config = join(folder, "config");
  const events = join(folder, "events");
  mkdirSync(events);
  writeFileSync(
    config,
    `[calendars]\n[[duties]]\npath = ${events}\n[sqlite]\npath = ${join(folder, "cache")}\n[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ntimeformat = %H:%M\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n`,
  );
  const khal = (...args: readonly string[]): string => {
    const ran = spawnSync("khal", ["-c", config, ...args], { encoding: "utf8" });
    expect(ran.status, ran.stderr).toBe(0);
    return ran.stdout;
  };
  return {
    take(file) {
      const path = join(folder, "duties.ics");
      writeFileSync(path, file);
      khal("import", "--batch", path);
    },
    shows: () =>
      khal(
        ...["list", "--once", "--day-format", "", "--format", "{start-date} {title}"],
        ...["2026-01-01", "730d"],
      )
        .split("\n")
        .filter((line) => line !== ""),
  };
}

test.skipIf(needs("khal"))("a calendar program takes a later file over an earlier one", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
  const { take, shows } = calendarProgram();
  take(fileOf(book));
  const first = shows();
  const rotation = "the password of bg-1 is to be replaced";
  expect(first).toContain(`2026-04-01 ${rotation} (set K7Q2, generation 1)`);
  take(fileOf(book));
  expect(shows()).toEqual(first);

  book.on("2026-03-20");
  perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
  take(fileOf(book));
  expect(shows().filter((line) => line.includes(rotation))).toEqual([
    `2026-06-18 ${rotation} (set 9N4M, generation 2)`,
  ]);
  expect(new Set(shows()).size).toBe(shows().length);
});

test.skipIf(without)("several registers make one calendar", () => {
  const one = opened();
  const other = opened().on("2026-01-03").put({ kind: "process-reviewed" });
  const apart = { ...calendarOf(other), tenant: "fabrikam" };
  const renamed = {
    ...apart,
    entries: apart.entries.map((entry) => ({ ...entry, uid: `x${entry.uid}` })),
  };
  const file = calendarFile([calendarOf(one), renamed], one.date());
  const events = importAll(file);
  expect(events).toHaveLength(calendarOf(one).entries.length + apart.entries.length);
  expect(events.filter(({ description }) => description.includes("fabrikam"))).toHaveLength(
    apart.entries.length,
  );
});

test.skipIf(without)("whatever a name is, the file holds it as one line of text", () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 30 }),
        fc.constantFrom("\\n", ";", ",", ":", '"', "END:VEVENT", "\u{1f511}", "\u017b", "\\", "^n"),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => `x${parts.join("")}`.slice(0, 250))
    .filter((text) => !/\p{Cs}/u.test(text) && !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text));
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 10 }), (names) => {
      const entries = names.map((what, i) => ({
        ...{ uid: `${i}@breakglass`, sequence: 7, day: "2026-04-01", what },
        ...{ command: `breakglass rotate ${what}`, warningDays: 0, settled: false },
      }));
      const register = { tenant: names[0]!, written: "2026-03-01T09:30:00Z", entries };
      const file = calendarFile([register], new Date("2026-03-02T00:00:00Z"));
      const lines = file.split("\r\n");
      expect(lines.pop()).toBe("");
      expect(lines.every((line) => Buffer.byteLength(line) <= 75 && !/[\r\n]/.test(line))).toBe(
        true,
      );
      expect(importAll(file)).toHaveLength(names.length);
      expect(run(TEXTS, file)).toEqual(
        names.map((name) => [
          ...[name, `To settle it: breakglass rotate ${name}\nTenant: ${names[0]!}`, name],
        ]),
      );
    }),
    { numRuns: 25 },
  );
});
