import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mistype, typedSlip } from "../core/typed.ts";
import { needs } from "../tools.ts";
import { RecoveryPage, openBrowser } from "./recovery-page.ts";
import { altered, linesOf, otherTexts, slips, texts } from "./sample.ts";

const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["in light", { colorScheme: "light" }],
  ["in dark", { colorScheme: "dark" }],
  ["on a phone", { viewport: { width: 320, height: 640 } }],
];

/** States of the page, each with what leads to it from a page just opened. */
const STATES: readonly (readonly [string, (page: RecoveryPage) => Promise<void>])[] = [
  ["camera", (page) => page.choose("Camera")],
  ["files", (page) => page.choose("Picture or PDF")],
  ["a fault", (page) => page.paste("no slip")],
  ["a suggestion", typeWithMistake],
  ["a correction", (page) => page.paste(texts[0].replace("1) ", "1) ?").replace(/.\n/, "\n"))],
  ["one slip", (page) => page.paste(texts[0])],
  ["a conflict", (page) => page.paste(texts[1] + typedSlip(altered(slips[1])))],
  ["a choice", (page) => page.paste(texts[0] + otherTexts[0] + texts[1] + otherTexts[1])],
  ["the password", showPassword],
  ["a check", checkOne],
];

async function typeWithMistake(page: RecoveryPage): Promise<void> {
  const [first, second] = linesOf(slips[0]) as [string, string];
  await page.choose("Type");
  await page.type(1, first);
  await page.type(2, mistype(second.replaceAll(" ", ""), [3]));
  await page.sees("Does the paper say this?");
}

async function showPassword(page: RecoveryPage): Promise<void> {
  await page.paste(texts[0] + texts[1]);
  await page.press("Show the password");
}

async function checkOne(page: RecoveryPage): Promise<void> {
  await page.choose("Check one slip");
  await page.paste(texts[0]);
}

describe.skipIf(needs("chromium"))("everybody can use the page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  for (const [look, options] of LOOKS)
    test.each(STATES)(
      `axe finds no barrier, and nothing is cut off: %s, ${look}`,
      async (_, lead) => {
        const page = await RecoveryPage.open(browser, options);
        await lead(page);
        expect(await page.barriers()).toEqual([]);
        const { inner, content } = await page.page.evaluate(() => ({
          inner: window.innerWidth,
          content: document.documentElement.scrollWidth,
        }));
        expect(content).toBeLessThanOrEqual(inner);
        await page.close();
      },
    );

  test("a line of the paper is seen whole in its field on a phone", async () => {
    const page = await RecoveryPage.open(browser, { viewport: { width: 320, height: 640 } });
    await page.choose("Type");
    await page.type(1, linesOf(slips[0])[0]!);
    const { inner, content } = await page.page.locator("#line-1").evaluate((field) => ({
      inner: field.clientWidth,
      content: field.scrollWidth,
    }));
    expect(content).toBeLessThanOrEqual(inner);
    await page.close();
  });

  test("a screen reader is told what changed", async () => {
    const page = await RecoveryPage.open(browser);
    const told = (): Promise<string | null> => page.page.locator("#announce").textContent();
    await page.paste(texts[0]);
    expect(await told()).toContain("Fetch one more: slip 2 or 3.");
    await page.paste("no slip");
    expect(await told()).toContain("There is no slip in this text.");
    await page.paste(texts[1]);
    expect(await told()).toContain("It is hidden until you ask for it.");
    await page.close();
  });
});
