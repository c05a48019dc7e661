import { BreakglassError } from "../core/errors.ts";
import {
  ALPHABETS,
  PASSPHRASE_WORDS,
  PASSWORD_LENGTH,
  PIN_ALPHABETS,
  PIN_LENGTH,
  type Recipe,
} from "../core/password.ts";
import type { PageSize } from "../paper/sheet.ts";
import { parseChoice, parseCount, parseDate, parseSplit, type SplitOption } from "./options.ts";
import { askFor } from "./questions.ts";

/** The flags of `issue` as they were given. */
export interface IssueOptions {
  readonly account?: string;
  readonly register: boolean;
  readonly split: string;
  readonly secret: string;
  readonly length?: string;
  readonly alphabet?: string;
  readonly import?: boolean;
  readonly acceptWeak?: boolean;
  readonly organisation?: string;
  readonly generation: string;
  readonly replaceBy?: string;
  readonly custodian: readonly string[];
  readonly alternate: readonly string[];
  readonly location: readonly string[];
  readonly alsoNeeded: readonly string[];
  readonly page: string;
  readonly discreet?: string;
  readonly templates?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Who holds a slip, and where. */
interface Holder {
  readonly custodian: string;
  readonly alternate: string;
  readonly location: string;
}

/** Everything `issue` needs to know, checked. */
export interface IssuePlan {
  readonly account: string;
  readonly organisation: string | undefined;
  readonly split: SplitOption;
  readonly kind: Recipe["kind"];
  readonly alphabet: string;
  /** Characters, or words of a passphrase. */
  readonly length: number;
  readonly imported: boolean;
  readonly acceptWeak: boolean;
  readonly generation: number;
  readonly replaceBy: Date | undefined;
  /** One for each slip, in order. */
  readonly holders: readonly Holder[];
  readonly alsoNeeded: readonly string[];
  readonly pageSize: PageSize;
  readonly discreet: string | undefined;
  readonly out: string;
  readonly json: boolean;
}

const KINDS = ["password", "passphrase", "pin"] as const;
const PAGE_SIZES = ["A4", "Letter"] as const;

/**
 * Checks the flags of `issue`, and asks for what is missing.
 *
 * @throws BreakglassError `usage`, naming the flag
 */
export async function fillIn(options: IssueOptions): Promise<IssuePlan> {
  const split = parseSplit(options.split);
  const kind = parseChoice("--secret", KINDS, options.secret);
  const imported = options.import === true;
  const { alphabet, length } = drawOptions(options, kind, imported);
  if (kind === "pin" && split.scheme === "concat")
    throw new BreakglassError(
      "refused",
      "a PIN is too short to be cut in pieces",
      "use Shamir for it: --split 2of3",
    );
  const generation = parseCount("--generation", options.generation);
  const replaceBy =
    options.replaceBy === undefined ? undefined : parseDate("--replace-by", options.replaceBy);
  const pageSize = parseChoice("--page", PAGE_SIZES, options.page);
  const account = await askFor(
    "ACCOUNT",
    "Account (such as bg-1@contoso.onmicrosoft.com)",
    options.account,
  );
  const { discreet } = options;
  const holders =
    discreet === undefined ? await holdersOf(options, split.total) : unnamed(split.total);
  const out = await askFor("--out", "Folder for the slips", options.out);
  return {
    ...{ account, split, kind, alphabet, length, imported, generation, replaceBy, holders },
    ...{ pageSize, discreet, out, organisation: options.organisation },
    ...{ alsoNeeded: options.alsoNeeded, acceptWeak: options.acceptWeak === true },
    json: options.json === true,
  };
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

async function holdersOf(options: IssueOptions, total: number): Promise<Holder[]> {
  for (const [flag, given] of [
    ["--custodian", options.custodian],
    ["--alternate", options.alternate],
    ["--location", options.location],
  ] as const)
    if (given.length > total)
      throw new BreakglassError(
        "usage",
        `${flag} was given ${given.length} times for ${total} slips`,
        `give ${flag} once for every slip, in order`,
      );
  const holders: Holder[] = [];
  for (let i = 0; i < total; i++) {
    const slip = `slip ${i + 1} of ${total}`;
    holders.push({
      custodian: await askFor("--custodian", `Custodian of ${slip}`, options.custodian[i], total),
      alternate: await askFor("--alternate", `Alternate of ${slip}`, options.alternate[i], total),
      location: await askFor("--location", `Where ${slip} will lie`, options.location[i], total),
    });
  }
  return holders;
}

/** A discreet slip names nobody. */
function unnamed(total: number): Holder[] {
  return Array<Holder>(total).fill({ custodian: "-", alternate: "-", location: "-" });
}
