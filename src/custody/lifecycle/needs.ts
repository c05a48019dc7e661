import { COMMANDS } from "../commands.ts";
import type { SlipRef } from "../events.ts";
import { isSameName, spelledAs } from "../names.ts";
import { openExceptions, openTriggers, type OpenTrigger } from "../open-entries.ts";
import type { AccountState, Register, SetState, SlipState } from "../register.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { refText } from "../slip-ref.ts";

function isThere(known: { readonly gone: unknown } | undefined): boolean {
  return known !== undefined && known.gone === undefined;
}

/** What is added has a name of its own; who is back has the one from before. */
export function needNew(
  name: string,
  known: ReadonlyMap<string, { readonly gone: unknown }>,
): Refusal | undefined {
  return isThere(known.get(name))
    ? refuse(`${name} is in the register already`, "choose a name that tells them apart")
    : needDistinct(name, known.keys());
}

/** Nobody could tell two names apart that differ in capitals or blanks alone. */
function needDistinct(name: string, known: Iterable<string>): Refusal | undefined {
  const same = spelledAs(name, known);
  return same === name
    ? undefined
    : refuse(
        `${same} is in the register already, and this name differs from it in capitals or blanks alone`,
        "use the name as it stands there, or choose one that tells them apart",
      );
}

/** Safes of one site under two spellings would count as safes of two. */
export function needSite(
  { location, site }: { readonly location: string; readonly site: string },
  { locations }: Register,
): Refusal | undefined {
  const others = [...locations.values()].filter((other) => other.location !== location);
  return needDistinct(
    site,
    others.map((other) => other.site),
  );
}

/** An account that is added is new, or was retired. */
export function needNewAccount(account: string, { accounts }: Register): Refusal | undefined {
  const known = accounts.get(account);
  return known !== undefined && known.retired === undefined
    ? refuse(`account ${account} is in the register already`, "choose another name")
    : needDistinct(account, accounts.keys());
}

export function needAccount(account: string, { accounts }: Register): AccountState | Refusal {
  const known = accounts.get(account);
  if (known === undefined)
    return refuse(`account ${account} is not in the register`, `add it: ${COMMANDS.addAccount()}`);
  if (known.retired !== undefined)
    return refuse(`account ${account} was retired`, `add it again: ${COMMANDS.addAccount()}`);
  return known;
}

export function needAccounts(
  accounts: readonly string[] = [],
  register: Register,
): Refusal | undefined {
  for (const account of accounts) {
    const known = needAccount(account, register);
    if ("refusal" in known) return known;
  }
  return undefined;
}

export function needCustodian(custodian: string, { custodians }: Register): Refusal | undefined {
  return custodians.has(custodian)
    ? undefined
    : refuse(
        `${custodian} is not in the register`,
        `add the person: ${COMMANDS.addCustodian(custodian)}`,
      );
}

/** Nobody can be given anything who is not there, or leave twice. */
export function needPresent(custodian: string, register: Register): Refusal | undefined {
  const unknown = needCustodian(custodian, register);
  if (unknown !== undefined || isThere(register.custodians.get(custodian))) return unknown;
  return refuse(
    `${custodian} has left, says the register`,
    `if the person is back: ${COMMANDS.addCustodian(custodian)}`,
  );
}

/**
 * A change changes something.
 *
 * @param already who or what is so already, as the beginning of a sentence
 * @param given what is said of it
 * @param now what the register has of it
 * @param flags what could be said
 */
export function needNews(
  already: string,
  given: Readonly<Record<string, string | undefined>>,
  now: Readonly<Record<string, unknown>>,
  flags: string,
): Refusal | undefined {
  const isNew = Object.entries(given).some(
    ([field, value]) => value !== undefined && value !== now[field],
  );
  return isNew
    ? undefined
    : refuse(`${already} already: nothing would change`, `say what is new: ${flags}`);
}

/** What an event says of a custodian. */
interface Person {
  readonly custodian: string;
  readonly alternate?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly role?: string | undefined;
}

/** What is said of a custodian is new. */
export function needNewsOf(
  { custodian, alternate, phone, email, role }: Person,
  { custodians }: Register,
): Refusal | undefined {
  const now = custodians.get(custodian);
  if (now === undefined) return undefined;
  const given = { alternate, phone, email, role };
  const flags = "--alternate, --phone, --email or --role";
  return needNews(`${custodian} is in the register so`, given, { ...now }, flags);
}

/** Nobody stands in for themselves. */
export function needOther({
  custodian,
  alternate,
}: {
  readonly custodian: string;
  readonly alternate?: string;
}): Refusal | undefined {
  return isSameName(custodian, alternate)
    ? refuse(`${custodian} would be their own alternate`, "name somebody else: --alternate NAME")
    : undefined;
}

export function needLocation(location: string, { locations }: Register): Refusal | undefined {
  return locations.has(location)
    ? undefined
    : refuse(`${location} is not in the register`, "add it: breakglass site add");
}

/** What is put somewhere goes into a safe that is still used. */
export function needUsed(location: string, register: Register): Refusal | undefined {
  const unknown = needLocation(location, register);
  if (unknown !== undefined || isThere(register.locations.get(location))) return unknown;
  return refuse(`${location} is no longer used, says the register`, "name another safe");
}

/** Nothing can be done with an item that is gone. */
export function needItem(item: string, { items }: Register): Refusal | undefined {
  const known = items.get(item);
  if (known === undefined)
    return refuse(
      `${item} is not in the register`,
      "compare the name: breakglass log --kind item-added",
    );
  return known.gone === undefined
    ? undefined
    : refuse(
        `${item} is gone, says entry ${known.gone.n}`,
        "compare the name; if it is there again, add it: breakglass record item-added",
      );
}

/** Who keeps an item, and where it lies, are in the register. */
export function needKept(
  { location, custodian }: { readonly location?: string; readonly custodian?: string },
  register: Register,
): Refusal | undefined {
  const nowhere = location === undefined ? undefined : needUsed(location, register);
  return nowhere ?? (custodian === undefined ? undefined : needPresent(custodian, register));
}

/** What is said of an item is new. */
export function needItemMoved(
  {
    item,
    location,
    custodian,
  }: {
    readonly item: string;
    readonly location?: string;
    readonly custodian?: string;
  },
  { items }: Register,
): Refusal | undefined {
  const now = items.get(item)!;
  return needNews(
    `${item} is kept so`,
    { location, custodian },
    { ...now },
    "--location or --custodian",
  );
}

export function withSet(
  name: string,
  register: Register,
  judge?: (set: SetState) => Refusal | undefined,
): Refusal | undefined {
  const set = register.sets.get(name);
  if (set === undefined)
    return refuse(
      `set ${name} is not in the register`,
      "compare the name on the slip, and its anchor with the register: breakglass log --verify --anchor",
    );
  return judge?.(set);
}

export function withSlip(
  ref: SlipRef,
  register: Register,
  judge?: (slip: SlipState, set: SetState) => Refusal | undefined,
): Refusal | undefined {
  return withSet(ref.set, register, (set) => {
    const slip = set.slips[ref.slip - 1];
    return slip === undefined
      ? refuse(`set ${ref.set} has no slip ${ref.slip}`, `it has slips 1 to ${set.slips.length}`)
      : judge?.(slip, set);
  });
}

/** A slip that is lost is found before anything else is done with it. */
export function findFirst(slip: SlipState): Refusal {
  return refuse(
    `${refText(slip)} is lost, says the register`,
    `say that it was found: ${COMMANDS.recordSlip("found", slip)}`,
  );
}

/**
 * Only a trigger that still asks for something is assessed.
 *
 * @param account the one that it is judged for; undefined: all of them
 */
export function needOpenTrigger(
  entry: number,
  register: Register,
  account?: string,
): OpenTrigger | Refusal {
  const open = openTriggers(register).find(({ n }) => n === entry);
  if (open !== undefined && (account === undefined || open.accounts.includes(account))) return open;
  const about = account === undefined ? "" : ` for ${account}`;
  return refuse(
    `entry ${entry} is no trigger that is still open${about}`,
    "breakglass status lists them",
  );
}

/** Only what nobody has said the end of is closed. */
export function needOpenException(entry: number, register: Register): Refusal | undefined {
  return openExceptions(register).some(({ n }) => n === entry)
    ? undefined
    : refuse(`entry ${entry} is no exception that is still open`, "breakglass status lists them");
}
