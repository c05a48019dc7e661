import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ceremonyCounts, ceremonyPages } from "../../src/paper/ceremony-page.ts";
import type { PaperFacts } from "../../src/paper/facts.ts";
import { labelPages } from "../../src/paper/labels.ts";
import type { Page } from "../../src/paper/page.ts";
import { CEREMONIES, type Ceremony } from "../../src/paper/papers.ts";
import { runbookPages } from "../../src/paper/runbook.ts";
import { needs } from "../tools.ts";
import { inkOf, overlapsOn, textsOn } from "./geometry.ts";
import {
  anyFacts,
  anyLayout,
  ceremony,
  factsOf,
  labels,
  onA4,
  onLetter,
  paperPdf,
  rotationOf,
  runbook,
  setOf,
  withPdf,
} from "./papers.ts";
import { failure } from "./samples.ts";

const anyScript = fc
  .tuple(fc.constantFrom(...CEREMONIES), anyFacts, anyLayout)
  .map(([name, facts, layout]) => ceremonyPages(ceremony, name, facts, layout));
const anyRunbook = fc
  .tuple(anyFacts, anyLayout)
  .map(([facts, layout]) => runbookPages(runbook, facts, layout));
const anyLabels = fc
  .tuple(anyFacts, anyLayout, fc.boolean())
  .map(([facts, layout, discreet]) =>
    labelPages(labels, facts, discreet ? { ...layout, discreet: "Blue" } : layout),
  );
const anyPages = fc.oneof(anyScript, anyRunbook, anyLabels);
const some = { numRuns: 60 };

describe("the pages of any paper", () => {
  test("have no two items on top of each other", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const page of pages) expect(overlapsOn(page)).toEqual([]);
      }),
      some,
    );
  });

  test("keep a margin of 8 mm", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const page of pages)
          for (const { left, top, right, bottom } of page.blocks
            .flatMap(({ items }) => items)
            .map(inkOf)) {
            expect(left).toBeGreaterThanOrEqual(7.9);
            expect(top).toBeGreaterThanOrEqual(7.9);
            expect(right).toBeLessThanOrEqual(page.width - 7.9);
            expect(bottom).toBeLessThanOrEqual(page.height - 7.9);
          }
      }),
      some,
    );
  });

  test("have no line that looks like a part of a slip's code", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const text of textsOn(pages)) expect(text).not.toMatch(/^\s*(\d+|S)\)|BG\d+:/i);
      }),
      some,
    );
  });
});

/** The rows of a page that begin with the number of a step: the number, and the rest as one text. */
function stepsOn(page: Page): [number: string, rest: string][] {
  return page.blocks.flatMap(({ tag, items }): [string, string][] => {
    const texts = items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
    const [first, ...rest] = texts;
    return tag === "P" && first !== undefined && /^\d+[a-z]?$/.test(first) && rest.length > 1
      ? [[first, rest.join(" ")]]
      : [];
  });
}

const sets: [name: string, facts: PaperFacts, slips: number, needed: number][] = [
  ["2of3", rotationOf(2, 3, "shamir"), 3, 2],
  ["3of5", rotationOf(3, 5, "shamir"), 5, 3],
  ["concat:2", rotationOf(2, 2, "concat"), 2, 2],
];

describe("a script", () => {
  test.each(CEREMONIES)("%s: numbers its steps through, each whole in one row", (name) => {
    for (const layout of [onA4, onLetter]) {
      const pages = ceremonyPages(ceremony, name, rotationOf(2, 3, "shamir"), layout);
      const numbers = pages.flatMap(stepsOn).map(([number]) => number);
      const whole = numbers.filter((number) => /^\d+$/.test(number)).map(Number);
      expect(whole.length).toBeGreaterThan(15);
      expect(whole).toEqual(whole.map((_, i) => i + 1));
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  test.each(CEREMONIES)("%s: says every step of its sections", (name) => {
    const facts = rotationOf(2, 3, "shamir");
    const rows = ceremonyPages(ceremony, name, facts, onA4).flatMap(stepsOn);
    const said = rows.map(([, rest]) => rest);
    for (const key of ceremony.scripts[name].sections) {
      const section = ceremony.sections[key]!;
      if (section.only?.some((condition) => condition === "pin") === true) continue;
      for (const { do: text, only = [] } of section.steps)
        if (text?.includes("{") === false && only.length === 0)
          expect(said.filter((row) => row.includes(text)).length, text).toBeGreaterThan(0);
    }
  });

  test.each(sets)("%s: has the exact counts", (_, facts, slips, needed) => {
    const script = ceremony.scripts.rotate;
    expect(ceremonyCounts(script, facts)).toEqual({
      ...{ slips, needed, earlier: slips, custodians: slips, people: slips + 4 },
    });
    const texts = textsOn(ceremonyPages(ceremony, "rotate", facts, onA4));
    const counted = (item: string): string | undefined => texts[texts.indexOf(item) + 1];
    for (const item of [
      "Inner sleeves, opaque",
      "Tamper-evident bags, each with its own serial",
      "Envelope labels",
      "Old slips to destroy, in their bags: set K7Q2, generation 4",
    ])
      expect(counted(item), item).toBe(String(slips));
    expect(counted("Laptop without a network, with breakglass and the register")).toBe("1");
    expect(counted("Pens with permanent ink")).toBe(String(slips + 4));
  });

  test.each(sets)(
    "%s: has room for the check word and the bag of every slip",
    (_, facts, slips) => {
      const texts = textsOn(ceremonyPages(ceremony, "rotate", facts, onA4));
      const count = (label: string): number => texts.filter((text) => text === label).length;
      expect(count("Check word")).toBe(slips);
      expect(count("Bag serial")).toBe(slips);
      expect(count("Old bag serial")).toBe(slips);
    },
  );

  test("destroys the old slips after the sign-in is confirmed and the new ones are sealed", () => {
    const all = textsOn(ceremonyPages(ceremony, "rotate", rotationOf(2, 3, "shamir"), onA4));
    const at = (start: string): number => all.findIndex((text) => text.startsWith(start));
    const order = [
      ...["Read the check word aloud", "Recover the password of", "Confirm the sign-in"],
      ...["Seal the sleeve in a bag", "Shred slip 1 of 3 of set K7Q2", "Print the minutes"],
    ].map(at);
    expect(order.every((place) => place > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test("without earlier sets names and destroys none", () => {
    const facts = { ...rotationOf(2, 3, "shamir"), earlier: [] };
    const said = textsOn(ceremonyPages(ceremony, "issue", facts, onA4)).join(" ");
    expect(said).not.toMatch(/Destroy the old|Shred slip|old slips to destroy/i);
    expect(said).toContain("breakglass issue");
    expect(said).not.toContain("breakglass rotate");
  });

  test("asks for another subset only where there is one", () => {
    const said = (facts: PaperFacts): string =>
      textsOn(ceremonyPages(ceremony, "rotate", facts, onA4)).join(" ");
    expect(said(rotationOf(2, 3, "shamir"))).toContain("from other slips than before");
    expect(said(rotationOf(2, 2, "concat"))).toContain("from all 2 slips once more");
    expect(said(rotationOf(2, 2, "concat"))).not.toContain("from other slips than before");
  });

  test("of a drill in which each slip is checked alone never recovers", () => {
    const said = textsOn(ceremonyPages(ceremony, "drill-check", factsOf(setOf(2, 3)), onA4));
    expect(said.join(" ")).not.toMatch(/breakglass recover|sign in to|admin\.microsoft/);
  });

  test("of a drill with sign-in is recorded as a drill, and once", () => {
    const facts = factsOf(setOf(2, 3));
    const said = textsOn(ceremonyPages(ceremony, "drill-full", facts, onA4)).join(" ");
    const recoveries = said.match(/breakglass (?:record recovered|recover) [^.]*?--by NAME/g);
    expect(recoveries).toEqual([
      "breakglass recover --set K7Q2 --purpose drill --by NAME",
      "breakglass record recovered K7Q2 --purpose drill --slips NUMBERS --at TIME --by NAME",
    ]);
    expect(said).toContain("IF it was not written down as a recovery for a drill");
    expect(said).toMatch(/record drill --type full --account bg-1\S* .*--result RESULT/);
    const alone = textsOn(ceremonyPages(ceremony, "drill-check", facts, onA4)).join(" ");
    expect(alone).toMatch(/record drill --type check --account bg-1\S* .*--result RESULT/);
  });

  test("names set and slip in its commands where they are known", () => {
    const facts = { ...rotationOf(2, 3, "shamir"), set: setOf(2, 3) };
    const said = textsOn(ceremonyPages(ceremony, "rotate", facts, onA4)).join(" ");
    expect(said).toContain("breakglass recover --set K7Q2 --by NAME");
    expect(said).toContain("breakglass record sealed K7Q2/1 --bag SERIAL");
    expect(said).toContain("breakglass record destroyed K7Q2/3 --by NAME");
    expect(said).toContain("breakglass record alert-seen bg-1");
    expect(said).not.toMatch(/--set SET|sealed SLIP|destroyed SLIP/);
  });

  test("of an emergency says whether any slip may stay, and names each item once", () => {
    const said = (facts: PaperFacts): string =>
      textsOn(runbookPages(runbook, facts, onA4)).join(" ");
    const named = { alsoNeeded: ["FIDO2 key KEY-1"] };
    const all = said({ ...rotationOf(3, 3, "concat"), ...named });
    expect(all).toContain("Fetch every one of them: all 3 slips are needed.");
    expect(all).not.toContain("Leave the others");
    expect(all.match(/FIDO2 key KEY-1/g)).toHaveLength(1);
    expect(all).toContain("FIDO2 key KEY-1, serial FK-1");
    expect(said(rotationOf(2, 3, "shamir"))).toContain("Leave the others where they are.");
  });

  test.each<[string, Partial<PaperFacts>, boolean]>([
    ["on the slips", { items: [] }, true],
    ["in the register alone", { alsoNeeded: [] }, true],
    ["nowhere", { alsoNeeded: [], items: [] }, false],
  ])("has a step for what the sign-in needs besides, which is %s", (_, fields, has) => {
    const facts = { ...rotationOf(2, 3, "shamir"), ...fields };
    const step = "Use what the sign-in needs besides.";
    for (const pages of [
      ceremonyPages(ceremony, "rotate", facts, onA4),
      ceremonyPages(ceremony, "drill-full", facts, onA4),
      runbookPages(runbook, facts, onA4),
    ])
      expect(textsOn(pages).includes(step)).toBe(has);
    const rows = textsOn(runbookPages(runbook, facts, onA4)).join(" ");
    expect(rows.includes("the sign-in asks for a second factor")).toBe(!has);
    const table = textsOn(ceremonyPages(ceremony, "rotate", facts, onA4));
    expect(table.includes("FIDO2 key, or what else the sign-in needs")).toBe(has);
  });

  test("keeps an anchor in one piece", () => {
    const anchor = `999999-${"0123456789abcdef".repeat(2).slice(0, 30)}`;
    const facts = { ...rotationOf(2, 3, "shamir"), anchor };
    for (const layout of [onA4, onLetter])
      expect(textsOn(ceremonyPages(ceremony, "rotate", facts, layout))).toContain(anchor);
    expect(textsOn(runbookPages(runbook, facts, onA4))).toContain(anchor);
  });

  test("gives the exact commands to set the password, with forced change off first", () => {
    const said = textsOn(ceremonyPages(ceremony, "rotate", rotationOf(2, 3, "shamir"), onA4));
    const all = said.join(" ");
    const prompt = all.indexOf("Read-Host -AsSecureString");
    const forced = all.indexOf("forceChangePasswordNextSignIn = $false");
    const expiry = all.indexOf("-PasswordPolicies DisablePasswordExpiration");
    expect(prompt).toBeGreaterThan(0);
    expect(forced).toBeGreaterThan(prompt);
    expect(expiry).toBeGreaterThan(forced);
    expect(all).toContain('"forceChangePasswordNextSignIn": false');
  });

  test("quotes an account where a shell would take it apart", () => {
    const facts = { ...rotationOf(2, 3, "shamir"), account: "o'brien & co@x.y" };
    const said = textsOn(ceremonyPages(ceremony, "rotate", facts, onA4));
    expect(said).toContain(`breakglass rotate "o'brien & co@x.y"`);
  });

  test("repeats its head on every page", () => {
    const pages = ceremonyPages(ceremony, "rotate", rotationOf(2, 3, "shamir"), onA4);
    pages.forEach((page, i) => {
      const head = textsOn([page]).slice(0, 4);
      expect(head.slice(0, 2)).toEqual(["Sample Bank AG", "Rotation: script"]);
      expect(head[2]).toMatch(/^bg-1@contoso\S+ .* the new set .* 41-0123456789abcdef/);
      expect(head[3]).toBe(`page ${i + 1} of ${pages.length}`);
    });
  });

  test("prints Polish, Greek and Cyrillic names as they were given", () => {
    const said = textsOn(ceremonyPages(ceremony, "drill-check", factsOf(setOf(3, 5)), onA4));
    const all = said.join(" ");
    for (const name of ["Łucja Żółkiewska 2", "Ελένη Παπαδάκη 3", "Юрий Щербаков 4"])
      expect(all).toContain(name);
  });

  test.each<[string, Partial<PaperFacts>, string]>([
    ["Chinese", { account: "王" }, "the account has a character (U+738B)"],
    ["a code line", { organisation: "1) a" }, "the organisation looks like a part of the code"],
    ["nothing", { anchor: " " }, "the register anchor is empty"],
    [
      "a person's phone",
      { people: [{ name: "A", phone: "\u0661", email: undefined }] },
      "a phone number has a character (U+0661)",
    ],
  ])("is refused by the name of the fact: %s", (_, change, message) => {
    const start = message.replaceAll(/[()+]/g, "\\$&");
    expect(() =>
      ceremonyPages(ceremony, "rotate", { ...rotationOf(2, 3, "shamir"), ...change }, onA4),
    ).toThrow(failure("usage", new RegExp(`^${start}`)));
  });
});

describe("the runbook", () => {
  const facts = factsOf(setOf(2, 3), {
    earlier: [setOf(2, 3, { set: "9N4M", generation: 3 })],
  });
  const said = textsOn(runbookPages(runbook, facts, onA4)).join(" ");

  test("has phone numbers that are known, and room for the others", () => {
    expect(said).toContain("Anna Keller 1 +43 1 234 567 anna@example.org");
    expect(said).toMatch(/Ελένη Παπαδάκη 3 Phone/);
  });

  test("says which set to try first, and where the slips of both lie", () => {
    expect(said).toContain("Try first set K7Q2, generation 4 Then try set 9N4M, generation 3");
    expect(said).toContain("Where the slips of set K7Q2, generation 4 lie");
    expect(said).toContain("Where the slips of set 9N4M, generation 3 lie");
    expect(said).toContain("fails twice with set K7Q2");
  });

  test("recovers by eye only what was cut", () => {
    const cut = factsOf(setOf(2, 2, { scheme: "concat" }));
    const other = textsOn(runbookPages(runbook, cut, onA4)).join(" ");
    expect(other).toContain("Write the parts in clear of all 2 slips");
    expect(other).not.toContain("read_slips.py");
    expect(said).toContain("read_slips.py");
    expect(said).not.toContain("Write the parts");
  });
});

describe("labels", () => {
  test("are one for each slip, eight on a sheet", () => {
    const pages = labelPages(labels, factsOf(setOf(2, 9)), onA4);
    expect(pages).toHaveLength(2);
    const names = textsOn(pages).filter((text) => text.startsWith("K7Q2"));
    expect(names).toEqual(Array.from({ length: 9 }, (_, i) => `K7Q2  slip ${i + 1} of 9`));
  });

  test("that are discreet name nobody and no place, even with facts that can't be printed", () => {
    const facts = factsOf(setOf(2, 3), { account: "王" });
    const said = textsOn(labelPages(labels, facts, { ...onA4, discreet: "Blue" })).join(" ");
    expect(said).toContain("Blue");
    expect(said).toContain("2027-02-21");
    expect(said).not.toMatch(/Sample|Keller|vault|Bag serial|Custodian|Witness|Account/);
  });
});

const printed: [name: string, pages: () => Page[]][] = [
  ...CEREMONIES.map((name: Ceremony): [string, () => Page[]] => [
    name,
    () => ceremonyPages(ceremony, name, rotationOf(2, 3, "shamir"), onA4),
  ]),
  ["runbook", () => runbookPages(runbook, factsOf(setOf(3, 5)), onLetter)],
  ["labels", () => labelPages(labels, factsOf(setOf(3, 5)), onA4)],
];

describe("the PDF", () => {
  test.each(printed)("%s: is the same for the same facts", async (_, pages) => {
    const [first, second] = [await paperPdf(pages()), await paperPdf(pages())];
    expect(Buffer.from(first).equals(second)).toBe(true);
  });

  test.skipIf(needs("qpdf")).each(printed)("%s: is sound", async (_, pages) => {
    expect(await withPdf(pages(), "qpdf", "--check", "FILE")).toContain(
      "No syntax or stream encoding errors",
    );
  });

  test.skipIf(needs("pdfinfo")).each(printed)("%s: is tagged", async (_, pages) => {
    expect(await withPdf(pages(), "pdfinfo", "FILE")).toMatch(/^Tagged: +yes$/m);
  });

  test.skipIf(needs("pdftotext")).each(printed)("%s: reads as no code", async (_, pages) => {
    const text = await withPdf(pages(), "pdftotext", "-layout", "FILE", "-");
    expect(text.split(/[\n\f]/).filter((line) => /^\s*(\d+|S)\)|BG\d+:/i.test(line))).toEqual([]);
  });

  test.skipIf(needs("pdftotext"))("gives each step once and in order", async () => {
    const facts = rotationOf(2, 3, "shamir");
    const pages = ceremonyPages(ceremony, "rotate", facts, onA4);
    const text = await withPdf(pages, "pdftotext", "-layout", "FILE", "-");
    const numbers = [...text.matchAll(/^(\d+[a-z]?) +\S/gm)].map(([, number]) => number);
    expect(numbers).toEqual(pages.flatMap(stepsOn).map(([number]) => number));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
