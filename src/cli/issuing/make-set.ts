import { BreakglassError } from "../../core/errors.ts";
import { forbiddenNames } from "../../core/password.ts";
import type { RandomBytes } from "../../core/random.ts";
import { setName, type Slip } from "../../core/slip.ts";
import { drawSetId, proveSplit, splitSecret } from "../../core/split.ts";
import { needsBlind, requireStrength, type Strength } from "../../core/strength.ts";
import { TEST_SET } from "../../core/test-slip.ts";
import type { Problem } from "../../custody/rules.ts";
import type { CameOut, SlipDocument, SlipOutput } from "../printing/slip-document.ts";
import { openOutput } from "../printing/slip-output.ts";
import { loadStationery, type Stationery } from "../printing/stationery.ts";
import { warnOfCoreDumps } from "../system/core-dumps.ts";
import { onStop } from "../system/interrupt.ts";
import { answer, oneLine, say } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { reportError } from "../system/report-error.ts";
import { progress } from "../terminal/progress.ts";
import type { IssueForm } from "./issue-form.ts";
import type { IssuePlan } from "./issue-plan.ts";
import type { IssueRecord } from "./issue-record.ts";
import { review } from "./issue-review.ts";
import { obtainSecret, type Secret } from "./secret.ts";
import { documentsOf, pagesOf } from "./slip-pdfs.ts";

/** How a set is made. */
export interface Making {
  /** Whether the account can't be changed any more. */
  readonly accountIsFixed: boolean;
  /** Whether a person is led through what follows. */
  readonly isLed: boolean;
  /** Whether this run has said before that core dumps are on. */
  readonly isWarned?: boolean;
}

/**
 * Makes the set that a form asks for, once it is agreed to, and lets its slips out.
 *
 * @returns the files with its slips
 */
export async function makeSet(
  form: IssueForm,
  random: RandomBytes,
  { accountIsFixed, isLed, isWarned = false }: Making,
): Promise<readonly string[]> {
  const { record, now } = form;
  const stationery = loadStationery(form.told.templates);
  let hasWarned = isWarned;
  const { plan, output, ready } = await agreed(form, accountIsFixed, async (agreedPlan) => {
    if (!hasWarned) warnOfCoreDumps();
    hasWarned = true;
    return makeReady(form, agreedPlan, random, stationery);
  });
  const { secret, slips, subsets } = ready;
  try {
    let { pages } = ready;
    if (record !== undefined) {
      const anchor = record.issued(slips, plan, secret);
      pages = pagesOf(slips, plan, anchor, stationery, now);
    }
    progress(`making ${slips.length} slips`);
    const documents = documentsOf(slips, pages, plan, stationery, now);
    const out = await putOut(output, setName(slips[0]!.setId), documents, record);
    reportIssued(plan, output, { secret, slips, out, subsets, isLed });
    return output.to === "file" ? out : [];
  } finally {
    wipe(secret, slips);
  }
}

/** A set of which nothing is written down or printed yet, and everything is known to be printable. */
interface Ready {
  readonly secret: Secret;
  readonly slips: readonly Slip[];
  readonly subsets: number;
  readonly pages: ReturnType<typeof pagesOf>;
}

async function makeReady(
  { record, now, told }: IssueForm,
  plan: IssuePlan,
  random: RandomBytes,
  stationery: Stationery,
): Promise<Ready> {
  const names = forbiddenNames(plan.account, plan.organisation);
  const secret = await obtainSecret(plan, names, random);
  let slips: Slip[] = [];
  try {
    if (record !== undefined) record.prepare(plan, secret, told.by);
    else if (!plan.acceptWeak) requireStrength(secret.strength, secret.kind);
    const header = {
      ...{ setId: freshSetId(random, record), ...plan.split },
      blinded: needsBlind(plan.split.scheme, secret.strength, secret.kind),
    };
    progress("splitting the password, and proving that it comes back");
    slips = splitSecret(secret.bytes, header, random);
    const subsets = proveSplit(slips, secret.bytes, random);
    // What can't be printed is found out before the register says that the set was issued.
    const pages = pagesOf(slips, plan, record?.trialAnchor, stationery, now);
    return { secret, slips, subsets, pages };
  } catch (error) {
    wipe(secret, slips);
    throw error;
  }
}

function wipe(secret: Secret, slips: readonly Slip[]): void {
  secret.bytes.fill(0);
  for (const slip of slips) slip.payload.fill(0);
}

/** Failures after which nobody is led on. */
const ENDS: readonly string[] = ["interrupted", "internal"];

/**
 * What is to be issued, the way out for it, and what is made of it before anything is written; what stands in the way
 * of that can be changed at a terminal.
 */
async function agreed(
  form: IssueForm,
  accountIsFixed: boolean,
  make: (plan: IssuePlan) => Promise<Ready>,
): Promise<{ readonly plan: IssuePlan; readonly output: SlipOutput; readonly ready: Ready }> {
  for (;;) {
    const reviewed = await review(form, accountIsFixed);
    const plan = form.plan();
    if (!reviewed) for (const { what } of unregisteredProblems(form)) say(`careful: ${what}`);
    try {
      const output = await openOutput(plan.destination);
      return { plan, output, ready: await make(plan) };
    } catch (error) {
      if (!reviewed || !(error instanceof BreakglassError) || ENDS.includes(error.code))
        throw error;
      reportError(error);
    }
  }
}

/** Who could open the set alone, as far as names say it; a register says it itself. */
function unregisteredProblems(form: IssueForm): readonly Problem[] {
  return form.record === undefined ? form.holderProblems() : [];
}

/** Lets the slips out, and wipes them; a set of which one does not come out is void. */
async function putOut(
  output: SlipOutput,
  set: string,
  making: Promise<readonly SlipDocument[]>,
  record: IssueRecord | undefined,
): Promise<readonly string[]> {
  const cameOut: CameOut = (slips, note) => record?.printed(slips, output.to, note);
  const release = onStop(() => {
    quietly(() => output.leave?.(cameOut));
    record?.failed(set);
  });
  let documents: readonly SlipDocument[] = [];
  try {
    documents = await making;
    return await output.put(documents, cameOut);
  } catch (error) {
    record?.failed(set);
    throw error;
  } finally {
    release();
    for (const { file } of documents) file.bytes.fill(0);
  }
}

/** A set id that the register does not have yet. */
function freshSetId(random: RandomBytes, record: IssueRecord | undefined): number {
  for (let tries = 0; tries < 1000; tries++) {
    const setId = drawSetId(random);
    const name = setName(setId);
    if (name !== TEST_SET && record?.knows(name) !== true) return setId;
  }
  throw new BreakglassError(
    "internal",
    "no set id is free",
    "do not use this computer for a ceremony",
  );
}

/** A closed standard output must not lead to a second set beside the first. */
function reportIssued(plan: IssuePlan, output: SlipOutput, issued: Issued): void {
  try {
    report(plan.json, output, issued);
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    throw new BreakglassError(
      error.code,
      `the slips are out, but ${error.message}`,
      `use ${output.place}, or destroy them before you issue again`,
    );
  }
}

interface Issued {
  readonly secret: Secret;
  readonly slips: readonly Slip[];
  /** Paths of files, or names of slips that were printed. */
  readonly out: readonly string[];
  readonly subsets: number;
  readonly isLed: boolean;
}

function report(
  json: boolean,
  output: SlipOutput,
  { secret, slips, out, subsets, isLed }: Issued,
): void {
  const { setId, threshold, total, scheme } = slips[0]!;
  const name = setName(setId);
  if (json) {
    const strength = secret.strength ?? null;
    const where = output.to === "file" ? { files: out } : { printed: out };
    answer(
      `${JSON.stringify({ set: name, scheme, threshold, total, strength, ...where }, null, 2)}\n`,
    );
  } else {
    answer(out.map((one) => `${oneLine(one)}\n`).join(""));
  }
  say(`set ${name}: ${total} slips, ${neededWords(threshold, total)} recover the password`);
  say(
    `proved: ${subsets} ${subsets === 1 ? "subset gives" : "subsets give"} it back, and every page reads back as its slip`,
  );
  for (const sentence of strengthSentences(secret, slips[0]!)) say(sentence);
  for (const sentence of output.closing) say(sentence);
  if (!isLed) say(`next: ${output.next}`);
}

function neededWords(threshold: number, total: number): string {
  if (threshold < total) return `any ${threshold} of them`;
  return total === 2 ? "both are needed to" : `all ${total} are needed to`;
}

function bits(value: number): string {
  return `${(Math.floor(value * 10) / 10).toFixed(1)} bits`;
}

/** A secret of so many bits can't be guessed, whatever computers come. */
const UNGUESSABLE_BITS = 100;

/** How strong the secret is, and what is left of that for whoever sees some of the slips, but not enough. */
function strengthWords(
  { whole, afterOne, afterAllButOne }: Strength,
  { scheme, threshold }: Slip,
): string {
  const strength = `strength: ${bits(whole)}${whole >= UNGUESSABLE_BITS ? ", beyond all guessing" : ""}`;
  const others = threshold - 1;
  if (scheme === "shamir") {
    const seen = others === 1 ? "one slip alone says" : `${others} slips together say`;
    const left = afterOne < whole ? `; ${bits(afterOne)} are left` : "";
    return `${strength}; ${seen} nothing of it but its length${left}`;
  }
  const more = others > 1 ? `, or ${bits(afterAllButOne)} to who has ${others}` : "";
  return `${strength}; each slip shows a part of it, and at least ${bits(afterOne)} are left to guess to who has one${more}`;
}

/** What the split is worth, in plain words. */
function strengthSentences({ strength, length }: Secret, slip: Slip): string[] {
  const { scheme, threshold, total } = slip;
  const sentences = [
    strength === undefined
      ? "strength: unknown, for the secret was imported"
      : strengthWords(strength, slip),
    `every slip shows how long the secret is (${length} characters)`,
  ];
  if (scheme === "concat")
    sentences.push(
      "concatenation is not split knowledge in the sense of PCI DSS 3.7.6: each slip shows a part of the password in clear",
    );
  if (threshold === total)
    sentences.push("all slips are needed: if one is lost, the password is lost");
  return sentences;
}
