import { keepsPassword } from "../custody/policy.ts";
import {
  isSealed,
  holdersOf,
  isOnPaper,
  isUsable,
  pendingSet,
  setsOf,
  type Register,
  type SetState,
  type SlipState,
} from "../custody/register.ts";
import { setsToTry } from "../custody/whereabouts.ts";
import type { PaperFacts, PersonFacts, SetFacts, SlipFacts } from "./facts.ts";

/** Which set a paper is about. */
export type Purpose =
  /** The one that is under way, or else is yet to be issued: scripts of issue and rotation, labels. */
  | "next"
  /** The one that the tenant holds or may hold: drills, the incident, the runbook. */
  | "held";

/** What only the caller knows. */
export interface Printing {
  readonly anchor: string | undefined;
  /** YYYY-MM-DD. */
  readonly printed: string;
  /** The set that will be issued, where it differs from the last one or is the first. */
  readonly plan?: SetFacts;
}

/**
 * The facts of an account, from its register.
 *
 * @returns undefined if there is no such set: nothing was issued yet, and no plan is given
 */
export function registerFacts(
  register: Register,
  account: string,
  purpose: Purpose,
  { anchor, printed, plan }: Printing,
): PaperFacts | undefined {
  const state = register.accounts.get(account);
  const held = setsToTry(register, account);
  const pending = pendingSet(register, account);
  const last = held[0];
  const known =
    purpose === "held"
      ? last && setFacts(register, last)
      : pending === undefined
        ? (plan ?? (last && successor(register, last)))
        : setFacts(register, pending);
  if (known === undefined) return undefined;
  const earlier =
    purpose === "held"
      ? held.slice(1)
      : setsOf(register, account).filter(
          (set) => set !== pending && set.slips.some(isOnPaper) && set.stage !== "destroyed",
        );
  const items = [...register.items.values()].filter(
    (item) => item.gone === undefined && (item.account ?? account) === account,
  );
  // What is destroyed is all the paper there is; what is used has to be good.
  const counts = purpose === "next" ? isOnPaper : isUsable;
  const meant = [known, ...earlier.map((set) => setFacts(register, set, counts))];
  return {
    organisation: register.policy.organisation,
    account,
    secret: state?.secret ?? "password",
    anchor,
    printed,
    set: known,
    earlier: meant.slice(1),
    alsoNeeded: (purpose === "next" ? pending : last)?.alsoNeeded ?? last?.alsoNeeded ?? [],
    items: items.map(({ item, type, serial, location, custodian }) => ({
      ...{ name: item, type, serial, location, custodian },
      unused: isUnused(register, location),
    })),
    people: peopleOf(
      register,
      meant,
      items.map(({ custodian }) => custodian),
    ),
  };
}

function setFacts(
  register: Register,
  set: SetState,
  counts: (slip: SlipState) => boolean = isUsable,
): SetFacts {
  return {
    set: set.set,
    generation: set.generation,
    scheme: set.scheme,
    threshold: set.threshold,
    total: set.slips.length,
    replaceBy: set.replaceBy,
    stays: set.stays,
    slips: set.slips.filter(counts).map((slip) => slipFacts(register, slip)),
  };
}

/** The next generation: split and holders as they are now. */
function successor(register: Register, set: SetState): SetFacts {
  return {
    ...setFacts(register, set),
    set: undefined,
    generation: Math.max(...setsOf(register, set.account).map(({ generation }) => generation)) + 1,
    replaceBy: undefined,
    stays: keepsPassword(register.policy),
    slips: set.slips.map((slip) => ({ ...slipFacts(register, slip), bag: undefined })),
  };
}

function slipFacts(register: Register, slip: SlipState): SlipFacts {
  return {
    slip: slip.slip,
    custodian: slip.custodian,
    alternate: slip.alternate,
    location: slip.location,
    site: register.locations.get(slip.location)?.site,
    unused: isUnused(register, slip.location),
    bag: isSealed(slip) ? slip.sealed?.bag : undefined,
  };
}

function isUnused({ locations }: Register, location: string | undefined): boolean {
  return locations.get(location ?? "")?.gone !== undefined;
}

/** Who has to do with the slips, and who keeps what else is needed; who has left comes last. */
function peopleOf(
  register: Register,
  sets: readonly SetFacts[],
  keepers: readonly (string | undefined)[],
): PersonFacts[] {
  const holders = sets.flatMap(({ slips }) =>
    slips.flatMap(({ custodian, alternate }) =>
      custodian === undefined ? [] : holdersOf({ custodian, alternate }),
    ),
  );
  const names = [...holders, ...keepers].filter((name) => name !== undefined);
  const people = [...new Set(names)].map((name) => {
    const known = register.custodians.get(name);
    return { name, phone: known?.phone, email: known?.email, left: known?.gone !== undefined };
  });
  return people.toSorted((a, b) => Number(a.left) - Number(b.left));
}
