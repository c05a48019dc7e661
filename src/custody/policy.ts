import { count, flag, matching, maybe, oneOf, text, type Checked } from "./fields.ts";

const days = maybe(count(1, 3650));
/** As {@link days}, where none is a choice too. */
const daysOrNone = maybe(count(0, 3650));
const refuseOrWarn = maybe(oneOf("refuse", "warn"));

/** What papers are printed on. */
export const PAGE_SIZES = ["A4", "Letter"] as const;

/** The settings of a register: each may be left out of an event, and then stays as it was. */
export const POLICY_FIELDS = {
  /**
   * `rotate`: a new password every so many days. `validate-only`: the sign-in is tried as often,
   * and the password stays. `rotate-after-use`: it stays until somebody has seen it.
   */
  mode: maybe(oneOf("rotate", "validate-only", "rotate-after-use")),
  rotationDays: days,
  /** Between two checks of a slip. */
  checkDays: days,
  /** Between two sign-ins, sightings of the alert, reviews of the process, trainings, item tests. */
  validationDays: days,
  /** How long before it is due something is announced. */
  warningDays: daysOrNone,
  /** After a trigger; there is none after a loss. */
  graceDays: daysOrNone,
  minimumAccounts: maybe(count(1, 100)),
  /** Bits that must be left after one slip is seen. */
  minimumBits: maybe(count(0, 2048)),
  /** Whether two slips of a set may lie at one site, as long as they don't open it. */
  shareSite: maybe(flag),
  /** Whether one person may hold two slips of a set, as long as they don't open it. */
  shareCustodian: maybe(flag),
  /** What follows if somebody would hold enough slips only by being an alternate. */
  alternatesCount: refuseOrWarn,
  pageSize: maybe(oneOf(...PAGE_SIZES)),
  organisation: maybe(text),
  language: maybe(matching(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "is no language tag such as en")),
} as const;

/** A change of some settings. */
export type PolicyChange = Checked<typeof POLICY_FIELDS>;

/** All settings; only an organisation's name has no usual value. */
export type Policy = Required<Omit<PolicyChange, "organisation">> &
  Pick<PolicyChange, "organisation">;

/**
 * Whether a password stays, as long as nobody has seen it: what has a day then is its sign-in, which
 * is tried.
 */
export function keepsPassword({ mode }: Policy): boolean {
  return mode !== "rotate";
}

/** The settings of a register that says nothing else. */
export const DEFAULT_POLICY: Policy = {
  mode: "rotate",
  rotationDays: 90,
  checkDays: 90,
  validationDays: 90,
  warningDays: 14,
  graceDays: 7,
  minimumAccounts: 2,
  minimumBits: 64,
  shareSite: false,
  shareCustodian: false,
  alternatesCount: "warn",
  pageSize: "A4",
  language: "en",
};
