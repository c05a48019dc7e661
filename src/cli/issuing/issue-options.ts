import { BreakglassError } from "../../core/errors.ts";
import {
  ALPHABETS,
  PASSPHRASE_WORDS,
  PASSWORD_LENGTH,
  PIN_ALPHABETS,
  PIN_LENGTH,
  type Recipe,
} from "../../core/password.ts";
import { PAGE_SIZES } from "../../custody/policy.ts";
import { PATIENCE, type Destination } from "../printing/slip-document.ts";
import { parseChoice, parseCount, parseDate, parseSplit } from "../system/options.ts";
import { addDays } from "../system/system.ts";
import type { IssueDefaults, IssueOptions, Terms } from "./issue-plan.ts";

const KINDS = ["password", "passphrase", "pin"] as const;

/**
 * Checks the flags of `issue`, and says what they and the defaults decide of a set.
 *
 * @throws BreakglassError `usage`, naming the flag
 */
export function termsOf(
  options: IssueOptions,
  account: string,
  defaults: IssueDefaults,
  now: Date,
): Terms {
  const split = parseSplit(options.split ?? defaults.split);
  const kind = parseChoice("--secret", KINDS, options.secret ?? defaults.secret);
  requireKind(kind, defaults);
  const imported = options.import === true;
  const { alphabet, length } = drawOptions(options, kind, imported);
  if (kind === "pin" && split.scheme === "concat")
    throw new BreakglassError(
      "refused",
      "a PIN is too short to be cut in pieces",
      "use Shamir for it: --split 2of3",
    );
  const { generation, replaceBy } = options;
  return {
    ...{
      account,
      split,
      stays: defaults.stays,
      kind,
      alphabet,
      length,
      imported,
      discreet: options.discreet,
    },
    generation:
      generation === undefined ? defaults.generation : parseCount("--generation", generation),
    replaceBy:
      replaceBy === undefined ? addDays(now, defaults.rotationDays) : laterDay(replaceBy, now),
    pageSize: parseChoice("--page", PAGE_SIZES, options.page ?? defaults.pageSize),
    organisation: options.organisation ?? defaults.organisation,
    alsoNeeded: options.alsoNeeded ?? defaults.alsoNeeded,
    acceptWeak: options.acceptWeak === true,
    json: options.json === true,
  };
}

/** Status and papers go by what the register says that an account's slips carry. */
function requireKind(kind: Recipe["kind"], { carries }: IssueDefaults): void {
  if (carries === undefined || (kind === "pin") === (carries === "pin")) return;
  throw new BreakglassError(
    "refused",
    `the slips of this account carry ${carries === "pin" ? "the PIN of a key" : "its password"}, says the register`,
    carries === "pin"
      ? "leave out --secret"
      : "leave out --secret; for the PIN of a key add it under a name of its own: breakglass account add NAME --pin-of ACCOUNT",
  );
}

/**
 * Where the slips go, by the flags; undefined if none of them says it.
 *
 * @throws BreakglassError `usage`
 */
export function destinationOf({
  out,
  print,
  pause,
  patience,
}: IssueOptions): Destination | undefined {
  if (print === undefined) {
    if (pause === false || patience !== undefined)
      throw new BreakglassError(
        "usage",
        "--no-pause and --patience go with --print alone",
        "add --print, or leave them out",
      );
    return out === undefined || out.trim() === "" ? undefined : { kind: "folder", folder: out };
  }
  if (out !== undefined)
    throw new BreakglassError(
      "usage",
      "--print and --out exclude each other: what is printed is written into no file",
      "leave one of them out",
    );
  return {
    kind: "printer",
    name: print === true ? undefined : print,
    pause: pause !== false,
    patience: parseCount("--patience", patience ?? PATIENCE),
  };
}

function laterDay(text: string, now: Date): Date {
  const day = parseDate("--replace-by", text);
  if (day > now) return day;
  throw new BreakglassError("usage", "--replace-by is not after today", "give a later date");
}

function drawOptions(
  options: IssueOptions,
  kind: Recipe["kind"],
  imported: boolean,
): { alphabet: string; length: number } {
  if (imported && (options.length !== undefined || options.alphabet !== undefined))
    throw new BreakglassError(
      "usage",
      "--length and --alphabet do not go with --import",
      "leave them out: an imported secret is taken as it is",
    );
  if (kind === "passphrase" && options.alphabet !== undefined)
    throw new BreakglassError(
      "usage",
      "--alphabet does not go with a passphrase",
      "leave it out: a passphrase is made of words",
    );
  const usual = { password: PASSWORD_LENGTH, passphrase: PASSPHRASE_WORDS, pin: PIN_LENGTH }[kind];
  const choices = Object.keys(kind === "pin" ? PIN_ALPHABETS : ALPHABETS);
  return {
    alphabet: parseChoice("--alphabet", choices, options.alphabet ?? choices[0]!),
    length: options.length === undefined ? usual.usual : parseCount("--length", options.length),
  };
}
