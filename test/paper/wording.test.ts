import { describe, expect, test } from "vitest";
import { slipPages } from "../../src/paper/slip-page.ts";
import { parseWording, type Wording } from "../../src/paper/wording.ts";
import { a4, concatSlip, details, failure, fonts, shamirSlip, template } from "./samples.ts";

type Json = Record<string, unknown>;

function changed(change: (wording: Json) => void): string {
  const wording = JSON.parse(template) as Json;
  change(wording);
  return JSON.stringify(wording);
}

function parse(json: string): Wording {
  return parseWording("mine/slip.json", json, fonts);
}

describe("a wording with a mistake is refused by file and key", () => {
  test.each<[string, string, string]>([
    ["no JSON", "{", "is not valid JSON"],
    ["a list", "[]", "the whole must be an object"],
    ["no object", "3", "the whole must be an object"],
    ["a missing key", changed((w) => delete w["title"]), "title is missing"],
    [
      "a missing number",
      changed((w) => delete (w["numbers"] as Json)["7"]),
      "numbers.7 is missing",
    ],
    ["an unknown key", changed((w) => (w["titel"] = "x")), "titel is not a key of this file"],
    [
      "an unknown key inside",
      changed((w) => ((w["openings"] as Json)["x"] = "x")),
      "openings.x is not a key of this file",
    ],
    ["another type", changed((w) => (w["title"] = 3)), "title must be a text"],
    ["null", changed((w) => (w["title"] = null)), "title must be a text"],
    [
      "a text for a list",
      changed((w) => (w["recoverSteps"] = "x")),
      "recoverSteps must be a list of texts",
    ],
    ["an empty list", changed((w) => (w["recoverSteps"] = [])), "recoverSteps must not be empty"],
    [
      "a number in a list",
      changed((w) => (w["checkSteps"] = ["x", 1])),
      "checkSteps.1 must be a text",
    ],
    ["two signatures", changed((w) => (w["signatures"] = ["x", "y"])), "signatures.2 is missing"],
    ["an empty text", changed((w) => (w["title"] = " ")), "title must not be empty"],
    [
      "a foreign placeholder",
      changed((w) => (w["title"] = "of {account}")),
      "title takes no placeholder, and so no { or }",
    ],
    [
      "a misspelt placeholder",
      changed((w) => (w["slip"] = "{indx} of {total}")),
      "slip takes only {index} and {total} between { and }",
    ],
    [
      "half a placeholder",
      changed((w) => (w["slip"] = "{index of {total}")),
      "slip takes only {index} and {total} between { and }",
    ],
    [
      "a placeholder left out",
      changed((w) => (w["slip"] = "slip {index}")),
      "slip must use {index} and {total}",
    ],
    [
      "a code line",
      changed((w) => (w["recoverSteps"] = ["First 1) look"])),
      "recoverSteps.0 must not look like a code line (number and bracket)",
    ],
    [
      "no language tag",
      changed((w) => (w["language"] = "English!")),
      'language must be a language tag, such as "en"',
    ],
    [
      "a character without a glyph",
      changed((w) => (w["fold"] = "折")),
      "fold has a character (U+6298) that the slip's fonts can't print",
    ],
    [
      "one in a list",
      changed((w) => (w["checkSteps"] = ["שלום"])),
      "checkSteps.0 has a character (U+05E9) that the slip's fonts can't print",
    ],
    [
      "a line break",
      changed((w) => (w["fold"] = "a\nb")),
      "fold has a character (U+000A) that the slip's fonts can't print",
    ],
    [
      "an endless text",
      changed((w) => (w["title"] = "a".repeat(401))),
      "title must have at most 400 characters",
    ],
    ["a huge file", " ".repeat(65 * 1024) + template, "is longer than 64 KiB"],
  ])("%s", (_, json, problem) => {
    expect(() => parse(json)).toThrow(failure("usage", `mine/slip.json: ${problem}`));
  });
});

describe("a text too long for its place is refused by file and key", () => {
  const long = "very ".repeat(50).trim();
  const { openings } = JSON.parse(template) as { openings: Json };
  const tests: [key: string, change: Json][] = [
    ["title", { title: long }],
    ["slip", { slip: `${long} {index} {total}` }],
    ["neededSome", { neededSome: `${long} {needed} {total}` }],
    ["custodian", { custodian: long }],
    ["recoverHeading", { recoverHeading: long }],
    ["recoverSteps", { recoverSteps: Array<string>(8).fill(long) }],
    ["fold", { fold: long }],
    ["secretHeading", { secretHeading: long }],
    ["codeHint", { codeHint: long }],
    ["checkHeading", { checkHeading: long }],
    ["checkSteps", { checkSteps: Array<string>(8).fill(long) }],
    ["signatures", { signatures: [long, long, long] }],
    ["openings.who", { openings: { ...openings, who: long } }],
  ];
  test.each(tests)("%s", (key, change) => {
    const wording = parse(changed((whole) => Object.assign(whole, change)));
    const message = new RegExp(`^mine/slip.json: ${key} is too long`);
    expect(() => slipPages(shamirSlip(28), details, { ...a4, wording })).toThrow(
      failure("usage", message),
    );
  });
});

test("another language is printed", () => {
  const wording = parse(
    changed((w) => {
      w["language"] = "de";
      w["slip"] = "Zettel {index} von {total}";
      w["fragmentHeading"] = "Teil {index} von {total} ({count} Zeichen)";
    }),
  );
  const pages = slipPages(concatSlip("abc"), details, { ...a4, wording });
  expect(JSON.stringify(pages)).toContain("Zettel 1 von 2");
  expect(JSON.stringify(pages)).toContain("Teil 1 von 2 (3 Zeichen)");
});
