import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setNews, type Given } from "../../src/cli/reading/set-news.ts";
import { issue, opened, perform, steps } from "../custody/book.ts";

const given = (name: string): Given => ({ name, have: [1], need: 1 });

test("of two accounts each is told whole, and of two sets of one account once where its slips lie", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  perform(book, { set: "42SY", account: "bg-2", generation: 1 });
  for (const [set, account] of [
    ["9ZZW", "bg-1"],
    ["Y8AW", "bg-2"],
  ] as const)
    book.put(issue({ set, account, generation: 2 }), ...steps.print(set), ...steps.check(set));
  book.put({ kind: "set-abandoned", set: "9ZZW", reason: "torn" });
  book.put(issue({ set: "XC54", account: "bg-1", generation: 3 }));
  const folder = mkdtempSync(join(tmpdir(), "set-news-"));
  writeFileSync(join(folder, "journal.jsonl"), book.bytes);
  const held = (set: string): RegExp =>
    new RegExp(`^set ${set}, 2 of these 3 slips:(\n {2}${set}.*){3}\nand for the sign-in:\n {2}F`);
  const blocks = setNews(folder, ["9ZZW", "XC54", "Y8AW"].map(given));
  expect(blocks.map((block) => block.join("\n"))).toEqual([
    "careful: set 9ZZW (generation 2) is abandoned, says the register; the tenant holds generation 1 (set K7Q2)",
    expect.stringMatching(held("K7Q2")),
    "set XC54 (generation 3) is not set yet, says the register; the tenant holds generation 1 (set K7Q2)",
    "set Y8AW (generation 2) is not set yet, says the register; the tenant holds generation 1 (set 42SY)",
    expect.stringMatching(held("42SY")),
  ]);
});

test("of two complete sets of one account the register says which to try first, which need not be the newer one", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  book.put(issue({ set: "9ZZW", account: "bg-1", generation: 2 }), ...steps.print("9ZZW"));
  book.put(...steps.check("9ZZW"), ...steps.begin("9ZZW"));
  const folder = mkdtempSync(join(tmpdir(), "set-news-"));
  const complete = ["K7Q2", "9ZZW"].map((name) => ({ name, have: [1, 2], need: 0 }));
  const said = (): string => {
    writeFileSync(join(folder, "journal.jsonl"), book.bytes);
    return setNews(folder, complete).flat().join("\n");
  };
  expect(said()).toMatch(/^of these sets try 9ZZW first, says the register: .*try 2 first/);
  // One slip of the other set does not yet give its password.
  const [older] = setNews(folder, [complete[0]!, given("9ZZW")]);
  expect(older).toEqual(setNews(folder, complete.slice(0, 1))[0]);
  expect(setNews(folder, complete.slice(0, 1))).toEqual([
    [
      "set K7Q2 is not the one to try first, says the register: the tenant holds generation 2 or 1: try 2 first (set 9ZZW, then set K7Q2)",
    ],
  ]);
  expect(setNews(folder, complete.slice(1))).toEqual([]);
  book.on("2026-02-03").put({ kind: "sign-in-failed", set: "9ZZW", slips: [2, 3] });
  expect(said()).toMatch(/^of these sets try K7Q2 first, says the register: .*with 2 failed on/);
  expect(setNews(folder, complete.slice(0, 1))).toEqual([]);
});
