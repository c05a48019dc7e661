import { existsSync } from "node:fs";
import { spelledAs } from "../../custody/names.ts";
import { DEFAULT_POLICY } from "../../custody/policy.ts";
import { emptyRegister } from "../../custody/register.ts";
import { holderProblems, type HolderPlan, type HolderProblem } from "../../custody/rules.ts";
import { given } from "../journal/deed.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { askAccount } from "../terminal/ask-account.ts";
import { askAnyAccount } from "../terminal/ask-any-account.ts";
import { folderVerdict } from "../terminal/ask-folder.ts";
import { restateArguments, restateFlag, wasAsked } from "../terminal/asked.ts";
import type { Step } from "../terminal/in-turn.ts";
import { GoneBack, askFor, requireText, type Question } from "../terminal/questions.ts";
import { knownHolders } from "./holders.ts";
import { destinationOf, termsOf } from "./issue-options.ts";
import {
  PLAIN_DEFAULTS,
  type Holder,
  type IssueDefaults,
  type IssueOptions,
  type IssuePlan,
  type Terms,
} from "./issue-plan.ts";
import type { IssueRecord } from "./issue-record.ts";

/** What a person says who wants no files. */
const TO_PRINTER = "print";
/** Whom a discreet slip that is in no register names. */
const NOBODY: Holder = { custodian: "-", alternate: "-", location: "-" };
/** The rules that hold without a register, as far as names say it. */
const RULES_OF_NAMES: readonly string[] = ["person-opens", "alternate-opens", "safe-opens"];

/** What is asked of a slip, in order. */
const HOLDER_FIELDS = ["custodian", "alternate", "location"] as const;

const QUESTIONS: Readonly<Record<keyof Holder, (slip: string) => string>> = {
  custodian: (slip) => `Custodian of ${slip}`,
  alternate: (slip) => `Alternate of ${slip}`,
  location: (slip) => `Where ${slip} will lie`,
};

/** Flags that are given, or taken back. */
export type IssueChange = { readonly [K in keyof IssueOptions]?: IssueOptions[K] | undefined };

/** What `issue` is told, by flags, the register and answers, until nothing is missing. */
export class IssueForm {
  readonly record: IssueRecord | undefined;
  readonly now: Date;
  #told: IssueOptions;
  #defaults: IssueDefaults = PLAIN_DEFAULTS;
  /** Answers, slip 1 first; what is not answered is as the flags or the set before say. */
  #holders: Partial<Holder>[] = [];
  readonly #problemsTold = new Set<string>();

  /**
   * @param record the register, if the set goes into one
   * @throws BreakglassError `usage` for a flag, `refused`
   */
  constructor(options: IssueOptions, clock: Clock, record: IssueRecord | undefined) {
    this.#told = options;
    this.now = clock();
    this.record = record;
    if (options.account !== undefined && options.account.trim() !== "")
      this.change({ account: options.account });
  }

  /** As the flags of `issue`. */
  get told(): IssueOptions {
    return this.#told;
  }

  /** Names to choose from. */
  get known(): IssueDefaults["known"] {
    return this.#defaults.known;
  }

  /** Whether the slips name nobody, and no register does either. */
  get isUnnamed(): boolean {
    return this.#told.discreet !== undefined && this.record === undefined;
  }

  /**
   * Takes other flags.
   *
   * @throws BreakglassError `usage` or `refused`, and nothing is changed
   */
  change(flags: IssueChange): void {
    const { told, defaults } = this.check(flags);
    this.#told = told;
    this.#defaults = defaults;
  }

  /**
   * What there would be with other flags.
   *
   * @throws BreakglassError `usage` or `refused`
   */
  check(flags: IssueChange): { told: IssueOptions; defaults: IssueDefaults } {
    let told: IssueOptions = given({ ...this.#told, ...flags });
    const account = spelledAs(told.account!.trim(), this.record?.register.accounts.keys() ?? []);
    told = { ...told, account };
    for (const [flag, values] of [
      ["ACCOUNT", [account]],
      ["--out", [told.out]],
      ["--by", [told.by]],
      ["--custodian", told.custodian ?? []],
      ["--alternate", told.alternate ?? []],
      ["--location", told.location ?? []],
    ] as const)
      for (const value of values) requireText(flag, value);
    const defaults = this.record?.defaults(account) ?? PLAIN_DEFAULTS;
    const { split } = termsOf(told, account, defaults, this.now);
    destinationOf(told);
    if (flags.split !== undefined) told = { ...told, ...firstHolders(told, split.total) };
    knownHolders(told, split.total, defaults);
    return { told, defaults };
  }

  /** What is decided besides who holds the slips and where they go. */
  terms(): Terms {
    return termsOf(this.#told, this.#told.account!, this.#defaults, this.now);
  }

  /** Everything, once nothing is missing. */
  plan(): IssuePlan {
    const holders = this.holders().map((holder) => ({ ...NOBODY, ...holder }));
    return { ...this.terms(), holders, destination: destinationOf(this.#told)! };
  }

  /** Who holds each slip, as far as it is known. */
  holders(): Partial<Holder>[] {
    const { total } = this.terms().split;
    if (this.isUnnamed) return Array<Holder>(total).fill(NOBODY);
    return knownHolders(this.#told, total, this.#defaults).map((known, i) => {
      const said = this.#holders[i] ?? {};
      const custodian = said.custodian ?? known.custodian;
      const alternate =
        said.alternate ?? (custodian === undefined ? undefined : known.alternateOf(custodian));
      return withoutBlanks({ custodian, alternate, location: said.location ?? known.location });
    });
  }

  /** Everything that is to be said, in the order in which it is asked for. */
  steps(): Step[] {
    const account: Step = {
      isSaid: () => (this.#told.account ?? "").trim() !== "",
      ask: async () => {
        this.change({ account: await this.#askAccount() });
      },
      unsay: () => {
        this.#told = given({ ...this.#told, account: undefined });
      },
    };
    if (!account.isSaid()) return [account];
    return [account, ...this.#holderSteps(), this.#destinationStep(), ...this.#leadSteps()];
  }

  /**
   * Asks anew who holds a slip, or a part of that; the way back from the first question leads out of
   * it, and leaves all as it was.
   */
  async askHolder(i: number, fields: readonly (keyof Holder)[] = HOLDER_FIELDS): Promise<void> {
    const said = this.#holders[i] ?? {};
    const before = this.holders()[i];
    for (let at = 0; at < fields.length;) {
      const field = fields[at]!;
      // With another custodian goes that one's alternate.
      const usual = field === "alternate" ? this.#usualAlternate(i) : this.holders()[i]?.[field];
      try {
        await this.#askField(i, field, usual ?? before?.[field]);
        at++;
      } catch (error) {
        if (!(error instanceof GoneBack)) throw error;
        if (at === 0) {
          this.#holders[i] = said;
          throw error;
        }
        at--;
      }
    }
  }

  /** Asks where the slips go. */
  async askDestination(usual?: string): Promise<void> {
    if (hasTerminal())
      say("A disk can keep what is deleted: a folder in memory (tmpfs) forgets it for good.");
    const answer = await askFor("--out", `Folder for the slips, or ${TO_PRINTER}`, undefined, {
      ...{ usual, back: true },
      judge: (folder) => folder === TO_PRINTER || folderVerdict(folder),
    });
    this.change(
      answer === TO_PRINTER
        ? { print: true, out: undefined }
        : { out: answer, print: undefined, pause: undefined, patience: undefined },
    );
    // A slip of the finger would put the slips where nobody looks for them.
    if (answer !== TO_PRINTER && !existsSync(answer))
      say(`${oneLine(answer)} does not exist: it is made with the slips`);
  }

  /** Asks who leads. */
  async askLead(): Promise<void> {
    this.change({
      by: await askFor("--by", "Who leads the ceremony", undefined, { back: true }),
    });
  }

  /** Every rule that is broken by those holders who are known completely. */
  holderProblems(): HolderProblem[] {
    const slips = this.holders().flatMap((holder, i) =>
      isWhole(holder) ? [{ ...holder, slip: i + 1 } satisfies HolderPlan] : [],
    );
    const split = { threshold: this.terms().split.threshold, slips };
    if (this.record !== undefined) return this.record.holderProblems(split);
    if (this.isUnnamed) return [];
    return holderProblems(split, DEFAULT_POLICY, emptyRegister())
      .filter(({ rule }) => RULES_OF_NAMES.includes(rule))
      .map((problem) => ({ ...problem, severity: "warn" }));
  }

  /** Says of the whole command line what was decided, to be used another time. */
  restate(): void {
    if (!wasAsked()) return;
    const { account, print, out, by, ...told } = this.#told;
    restateArguments([account!]);
    restateFlag("--split", wordOf(told.split));
    restateFlag("--secret", wordOf(told.secret));
    restateFlag("--import", told.import === true ? [] : undefined);
    restateFlag("--length", wordOf(told.length));
    restateFlag("--alphabet", wordOf(told.alphabet));
    restateFlag("--organisation", wordOf(told.organisation));
    restateFlag("--generation", wordOf(told.generation));
    restateFlag("--replace-by", wordOf(told.replaceBy));
    restateFlag("--page", wordOf(told.page));
    restateFlag("--by", wordOf(by));
    restateFlag("--out", wordOf(out));
    restateFlag("--print", print === true ? [] : wordOf(print));
    if (print === undefined)
      for (const flag of ["--no-pause", "--patience"]) restateFlag(flag, undefined);
    if (this.isUnnamed) return;
    const { holders } = this.plan();
    for (const field of HOLDER_FIELDS)
      restateFlag(
        `--${field}`,
        holders.map((holder) => holder[field]),
      );
  }

  async #askAccount(): Promise<string> {
    if (this.record !== undefined) return askAccount(this.record.register, undefined, true);
    return askAnyAccount();
  }

  #holderSteps(): Step[] {
    if (this.isUnnamed) return [];
    const { total } = this.terms().split;
    return Array.from({ length: total }, (_, i) => i).flatMap((i) =>
      HOLDER_FIELDS.map((field) => ({
        isSaid: (): boolean => this.holders()[i]?.[field] !== undefined,
        ask: async (): Promise<void> => this.#askField(i, field),
        unsay: (): void => {
          this.#answer(i, field, undefined);
        },
      })),
    );
  }

  #destinationStep(): Step {
    return {
      isSaid: () => destinationOf(this.#told) !== undefined,
      ask: async (): Promise<void> => this.askDestination(),
      unsay: (): void => {
        this.change({ out: undefined, print: undefined });
      },
    };
  }

  #leadSteps(): Step[] {
    if (this.record === undefined) return [];
    return [
      {
        isSaid: () => (this.#told.by ?? "").trim() !== "",
        ask: async (): Promise<void> => this.askLead(),
        unsay: (): void => {
          this.change({ by: undefined });
        },
      },
    ];
  }

  async #askField(i: number, field: keyof Holder, usual?: string): Promise<void> {
    const { total } = this.terms().split;
    const known = this.known[field === "location" ? "locations" : "custodians"];
    const closed = known.length > 0;
    // An alternate who was only ever named with a custodian is not in the list yet.
    const isTaken = !closed || (usual !== undefined && known.includes(usual));
    const question: Question = {
      ...{ times: total, known, usual: isTaken ? usual : undefined, closed, back: true },
    };
    const slip = `slip ${i + 1} of ${total}`;
    this.#answer(i, field, await askFor(`--${field}`, QUESTIONS[field](slip), undefined, question));
    if (hasTerminal()) this.#tellProblems();
  }

  #answer(i: number, field: keyof Holder, answer: string | undefined): void {
    this.#holders[i] = given({ ...this.#holders[i], [field]: answer });
  }

  /** The alternate that goes with the custodian who is named now. */
  #usualAlternate(i: number): string | undefined {
    const { custodian } = this.holders()[i]!;
    return custodian === undefined ? undefined : this.#defaults.alternateOf(custodian);
  }

  /** Says at the answer which rule it breaks. */
  #tellProblems(): void {
    for (const { what } of this.holderProblems()) {
      if (!this.#problemsTold.has(what)) say(`careful: ${what}`);
      this.#problemsTold.add(what);
    }
  }
}

/** Fewer slips have fewer holders. */
function firstHolders(
  { custodian, alternate, location }: IssueOptions,
  total: number,
): Partial<IssueOptions> {
  return {
    ...(custodian === undefined ? {} : { custodian: custodian.slice(0, total) }),
    ...(alternate === undefined ? {} : { alternate: alternate.slice(0, total) }),
    ...(location === undefined ? {} : { location: location.slice(0, total) }),
  };
}

function wordOf(value: string | undefined): string[] | undefined {
  return value === undefined ? undefined : [value];
}

function isWhole(holder: Partial<Holder>): holder is Holder {
  return (
    holder.custodian !== undefined &&
    holder.alternate !== undefined &&
    holder.location !== undefined
  );
}

/** A name that is empty was not given. */
function withoutBlanks(
  fields: Readonly<Record<keyof Holder, string | undefined>>,
): Partial<Holder> {
  const there = Object.entries(fields).filter(
    ([, name]) => name !== undefined && name.trim() !== "",
  );
  return Object.fromEntries(there);
}
