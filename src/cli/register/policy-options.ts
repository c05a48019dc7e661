import { BreakglassError } from "../../core/errors.ts";
import { PAGE_SIZES, POLICY_FIELDS, type PolicyChange } from "../../custody/policy.ts";
import { LANGUAGES } from "../../paper/papers.ts";
import { checkFlag, given } from "../journal/deed.ts";
import { flagOf } from "../journal/event-flags.ts";
import { parseChoice } from "../system/options.ts";

/** The flags of the settings of a register. */
export interface PolicyOptions {
  readonly mode?: string;
  readonly rotationDays?: string;
  readonly checkDays?: string;
  readonly validationDays?: string;
  readonly warningDays?: string;
  readonly graceDays?: string;
  readonly minimumAccounts?: string;
  readonly minimumBits?: string;
  readonly shareSite?: string;
  readonly shareCustodian?: string;
  readonly alternatesCount?: string;
  readonly page?: string;
  readonly organisation?: string;
  readonly language?: string;
}

/**
 * What the flags change of the settings.
 *
 * @throws BreakglassError `usage`, naming the flag
 */
export function policyOf(options: PolicyOptions): PolicyChange {
  const number = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (!/^\d{1,5}$/.test(text))
      throw new BreakglassError("usage", `${flag} is not a number`, `give ${flag} a whole number`);
    return Number(text);
  };
  const yes = (flag: string, text: string | undefined): boolean | undefined =>
    text === undefined ? undefined : parseChoice(flag, ["yes", "no"], text) === "yes";
  const choice = <T extends string>(
    flag: string,
    words: readonly T[],
    text?: string,
  ): T | undefined => (text === undefined ? undefined : parseChoice(flag, words, text));
  const change: PolicyChange = given({
    mode: choice("--mode", ["rotate", "validate-only", "rotate-after-use"], options.mode),
    rotationDays: number("--rotation-days", options.rotationDays),
    checkDays: number("--check-days", options.checkDays),
    validationDays: number("--validation-days", options.validationDays),
    warningDays: number("--warning-days", options.warningDays),
    graceDays: number("--grace-days", options.graceDays),
    minimumAccounts: number("--minimum-accounts", options.minimumAccounts),
    minimumBits: number("--minimum-bits", options.minimumBits),
    shareSite: yes("--share-site", options.shareSite),
    shareCustodian: yes("--share-custodian", options.shareCustodian),
    alternatesCount: choice("--alternates-count", ["refuse", "warn"], options.alternatesCount),
    pageSize: choice("--page", PAGE_SIZES, options.page),
    organisation: options.organisation,
    language: choice("--language", LANGUAGES, options.language),
  });
  for (const [name, value] of Object.entries(change))
    checkFlag(flagOf(name), POLICY_FIELDS[name as keyof PolicyChange], value);
  return change;
}
