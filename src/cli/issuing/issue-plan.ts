import type { Recipe } from "../../core/password.ts";
import type { AccountState } from "../../custody/register.ts";
import type { PageSize } from "../../paper/sheet.ts";
import type { Destination } from "../printing/slip-document.ts";
import type { SplitOption } from "../system/options.ts";

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
  /** The policy keeps the password: its sign-in is tried by that day instead. */
  readonly stays: boolean;
  /** One for each slip, in order. */
  readonly holders: readonly Holder[];
  readonly alsoNeeded: readonly string[];
  readonly pageSize: PageSize;
  readonly discreet: string | undefined;
  readonly destination: Destination;
  readonly json: boolean;
}

/** What is decided of a set besides who holds its slips and where they go. */
export type Terms = Omit<IssuePlan, "holders" | "destination">;

/** What is taken where a flag says nothing, as a register or habit has it. */
export interface IssueDefaults {
  readonly split: string;
  readonly secret: Recipe["kind"];
  /** What the slips of the account carry, if a register says it: nothing else is issued then. */
  readonly carries?: AccountState["secret"];
  readonly generation: number;
  readonly rotationDays: number;
  /** Whether the policy keeps the password. */
  readonly stays: boolean;
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
  stays: false,
  ...{ holders: [], alternateOf: () => undefined, alsoNeeded: [] },
  known: { custodians: [], locations: [] },
};
