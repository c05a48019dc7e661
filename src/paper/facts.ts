import type { Scheme } from "../core/scheme.ts";
import type { Fonts } from "./fonts.ts";
import { checkValue } from "./slip-details.ts";

/** A slip as the papers name it: who keeps it and where, and nothing that is on it. */
export interface SlipFacts {
  readonly slip: number;
  readonly custodian: string | undefined;
  readonly alternate: string | undefined;
  readonly location: string | undefined;
  readonly site: string | undefined;
  /** The safe is no longer used. */
  readonly unused?: boolean;
  /** The serial of the bag that it is sealed in. */
  readonly bag: string | undefined;
}

/** A set of slips as the papers name it. */
export interface SetFacts {
  /** Its name, or undefined if it is yet to be issued. */
  readonly set: string | undefined;
  readonly generation: number;
  readonly scheme: Scheme;
  readonly threshold: number;
  /** Slips that were made, or will be. */
  readonly total: number;
  /** YYYY-MM-DD, if it is known already. */
  readonly replaceBy: string | undefined;
  /** The policy keeps the password: that date is the one by which the sign-in is tried. */
  readonly stays?: boolean;
  /** Those that are meant: of a set in use the slips that are left. */
  readonly slips: readonly SlipFacts[];
}

/** Somebody who may have to be called. */
export interface PersonFacts {
  readonly name: string;
  readonly phone: string | undefined;
  readonly email: string | undefined;
  /** Who is no longer there, and may still know something. */
  readonly left?: boolean;
}

/** A thing that the sign-in needs beside the password. */
export interface ItemFacts {
  readonly name: string;
  readonly type: string;
  readonly serial: string | undefined;
  readonly location: string | undefined;
  /** The safe is no longer used. */
  readonly unused?: boolean;
  readonly custodian: string | undefined;
}

/** What the papers of an account say; no field of it is for anything secret. */
export interface PaperFacts {
  readonly organisation: string | undefined;
  readonly account: string;
  readonly secret: "password" | "pin";
  /** The register's anchor when this was printed, or undefined without a register. */
  readonly anchor: string | undefined;
  /** YYYY-MM-DD, like every date here. */
  readonly printed: string;
  /** The set that it is about: the new one, or the one to try first. */
  readonly set: SetFacts;
  /** Others: to be destroyed at the end, or to be tried next. */
  readonly earlier: readonly SetFacts[];
  /** Kinds of things, such as "FIDO2 key" and "PIN". */
  readonly alsoNeeded: readonly string[];
  readonly items: readonly ItemFacts[];
  readonly people: readonly PersonFacts[];
}

/**
 * The same facts as they will be printed.
 *
 * @throws BreakglassError `usage`, naming the fact, if one can't be printed as it should be
 */
export function checkFacts(facts: PaperFacts, fonts: Fonts): PaperFacts {
  const value = (what: string, text: string): string => checkValue(what, text, fonts);
  const maybe = (what: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : value(what, text);
  const slip = (facts: SlipFacts): SlipFacts => ({
    slip: facts.slip,
    unused: facts.unused ?? false,
    custodian: maybe("the custodian's name", facts.custodian),
    alternate: maybe("the alternate's name", facts.alternate),
    location: maybe("the location", facts.location),
    site: maybe("the site", facts.site),
    bag: maybe("the bag's serial", facts.bag),
  });
  const set = (facts: SetFacts): SetFacts => ({
    ...facts,
    set: maybe("the set's name", facts.set),
    replaceBy: maybe("the date of replacement", facts.replaceBy),
    slips: facts.slips.map(slip),
  });
  return {
    secret: facts.secret,
    organisation: maybe("the organisation", facts.organisation),
    account: value("the account", facts.account),
    anchor: maybe("the register anchor", facts.anchor),
    printed: value("the date of printing", facts.printed),
    set: set(facts.set),
    earlier: facts.earlier.map(set),
    alsoNeeded: facts.alsoNeeded.map((kind) => value("what is also needed", kind)),
    items: facts.items.map(({ name, type, serial, location, unused = false, custodian }) => ({
      name: value("the item's name", name),
      type: value("the item's type", type),
      serial: maybe("the item's serial", serial),
      location: maybe("the item's location", location),
      unused,
      custodian: maybe("the item's keeper", custodian),
    })),
    people: facts.people.map(({ name, phone, email, left = false }) => ({
      left,
      name: value("a person's name", name),
      phone: maybe("a phone number", phone),
      email: maybe("an e-mail address", email),
    })),
  };
}

/** The people who keep slips of a set, each with the slips; slips of nobody known stand alone. */
export function custodiansOf({
  slips,
}: SetFacts): { readonly name: string | undefined; readonly slips: readonly SlipFacts[] }[] {
  const people: { name: string | undefined; slips: SlipFacts[] }[] = [];
  for (const slip of slips) {
    const known =
      slip.custodian === undefined ? undefined : people.find(({ name }) => name === slip.custodian);
    if (known === undefined) people.push({ name: slip.custodian, slips: [slip] });
    else known.slips.push(slip);
  }
  return people;
}
