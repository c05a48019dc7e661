import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import PDFDocument from "pdfkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { breakglass, issueArgs } from "../cli/breakglass.ts";
import { needs } from "../tools.ts";
import { slowPdf } from "./hostile.ts";
import { RecoveryPage, openBrowser } from "./recovery-page.ts";
import { qrOf, slips as samples } from "./sample.ts";

const folder = mkdtempSync(join(tmpdir(), "scans-"));

/** What pdftoppm makes of a PDF's first page. */
function drawn(pdf: string, name: string, ...flags: string[]): string {
  const stem = join(folder, name);
  execFileSync("pdftoppm", ["-singlefile", ...flags, pdf, stem]);
  return join(
    folder,
    readdirSync(folder).find((file) => file.startsWith(`${name}.`) && !file.endsWith(".pdf"))!,
  );
}

/** A PDF as a scanner makes it: pictures on pages, and no text. */
async function scannedPdf(pictures: readonly string[], name: string): Promise<string> {
  const document = new PDFDocument({ size: "A4", margin: 0, autoFirstPage: false });
  const parts: Buffer[] = [];
  document.on("data", (part: Buffer) => parts.push(part));
  for (const picture of pictures) document.addPage().image(picture, 0, 0, { width: 595 });
  document.end();
  await once(document, "end");
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** Drops files on the page, as from a file manager. */
async function drop(page: RecoveryPage, files: readonly string[]): Promise<void> {
  const given = files.map((file) => ({
    name: basename(file),
    content: readFileSync(file).toString("base64"),
  }));
  await page.page.evaluate((dropped) => {
    const dataTransfer = new DataTransfer();
    for (const { name, content } of dropped) {
      const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    for (const type of ["dragover", "drop"])
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
      );
  }, given);
}

describe.skipIf(needs("chromium", "pdftoppm", "qpdf"))("slips that issue printed", () => {
  let slips: string[];
  let password: string;

  beforeAll(() => {
    const ran = breakglass(issueArgs(folder, 3));
    slips = ran.stdout.trim().split("\n");
    const texts = slips.map((pdf, i) => {
      const file = join(folder, `${i}.txt`);
      writeFileSync(file, execFileSync("pdftotext", [pdf, "-"]));
      return file;
    });
    password = breakglass(["recover", "--stdout", texts[0]!, texts[1]!]).stdout;
    expect(password).toHaveLength(24);
  });

  describe("from files", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(() => browser.close());

    test("scans dropped on the page, a PNG and a JPEG", async () => {
      const page = await RecoveryPage.open(browser);
      const png = drawn(slips[0]!, "first", "-r", "200", "-gray", "-png");
      const jpeg = drawn(slips[2]!, "third", "-r", "150", "-jpeg");
      await drop(page, [png, jpeg]);
      await page.sees("first.png: ");
      await page.sees("proved by the digest");
      expect(await page.password()).toBe(password);
      await page.close();
    });

    test("a picture from the clipboard, pasted anywhere or into a field", async () => {
      const page = await RecoveryPage.open(browser);
      const { page: tab } = page;
      await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      const copy = (file: string): Promise<void> =>
        tab.evaluate(async (content) => {
          const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
          const picture = new Blob([bytes], { type: "image/png" });
          await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
        }, readFileSync(file).toString("base64"));
      await copy(drawn(slips[0]!, "copied-1", "-r", "150", "-gray", "-png"));
      await page.choose("Picture or PDF");
      await page.sees("paste a picture, anywhere on this page");
      await tab.keyboard.press("Control+V");
      await page.sees("1 of the 2 needed slips is here.");
      await copy(drawn(slips[1]!, "copied-2", "-r", "150", "-gray", "-png"));
      await page.choose("Paste");
      await tab.locator("#pasted").focus();
      await tab.keyboard.press("Control+V");
      expect(await page.password()).toBe(password);
      await page.close();
    });

    test("text is dropped and pasted into a field, and nothing takes the place of the page", async () => {
      const page = await RecoveryPage.open(browser);
      await page.choose("Paste");
      const kept = await page.page.evaluate(() => {
        const text = new DataTransfer();
        text.setData("text/plain", "1) 0123");
        const both = new DataTransfer();
        both.setData("text/plain", "1) 0123");
        both.items.add(new File(["?"], "cells.png", { type: "image/png" }));
        const field = document.getElementById("pasted")!;
        const options = { bubbles: true, cancelable: true };
        const isLeft = (target: HTMLElement, event: Event): boolean => target.dispatchEvent(event);
        const dropped = (target: HTMLElement, dataTransfer: DataTransfer): boolean[] =>
          ["dragover", "drop"].map((type) =>
            isLeft(target, new DragEvent(type, { dataTransfer, ...options })),
          );
        return {
          textInField: dropped(field, text),
          textBeside: dropped(document.body, text),
          file: dropped(field, both),
          cells: isLeft(field, new ClipboardEvent("paste", { clipboardData: both, ...options })),
        };
      });
      expect(kept).toEqual({
        textInField: [true, true],
        textBeside: [false, false],
        file: [false, false],
        cells: true,
      });
      await page.sees("cells.png: ");
      await page.close();
    });

    test("a scanned PDF, and the PDF itself, chosen as files", async () => {
      const page = await RecoveryPage.open(browser);
      const jpeg = drawn(slips[1]!, "second", "-r", "200", "-gray", "-jpeg");
      await page.choose("Picture or PDF");
      const png = drawn(
        slips[1]!,
        "no-slip",
        "-r",
        "72",
        "-x",
        "0",
        "-y",
        "0",
        "-H",
        "200",
        "-png",
      );
      await page.page.locator("#files").setInputFiles(await scannedPdf([png, jpeg], "scan.pdf"));
      await page.sees(/scan\.pdf, page 2: .* slip 2 of 3 is in\./);
      await page.page.locator("#files").setInputFiles(slips[2]!);
      expect(await page.password()).toBe(password);
      await page.close();
    });

    test("slips of version 1 as they were frozen", async () => {
      const page = await RecoveryPage.open(browser);
      const frozen = fileURLToPath(new URL("../golden/v1/pages/shamir-2of3", import.meta.url));
      const pdfs = readdirSync(frozen).filter((name) => name.endsWith(".pdf"));
      await drop(
        page,
        pdfs.slice(-2).map((name) => join(frozen, name)),
      );
      expect(await page.password()).toBe(readFileSync(join(frozen, "password"), "utf8"));
      await page.close();
    });

    test("a text file with lines, and a WebP picture as browsers write it", async () => {
      const page = await RecoveryPage.open(browser);
      const png = drawn(slips[1]!, "for-webp", "-r", "150", "-png");
      const webp = await page.page.evaluate(async (content) => {
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
        canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
        return canvas.toDataURL("image/webp").split(",")[1]!;
      }, readFileSync(png).toString("base64"));
      const file = join(folder, "photo.webp");
      writeFileSync(file, Buffer.from(webp, "base64"));
      await drop(page, [join(folder, "0.txt"), file]);
      expect(await page.password()).toBe(password);
      await page.close();
    });

    test("bad files are named in a line each, and what was read is kept", async () => {
      const page = await RecoveryPage.open(browser);
      const write = (name: string, content: string | Uint8Array): string => {
        const file = join(folder, name);
        writeFileSync(file, content);
        return file;
      };
      const png = readFileSync(drawn(slips[0]!, "whole", "-r", "100", "-gray", "-png"));
      const locked = join(folder, "locked.pdf");
      execFileSync("qpdf", ["--encrypt", "x", "y", "256", "--", slips[1]!, locked]);
      const small = ["-x", "0", "-y", "0", "-W", "200", "-H", "100", "-png"];
      const bomb = Buffer.from(png);
      bomb.writeUInt32BE(20_000, 16);
      bomb.writeUInt32BE(20_000, 20);
      await drop(page, [
        join(folder, "0.txt"),
        drawn(slips[0]!, "no-code", ...small),
        write("cut.png", png.subarray(0, png.length / 2)),
        write("archive.png", "PK\u0003\u0004 and so on"),
        write("broken.pdf", "%PDF-1.7\nnothing more"),
        write("notes.txt", "The safe is on the second floor.\n"),
        write(
          "noise.jpg",
          Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251),
        ),
        write("bomb.png", bomb),
        locked,
      ]);
      await page.sees("locked.pdf: This PDF is protected by a password.");
      await page.sees("no-code.png: No QR code can be read in it.");
      await page.sees("cut.png: ");
      await page.sees("archive.png: This is a zip archive, not a picture.");
      await page.sees("broken.pdf: This PDF is damaged or cut off.");
      await page.sees("notes.txt: There is no slip in this text.");
      await page.sees("noise.jpg: ");
      await page.sees("bomb.png: This picture has 20000 x 20000 pixels");
      await page.sees("1 of the 2 needed slips is here.");
      await page.press("Type the lines");
      expect(await page.page.evaluate(() => document.activeElement?.id)).toBe("line-1");
      await page.close();
    });

    test("a file that takes for ever is given up, and the page answers all the while", async () => {
      const page = await RecoveryPage.open(browser);
      await page.page.clock.install();
      await drop(page, [slowPdf(folder), join(folder, "0.txt")]);
      await page.sees("Reading slow.pdf");
      await new Promise((resolve) => setTimeout(resolve, 1500)); // by now it is drawn
      await page.choose("Paste");
      await page.page.clock.fastForward(61_000);
      await page.sees("slow.pdf: Reading it took too much time or memory, and was given up.");
      await page.sees("1 of the 2 needed slips is here.");
      // While it was read, another way was chosen.
      expect(await page.page.locator("#pasted").isVisible()).toBe(true);
      await page.close();
    });

    test("a slip that is checked by its picture, or its own PDF, is said to be no more than that", async () => {
      const page = await RecoveryPage.open(browser);
      await page.choose("Check one slip");
      await drop(page, [drawn(slips[0]!, "to-check", "-r", "150", "-gray", "-png")]);
      await page.sees("is intact.");
      await page.sees("Only its QR code was read, and not the lines printed beside it.");
      await drop(page, [slips[0]!]);
      await page.sees("This proves the file, and not the paper:");
      await page.close();
    });

    test("a file that is no picture is said to be none", async () => {
      const page = await RecoveryPage.open(browser);
      const write = (name: string, content: string): string => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      await drop(page, [
        write("empty.png", ""),
        write("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
        write("page.pdf", "<!DOCTYPE html><title>Sign in</title>"),
      ]);
      await page.sees("empty.png: This file is empty.");
      await page.sees(
        "drawing.svg: This is a web page or a drawing in text form (HTML, XML or SVG)",
      );
      await page.sees("page.pdf: This is a web page or a drawing in text form (HTML, XML or SVG)");
      const announced = await page.page.locator("#announce").textContent();
      expect(announced).toContain("page.pdf: This is a web page");
      expect(announced).toContain(". Save it as PNG or PDF, or print and scan it");
      expect(announced).not.toContain("Type the lines"); // which is a button
      await page.close();
    });

    test("codes of something else, and hostile ones, are told from slips", async () => {
      const page = await RecoveryPage.open(browser);
      const { toFile } = await import("qrcode");
      const code = async (name: string, text: string): Promise<string> => {
        const file = join(folder, name);
        await toFile(file, text, { errorCorrectionLevel: "L" });
        return file;
      };
      await drop(page, [
        await code("other.png", "https://example.invalid/"),
        await code("control.png", "BG1:\u0000\u001b[2J<img src=x onerror=alert(1)>"),
        await code("later.png", "BG9:0123456789ABCDEFGHJK"),
        await code("long.png", `BG1:${"0".repeat(2000)}`),
        await code("half.png", "BG1:00000000000000000000"),
        await code("two.png", `${qrOf(samples[0])}\n${qrOf(samples[1])}`),
        await code(
          "altered.png",
          qrOf(samples[0]).replace(/.$/, (last) => (last === "0" ? "1" : "0")),
        ),
      ]);
      const none = "The QR code begins like a slip's, and is none";
      await page.sees(`two.png: ${none}: more or something else stands in it.`);
      await page.sees(`altered.png: ${none}`);
      await page.seesNot("Compare with the paper");
      for (const name of ["control.png", "long.png", "half.png"])
        await page.sees(`${name}: ${none}`);
      await page.sees("other.png: The QR code in it is not a slip's.");
      await page.sees("control.png: ");
      await page.sees("later.png: This QR text says that it has format version 9");
      await page.sees("long.png: ");
      await page.sees("half.png: ");
      await page.sees("None yet.");
      expect(await page.page.locator("main img").count()).toBe(0);
      await page.close();
    });

    test("without WebAssembly pictures are read all the same, by the second reader", async () => {
      const page = await RecoveryPage.open(browser, {}, () => {
        Reflect.deleteProperty(globalThis, "WebAssembly");
      });
      await drop(page, [slips[2]!, drawn(slips[0]!, "plain-1", "-r", "150", "-gray", "-png")]);
      await page.sees("PDF files can't be read here.");
      await page.sees("1 of the 2 needed slips is here.");
      await drop(page, [drawn(slips[1]!, "plain-2", "-r", "150", "-gray", "-png")]);
      expect(await page.password()).toBe(password);
      await page.close();
    });
  });

  describe("before the camera", () => {
    /** A film of pages that are held into the camera one after the other, each for some seconds. */
    function film(pdfs: readonly string[], flags: readonly string[]): string {
      const frames = pdfs.map((pdf, i) =>
        readFileSync(drawn(pdf, `frame-${i}`, "-jpeg", ...flags)),
      );
      const file = join(folder, "film.mjpeg");
      writeFileSync(
        file,
        Buffer.concat(frames.flatMap((frame) => Array.from({ length: 40 }, () => frame))),
      );
      return file;
    }

    test("two slips shown one after the other give the password, and the camera goes off", async () => {
      // What a camera sees of a page held near: the upper half, with the QR code, 1280 wide
      const near = ["-r", "150", "-x", "0", "-y", "500", "-W", "1240", "-H", "720"];
      const browser = await openBrowser(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-video-capture=${film([slips[0]!, slips[1]!], near)}`,
      );
      try {
        const page = await RecoveryPage.open(browser);
        await page.press("Start the camera");
        await page.sees("proved by the digest");
        expect(await page.password()).toBe(password);
        expect(
          await page.page.evaluate(() => document.querySelector("video")!.srcObject),
        ).toBeNull();
        await page.close();
      } finally {
        await browser.close();
      }
    });

    test("while nothing can be read it is said what may help, beside what the camera sees", async () => {
      const browser = await openBrowser(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-video-capture=${film([slips[0]!], ["-r", "30"])}`,
      );
      try {
        const page = await RecoveryPage.open(browser, { viewport: { width: 390, height: 844 } });
        await page.press("Start the camera");
        await page.sees("Nothing is read yet. Hold the slip closer or further away");
        const { top, bottom } = await page.page
          .locator("#camera-view")
          .evaluate((view) => view.getBoundingClientRect().toJSON() as DOMRect);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(bottom).toBeLessThanOrEqual(844);
        await page.close();
      } finally {
        await browser.close();
      }
    });

    test("where there is no camera, a photo can be chosen", async () => {
      const browser = await openBrowser("--deny-permission-prompts");
      try {
        const page = await RecoveryPage.open(browser);
        await page.press("Start the camera");
        await page.sees("There is no camera, or it is not allowed.");
        await page.page
          .locator("#photo")
          .setInputFiles([
            drawn(slips[0]!, "photo", "-r", "150", "-jpeg"),
            drawn(slips[1]!, "photo-2", "-r", "150", "-jpeg"),
          ]);
        await page.sees("proved by the digest");
        // A phone opens its camera at once where this stands, which is what was just refused.
        expect(await page.page.locator("#photo").getAttribute("capture")).toBeNull();
        await page.close();
      } finally {
        await browser.close();
      }
    });
  });
});
