import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { anchor } from "../../custody/journal.ts";
import { ceremonyBegin } from "../../custody/minutes-range.ts";
import { PAGE_SIZES } from "../../custody/policy.ts";
import { heldSets, pendingSet } from "../../custody/register.ts";
import { holderProblems } from "../../custody/rules.ts";
import { isoDate } from "../../custody/times.ts";
import { ceremonyPages } from "../../paper/ceremony-page.ts";
import { parseCeremony } from "../../paper/ceremony-template.ts";
import type { PaperFacts, SetFacts } from "../../paper/facts.ts";
import { labelPages, parseLabels } from "../../paper/labels.ts";
import { minutesPages } from "../../paper/minutes-page.ts";
import { parseMinutes } from "../../paper/minutes-template.ts";
import type { Page } from "../../paper/page.ts";
import type { Paper } from "../../paper/papers.ts";
import { renderPdf } from "../../paper/pdf.ts";
import { registerFacts, type Purpose } from "../../paper/register-facts.ts";
import { parseRunbook, runbookPages } from "../../paper/runbook.ts";
import { knownHolders, type HolderOptions } from "../issuing/holders.ts";
import { issueDefaults } from "../issuing/issue-defaults.ts";
import type { OpenRegister } from "../journal/journal-file.ts";
import { recoveryPageHash } from "../kit/recovery-page.ts";
import { loadFonts, readTemplate } from "../printing/stationery.ts";
import { parseChoice, parseDate, parseSetName, parseSplit } from "../system/options.ts";
import { isAbout } from "./log.ts";

/** The flags of `ceremony`. */
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

/** Which paper is wanted of what. */
interface Order {
  readonly state: OpenRegister;
  readonly account: string;
  readonly options: CeremonyOptions;
  readonly now: Date;
}

/**
 * A paper as a PDF.
 *
 * @throws BreakglassError `refused` if the register has not what the paper is about, `usage`, `file`
 */
export async function paperPdf(paper: Paper, order: Order): Promise<Uint8Array> {
  const { now } = order;
  const { pages, language } = papersOf(paper, order);
  const title = `${paper} ${isoDate(now)}`;
  return renderPdf(pages, { title, language, created: now, fonts: loadFonts() });
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

/** Why a rotation would be refused as its script has it, if no set is under way. */
export function rotationProblems(order: Order): string[] {
  const { register } = order.state;
  if (pendingSet(register, order.account) !== undefined) return [];
  const { threshold, slips } = factsOf(order, "next", planOf("rotate", order)).set;
  const named = slips.flatMap(({ slip, custodian, alternate, location }) =>
    custodian === undefined || location === undefined
      ? []
      : [{ slip, custodian, alternate, location }],
  );
  return holderProblems({ threshold, slips: named }, register.policy, register)
    .filter(({ severity }) => severity === "refuse")
    .map(({ what }) => what);
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
