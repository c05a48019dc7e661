import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownCharacter, spellText } from "../../src/core/spelling.ts";
import { needs } from "../tools.ts";
import { USUAL_PASSWORD, type Vector } from "../vectors/scenario.ts";
import { RecoveryPage, openBrowser } from "./recovery-page.ts";

const FOLDER = fileURLToPath(new URL("../vectors", import.meta.url));
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const vectors = names.map(
  (name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8")) as Vector,
);

/** What the page made of a vector's documents. */
interface Shown {
  /** Failures it named, of slips and of sets. */
  readonly failures: readonly string[];
  readonly sets: readonly { readonly name: string; readonly need: number }[];
  /** The password as it was shown, after it was asked for. */
  readonly password: string | undefined;
}

/** Pastes every vector's documents in turn, in the browser. */
function pasteAll(given: readonly Vector[]): Shown[] {
  const byId = (id: string): HTMLElement => document.getElementById(id)!;
  const buttons = (where: string, text: string): HTMLElement[] =>
    [...byId(where).querySelectorAll("button")].filter((one) => one.textContent.startsWith(text));
  window.confirm = () => true;
  return given.map(({ documents, acceptCorrections, set }) => {
    byId("wipe").click();
    const failures: string[] = [];
    for (const text of documents) {
      (byId("pasted") as HTMLTextAreaElement).value = text;
      byId("paste-read").click();
      if (acceptCorrections) for (const yes of buttons("news", "Yes")) yes.click();
      for (const one of byId("news").querySelectorAll<HTMLElement>("[data-failure]"))
        failures.push(one.dataset["failure"]!);
    }
    if (set !== undefined) buttons("password", `Take set ${set}`)[0]?.click();
    for (const one of byId("password").querySelectorAll<HTMLElement>("[data-failure]"))
      failures.push(one.dataset["failure"]!);
    if (byId("password").dataset["state"] === "choice") failures.push("mixed-sets");
    buttons("password", "Show")[0]?.click();
    const shown = [...document.querySelectorAll(".group")].map((group) => group.textContent);
    return {
      failures,
      sets: [...document.querySelectorAll<HTMLElement>(".set")].map((card) => ({
        name: card.querySelector(".name")!.textContent,
        need: Number(card.dataset["need"]),
      })),
      password: shown.length > 0 ? shown.join("") : undefined,
    };
  });
}

describe.skipIf(needs("chromium"))("the page agrees with every vector", () => {
  let browser: Browser;
  const shown = new Map<string, Shown>();

  beforeAll(async () => {
    browser = await openBrowser();
    const page = await RecoveryPage.open(browser);
    const all = await page.page.evaluate(pasteAll, vectors);
    names.forEach((name, i) => shown.set(name, all[i]!));
    await page.close();
  });
  afterAll(() => browser.close());

  test.each(names)("%s", (name) => {
    const { expect: expected, password, set } = vectors[names.indexOf(name)]!;
    const { failures, sets, password: seen } = shown.get(name)!;
    switch (expected) {
      case "password":
        expect(seen).toBe(spellText(password!).map(shownCharacter).join(""));
        return;
      case "too-few":
        // The page has no other way to take a set than to be given all of it.
        expect(failures).toEqual([]);
        for (const card of sets)
          if (set === undefined || card.name === set) expect(card.need).toBeGreaterThan(0);
        return;
      case "mixed-sets":
        // Where one of them is complete it is taken, as at the terminal; all are shown.
        expect(sets.length).toBeGreaterThan(1);
        if (sets.filter(({ need }) => need === 0).length !== 1) expect(seen).toBeUndefined();
        return;
      case "misfit":
        // Here a person sees the warning beside the password.
        expect(failures).toEqual(["misfit"]);
        return;
      case "conflict":
      case "wrong-result":
        expect(failures).toContain(expected);
        expect(seen).toBeUndefined();
        return;
      default:
        // A slip that can't be read is named; if the others are enough, they give the password.
        expect(failures).toContain(expected);
        expect([undefined, USUAL_PASSWORD]).toContain(seen);
    }
  });
});
