import { BreakglassError } from "../core/errors.ts";
import { forbiddenNames } from "../core/password.ts";
import type { RandomBytes } from "../core/random.ts";
import { setName, type Slip } from "../core/slip.ts";
import { drawSetId, proveSplit, splitSecret } from "../core/split.ts";
import { needsBlind, requireStrength } from "../core/strength.ts";
import { DEFAULT_POLICY } from "../custody/policy.ts";
import { emptyRegister } from "../custody/register.ts";
import { holderProblems } from "../custody/rules.ts";
import { IssueRecord } from "./issue-record.ts";
import { fillIn, PLAIN_DEFAULTS, type IssueOptions, type IssuePlan } from "./issue-options.ts";
import { answer, oneLine, say } from "./output.ts";
import { askFor } from "./questions.ts";
import { obtainSecret, type Secret } from "./secret.ts";
import { writeNewFiles } from "./slip-files.ts";
import { pagesOf, pdfsOf } from "./slip-pdfs.ts";
import { loadStationery } from "./stationery.ts";
import type { Clock } from "./system.ts";

/**
 * `breakglass issue`: makes a password and prints it onto the slips of a new set. It never shows
 * the password: that comes from the paper. In a register the set stands before its first page is
 * made.
 *
 * @param clock tells the time, of which the slips carry the date in UTC
 */
export async function issue(
  options: IssueOptions,
  random: RandomBytes,
  clock: Clock,
): Promise<void> {
  const now = clock();
  const record = options.register === false ? undefined : new IssueRecord(options, clock);
  const account = await askFor(
    "ACCOUNT",
    "Account (such as bg-1@contoso.onmicrosoft.com)",
    options.account,
  );
  const plan = await fillIn(options, account, record?.defaults(account) ?? PLAIN_DEFAULTS, now);
  if (record === undefined && plan.discreet === undefined) warnOfHolders(plan);
  const stationery = loadStationery(options.templates);
  const names = forbiddenNames(plan.account, plan.organisation);
  const secret = await obtainSecret(plan, names, random);
  let slips: Slip[] = [];
  try {
    if (record !== undefined) await record.prepare(plan, secret);
    else if (!plan.acceptWeak) requireStrength(secret.strength, secret.kind);
    const header = {
      ...{ setId: freshSetId(random, record), ...plan.split },
      blinded: needsBlind(plan.split.scheme, secret.strength, secret.kind),
    };
    slips = splitSecret(secret.bytes, header, random);
    const subsets = proveSplit(slips, secret.bytes, random);
    // What can't be printed is found out before the register says that the set was issued.
    let pages = pagesOf(slips, plan, record?.trialAnchor, stationery, now);
    if (record !== undefined) {
      const anchor = record.issued(slips, plan, secret);
      pages = pagesOf(slips, plan, anchor, stationery, now);
    }
    let paths: string[];
    try {
      const files = await pdfsOf(slips, pages, stationery, now);
      try {
        paths = writeNewFiles(plan.out, files);
      } finally {
        for (const file of files) file.bytes.fill(0);
      }
    } catch (error) {
      record?.failed(setName(header.setId));
      throw error;
    }
    record?.printed(slips);
    reportIssued(plan, { secret, slips, paths, subsets });
  } finally {
    secret.bytes.fill(0);
    for (const slip of slips) slip.payload.fill(0);
  }
}

/** Who could open the set alone, as far as names say it; a register knows sites and policy too. */
function warnOfHolders(plan: IssuePlan): void {
  const split = { threshold: plan.split.threshold, slips: plan.holders };
  for (const { rule, what } of holderProblems(split, DEFAULT_POLICY, emptyRegister()))
    if (["person-opens", "alternate-opens", "safe-opens"].includes(rule)) say(`warning: ${what}`);
}

/** A set id that the register does not have yet. */
function freshSetId(random: RandomBytes, record: IssueRecord | undefined): number {
  for (let tries = 0; tries < 1000; tries++) {
    const setId = drawSetId(random);
    if (record?.knows(setName(setId)) !== true) return setId;
  }
  throw new BreakglassError(
    "internal",
    "no set id is free",
    "do not use this computer for a ceremony",
  );
}

/** A closed standard output must not lead to a second set beside the first. */
function reportIssued(plan: IssuePlan, issued: Issued): void {
  try {
    report(plan.json, issued);
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    throw new BreakglassError(
      error.code,
      `the slips are written, but ${error.message}`,
      `use the slips in ${oneLine(plan.out)}, or delete them before you issue again`,
    );
  }
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
  say(`set ${name}: ${total} slips, ${neededWords(threshold, total)} recover the password`);
  say(
    `proved: ${subsets} ${subsets === 1 ? "subset gives" : "subsets give"} it back, and every page reads back as its slip`,
  );
  for (const sentence of strengthSentences(secret, scheme, threshold === total)) say(sentence);
  say(`careful: this folder now holds the whole password; print the slips, then delete the files`);
  say(
    `next: print, check every slip from paper (breakglass check), then recover (breakglass recover)`,
  );
}

function neededWords(threshold: number, total: number): string {
  if (threshold < total) return `any ${threshold} of them`;
  return total === 2 ? "both are needed to" : `all ${total} are needed to`;
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
