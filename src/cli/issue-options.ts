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
import { reviewHolders } from "./issue-review.ts";
import { parseChoice, parseCount, parseDate, parseSplit, type SplitOption } from "./options.ts";
import { askFor } from "./questions.ts";
import type { Destination } from "./slip-output.ts";
import { addDays } from "./system.ts";

/** The flags of `issue` as they were given. */
export interface IssueOptions {
  readonly account?: string;
  /** false: not recorded. */
  readonly register?: string | false;
  readonly by?: string;
  readonly witness?: string;
  readonly note?: string;
  readonly override?: string;
  readonly split?: string;
  readonly secret?: string;
  readonly length?: string;
  readonly alphabet?: string;
  readonly import?: boolean;
  readonly acceptWeak?: boolean;
  readonly organisation?: string;
  readonly generation?: string;
  readonly replaceBy?: string;
  readonly custodian?: readonly string[];
  readonly alternate?: readonly string[];
  readonly location?: readonly string[];
  readonly alsoNeeded?: readonly string[];
  readonly page?: string;
  readonly discreet?: string;
  readonly templates?: string;
  readonly out?: string;
  /** true: the usual printer. */
  readonly print?: string | true;
  /** false: no pause between two slips that are printed. */
  readonly pause?: boolean;
  readonly patience?: string;
  readonly json?: boolean;
}

/** Who holds a slip, and where. */
export interface Holder {
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
  /** The day by which the set is to be replaced. */
  readonly replaceBy: Date;
  /** One for each slip, in order. */
  readonly holders: readonly Holder[];
  readonly alsoNeeded: readonly string[];
  readonly pageSize: PageSize;
  readonly discreet: string | undefined;
  readonly destination: Destination;
  readonly json: boolean;
}

/** What is taken where a flag says nothing, as a register or habit has it. */
export interface IssueDefaults {
  readonly split: string;
  readonly secret: Recipe["kind"];
  readonly generation: number;
  readonly rotationDays: number;
  readonly pageSize: PageSize;
  readonly organisation?: string | undefined;
  /** Who held the slips of the set before, in order. */
  readonly holders: readonly Holder[];
  /** Names to choose from. */
  readonly known: { readonly custodians: readonly string[]; readonly locations: readonly string[] };
  /** A custodian's usual alternate. */
  readonly alternateOf: (custodian: string) => string | undefined;
  readonly alsoNeeded: readonly string[];
}

/** The defaults of a set that is in no register. */
export const PLAIN_DEFAULTS: IssueDefaults = {
  ...{ split: "2of3", secret: "password", generation: 1, rotationDays: 90, pageSize: "A4" },
  ...{ holders: [], alternateOf: () => undefined, alsoNeeded: [] },
  known: { custodians: [], locations: [] },
};

const KINDS = ["password", "passphrase", "pin"] as const;
const PAGE_SIZES = ["A4", "Letter"] as const;

/**
 * Checks the flags of `issue`, and asks for what is missing.
 *
 * @param account the account, if it was given or asked for already
 * @throws BreakglassError `usage`, naming the flag
 */
export async function fillIn(
  options: IssueOptions,
  account: string,
  defaults: IssueDefaults,
  now: Date,
): Promise<IssuePlan> {
  const split = parseSplit(options.split ?? defaults.split);
  const kind = parseChoice("--secret", KINDS, options.secret ?? defaults.secret);
  const imported = options.import === true;
  const { alphabet, length } = drawOptions(options, kind, imported);
  if (kind === "pin" && split.scheme === "concat")
    throw new BreakglassError(
      "refused",
      "a PIN is too short to be cut in pieces",
      "use Shamir for it: --split 2of3",
    );
  const { generation, replaceBy, discreet } = options;
  const unnamed = discreet !== undefined && options.register === false;
  const terms = {
    ...{ account, split },
    generation:
      generation === undefined ? defaults.generation : parseCount("--generation", generation),
    replaceBy:
      replaceBy === undefined ? addDays(now, defaults.rotationDays) : laterDay(replaceBy, now),
  };
  const holders = unnamed
    ? Array<Holder>(split.total).fill(NOBODY)
    : await holdersOf(options, split.total, defaults);
  const destination = await destinationOf(options);
  const given = [options.custodian, options.alternate, options.location];
  const toReview = !unnamed && given.some((names) => names?.length !== split.total);
  return {
    ...{ ...terms, kind, alphabet, length, imported, discreet, destination },
    pageSize: parseChoice("--page", PAGE_SIZES, options.page ?? defaults.pageSize),
    organisation: options.organisation ?? defaults.organisation,
    alsoNeeded: options.alsoNeeded ?? defaults.alsoNeeded,
    holders: toReview ? await reviewHolders({ ...terms, destination }, holders, defaults) : holders,
    acceptWeak: options.acceptWeak === true,
    json: options.json === true,
  };
}

/** Seconds that a printer is given for a slip. */
export const PATIENCE = "180";

/** What a person says who wants no files. */
const TO_PRINTER = "print";

async function destinationOf({ out, print, pause, patience }: IssueOptions): Promise<Destination> {
  if (print === undefined) {
    if (pause === false || patience !== undefined)
      throw new BreakglassError(
        "usage",
        "--no-pause and --patience go with --print alone",
        "add --print, or leave them out",
      );
    const folder = await askFor("--out", `Folder for the slips, or ${TO_PRINTER}`, out);
    if (out === undefined && folder === TO_PRINTER) return destinationOf({ print: true });
    return { kind: "folder", folder };
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

/** Whom a discreet slip that is in no register names. */
const NOBODY: Holder = { custodian: "-", alternate: "-", location: "-" };

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

async function holdersOf(
  options: HolderOptions,
  total: number,
  defaults: IssueDefaults,
): Promise<Holder[]> {
  const known = knownHolders(options, total, defaults);
  const { known: names } = defaults;
  const holders: Holder[] = [];
  for (const [i, { custodian: named, location, alternateOf }] of known.entries()) {
    const slip = `slip ${i + 1} of ${total}`;
    const custodian = await askFor("--custodian", `Custodian of ${slip}`, named, {
      ...{ times: total, known: names.custodians, closed: names.custodians.length > 0 },
    });
    const alternate = alternateOf(custodian);
    holders.push({
      custodian,
      alternate: await askFor("--alternate", `Alternate of ${slip}`, alternate, {
        ...{ times: total, known: names.custodians, closed: names.custodians.length > 0 },
      }),
      location: await askFor("--location", `Where ${slip} will lie`, location, {
        ...{ times: total, known: names.locations, closed: names.locations.length > 0 },
      }),
    });
  }
  return holders;
}

/** The flags that say who is to hold the slips, and where. */
export type HolderOptions = Pick<IssueOptions, "custodian" | "alternate" | "location">;

/** What is known of a slip's holder before anybody is asked. */
interface KnownHolder {
  readonly custodian: string | undefined;
  readonly location: string | undefined;
  /** The alternate that goes with a custodian for this slip. */
  readonly alternateOf: (custodian: string) => string | undefined;
}

/**
 * Who is to hold each slip, by the flags, or else as in the set before.
 *
 * @throws BreakglassError `usage` if a flag was given more often than there are slips
 */
export function knownHolders(
  options: HolderOptions,
  total: number,
  { holders: earlier, alternateOf }: Pick<IssueDefaults, "holders" | "alternateOf">,
): KnownHolder[] {
  for (const [flag, given] of [
    ["--custodian", options.custodian ?? []],
    ["--alternate", options.alternate ?? []],
    ["--location", options.location ?? []],
  ] as const)
    if (given.length > total)
      throw new BreakglassError(
        "usage",
        `${flag} was given ${given.length} times for ${total} slips`,
        `give ${flag} once for every slip, in order`,
      );
  return Array.from({ length: total }, (_, i) => {
    const before = earlier.length === total ? earlier[i] : undefined;
    return {
      custodian: options.custodian?.[i] ?? before?.custodian,
      location: options.location?.[i] ?? before?.location,
      alternateOf: (custodian): string | undefined =>
        options.alternate?.[i] ??
        (custodian === before?.custodian ? before.alternate : alternateOf(custodian)),
    };
  });
}
