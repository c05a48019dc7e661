import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PDFDocument from "pdfkit";
import { once } from "node:events";
import { toFile } from "qrcode";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slipName } from "../../src/core/slip.ts";
import { needs } from "../tools.ts";
import { MINI_BROWSER, openFirefox, openWebKit, until, type Engine } from "./engines.ts";
import { slowPdf } from "./hostile.ts";
import { SAMPLE_PASSWORD, qrOf, slips, texts } from "./sample.ts";

const PAGE_URL = new URL("../../dist/recover.html", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "engines-"));

const ENGINES: readonly (readonly [string, readonly string[], () => Promise<Engine>])[] = [
  ["Firefox", ["firefox-esr"], openFirefox],
  ["WebKit", ["WebKitWebDriver", "Xvfb", MINI_BROWSER], openWebKit],
];

/** A slip's code as a picture, and on the page of a PDF. */
async function codeOf(place: number): Promise<{ picture: string; pdf: string }> {
  const picture = join(folder, `${place}.png`);
  await toFile(picture, qrOf(slips[place]!), { width: 600 });
  const document = new PDFDocument({ size: "A4" });
  const parts: Buffer[] = [];
  document.on("data", (part: Buffer) => parts.push(part));
  document.image(picture, 150, 150, { width: 200 }).end();
  await once(document, "end");
  const pdf = join(folder, `${place}.pdf`);
  writeFileSync(pdf, Buffer.concat(parts));
  return { picture, pdf };
}

describe.each(ENGINES)("the page in %s", (_, tools, open) => {
  describe.skipIf(needs(...tools))("from its file", () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(() => engine.close());

    const press = (button: string): Promise<unknown> =>
      engine.run(
        "[...document.querySelectorAll('button')].find((one) => one.textContent === arguments[0]).click()",
        button,
      );
    const sees = (text: string): Promise<unknown> =>
      until(async () => {
        const said = await engine.run("return document.querySelector('main').innerText");
        return String(said).includes(text) ? true : undefined;
      });
    const password = async (): Promise<unknown> => {
      await press("Show the password");
      return engine.run(
        "return [...document.querySelectorAll('.group')].map((one) => one.textContent).join('')",
      );
    };

    test("two slips that are pasted give the password", async () => {
      await engine.open(PAGE_URL);
      await engine.run("document.getElementById('by-paste').click()");
      await engine.run(
        "document.getElementById('pasted').value = arguments[0]",
        texts[0] + texts[1],
      );
      await press("Read this text");
      await sees("proved by the digest");
      expect(await password()).toBe(SAMPLE_PASSWORD);
      await press("Hide it");
      expect(await engine.complaints()).toEqual([]);
    });

    test("a picture and a PDF that are chosen are read; one that takes for ever holds nothing up", async () => {
      await engine.open(PAGE_URL);
      await engine.run("document.getElementById('by-file').click()");
      await engine.choose("#files", slowPdf(folder));
      await sees("Reading slow.pdf");
      await setTimeout(1500); // by now it is drawn
      const asked = Date.now();
      await press("Wipe everything");
      expect(Date.now() - asked).toBeLessThan(10_000);
      await engine.choose("#files", (await codeOf(0)).picture);
      await sees(`${slipName(slips[0])} is in.`);
      await engine.choose("#files", (await codeOf(1)).pdf);
      await sees("proved by the digest");
      expect(await password()).toBe(SAMPLE_PASSWORD);
      expect(await engine.complaints()).toEqual([]);
    });
  });
});
