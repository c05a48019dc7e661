import { describe, expect, test } from "vitest";
import type { SlipDetails } from "../../src/paper/slip-details.ts";
import { pageItems } from "../../src/paper/page.ts";
import { slipPages } from "../../src/paper/slip-page.ts";
import { a4, details, failure, letter, longDetails, shamirSlip } from "./samples.ts";

const slip = shamirSlip(28);

function print(change: Partial<SlipDetails>, layout = a4): string {
  const pages = slipPages(slip, { ...details, ...change }, layout);
  return pageItems(pages)
    .flatMap((item) => (item.kind === "text" ? [item.text] : []))
    .join("\n");
}

describe("a detail that can't be printed is refused by its name", () => {
  test.each<[string, Partial<SlipDetails>, string]>([
    ["Chinese", { custodian: "王小明" }, "the custodian's name has a character (U+738B)"],
    [
      "Arabic, though a font has it",
      { alternate: "\u0639\u0644\u064a" },
      "the alternate's name has a character (U+0639)",
    ],
    ["Hebrew", { location: "\u05d0\u05d1" }, "the location has a character (U+05D0)"],
    ["Arabic digits", { location: "room \u0661" }, "the location has a character (U+0661)"],
    ["an override of direction", { account: "a\u202eb" }, "the account has a character (U+202E)"],
    [
      "a mark without a composed letter",
      { custodian: "q\u0301" },
      "the custodian's name has a character (U+0301)",
    ],
    [
      "a zero-width joiner",
      { custodian: "a\u200db" },
      "the custodian's name has a character (U+200D)",
    ],
    ["an emoji", { alsoNeeded: ["\u{1f511}"] }, "what is also needed has a character (U+1F511)"],
    ["a line break", { location: "vault\n2" }, "the location has a character (U+000A)"],
    ["a tab", { location: "vault\t2" }, "the location has a character (U+0009)"],
    ["half a character", { location: "\ud800" }, "the location has a character (U+D800)"],
    ["nothing", { custodian: " " }, "the custodian's name is empty"],
    ["a code line", { location: "1) K7Q2" }, "the location looks like a part of the code"],
    ["a spare line", { location: "safe S) 2" }, "the location looks like a part of the code"],
    ["a QR text", { account: "BG1:AAAA" }, "the account looks like a part of the code"],
    ["201 characters", { location: "a".repeat(201) }, "the location has more than 200 characters"],
    ["too wide a value", { location: "W".repeat(190) }, "the location is too long for the slip"],
    ["too wide an organisation", { organisation: "W".repeat(150) }, "the organisation is too long"],
  ])("%s", (_, change, message) => {
    const start = message.replaceAll(/[()+]/g, "\\$&");
    expect(() => print(change)).toThrow(failure("usage", new RegExp(`^${start}`)));
  });

  test("a discreet label, too", () => {
    expect(() => print({}, { ...a4, discreet: "\u9752" })).toThrow(/the label has a character/);
    expect(() => print({}, { ...a4, discreet: "W".repeat(150) })).toThrow(/the label is too long/);
  });

  test("but not where it is left out", () => {
    const hidden = { custodian: "王小明", account: "1) a", location: "" };
    expect(print(hidden, { ...a4, discreet: "Blue" })).toContain("Blue");
  });
});

describe("names are printed whole", () => {
  test.each([
    "Łódź Żółć",
    "Ångström Øster",
    "Ελένη Παπαδάκη",
    "Юрий Щербаков",
    "Đặng Nguyễn",
    "Őrség",
  ])("%s", (custodian) => {
    expect(print({ custodian })).toContain(custodian);
  });

  test("accents that come as marks are composed", () => {
    expect(print({ custodian: "Zoe\u0308" })).toContain("Zo\u00eb");
  });

  test.each([a4, letter])("long ones over several lines", (layout) => {
    const printed = print(longDetails, layout).replaceAll("\n", " ");
    expect(printed).toContain(longDetails.custodian);
    expect(printed).toContain(longDetails.alternate);
    expect(printed).toContain(longDetails.location);
  });

  test("a word longer than a line is cut, and nothing is lost", () => {
    const account = `${"a".repeat(60)}@example.onmicrosoft.com`;
    expect(print({ account }).replaceAll("\n", "")).toContain(account);
  });
});
