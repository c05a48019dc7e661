import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { expect } from "vitest";

/** The page as it is built: what these tests open is what a responder opens. */
export const PAGE_FILE = fileURLToPath(new URL("../../dist/recover.html", import.meta.url));
const PAGE_URL = new URL("../../dist/recover.html", import.meta.url).href;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium, without a screen. */
export async function openBrowser(...flags: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    // The sandbox can't be had as root, nor in most containers.
    args: ["--no-sandbox", ...flags],
  });
}

/** The recovery page in a browser, by what a person does there; watched for what it must not do. */
export class RecoveryPage {
  readonly page: Page;
  readonly #requests: string[] = [];
  readonly #complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(45_000);
    page.on("request", (request) => {
      // The worker that reads files is made of the page's own script, and comes from nowhere else.
      if (!request.url().startsWith("blob:null/")) this.#requests.push(request.url().slice(0, 100));
    });
    page.on("console", (message) => this.#complaints.push(message.text()));
    page.on("pageerror", (error) => this.#complaints.push(String(error)));
    page.on("dialog", (dialog) => void dialog.accept());
  }

  /**
   * Opens the page from its file.
   *
   * @param before runs in the page before anything of it
   */
  static async open(
    browser: Browser,
    options: BrowserContextOptions = {},
    before?: () => void,
  ): Promise<RecoveryPage> {
    const context = await browser.newContext(options);
    if (before !== undefined) await context.addInitScript(before);
    await context.addInitScript(noteStorage);
    const opened = new RecoveryPage(await context.newPage());
    await opened.page.goto(PAGE_URL);
    await opened.page.waitForSelector("#app:not([hidden])");
    return opened;
  }

  /** Ends the visit; it must have asked for nothing, kept nothing, and broken no rule of its own. */
  async close(): Promise<void> {
    const kept = await this.page.evaluate(() => ({
      noted: (window as unknown as { noted: string[] }).noted,
      stored: localStorage.length + sessionStorage.length + document.cookie.length,
    }));
    await this.page.context().close();
    expect(kept).toEqual({ noted: [], stored: 0 });
    expect(this.#requests).toEqual([PAGE_URL]);
    expect(this.#complaints).toEqual([]);
  }

  /** Chooses among what looks like a switch. */
  async choose(label: string): Promise<void> {
    await this.page.getByRole("radio", { name: label, exact: true }).check({ force: true });
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole("button", { name: button, exact: true }).first().click();
  }

  /** Gives text by pasting. */
  async paste(text: string): Promise<void> {
    await this.choose("Paste");
    await this.page.locator("#pasted").fill(text);
    await this.press("Read this text");
  }

  /** Types a line as a person does, key by key, and ends it with Enter. */
  async type(line: number | "s", symbols: string): Promise<void> {
    const field = this.page.locator(`#line-${line}`);
    await field.fill("");
    await field.pressSequentially(symbols);
    await field.press("Enter");
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.locator("main").getByText(text).first().waitFor();
  }

  async seesNot(text: string): Promise<void> {
    expect(await this.text()).not.toContain(text);
  }

  /** Everything that can be read on the page now. */
  async text(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** All that the document holds, seen or not, with what stands in its fields. */
  async everything(): Promise<string> {
    return this.page.evaluate(() => {
      const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea")];
      const held = [...document.body.children].filter(({ tagName }) => tagName !== "SCRIPT");
      return [
        ...held.map(({ outerHTML }) => outerHTML),
        ...fields.map(({ value }) => value),
      ].join();
    });
  }

  /**
   * Goes to another page, and comes back.
   *
   * @returns what the document held, with its fields, when it was left
   */
  async leave(): Promise<string> {
    await this.page.evaluate(() => {
      // Runs after the page's own listener; this test's own storage outlives it.
      window.addEventListener("pagehide", () => {
        const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea")];
        const held = [...document.body.children].filter(({ tagName }) => tagName !== "SCRIPT");
        localStorage["left"] = [
          ...held.map(({ outerHTML }) => outerHTML),
          ...fields.map(({ value }) => value),
        ].join();
      });
    });
    await this.page.goto(new URL("../../LICENSE", import.meta.url).href);
    const left = await this.page.evaluate(() => {
      const held = String(localStorage["left"]);
      localStorage.clear();
      return held;
    });
    await this.page.goto(PAGE_URL);
    this.#requests.length = 1;
    return left;
  }

  /** The password as it is shown, without the gaps. */
  async password(): Promise<string> {
    await this.press("Show the password");
    return (await this.page.locator(".group").allTextContents()).join("");
  }

  /** What axe-core calls serious or critical. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
    });
  }
}

/** Notes every attempt to keep something, before the page's own script can run. */
function noteStorage(): void {
  const noted: string[] = [];
  Object.assign(window, { noted });
  const note = (owner: object, name: string): void => {
    Object.defineProperty(owner, name, {
      value: () => {
        noted.push(name);
      },
    });
  };
  note(Storage.prototype, "setItem");
  note(IDBFactory.prototype, "open");
  note(History.prototype, "pushState");
  note(History.prototype, "replaceState");
  if ("CacheStorage" in window) note(CacheStorage.prototype, "open");
}
