import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { guidePages } from "../../src/paper/guide.ts";
import { pageItems, type Page } from "../../src/paper/page.ts";
import { inkOf, overlapsOn, textsOn } from "./geometry.ts";
import { onA4, onLetter } from "./papers.ts";
import { failure } from "./samples.ts";

const GUIDE = readFileSync(new URL("../../docs/recover-by-hand.md", import.meta.url), "utf8");

function pagesOf(markdown: string, layout = onA4): Page[] {
  return guidePages(markdown, { ...layout, facts: ["a fact"] });
}

describe.each([
  ["A4", onA4],
  ["Letter", onLetter],
])("the by-hand guide on %s", (_, layout) => {
  const pages = pagesOf(GUIDE, layout);

  test("is a few pages, with nothing on top of each other and a margin of 8 mm", () => {
    expect(pages.length).toBeLessThanOrEqual(5);
    for (const page of pages) {
      expect(overlapsOn(page)).toEqual([]);
      for (const { left, top, right, bottom } of pageItems([page]).map(inkOf)) {
        expect(Math.min(left, top, page.width - right, page.height - bottom)).toBeGreaterThan(7.9);
      }
    }
  });

  test("numbers its pages", () => {
    pages.forEach((page, i) => {
      expect(textsOn([page])).toContain(`page ${i + 1} of ${pages.length}`);
    });
  });

  test("has every line of code as one line in type of fixed pitch", () => {
    const set = pageItems(pages).flatMap((item) =>
      item.kind === "text" && item.font === "mono" ? [item.text] : [],
    );
    const code = [...GUIDE.matchAll(/^```(?:sh|python)\n(.*?)^```$/gms)].flatMap(([, block]) =>
      block!.split("\n").flatMap((line) => (line === "" ? [] : [line.trim()])),
    );
    expect(code.length).toBeGreaterThan(40);
    expect(set).toEqual(expect.arrayContaining(code));
  });
});

test("a paragraph in several fonts keeps its words in order, and apart", () => {
  const [page] = pagesOf("# T\n\nRun `one two`, or **three**: `four`.\n");
  const words = pageItems([page!]).filter((item) => item.kind === "text");
  const paragraph = words.slice(-7);
  expect(paragraph.map(({ text }) => text)).toEqual([
    ...["Run", "one two", ", or", "three", ":", "four", "."],
  ]);
  const gaps = paragraph.slice(1).map(({ x }, i) => x - paragraph[i]!.x - paragraph[i]!.width);
  const blank = gaps.map((gap) => gap > 0.8);
  expect(blank).toEqual([true, false, true, false, true, false]);
});

test.each([
  ["a long line of code", `# T\n\n\`\`\`sh\n${"echo ".repeat(30)}\n\`\`\`\n`],
  ["no title", "text\n"],
  ["html", "# T\n\n<b>x</b>\n"],
  ["image", "# T\n\n![x](y.png)\n"],
  ["blockquote", "# T\n\n> x\n"],
])("%s is refused, and not left out", (what, markdown) => {
  expect(() => pagesOf(markdown)).toThrow(failure("internal", new RegExp(`\\(${what}\\)`)));
});
