import { existsSync } from "node:fs";
import { join } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { anchor } from "../../custody/journal.ts";
import { ceremonyBegin } from "../../custody/minutes-range.ts";
import { PAGE_SIZES } from "../../custody/policy.ts";
import { activeSet, heldSets, pendingSet, type Register } from "../../custody/register.ts";
import { isoDate } from "../../custody/times.ts";
import { ceremonyPages } from "../../paper/ceremony-page.ts";
import { parseCeremony } from "../../paper/ceremony-template.ts";
import type { PaperFacts, SetFacts } from "../../paper/facts.ts";
import { labelPages, parseLabels } from "../../paper/labels.ts";
import { minutesPages } from "../../paper/minutes-page.ts";
import { parseMinutes } from "../../paper/minutes-template.ts";
import type { Page } from "../../paper/page.ts";
import { PAPERS, type Paper } from "../../paper/papers.ts";
import { registerFacts, type Purpose } from "../../paper/register-facts.ts";
import { parseRunbook, runbookPages } from "../../paper/runbook.ts";
import { knownHolders, type HolderOptions } from "../issuing/holders.ts";
import { issueDefaults } from "../issuing/issue-defaults.ts";
import { openRegister, type OpenRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { recoveryPageHash } from "../kit/recovery-page.ts";
import { writeNewFiles } from "../printing/slip-files.ts";
import { loadFonts, readTemplate } from "../printing/stationery.ts";
import { parseChoice, parseDate, parseSetName, parseSplit } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import { askAccount, needAccount } from "../terminal/ask-account.ts";
import { askFor } from "../terminal/questions.ts";
import { isAbout } from "./log.ts";

export interface CeremonyOptions extends HolderOptions {
  readonly register?: string;
  readonly out?: string;
  readonly templates?: string;
  readonly page?: string;
  readonly discreet?: string;
  readonly since?: string;
  readonly set?: string;
  /** As for `issue`: what is planned, where it is not as in the set before. */
  readonly split?: string;
}

/** `breakglass ceremony`: prints a script, minutes, envelope labels or the runbook; nothing secret. */
export async function ceremony(
  wanted: string | undefined,
  named: string | undefined,
  options: CeremonyOptions,
  now: Date,
): Promise<void> {
  const state = openRegister(registerFolder(options.register));
  for (const note of state.notes) say(`note: ${note}`);
  const asked = await askFor("PAPER", "Which paper", wanted, { known: PAPERS, closed: true });
  const paper = parseChoice("ceremony", PAPERS, asked === "drill" ? "drill-check" : asked);
  const account = needAccount(state.register, await askAccount(state.register, named));
  noteOtherSet(paper, account, state.register, options);
  const out = await askFor("--out", "Folder for the paper", options.out);
  const fonts = loadFonts();
  const { pages, language } = papersOf(paper, { state, account, options, now });
  const { renderPdf } = await import("../../paper/pdf.ts");
  const title = `${paper} ${isoDate(now)}`;
  const bytes = await renderPdf(pages, { title, language, created: now, fonts });
  const name = [paper, account.replaceAll(/[^\w.-]/g, "_"), isoDate(now)].join("-");
  const [path] = writeNewFiles(out, [{ name: freeName(out, name), bytes }]);
  answer(`${oneLine(path!)}\n`);
}

/** Who has a set in mind may not know that a paper is for the one after it. */
function noteOtherSet(
  paper: Paper,
  account: string,
  register: Register,
  options: CeremonyOptions,
): void {
  const isNext = paper === "issue" || (paper === "labels" && options.set === undefined);
  const held = activeSet(register, account);
  if (!isNext || held === undefined || pendingSet(register, account) !== undefined) return;
  const { set, generation } = held;
  say(
    paper === "labels"
      ? `note: these are for the set after ${set} (generation ${generation}); for its own bags: --set ${set}`
      : `note: ${account} has a password on slips already (set ${set}); the script of its next set is ${COMMANDS.rotateScript(account)}`,
  );
}

/** A second paper of one day lies beside the first: nothing is overwritten, and nobody is held up. */
function freeName(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${name}.pdf` : `${name}-${number}.pdf`;
    if (!existsSync(join(folder, file))) return file;
  }
}

interface Order {
  readonly state: OpenRegister;
  readonly account: string;
  readonly options: CeremonyOptions;
  readonly now: Date;
}

/** The pages, and the language of the template that says what stands on them. */
function papersOf(paper: Paper, order: Order): { pages: Page[]; language: string } {
  const { state, options } = order;
  const fonts = loadFonts();
  const pageSize = parseChoice(
    "--page",
    PAGE_SIZES,
    options.page ?? state.register.policy.pageSize,
  );
  const layout = { pageSize, fonts };
  const plan = planOf(paper, order);
  const template = <T>(
    file: string,
    parse: (name: string, json: string, fonts: ReturnType<typeof loadFonts>) => T,
  ): T => {
    const { path, text } = readTemplate(options.templates, file);
    return parse(path, text, fonts);
  };
  switch (paper) {
    case "minutes": {
      const wording = template("minutes.json", parseMinutes);
      const pages = minutesPages(wording, minutesOf(order), layout);
      return { pages, language: wording.language };
    }
    case "labels": {
      const wording = template("labels.json", parseLabels);
      const { discreet } = options;
      const pages = labelPages(wording, factsOf(order, labelled(order)), {
        ...layout,
        ...(discreet === undefined ? {} : { discreet }),
      });
      return { pages, language: wording.language };
    }
    case "runbook": {
      const wording = template("runbook.json", parseRunbook);
      const recoveryPage = recoveryPageHash();
      const pages = runbookPages(wording, factsOf(order, "held"), {
        ...layout,
        ...(recoveryPage === undefined ? {} : { recoveryPage }),
      });
      return { pages, language: wording.language };
    }
    default: {
      const purpose = paper === "issue" || paper === "rotate" ? "next" : "held";
      const wording = template("ceremony.json", parseCeremony);
      const pages = ceremonyPages(wording, paper, factsOf(order, purpose, plan), layout);
      return { pages, language: wording.language };
    }
  }
}

/** Bags are for the set under way or the next one; after a drill, for the one that is held. */
function labelled({ state: { register }, account, options }: Order): Purpose {
  if (options.set === undefined) return "next";
  const name = parseSetName(options.set);
  if (pendingSet(register, account)?.set === name) return "next";
  if (heldSets(register, account)[0]?.set === name) return "held";
  throw new BreakglassError(
    "refused",
    `set ${name} is none whose slips are sealed for this account`,
    "see breakglass status",
  );
}

/**
 * The set that a script of issue or rotation is about, if none is under way: as the flags say, or
 * as the set before; of a first set whatever nobody has said yet is left to be filled in by hand.
 */
function planOf(paper: Paper, { state, account, options }: Order): SetFacts | undefined {
  const { register } = state;
  const given = [options.split, options.custodian, options.alternate, options.location];
  const planned = given.some((flag) => flag !== undefined);
  const pending = pendingSet(register, account);
  const isPlan = paper === "issue" || paper === "rotate";
  if (!isPlan || pending !== undefined) {
    if (!planned) return undefined;
    throw new BreakglassError(
      "usage",
      !isPlan || pending === undefined
        ? "this paper is about slips that are there already"
        : `set ${pending.set} is under way, and its slips have their holders`,
      "leave out --split, --custodian, --alternate and --location",
    );
  }
  const defaults = issueDefaults(register, account);
  if (!planned && (paper === "rotate" || defaults.holders.length > 0)) return undefined;
  const split = parseSplit(options.split ?? defaults.split);
  const holders = knownHolders(options, split.total, defaults);
  return {
    ...split,
    ...{ set: undefined, generation: defaults.generation, replaceBy: undefined },
    stays: defaults.stays,
    slips: holders.map(({ custodian, location, alternateOf }, i) => ({
      ...{ slip: i + 1, custodian, location, bag: undefined },
      alternate: custodian === undefined ? undefined : alternateOf(custodian),
      site: location === undefined ? undefined : register.locations.get(location)?.site,
    })),
  };
}

function factsOf({ state, account, now }: Order, purpose: Purpose, plan?: SetFacts): PaperFacts {
  const facts = registerFacts(state.register, account, purpose, {
    ...{ anchor: anchor(state.journal.head), printed: isoDate(now) },
    ...(plan === undefined ? {} : { plan }),
  });
  if (facts !== undefined) return facts;
  throw new BreakglassError(
    "refused",
    purpose === "next"
      ? "nothing was issued for this account yet, so its slips are not known"
      : "the tenant holds no set of this account's",
    purpose === "next"
      ? `print the script of a first issue (${COMMANDS.issueScript(account)}), or issue a set: ${COMMANDS.issue(account)}`
      : "see breakglass status",
  );
}

function minutesOf({ state, account, options, now }: Order): Parameters<typeof minutesPages>[1] {
  const { register, journal } = state;
  const about = journal.entries.filter((entry) => isAbout(entry, { account }, register));
  const begun = options.since === undefined ? ceremonyBegin(about, register, account) : undefined;
  const since = isoDate(options.since === undefined ? now : parseDate("--since", options.since));
  return {
    ...{ organisation: register.policy.organisation, account },
    ...{ anchor: anchor(journal.head), printed: isoDate(now) },
    stays: new Set([...register.sets.values()].filter(({ stays }) => stays).map(({ set }) => set)),
    entries: about.filter(({ n, at }) => (begun === undefined ? at >= since : n >= begun)),
  };
}
