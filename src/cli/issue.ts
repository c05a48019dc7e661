import { BreakglassError } from "../core/errors.ts";
import { readDocument } from "../core/document.ts";
import { forbiddenNames } from "../core/password.ts";
import type { RandomBytes } from "../core/random.ts";
import { readSlip } from "../core/reader.ts";
import { setName, slipFragment, slipName, type Slip } from "../core/slip.ts";
import { drawSetId, proveSplit, splitSecret } from "../core/split.ts";
import { needsBlind, requireStrength } from "../core/strength.ts";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { printedCode, printedFragment, type Page } from "../paper/page.ts";
import type { SlipDetails } from "../paper/slip-details.ts";
import { slipPages, type SlipLayout } from "../paper/slip-page.ts";
import { fillIn, type IssueOptions } from "./issue-options.ts";
import { answer, oneLine, say } from "./output.ts";
import { obtainSecret, type Secret } from "./secret.ts";
import { writeNewFiles, type NewFile } from "./slip-files.ts";
import { loadStationery } from "./stationery.ts";
import { addDays, isoDate } from "./system.ts";

/** Days until a slip is to be replaced, unless told otherwise. */
const ROTATION_DAYS = 90;

/**
 * `breakglass issue`: makes a password and prints it onto the slips of a new set. It never shows
 * the password: that comes from the paper.
 *
 * @param date today, in UTC
 */
export async function issue(options: IssueOptions, random: RandomBytes, date: Date): Promise<void> {
  if (options.register)
    throw new BreakglassError(
      "refused",
      "there is no register to record this set in",
      "add --no-register: the slips then say that they are not recorded",
    );
  const plan = await fillIn(options);
  const { fonts, wording } = loadStationery(options.templates);
  const names = forbiddenNames(plan.account, plan.organisation);
  const secret = await obtainSecret(plan, names, random);
  try {
    if (!plan.acceptWeak) requireStrength(secret.strength, secret.kind);
    const header = {
      ...{ setId: drawSetId(random), ...plan.split },
      blinded: needsBlind(plan.split.scheme, secret.strength, secret.kind),
    };
    const slips = splitSecret(secret.bytes, header, random);
    const subsets = proveSplit(slips, secret.bytes, random);
    const layout: SlipLayout = {
      ...{ pageSize: plan.pageSize, wording, fonts },
      ...(plan.discreet === undefined ? {} : { discreet: plan.discreet }),
    };
    const files: NewFile[] = [];
    const { renderPdf } = await import("../paper/pdf.ts");
    for (const slip of slips) {
      const holder = plan.holders[slip.index - 1]!;
      const details: SlipDetails = {
        ...{ organisation: plan.organisation, account: plan.account },
        ...{ generation: plan.generation, ...holder, alsoNeeded: plan.alsoNeeded },
        issued: isoDate(date),
        replaceBy: isoDate(plan.replaceBy ?? addDays(date, ROTATION_DAYS)),
        anchor: undefined,
      };
      const pages = slipPages(slip, details, layout);
      provePages(pages, slip);
      const bytes = await renderPdf(pages, {
        ...{ title: slipName(slip), language: wording.language, created: date, fonts },
      });
      files.push({ name: `${slipName(slip).replaceAll(" ", "-")}.pdf`, bytes });
    }
    const paths = writeNewFiles(plan.out, files);
    for (const file of files) file.bytes.fill(0);
    for (const slip of slips) slip.payload.fill(0);
    report(plan.json, { secret, slips, paths, subsets });
  } finally {
    secret.bytes.fill(0);
  }
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
      slipName(reading.slip) === slipName(slip) &&
      reading.slip.payload.join() === slip.payload.join(),
  );
  const fragment = slipFragment(slip)?.join();
  const printed = printedFragment(pages);
  const fragmentSame =
    (printed === undefined ? undefined : utf8ToBytes(printed).join()) === fragment;
  if (!same || readings[0]!.spare !== "agrees" || !fragmentSame)
    throw new BreakglassError(
      "internal",
      `the page of ${slipName(slip)} does not say what the slip holds`,
      "nothing was written; report this defect",
    );
}

interface Issued {
  readonly secret: Secret;
  readonly slips: readonly Slip[];
  readonly paths: readonly string[];
  readonly subsets: number;
}

function report(json: boolean, { secret, slips, paths, subsets }: Issued): void {
  const { setId, threshold, total, scheme } = slips[0]!;
  const name = setName(setId);
  if (json) {
    const strength = secret.strength ?? null;
    answer(
      `${JSON.stringify({ set: name, scheme, threshold, total, strength, files: paths }, null, 2)}\n`,
    );
  } else {
    answer(paths.map((path) => `${oneLine(path)}\n`).join(""));
  }
  say(
    `set ${name}: ${total} slips, ${threshold === total ? "all" : `any ${threshold}`} of them recover the password`,
  );
  say(
    `proved: ${subsets} ${subsets === 1 ? "subset gives" : "subsets give"} it back, and every page reads back as its slip`,
  );
  for (const sentence of strengthSentences(secret, scheme, threshold === total)) say(sentence);
  say(`careful: this folder now holds the whole password; print the slips, then delete the files`);
  say(
    `next: print, check every slip from paper (breakglass check), then recover (breakglass recover)`,
  );
}

function bits(value: number): string {
  return `${(Math.floor(value * 10) / 10).toFixed(1)} bits`;
}

/** What the split is worth, in plain words. */
function strengthSentences(
  { strength, length }: Secret,
  scheme: Slip["scheme"],
  needsAll: boolean,
): string[] {
  const sentences = [
    strength === undefined
      ? "strength: unknown, for the secret was imported"
      : `strength: ${bits(strength.whole)}; at least ${bits(strength.afterOne)} are left if one slip is seen, ${bits(strength.afterAllButOne)} if all but one of those needed are`,
    `every slip shows how long the secret is (${length} characters)`,
  ];
  if (scheme === "concat")
    sentences.push(
      "concatenation is not split knowledge in the sense of PCI DSS 3.7.6: each slip shows a part of the password in clear",
    );
  if (needsAll) sentences.push("all slips are needed: if one is lost, the password is lost");
  return sentences;
}
