import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeUtf8 } from "../../core/utf8.ts";
import { PAGE_SIZES } from "../../custody/policy.ts";
import { inFours } from "../../paper/in-fours.ts";
import type { PageSize } from "../../paper/sheet.ts";
import { writeNewFiles, type NewFile } from "../printing/slip-files.ts";
import { loadFonts } from "../printing/stationery.ts";
import { requireEmpty } from "../system/folders.ts";
import { hash } from "../system/hash.ts";
import { readBytes } from "../system/input.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import { recoveryPage } from "./recovery-page.ts";

declare const BREAKGLASS_VERSION: string;

export interface KitOptions {
  readonly page?: string;
}

const ROOT = new URL("../", import.meta.url);
const DOCUMENT_MAX = 256 * 1024;
/** The guide's date, in its PDF: the same whenever a kit is written, so that two kits are the same. */
const GUIDE_DATE = new Date(Date.UTC(2026, 10, 23));

/**
 * `breakglass kit`: writes everything that turns slips into a password again, for a stranger's
 * computer. Nothing in it is secret, and the same version writes the same bytes.
 */
export async function kit(folder: string, options: KitOptions): Promise<void> {
  const pageSize = parseChoice("--page", PAGE_SIZES, options.page ?? "A4");
  // What stands beside a kit would be taken for a part of it, and no checksum would cover it.
  requireEmpty(folder, "recovery");
  const guide = ownFile("docs/recover-by-hand.md");
  const files: NewFile[] = [
    { name: "README.txt", bytes: ownFile("docs/kit-readme.txt") },
    { name: "recover.html", bytes: recoveryPage() },
    { name: "recover-by-hand.pdf", bytes: await guidePdf(guide, pageSize) },
    { name: "recover-by-hand.md", bytes: guide },
    { name: "read_slips.py", bytes: ownFile("docs/read_slips.py") },
    { name: "one_page.py", bytes: programIn(guide) },
    { name: "slip-format.md", bytes: ownFile("docs/slip-format.md") },
    { name: "LICENSE", bytes: ownFile("LICENSE") },
  ];
  const sums = Buffer.from(files.map(({ name, bytes }) => sumLine(bytes, name)).join(""));
  files.push({ name: "SHA256SUMS", bytes: sums });
  writeNewFiles(folder, files, "everybody");
  report(folder, files);
}

/** A file that comes with this program. */
function ownFile(path: string): Uint8Array {
  return readBytes(fileURLToPath(new URL(path, ROOT)), DOCUMENT_MAX, path);
}

/** The program that the guide has in it, to be typed where there is nothing but paper. */
function programIn(guide: Uint8Array): Uint8Array {
  const [, program] = /^```python\n(.*?)^```$/ms.exec(decodeUtf8(guide)!)!;
  return Buffer.from(program!);
}

async function guidePdf(guide: Uint8Array, pageSize: PageSize): Promise<Uint8Array> {
  const fonts = loadFonts();
  const { guidePages } = await import("../../paper/guide.ts");
  const { renderPdf } = await import("../../paper/pdf.ts");
  const facts = [`breakglass ${BREAKGLASS_VERSION}`, "for slips of format 1", "nothing secret"];
  const pages = guidePages(decodeUtf8(guide)!, { pageSize, fonts, facts });
  const title = "Recover by hand";
  return renderPdf(pages, { title, language: "en", created: GUIDE_DATE, fonts });
}

/** A line as `sha256sum` writes and checks it. */
function sumLine(bytes: Uint8Array, name: string): string {
  return `${hash(bytes)}  ${name}\n`;
}

/** The page, and the list of all files, which stands for the kit as a whole. */
function report(folder: string, files: readonly NewFile[]): void {
  const named = (name: string): NewFile => files.find((file) => file.name === name)!;
  const page = named("recover.html");
  for (const { name, bytes } of [page, named("SHA256SUMS")])
    answer(sumLine(bytes, oneLine(join(folder, name))));
  say(`the kit: ${files.length} files, nothing secret in them; copy them as often as you like`);
  say(`SHA-256 of recover.html, as the runbook prints it:`);
  say(`  ${inFours(hash(page.bytes))}`);
  say(`SHA-256 of SHA256SUMS, for the kit as a whole:`);
  say(`  ${inFours(hash(named("SHA256SUMS").bytes))}`);
}
