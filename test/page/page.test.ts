import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readLine } from "../../src/core/line.ts";
import { checkWord, setName, slipName } from "../../src/core/slip.ts";
import { blur, drop, mistype, typedSlip } from "../core/typed.ts";
import { needs } from "../tools.ts";
import { RecoveryPage, openBrowser } from "./recovery-page.ts";
import {
  SAMPLE_PASSWORD,
  altered,
  linesOf,
  otherTexts,
  others,
  qrOf,
  slips,
  texts,
} from "./sample.ts";

const [one, two, three] = slips;

/** A line without its blanks, to be changed by place. */
function bare(line: string): string {
  return line.replaceAll(" ", "");
}

describe.skipIf(needs("chromium"))("the recovery page", () => {
  let browser: Browser;
  let page: RecoveryPage;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    page = await RecoveryPage.open(browser);
  });
  afterEach(() => page.close());

  async function typeSlip(lines: readonly string[]): Promise<void> {
    for (const [i, line] of lines.entries()) await page.type(i + 1, line);
  }

  test("two slips typed key by key give the password, which is hidden until asked for", async () => {
    await page.choose("Type");
    await typeSlip(linesOf(one).slice(0, -1));
    await page.sees(`${slipName(one)} is in.`);
    await page.sees("1 of the 2 needed slips is here. Fetch one more: slip 2 or 3.");
    await typeSlip(linesOf(three).slice(0, -1));
    await page.sees("proved by the digest");
    await page.seesNot(SAMPLE_PASSWORD.slice(0, 4));
    expect(await page.everything()).not.toContain("small kilo");
    expect(await page.password()).toBe(SAMPLE_PASSWORD);
    await page.sees("small kilo");
    await page.sees("plus sign");
    await page.press("Hide it");
    expect(await page.everything()).not.toMatch(/small kilo|kR7#/);
  });

  test("the keyboard alone is enough, and Enter twice accepts no correction unread", async () => {
    const { keyboard } = page.page;
    const [first, second, ...rest] = linesOf(one).slice(0, -1) as [string, string, ...string[]];
    await page.page.locator("#by-camera").focus();
    for (let i = 0; i < 3; i++) await keyboard.press("ArrowRight");
    await keyboard.press("Tab");
    await keyboard.type(first);
    await keyboard.press("Enter");
    await keyboard.type(mistype(bare(second), [6]));
    await keyboard.press("Enter");
    await page.sees("Line 2 can't be quite that. Does the paper say this?");
    await page.sees("Look at line 2, group 2, symbol 3 (wrong).");
    await keyboard.press("Enter");
    await page.sees("Line 2 can't be quite that.");
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    for (const line of rest) {
      await keyboard.type(line);
      await keyboard.press("Enter");
    }
    await page.sees(`${slipName(one)} is in.`);
    await page.sees("Corrected: line 2, group 2, symbol 3 (wrong).");
  });

  test("each mistake in typing is named where it is, and nothing is put right unasked", async () => {
    const [first, second] = linesOf(one) as [string, string];
    await page.choose("Type");
    await page.type(1, second);
    await page.sees("What was given as line 1 is line 2.");
    await page.type(1, "0123 4567");
    await page.sees("Line 1 has 8 symbols, and 20 are printed.");
    await page.type(1, first);
    await page.sees(`This is ${slipName(one)}; it has 3 lines.`);
    await page.type(2, "");
    await page.sees("Give only ? if line 2 is lost.");
    await page.type(2, `3) ${second}`);
    await page.sees("That is line 3, and line 2 is asked for.");
    await page.type(2, drop(bare(second), 4));
    await page.sees("(left out)");
    await page.press("No, I will type it again");
    await page.sees("Then type line 2 again.");
    await page.type(2, second.replace(/.$/, "U"));
    await page.sees("(not a symbol)");
    await page.press("Read this slip");
    await page.seesNot("is in.");
  });

  test("illegible symbols and a lost line come back, and the slip is called damaged", async () => {
    const [first, , third, spare] = linesOf(one) as [string, string, string, string];
    await page.choose("Check one slip");
    await page.choose("Type");
    await page.type(1, blur(bare(first), [0, 1, 2, 3]));
    await page.sees("Does the paper agree where it can be read?");
    await page.press("Yes, the paper says this");
    await page.type(2, "?");
    await page.sees("Line 2 counts as lost.");
    await page.type(3, third);
    await page.type("s", spare);
    await page.sees(`${slipName(one)} can be read, but is damaged: replace it.`);
    await page.sees("4 illegible symbols filled in");
    await page.sees("Line 2 was lost, and came back from the spare line.");
  });

  test("a lost first line is made up for by the number of lines", async () => {
    const [, ...rest] = linesOf(two) as [string, string, string, string];
    await page.choose("Type");
    await page.type(1, "?");
    await page.page.getByLabel("How many numbered lines").fill("3");
    await page.page.keyboard.press("Tab");
    await page.type(2, rest[0]);
    await page.type(3, rest[1]);
    await page.type("s", rest[2]);
    await page.sees(`${slipName(two)} is in.`);
  });

  test("a line that was miscorrected is found by the spare line, and compared once more", async () => {
    const lines = linesOf(one);
    const wrong = miscorrected(lines[1]!);
    await page.choose("Type");
    await page.type(1, lines[0]!);
    await page.type(2, wrong);
    await page.press("Yes, the paper says this");
    await page.type(3, lines[2]!);
    await page.sees("The spare line can show which line is wrong.");
    await page.type("s", lines[3]!);
    await page.sees("Line 2 must be something else than was confirmed:");
    await page.press("Yes, the paper says this");
    await page.sees(`${slipName(one)} is in.`);
  });

  test("a slip that is of no use is said to be so at its first line", async () => {
    await page.paste(texts[0]);
    await page.choose("Type");
    await page.type(1, linesOf(one)[0]!);
    await page.sees("This slip is here already; another one of set");
    await page.press("Take another slip");
    await page.type(1, linesOf(others[0])[0]!);
    await page.sees("they do not go together");
  });

  test("pasted lines and QR texts, several at once, or into the first line to be typed", async () => {
    await page.choose("Type");
    // As a scanner does that types what it reads
    await page.type(1, qrOf(one));
    await page.sees(`${slipName(one)} is in.`);
    await page.page.locator("#line-1").focus();
    await page.page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      document.activeElement!.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    }, texts[1]);
    expect(await page.password()).toBe(SAMPLE_PASSWORD);
  });

  test("pasted text with mistakes is compared with the paper before it counts", async () => {
    const lines = linesOf(one).slice(0, -1);
    const typo = lines.map((line, i) => `${i + 1}) ${i === 1 ? mistype(bare(line), [0]) : line}\n`);
    await page.paste(typo.join(""));
    await page.sees(`${slipName(one)} is not as printed. Compare with the paper:`);
    await page.sees("Look at line 2, group 1, symbol 1 (wrong).");
    await page.seesNot("is in.");
    await page.press("Yes, the paper says this");
    await page.sees(`${slipName(one)} is in.`);
  });

  test("one slip too few: no password, and what is missing is said", async () => {
    await page.paste(texts[1]);
    await page.sees("Fetch one more: slip 1 or 3.");
    await page.paste(texts[1]);
    await page.sees("was given before; it counts once");
    expect(await page.page.getByRole("button", { name: "Show the password" }).count()).toBe(0);
  });

  test("two complete sets: a person chooses, and the higher generation is advised", async () => {
    await page.paste(texts[0] + otherTexts[0] + texts[1]);
    // One set alone is complete, and is taken
    await page.sees("proved by the digest");
    await page.press("Give another slip");
    await page.paste(otherTexts[2]);
    await page.sees("More than one set is complete.");
    await page.sees("higher generation first");
    await page.press(`Take set ${setName(others[0].setId)}`);
    await page.sees(`${setName(one.setId)} is complete too.`);
    await page.press(`Take set ${setName(one.setId)}`);
    await page.sees(`Set ${setName(one.setId)}, from slips 1, 2`);
    expect(await page.password()).toBe(SAMPLE_PASSWORD);
  });

  test("an altered slip is refused, and named once there is one slip more", async () => {
    await page.paste(typedSlip(altered(two)) + texts[0]);
    await page.sees("do not give the password back: one of them was altered");
    await page.paste(texts[2]);
    await page.sees(`${slipName(two)} does not fit the other slips of the set.`);
    expect(await page.password()).toBe(SAMPLE_PASSWORD);
  });

  test("two papers for one slip are a conflict, which is shown", async () => {
    await page.paste(texts[1] + typedSlip(altered(two)));
    await page.sees("was given before with other content");
    await page.sees("slip 2: two different");
    await page.paste(texts[2]);
    await page.sees("does not fit the other slips of the set.");
    expect(await page.password()).toBe(SAMPLE_PASSWORD);
  });

  test("a slip is checked alone: the check word, and nothing is put together", async () => {
    await page.choose("Check one slip");
    await page.paste(texts[0] + texts[1]);
    await page.sees(`${slipName(one)} is intact.`);
    await page.sees(checkWord(one));
    await page.sees(`${slipName(two)} is intact.`);
    await page.seesNot("Show the password");
    await page.choose("Recover the password");
    await page.sees("None yet.");
  });

  test("typing to check asks for the spare line too", async () => {
    await page.choose("Check one slip");
    await page.choose("Type");
    const lines = linesOf(three);
    await typeSlip(lines.slice(0, -1));
    await page.type("s", mistype(bare(lines.at(-1)!), [3]));
    await page.press("Yes, the paper says this");
    await page.sees(`${slipName(three)} is intact.`);
    await page.sees(checkWord(three));
  });

  test("the copied password is taken off the clipboard after half a minute", async () => {
    const { page: tab } = page;
    await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await tab.clock.install();
    await page.paste(texts[0] + texts[1]);
    await page.press("Show the password");
    await page.press("Copy for 30 seconds");
    await page.sees("Copied: paste it in another tab or window.");
    const clipboard = (): Promise<string> => tab.evaluate(() => navigator.clipboard.readText());
    expect(await clipboard()).toBe(SAMPLE_PASSWORD);
    await tab.clock.fastForward(29_000);
    expect(await clipboard()).toBe(SAMPLE_PASSWORD);
    await tab.clock.fastForward(1_000);
    await page.sees("The clipboard was emptied.");
    expect(await clipboard()).toBe("");
  });

  test("a copied password is taken back when it is hidden, and when the page is left", async () => {
    const { page: tab } = page;
    await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const clipboard = (): Promise<string> => tab.evaluate(() => navigator.clipboard.readText());
    await page.paste(texts[0] + texts[1]);
    await page.press("Show the password");
    await page.press("Copy for 30 seconds");
    await page.sees("Copied: paste it in another tab or window.");
    await page.press("Hide it");
    await page.sees("The clipboard was emptied.");
    expect(await clipboard()).toBe("");
    await page.press("Show the password");
    await page.press("Copy for 30 seconds");
    await page.sees("Copied: paste it in another tab or window.");
    expect(await clipboard()).toBe(SAMPLE_PASSWORD);
    const asked = tab.waitForEvent("dialog");
    await page.leave();
    expect((await asked).type()).toBe("beforeunload");
    expect(await clipboard()).toBe("");
  });

  test("a QR text typed into line 1 leaves an empty line behind it", async () => {
    await page.choose("Type");
    await page.type(1, qrOf(one));
    await page.sees(`${slipName(one)} is in.`);
    await page.seesNot(" of 20");
  });

  test("whoever leaves the page leaves nothing on it", async () => {
    await page.choose("Type");
    await page.type(1, linesOf(three)[0]!);
    await page.paste(texts[0] + texts[1]);
    await page.press("Show the password");
    await page.page.locator("#pasted").evaluate((field: HTMLTextAreaElement, text) => {
      field.value = text;
    }, texts[2]);
    expect(await page.everything()).toContain("small kilo");
    const left = await page.leave();
    expect(left).toContain("None yet.");
    expect(left).not.toMatch(/small kilo|kR7#/);
    for (const slip of slips)
      for (const line of linesOf(slip)) expect(left).not.toContain(line.slice(0, 9));
  });

  test("a page that asks for anything, or keeps anything, would be noticed", async () => {
    const sins: readonly (() => void)[] = [
      () => void fetch("https://example.invalid/").catch(() => undefined),
      () => (new Image().src = "https://example.invalid/"),
      () => localStorage.setItem("a", "b"),
      () => void indexedDB.open("a"),
      () =>
        document.body.append(
          Object.assign(document.createElement("style"), { textContent: "p{}" }),
        ),
    ];
    for (const sin of sins) {
      const sinner = await RecoveryPage.open(browser);
      await sinner.page.evaluate(sin);
      await expect(sinner.close()).rejects.toThrow();
    }
  });

  test("wiping takes everything back to the beginning", async () => {
    await page.paste(texts[0] + texts[1]);
    await page.press("Show the password");
    await page.press("Wipe everything");
    await page.sees("None yet.");
    expect(await page.everything()).not.toMatch(/small kilo|kR7#/);
    await page.paste(texts[1]);
    await page.sees("1 of the 2 needed slips is here.");
  });

  test("print is large, says what is here and how to go on, and leaves out what is secret", async () => {
    const wrong = linesOf(one).map(
      (line, i) => `${i + 1}) ${i === 1 ? mistype(bare(line), [0]) : line}\n`,
    );
    await page.paste(texts[2]);
    await page.paste(wrong.slice(0, -1).join(""));
    await page.page.emulateMedia({ media: "print", colorScheme: "dark" });
    for (const text of [
      "1 of the 2 needed slips is here. Fetch one more: slip 1 or 2.",
      `${slipName(one)} is not as printed.`,
      "Type the numbered lines as printed",
      "are left out of print",
    ])
      expect(await page.text()).toContain(text);
    for (const slip of slips)
      for (const line of linesOf(slip)) await page.seesNot(line.slice(5, 14));
    await page.page.emulateMedia({ media: "screen" });
    await page.paste(texts[1]);
    await page.press("Show the password");
    await page.page.emulateMedia({ media: "print" });
    await page.seesNot("kR7#");
    await page.seesNot("small kilo");
    const smallest = await page.page.evaluate(() =>
      Math.min(
        ...[...document.querySelectorAll<HTMLElement>("body *")]
          .filter(
            (one) => one.innerText !== "" && one.checkVisibility() && one.className !== "unseen",
          )
          .map((one) => parseFloat(getComputedStyle(one).fontSize)),
      ),
    );
    expect(smallest * 0.75).toBeGreaterThanOrEqual(16); // points
  });
});

/** A line with three wrong symbols that the line code takes for another line, for this test's slip. */
function miscorrected(line: string): string {
  for (let step = 1; step < 32; step++)
    for (let place = 0; place < 18; place++) {
      const tried = mistype(bare(line), [place, place + 1, place + 2], step);
      const reading = readLine(2, tried, 3);
      if (reading.kind === "suggested") return tried;
    }
  throw new Error("the sample has no such line");
}
