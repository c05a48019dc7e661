import { describe, expect, test } from "vitest";
import { ceremonyPages } from "../../src/paper/ceremony-page.ts";
import { parseCeremony } from "../../src/paper/ceremony-template.ts";
import { parseLabels } from "../../src/paper/labels.ts";
import { parseMinutes } from "../../src/paper/minutes-template.ts";
import { LANGUAGES } from "../../src/paper/papers.ts";
import { parseRunbook } from "../../src/paper/runbook.ts";
import { textsOn } from "./geometry.ts";
import { onA4, rotationOf, templateText } from "./papers.ts";
import { failure, fonts } from "./samples.ts";

type Json = Record<string, unknown>;

/** A template in which the value at a path is another, or none. */
function changed(file: string, path: string, value?: unknown): string {
  const whole = JSON.parse(templateText(file)) as Json;
  const names = path.split(".");
  const last = names.pop()!;
  const within = names.reduce((part, name) => part[name] as Json, whole);
  if (value === undefined) Reflect.deleteProperty(within, last);
  else within[last] = value;
  return JSON.stringify(whole);
}

const step = "sections.open.steps.0";

describe("a ceremony template with a mistake is refused by file and key", () => {
  test.each<[what: string, path: string, value: unknown, problem: string]>([
    ["a missing word", "words.signIn", undefined, "words.signIn is missing"],
    ["an unknown key", "words.x", "x", "words.x is not a key of this file"],
    ["an unknown key of a step", `${step}.did`, "x", `${step}.did is not a key of this file`],
    ["an empty step", step, {}, `${step} must have either "do", or "if" and "then"`],
    ["if without then", step, { if: "x" }, `${step} must have either "do", or "if" and "then"`],
    [
      "do with if",
      step,
      { do: "x", if: "y", then: "z" },
      `${step} must have either "do", or "if" and "then"`,
    ],
    ["a role that is not there", `${step}.who`, "chef", `${step}.who is not a key of roles`],
    [
      "a misspelt placeholder",
      `${step}.do`,
      "See {acount}.",
      `${step}.do takes only {account} and {set} and`,
    ],
    [
      "a placeholder of a slip without slips",
      `${step}.do`,
      "Take {slip}.",
      `${step}.do names a slip, and needs "for"`,
    ],
    [
      "earlier sets where there may be none",
      `${step}.do`,
      "Burn {earlier}.",
      `${step}.do takes {earlier} only with "only": ["earlier"]`,
    ],
    [
      "a misspelt command",
      `${step}.type`,
      ["run {Account}"],
      `${step}.type.0 takes only {account}`,
    ],
    ["a code line", `${step}.do`, "1) go", `${step}.do must not look like a code line`],
    [
      "what may become a code line",
      `${step}.do`,
      "see (generation {generation})",
      `${step}.do must not have a ) right after a placeholder`,
    ],
    ["an unknown condition", `${step}.only`, ["rainy"], `${step}.only.0 must be one of first,`],
    ["an unknown repetition", `${step}.for`, "day", `${step}.for must be one of slip, earlier`],
    [
      "a repetition within one",
      "sections.seal.steps.0.for",
      "slip",
      "sections.seal.steps.0.for can't stand in a section that has one",
    ],
    ["no steps", "sections.open.steps", [], "sections.open.steps must not be empty"],
    ["a script less", "scripts.rotate", undefined, "scripts.rotate is missing"],
    ["a script more", "scripts.dance", {}, "scripts.dance is not a key of this file"],
    [
      "a section that is not there",
      "scripts.rotate.sections.0",
      "opening",
      "scripts.rotate.sections.0 is not a key of sections",
    ],
    [
      "a role of a script that is not there",
      "scripts.rotate.roles.1",
      "chef",
      "scripts.rotate.roles.1 is not a key of roles",
    ],
    [
      "a count by another name",
      "scripts.rotate.inventory.0.count",
      "many",
      "scripts.rotate.inventory.0.count must be a number from 1 to 99, or one of slips,",
    ],
    [
      "a count below 1",
      "scripts.rotate.inventory.0.count",
      0,
      "scripts.rotate.inventory.0.count must be a number from 1 to 99",
    ],
    ["half a form", "scripts.issue.exceptions", 1.5, "scripts.issue.exceptions must be a number"],
    ["a character that no font has", `${step}.do`, "王", `${step}.do has a character (U+738B)`],
  ])("%s", (_, path, value, problem) => {
    const start = `mine/ceremony.json: ${problem}`.replaceAll(/[()[\]{}+."]/g, "\\$&");
    expect(() =>
      parseCeremony("mine/ceremony.json", changed("ceremony.json", path, value), fonts),
    ).toThrow(failure("usage", new RegExp(`^${start}`)));
  });
});

test("the languages that a register can ask for are those of the templates", () => {
  const files = ["ceremony", "labels", "minutes", "runbook", "slip", "test-page"];
  const spoken = files.map(
    (file) => (JSON.parse(templateText(`${file}.json`)) as Json)["language"],
  );
  expect([...new Set(spoken)]).toEqual([...LANGUAGES]);
});

describe("the other templates, too", () => {
  test.each<[path: string, value: unknown, problem: RegExp]>([
    ["title", undefined, /^m\.json: title is missing/],
    ["events.slip-sealed", undefined, /^m\.json: events\.slip-sealed is missing/],
    [
      "events.slip-sealed",
      "{slip} in {bag}",
      /^m\.json: events\.slip-sealed may name \{bag\} only/,
    ],
    ["events.slip-sealed", "{slip}[ in {bag}", /^m\.json: events\.slip-sealed has a \[ without/],
    ["events.slip-sealed", "{slip} by {hand}", /^m\.json: events\.slip-sealed takes only \{slip\}/],
    ["events.slip-eaten", "x", /^m\.json: events\.slip-eaten is not a key/],
  ])("minutes: %s", (path, value, problem) => {
    expect(() => parseMinutes("m.json", changed("minutes.json", path, value), fonts)).toThrow(
      failure("usage", problem),
    );
  });

  test("labels", () => {
    expect(() => parseLabels("l.json", changed("labels.json", "slip", "slip"), fonts)).toThrow(
      failure("usage", "l.json: slip must use {index} and {total}"),
    );
  });

  test("runbook", () => {
    const json = changed("runbook.json", "after.0", "flee");
    expect(() => parseRunbook("r.json", json, fonts)).toThrow(
      failure("usage", "r.json: after.0 is not a key of sections"),
    );
  });
});

test("what an officer writes is printed", () => {
  const json = changed("ceremony.json", `${step}.do`, "Zamknij drzwi przed {account}.");
  const template = parseCeremony("mine.json", json, fonts);
  const pages = ceremonyPages(template, "rotate", rotationOf(2, 3, "shamir"), onA4);
  expect(textsOn(pages).join(" ")).toContain("Zamknij drzwi przed bg-1@contoso.onmicrosoft.com.");
});

test("a step taller than a page is refused instead of split", () => {
  const long = "very ".repeat(70).trim();
  const json = changed("ceremony.json", step, {
    ...{ do: long, write: Array<string>(6).fill(long) },
    type: Array<string>(12).fill("x ".repeat(110)),
  });
  const template = parseCeremony("mine.json", json, fonts);
  expect(() => ceremonyPages(template, "rotate", rotationOf(2, 3, "shamir"), onA4)).toThrow(
    failure("usage", "a part of this paper is taller than a page"),
  );
});
