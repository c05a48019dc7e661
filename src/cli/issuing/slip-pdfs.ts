import { utf8ToBytes } from "@noble/hashes/utils.js";
import { sameBytes } from "../../core/bytes.ts";
import { readDocument } from "../../core/document.ts";
import { BreakglassError } from "../../core/errors.ts";
import { readSlip } from "../../core/reader.ts";
import { slipFragment, slipName, type Slip } from "../../core/slip.ts";
import { isoDate } from "../../custody/times.ts";
import { printedCode, printedFragment, type Page } from "../../paper/page.ts";
import { slipPages } from "../../paper/slip-page.ts";
import type { SlipDocument } from "../printing/slip-document.ts";
import type { Stationery } from "../printing/stationery.ts";
import type { IssuePlan } from "./issue-plan.ts";

/**
 * The pages of every slip of a set, each read back from what it will print.
 *
 * @param anchor of the register, or undefined if the set is in none
 * @throws BreakglassError `usage` if a name can't be printed
 */
export function pagesOf(
  slips: readonly Slip[],
  plan: IssuePlan,
  anchor: string | undefined,
  { fonts, wording }: Stationery,
  now: Date,
): Page[][] {
  return slips.map((slip) => {
    const details = {
      ...{ organisation: plan.organisation, account: plan.account, generation: plan.generation },
      ...{ ...plan.holders[slip.index - 1]!, alsoNeeded: plan.alsoNeeded, anchor },
      ...{ issued: isoDate(now), replaceBy: isoDate(plan.replaceBy), stays: plan.stays },
    };
    const pages = slipPages(slip, details, {
      ...{ pageSize: plan.pageSize, wording, fonts },
      ...(plan.discreet === undefined ? {} : { discreet: plan.discreet }),
    });
    provePages(pages, slip);
    return pages;
  });
}

/** The slips of a set as documents, one for each. */
export async function documentsOf(
  slips: readonly Slip[],
  pages: readonly (readonly Page[])[],
  { holders, pageSize }: Pick<IssuePlan, "holders" | "pageSize">,
  { fonts, wording }: Stationery,
  now: Date,
): Promise<SlipDocument[]> {
  const { renderPdf } = await import("../../paper/pdf.ts");
  const documents: SlipDocument[] = [];
  for (const [i, slip] of slips.entries()) {
    const title = slipName(slip);
    const options = { title, language: wording.language, created: now, fonts };
    const bytes = await renderPdf(pages[i]!, options);
    const file = { name: `${title.replaceAll(" ", "-")}.pdf`, bytes };
    documents.push({ slip, file, custodian: holders[i]!.custodian, pageSize });
  }
  return documents;
}

/**
 * Reads a slip back from what its pages will print, before any page is made.
 *
 * @throws BreakglassError `internal` if the paper would say anything else than the slip
 */
function provePages(pages: readonly Page[], slip: Slip): void {
  const { lines, spare, qr } = printedCode(pages);
  const typed = [...lines.map((line, i) => `${i + 1}) ${line}`), `S) ${spare}`].join("\n");
  const readings = [typed, qr].map((text) =>
    readSlip(readDocument(text)[0]!, { acceptCorrections: false }),
  );
  const same = readings.every(
    (reading) =>
      slipName(reading.slip) === slipName(slip) && sameBytes(reading.slip.payload, slip.payload),
  );
  const agrees = readings[0]!.spare === "agrees";
  for (const reading of readings) reading.slip.payload.fill(0);
  const fragment = slipFragment(slip) ?? new Uint8Array(0);
  const fragmentSame = sameBytes(utf8ToBytes(printedFragment(pages) ?? ""), fragment);
  if (!same || !agrees || !fragmentSame)
    throw new BreakglassError(
      "internal",
      `the page of ${slipName(slip)} does not say what the slip holds`,
      "nothing was written; report this defect",
    );
}
