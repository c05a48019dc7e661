import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/custody/events.ts";
import { eventText, minutesPages } from "../../src/paper/minutes-page.ts";
import { registerFacts } from "../../src/paper/register-facts.ts";
import { opened, perform, steps } from "../custody/book.ts";
import { needs } from "../tools.ts";
import { inkOf, overlapsOn, textsOn } from "./geometry.ts";
import { minutes, onA4, onLetter, paperPdf, withPdf } from "./papers.ts";

const anchor = "41-0123456789abcdef0123456789abcd";
const facts = { organisation: "Sample Bank AG", account: "bg-1", anchor, printed: "2026-11-23" };

/** An entry with some fields, whatever its kind. */
function entry(fields: object): Entry {
  return {
    ...{ n: 7, prev: "", hash: "", at: "2026-03-01T09:30:05Z", actor: "Lea Lead" },
    ...fields,
  } as unknown as Entry;
}

const slip = { set: "K7Q2", slip: 2 };

describe("an entry in plain words", () => {
  test.each<[object, string]>([
    [{ kind: "slip-sealed", slip, bag: "TE-9" }, "Slip K7Q2/2 was sealed in bag TE-9."],
    [{ kind: "slip-sealed", slip }, "Slip K7Q2/2 was sealed."],
    [
      { kind: "sign-in-confirmed", set: "K7Q2", slips: [1, 3] },
      "A sign-in with the password of set K7Q2, from slips 1, 3, was confirmed.",
    ],
    [
      { kind: "policy-changed", policy: { rotationDays: 30, shareSite: true } },
      "The policy was changed: rotationDays 30, shareSite true.",
    ],
    [
      { kind: "drill-held", type: "full", result: "passed", minutes: 40 },
      "A drill of type full was held; result: passed, 40 minutes.",
    ],
    [
      {
        ...{ kind: "set-issued", set: "K7Q2", account: "bg-1", generation: 1, threshold: 2 },
        ...{ slips: [{}, {}, {}], replaceBy: "2026-05-30" },
        strength: { whole: 151.7, afterOne: 72.9, afterAllButOne: 72.9 },
      },
      "Set K7Q2, generation 1, was issued for bg-1: 3 slips, 2 of them needed, to be replaced by 2026-05-30; strength: 151 bits, 72 if one slip is seen, 72 if all but one of those needed are.",
    ],
    [
      { kind: "later", name: "slip-framed", fields: {} },
      "slip-framed (an entry of a later version of breakglass).",
    ],
  ])("%o", (fields, text) => {
    expect(eventText(minutes, entry(fields), new Set())).toBe(text);
  });
});

describe("the day of a set whose password stays by the policy", () => {
  const issued = entry({
    ...{ kind: "set-issued", set: "K7Q2", account: "bg-1", generation: 1, threshold: 2 },
    ...{ slips: [{}, {}, {}], replaceBy: "2026-05-30" },
  });
  const says = (wording: typeof minutes): string => eventText(wording, issued, new Set(["K7Q2"]));

  test("is the one by which it is to be validated", () => {
    expect(says(minutes)).toBe(
      "Set K7Q2, generation 1, was issued for bg-1: 3 slips, 2 of them needed, to be validated by 2026-05-30.",
    );
  });

  test("stands where a wording of version 1 has the one day it knows", () => {
    const events = { ...minutes.events, "set-issued": "Set {set}, day {replaceBy}." };
    expect(says({ ...minutes, events })).toBe("Set K7Q2, day 2026-05-30.");
  });
});

describe("minutes", () => {
  const entries = Array.from({ length: 60 }, (_, i) =>
    entry({
      ...{ kind: "slip-sealed", slip, bag: `TE-${i}`, n: i + 1 },
      ...{ actor: "Łucja Żółkiewska", witness: "Ελένη Παπαδάκη", note: `note ${i}` },
    }),
  );

  test("tell every entry once, in order, and end with the anchor", () => {
    const pages = minutesPages(minutes, { ...facts, entries }, onA4);
    expect(pages.length).toBeGreaterThan(2);
    const all = textsOn(pages);
    expect(all.filter((text) => text.startsWith("Slip K7Q2/2"))).toEqual(
      entries.map((_, i) => `Slip K7Q2/2 was sealed in bag TE-${i}.`),
    );
    expect(all.filter((text) => text.includes("Παπαδάκη"))).toHaveLength(60);
    expect(all.filter((text) => /^Note: note \d+$/.test(text))).toHaveLength(60);
    expect(all.lastIndexOf(anchor)).toBeGreaterThan(
      all.lastIndexOf("Slip K7Q2/2 was sealed in bag TE-59."),
    );
    expect(all).toContain("1 to 60");
  });

  test("say on which days it happened, where a ceremony went on past midnight", () => {
    const late = [
      entry({ kind: "slip-sealed", slip, at: "2026-03-20T23:50:00Z" }),
      entry({ kind: "slip-sealed", slip, at: "2026-03-21T00:10:00Z" }),
    ];
    const said = (entries: Entry[]): string[] =>
      textsOn(minutesPages(minutes, { ...facts, entries }, onA4));
    expect(said(late)).toContain("2026-03-20 to 2026-03-21");
    expect(said(late.slice(1))).toContain("2026-03-21");
  });

  test("of nothing say so", () => {
    expect(textsOn(minutesPages(minutes, { ...facts, entries: [] }, onA4))).toContain("nothing");
  });

  test("print what they can't print by its name, and nothing as a code line", () => {
    const odd = entry({ kind: "slip-opened", slip, reason: "王 1) S) x", note: "7) fell" });
    const all = textsOn(minutesPages(minutes, { ...facts, entries: [odd] }, onA4)).join(" ");
    expect(all).toContain("<U+738B> 1.) S.) x");
    expect(all).toContain("Note: 7.) fell");
  });

  test("hold any text, without overlap, inside the margins", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(text, text, fc.constantFrom(onA4, onLetter), (reason, actor, layout) => {
        const one = entry({ kind: "slip-opened", slip, reason, actor, witness: actor });
        for (const page of minutesPages(minutes, { ...facts, entries: [one] }, layout)) {
          expect(overlapsOn(page)).toEqual([]);
          for (const { right, bottom } of page.blocks.flatMap(({ items }) => items).map(inkOf)) {
            expect(right).toBeLessThanOrEqual(page.width - 8);
            expect(bottom).toBeLessThanOrEqual(page.height - 8);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test.skipIf(needs("qpdf", "pdftotext"))("are a sound PDF, the same every time", async () => {
    const pages = minutesPages(minutes, { ...facts, entries }, onLetter);
    expect(await withPdf(pages, "qpdf", "--check", "FILE")).toContain("No syntax or stream");
    const text = await withPdf(pages, "pdftotext", "-layout", "FILE", "-");
    expect(text).toContain("Łucja Żółkiewska");
    expect(text).toContain(anchor);
    expect(Buffer.from(await paperPdf(pages)).equals(await paperPdf(pages))).toBe(true);
  });
});

describe("the facts of an account, from its register", () => {
  const printing = { anchor, printed: "2026-11-23" };

  test("before anything was issued there are none without a plan", () => {
    expect(registerFacts(opened().register, "bg-1", "next", printing)).toBeUndefined();
    expect(registerFacts(opened().register, "bg-1", "held", printing)).toBeUndefined();
  });

  test("for a rotation: the next generation, and the slips to destroy", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    const next = registerFacts(book.register, "bg-1", "next", printing)!;
    expect(next.set).toMatchObject({ set: undefined, generation: 2, threshold: 2, total: 3 });
    expect(next.set.slips.map(({ custodian, bag }) => [custodian, bag])).toEqual([
      ["Ada", undefined],
      ["Bea", undefined],
      ["Cy", undefined],
    ]);
    expect(next.earlier.map(({ set, slips }) => [set, slips.length])).toEqual([["K7Q2", 3]]);
  });

  test("for the incident: the sets that may be held, the newest first, with bags and sites", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    perform(book, { set: "9N4M", account: "bg-1", generation: 2 });
    book.put(...steps.destroy("K7Q2"));
    const held = registerFacts(book.register, "bg-1", "held", printing)!;
    expect(held.set).toMatchObject({ set: "9N4M", generation: 2 });
    expect(held.set.slips[0]).toMatchObject({ bag: "9N4M-1", site: "Vienna", alternate: "Dan" });
    expect(held.earlier).toEqual([]);
    const next = registerFacts(book.register, "bg-1", "next", printing)!;
    expect(next.earlier.map(({ set }) => set)).toEqual(["9N4M"]);
  });

  test("for a rotation: a damaged slip of the old set is to be destroyed, too", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    book.put({ kind: "slip-damaged", slip: { set: "K7Q2", slip: 2 } });
    const next = registerFacts(book.register, "bg-1", "next", printing)!;
    expect(next.earlier[0]!.slips.map(({ slip: number }) => number)).toEqual([1, 2, 3]);
    const held = registerFacts(book.register, "bg-1", "held", printing)!;
    expect(held.set.slips.map(({ slip: number }) => number)).toEqual([1, 3]);
  });

  test("leave out a slip that is lost", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip: 2 } });
    const held = registerFacts(book.register, "bg-1", "held", printing)!;
    expect(held.set.slips.map(({ slip: number }) => number)).toEqual([1, 3]);
    expect(held.set.total).toBe(3);
  });
});
