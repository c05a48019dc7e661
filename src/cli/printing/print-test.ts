import { BreakglassError } from "../../core/errors.ts";
import { PAGE_SIZES } from "../../custody/policy.ts";
import { isoDate } from "../../custody/times.ts";
import { TEST_PAGE_NAME, parseTestPage, testPages } from "../../paper/test-page.ts";
import { parseChoice, parseCount } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import { PATIENCE } from "./slip-document.ts";
import { writeNewFiles } from "./slip-files.ts";
import { loadStationery, readTemplate } from "./stationery.ts";

export interface PrintTestOptions {
  readonly out?: string;
  readonly page?: string;
  readonly templates?: string;
  readonly patience?: string;
}

const NEXT =
  "next: look at the page, then type or scan it: breakglass check says whether it reads as printed";

/** `breakglass print-test`: the void test page, on a printer or as a file. */
export async function printTest(
  printerName: string | undefined,
  options: PrintTestOptions,
  now: Date,
): Promise<void> {
  const pageSize = parseChoice("--page", PAGE_SIZES, options.page ?? "A4");
  const patience = parseCount("--patience", options.patience ?? PATIENCE) * 1000;
  if (printerName !== undefined && options.out !== undefined)
    throw new BreakglassError(
      "usage",
      "a printer and --out exclude each other",
      "leave one of them out",
    );
  const { fonts, wording } = loadStationery(options.templates);
  const { path, text } = readTemplate(options.templates, "test-page.json");
  const words = parseTestPage(oneLine(path), text, fonts);
  const pages = testPages(words, { pageSize, wording, fonts }, isoDate(now));
  const { renderPdf } = await import("../../paper/pdf.ts");
  const bytes = await renderPdf(pages, {
    ...{ title: TEST_PAGE_NAME, language: words.language, created: now, fonts },
  });
  if (options.out !== undefined) {
    const [file] = writeNewFiles(options.out, [{ name: `${TEST_PAGE_NAME}.pdf`, bytes }]);
    answer(`${oneLine(file!)}\n`);
    say(NEXT);
    return;
  }
  const { OUTCOMES, Printer } = await import("./printer.ts");
  const printer = await Printer.open(printerName, say);
  say(`printing the void test page on ${oneLine(printer.name)}`);
  const outcome = await printer.print(bytes, "test page", pageSize, { tell: say, patience });
  if (outcome !== "completed" && outcome !== "unknown")
    throw new BreakglassError(
      "printer",
      `the test page was not printed: ${OUTCOMES[outcome]}`,
      "see to the printer, and try again before the ceremony",
    );
  answer(`${oneLine(printer.name)}: ${OUTCOMES[outcome]}\n`);
  if (!printer.leftNothing)
    say(
      "careful: the print system may keep copies of what it prints, and so of slips: see docs/printing.md",
    );
  say(NEXT);
}
