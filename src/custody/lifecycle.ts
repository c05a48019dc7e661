import { combinations } from "../core/choose.ts";
import { COMMANDS } from "./commands.ts";
import { refText, type CustodyEvent, type EventOf, type Kind, type SlipRef } from "./events.ts";
import { isSameName, spelledAs } from "./names.ts";
import {
  activeSet,
  heldSets,
  inUse,
  isAfter,
  isLeft,
  isLoss,
  isOnPaper,
  isOpen,
  isPending,
  isRecoverable,
  isSealed,
  isUsable,
  openClockNote,
  pendingSet,
  setsOf,
  wordOf,
  type AccountState,
  type Deed,
  type Register,
  type SetState,
  type SlipState,
  type Trigger,
} from "./register.ts";

/** Why an event may not follow now. */
export interface Refusal {
  /** One line: which step is missing. */
  readonly refusal: string;
  /** One line: what to do. */
  readonly hint: string;
}

function refuse(refusal: string, hint: string): Refusal {
  return { refusal, hint };
}

type Guard<K extends Kind> = (event: EventOf<K>, register: Register) => Refusal | undefined;

/**
 * Whether an event may be written now. A command asks this before it does anything; what already
 * happened away from the tool, emergency use above all, is never refused for its order.
 *
 * @returns undefined, or what stands in the way
 */
export function permits(register: Register, event: CustodyEvent): Refusal | undefined {
  const ahead = aheadProblem(event);
  if (ahead !== undefined) return ahead;
  if (event.kind === "password-recovered" && event.purpose === "emergency") return undefined;
  if (register.opened === undefined && event.kind !== "register-opened")
    return refuse("there is no register yet", `open one: ${COMMANDS.init()}`);
  // The table pairs each kind with its own event; a look-up by a union can't keep the pair.
  const guard = GUARDS[event.kind] as
    ((event: CustodyEvent, register: Register) => Refusal | undefined) | undefined;
  return guard?.(event, register) ?? orderProblem(event, register);
}

/** Read off another clock, a time may be a little ahead; more would count as a clock that was wrong. */
function aheadProblem({ at, recorded }: CustodyEvent): Refusal | undefined {
  return recorded !== undefined && isAfter(at, recorded)
    ? refuse(
        `--at ${at} lies in the future: it is ${recorded} by this computer's clock`,
        "give the time when it happened, in UTC; or set the clock",
      )
    : undefined;
}

/** What somebody dates can't be earlier than what it follows; to the minute, as times are given. */
function orderProblem(event: CustodyEvent, register: Register): Refusal | undefined {
  if (event.recorded === undefined || register.opened === undefined) return undefined;
  // People were trained and things tested before there was a register; no set was issued before.
  const isOfSets = "set" in event || "slip" in event || event.kind === "account-retired";
  const before: readonly Before[] = [
    [isOfSets ? register.opened : undefined, "the register was opened"],
    ...followed(event, register),
  ];
  for (const [deed, what] of before)
    if (deed !== undefined && event.at.slice(0, 16) < deed.at.slice(0, 16))
      return refuse(
        `--at ${event.at} is too early: ${what} at ${deed.at}`,
        "give the time when it happened, in UTC; leave --at out if that was just now",
      );
  return undefined;
}

type Before = readonly [deed: Deed | undefined, what: string];

/** What was before an event, as far as the register knows. */
function followed(event: CustodyEvent, register: Register): Before[] {
  if (event.kind === "exception-closed")
    return [[register.exceptions.get(event.exception), "it was noted"]];
  if (event.kind === "trigger-assessed")
    return [[register.triggers.get(event.trigger), "it happened"]];
  if ("slip" in event) {
    const set = register.sets.get(event.slip.set);
    return set === undefined
      ? []
      : [[set.issued, "the set was issued"], ...ofSlip(event, set, register)];
  }
  const set = "set" in event ? register.sets.get(event.set) : undefined;
  return set === undefined
    ? []
    : [[set.issued, "the set was issued"], ...ofSet(event, set, register)];
}

function ofSlip({ kind }: CustodyEvent, set: SetState, register: Register): Before[] {
  if (kind === "slip-sealed") return [[set.confirmed, "the sign-in was confirmed"]];
  if (kind !== "slip-destroyed") return [];
  return [
    [set.superseded ?? set.abandoned, "the set was given up"],
    [
      waitsForNewer(set, register) ? firstSealed(set, register) : undefined,
      "the new slips were sealed",
    ],
  ];
}

/** When every slip of a newer set lay sealed, the first time: what is sealed again later changes nothing. */
export function firstSealed(
  { account, generation }: SetState,
  register: Register,
): Deed | undefined {
  const newer = setsOf(register, account).filter((set) => set.generation > generation);
  const [first] = newer
    .flatMap(({ allSealed }) => allSealed ?? [])
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return first;
}

function ofSet(event: CustodyEvent, set: SetState, register: Register): Before[] {
  const shown: Before = [set.setters[0], "the password was shown to be set"];
  switch (event.kind) {
    case "setting-begun":
      return set.slips.map((slip) => [slip.checked, `${refText(slip)} was checked`]);
    case "password-recovered":
    case "sign-in-failed":
      return [shown];
    case "sign-in-confirmed":
      return set.stage === "setting"
        ? [shown, [ownRecovery(event, set), `${event.actor} recovered it`]]
        : [[set.confirmed, "the first sign-in was confirmed"]];
    case "set-backed-out":
      return [shown, [restoredAgain(set, register), "the earlier password was recovered"]];
    case "set-abandoned":
      return [[set.backedOut, "it was backed out"]];
    default:
      return [];
  }
}

/** The kinds that are not here may be written at any time. */
const GUARDS: { readonly [K in Kind]?: Guard<K> } = {
  "register-opened": (_, { opened }) =>
    opened && refuse("this register is open already", "use it, or choose another folder"),

  "account-added": ({ account }, { accounts }) => {
    const known = accounts.get(account);
    return known === undefined || known.retired !== undefined
      ? needDistinct(account, accounts.keys())
      : refuse(`account ${account} is in the register already`, "choose another name");
  },
  "account-retired": ({ account }, register) => {
    const known = needAccount(account, register);
    if ("refusal" in known) return known;
    const pending = pendingSet(register, account);
    return (
      pending &&
      refuse(`set ${pending.set} of ${account} is ${pending.stage}`, finishFirst(pending))
    );
  },

  "custodian-added": (event, { custodians }) =>
    needNew(event.custodian, custodians) ?? needOther(event),
  "custodian-changed": (event, register) =>
    needCustodian(event.custodian, register) ?? needOther(event),
  "custodian-gone": ({ custodian }, register) => needPresent(custodian, register),

  "location-added": (event, register) =>
    needNew(event.location, register.locations) ?? needSite(event, register),
  "location-changed": (event, register) =>
    needLocation(event.location, register) ?? needSite(event, register),
  "location-gone": ({ location }, register) => needLocation(location, register),
  "combination-changed": ({ location }, register) => needLocation(location, register),

  "item-added": ({ item }, { items }) => needNew(item, items),
  "item-tested": ({ item }, register) => needItem(item, register),
  "item-moved": ({ item, location }, register) =>
    needItem(item, register) ??
    (location === undefined ? undefined : needLocation(location, register)),
  "item-gone": ({ item }, register) => needItem(item, register),

  "set-issued": guardIssued,
  "slip-printed": ({ slip }, register) =>
    withSlip(slip, register, (_, set) =>
      set.stage === "issued"
        ? undefined
        : refuse(
            `set ${set.set} is ${set.stage}, and slips are printed when a set is issued`,
            `a slip can't be printed again: ${COMMANDS.rotate(set.account)}`,
          ),
    ),
  "slip-files-deleted": ({ set }, register) => withSet(set, register),
  "slip-checked": ({ slip, checkWord }, register) =>
    withSlip(slip, register, (state) => {
      if (state.lost) return findFirst(state);
      if (checkWord !== undefined && checkWord !== wordOf(state.commitment))
        return refuse(
          `the check word is not that of ${refText(slip)} as it was issued`,
          `have it checked again; if it stays so, the paper is not the slip: ${COMMANDS.recordSlip("lost", slip)}`,
        );
      return state.destroyed && refuse(`${refText(slip)} was destroyed`, "compare the set's name");
    }),
  "slip-sealed": ({ slip, bag }, register) =>
    withSlip(slip, register, (state, set) => {
      if (state.destroyed)
        return refuse(`${refText(slip)} was destroyed`, "compare the set's name");
      // Until then it may be needed again, and nobody would look for it in a bag.
      if (set.confirmed === undefined)
        return refuse(
          `no sign-in with set ${set.set} was confirmed yet, and its slips are sealed after that`,
          `go on with the step that is missing: ${stepText(nextStep(register, set.account).next)}`,
        );
      if (state.lost) return findFirst(state);
      const other = bag === undefined ? undefined : slipInBag(bag, register);
      if (other !== undefined && refText(other) !== refText(slip))
        return refuse(`${refText(other)} lies in a bag of this serial`, "compare the bag's serial");
      return state.checked
        ? undefined
        : refuse(
            `${refText(slip)} was not checked from paper yet`,
            `check it before it is sealed: ${COMMANDS.check(slip)}`,
          );
    }),
  "slip-moved": guardMoved,
  "slip-opened": ({ slip }, register) => withSlip(slip, register),
  "slip-damaged": ({ slip }, register) => withSlip(slip, register),
  "slip-lost": ({ slip }, register) => withSlip(slip, register),
  "slip-found": ({ slip }, register) =>
    withSlip(slip, register, ({ lost }) =>
      lost === undefined
        ? refuse(`${refText(slip)} is not lost, says the register`, "compare the slip")
        : undefined,
    ),
  "slip-compromised": ({ slip }, register) => withSlip(slip, register),
  "slip-destroyed": (event, register) =>
    withSlip(event.slip, register, (state, set) => guardDestroyed(event, state, set, register)),

  "password-recovered": ({ set, purpose }, register) =>
    withSet(set, register, (state) => {
      if (state.stage === "active" || (state.stage === "setting" && purpose === "ceremony"))
        return undefined;
      if (purpose === "drill")
        return refuse(
          `set ${set} is ${state.stage}, and a drill is held with the active set`,
          "use the slips of the active set",
        );
      return refuse(
        `set ${set} is ${state.stage}, and nobody was told that its password is about to be set`,
        `go on with the step that is missing: ${stepText(nextStep(register, state.account).next)}`,
      );
    }),
  "setting-begun": guardBegun,
  "sign-in-confirmed": guardConfirmed,
  "sign-in-failed": ({ set }, register) => withSet(set, register),
  "set-backed-out": guardBackedOut,
  "set-abandoned": ({ set }, register) =>
    withSet(set, register, (state) => {
      if (isPending(state)) return undefined;
      if (state.stage === "setting")
        return refuse(
          `the tenant may hold the password of set ${set}`,
          `go on, or back out first: ${stepText(backOutOf(state, register))}`,
        );
      return refuse(
        `set ${set} is ${state.stage}, and only a set that was never set can be abandoned`,
        state.stage === "active"
          ? `replace it: ${COMMANDS.rotate(state.account)}`
          : "nothing is left to abandon",
      );
    }),
  "set-compromised": ({ set }, register) => withSet(set, register),

  "trigger-assessed": guardAssessed,
  "alert-seen": ({ account }, register) => needAccounts([account], register),
  // A name that is mistyped would be about nothing, and nobody would be told.
  "staff-changed": ({ accounts }, register) => needAccounts(accounts, register),
  "subscriptions-changed": ({ accounts }, register) => needAccounts(accounts, register),
  "drill-held": ({ accounts }, register) => needAccounts(accounts, register),
  "exception-noted": ({ account }, register) =>
    needAccounts(account === undefined ? [] : [account], register),
  "people-trained": ({ people }, register) =>
    people.map((person) => needCustodian(person, register)).find((refusal) => refusal),
  "exception-closed": ({ exception }, register) => {
    const known = register.exceptions.get(exception);
    const isOpenNote = openClockNote(register)?.n === exception;
    return isOpenNote || (known !== undefined && known.closed === undefined)
      ? undefined
      : refuse(
          `entry ${exception} is no exception that is still open`,
          "breakglass status lists them",
        );
  },
};

/** The slip that lies sealed in a bag of this serial. */
function slipInBag(bag: string, { sets }: Register): SlipState | undefined {
  for (const { slips } of sets.values()) {
    const found = slips.find(
      (slip) => isSealed(slip) && slip.sealed?.bag === bag && slip.destroyed === undefined,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isThere(known: { readonly gone: unknown } | undefined): boolean {
  return known !== undefined && known.gone === undefined;
}

/** What is added has a name of its own; who is back has the one from before. */
function needNew(
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
function needSite(
  { location, site }: { readonly location: string; readonly site: string },
  { locations }: Register,
): Refusal | undefined {
  const others = [...locations.values()].filter((other) => other.location !== location);
  return needDistinct(
    site,
    others.map((other) => other.site),
  );
}

function needAccount(account: string, { accounts }: Register): AccountState | Refusal {
  const known = accounts.get(account);
  if (known === undefined)
    return refuse(`account ${account} is not in the register`, `add it: ${COMMANDS.addAccount()}`);
  if (known.retired !== undefined)
    return refuse(`account ${account} was retired`, `add it again: ${COMMANDS.addAccount()}`);
  return known;
}

function needAccounts(accounts: readonly string[] = [], register: Register): Refusal | undefined {
  for (const account of accounts) {
    const known = needAccount(account, register);
    if ("refusal" in known) return known;
  }
  return undefined;
}

function needCustodian(custodian: string, { custodians }: Register): Refusal | undefined {
  return custodians.has(custodian)
    ? undefined
    : refuse(
        `${custodian} is not in the register`,
        `add the person: ${COMMANDS.addCustodian(custodian)}`,
      );
}

/** Nobody can be given anything who is not there, or leave twice. */
function needPresent(custodian: string, register: Register): Refusal | undefined {
  const unknown = needCustodian(custodian, register);
  if (unknown !== undefined || isThere(register.custodians.get(custodian))) return unknown;
  return refuse(
    `${custodian} has left, says the register`,
    `if the person is back: ${COMMANDS.addCustodian(custodian)}`,
  );
}

/** Nobody stands in for themselves. */
function needOther({
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

function needLocation(location: string, { locations }: Register): Refusal | undefined {
  return locations.has(location)
    ? undefined
    : refuse(`${location} is not in the register`, "add it: breakglass site add");
}

function needItem(item: string, { items }: Register): Refusal | undefined {
  return items.has(item)
    ? undefined
    : refuse(
        `${item} is not in the register`,
        "compare the name: breakglass log --kind item-added",
      );
}

function withSet(
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

function withSlip(
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
function findFirst(slip: SlipState): Refusal {
  return refuse(
    `${refText(slip)} is lost, says the register`,
    `say that it was found: ${COMMANDS.recordSlip("found", slip)}`,
  );
}

/** A slip goes to people and safes that are there, and something is different then. */
function guardMoved(event: EventOf<"slip-moved">, register: Register): Refusal | undefined {
  const { location, custodian, alternate } = event;
  return withSlip(event.slip, register, (state) => {
    for (const person of [custodian, alternate])
      if (person !== undefined) {
        const absent = needPresent(person, register);
        if (absent !== undefined) return absent;
      }
    const unknown = location === undefined ? undefined : needLocation(location, register);
    if (unknown !== undefined) return unknown;
    if (location !== undefined && !isThere(register.locations.get(location)))
      return refuse(`${location} is no longer used, says the register`, "name another safe");
    const same = (given: string | undefined, now: string | undefined): boolean =>
      given === undefined || given === now;
    return same(location, state.location) &&
      same(custodian, state.custodian) &&
      same(alternate, state.alternate)
      ? refuse(
          `${refText(state)} is held so already: nothing would change`,
          "say what is new: --location, --custodian or --alternate",
        )
      : undefined;
  });
}

/** What is open of a trigger may be judged; of a loss only by two people. */
function guardAssessed(
  { trigger, account, actor, witness }: EventOf<"trigger-assessed">,
  register: Register,
): Refusal | undefined {
  const known = register.triggers.get(trigger);
  const open = (known?.sets ?? []).flatMap((name) => {
    const set = register.sets.get(name);
    return set !== undefined && isOpen(known!, set) ? [set.account] : [];
  });
  const about = account === undefined ? "" : ` for ${account}`;
  if (known === undefined || !(account === undefined ? open.length > 0 : open.includes(account)))
    return refuse(
      `entry ${trigger} is no trigger that is still open${about}`,
      "breakglass status lists them",
    );
  return isLoss(known) && (witness === undefined || isSameName(actor, witness))
    ? refuse(
        `after a loss the password is replaced: ${known.what}`,
        `${COMMANDS.rotate(open[0]!)}; if it proved to be no loss, a second person has to agree: --witness NAME`,
      )
    : undefined;
}

function finishFirst(set: SetState): string {
  return set.stage === "setting"
    ? `finish or back out first: ${COMMANDS.confirm(set.account)}`
    : `finish it, or abandon it: ${COMMANDS.recordSet("abandoned", set.set)}`;
}

function guardIssued(event: EventOf<"set-issued">, register: Register): Refusal | undefined {
  const known = needAccount(event.account, register);
  if ("refusal" in known) return known;
  if (register.sets.has(event.set))
    return refuse(`set ${event.set} is in the register already`, "draw another name for the set");
  const unfinished = unfinishedProblem(register, event.account);
  if (unfinished !== undefined) return unfinished;
  const latest = Math.max(0, ...known.sets.map(({ generation }) => generation));
  return event.generation > latest
    ? undefined
    : refuse(
        `${event.account} has had generation ${latest}, and generations only go up`,
        `issue it as generation ${latest + 1}`,
      );
}

/** What keeps an account from another set: one that is under way, or what the last one left undone. */
export function unfinishedProblem(register: Register, account: string): Refusal | undefined {
  const pending = pendingSet(register, account);
  if (pending !== undefined)
    return refuse(
      `set ${pending.set} (generation ${pending.generation}) of ${account} is ${pending.stage}`,
      finishFirst(pending),
    );
  const loose = looseEnd(register, account);
  return loose && refuse(loose.where, `first ${stepText(loose.next)}`);
}

function guardDestroyed(
  { actor, witness }: EventOf<"slip-destroyed">,
  slip: SlipState,
  set: SetState,
  register: Register,
): Refusal | undefined {
  const name = refText(slip);
  if (slip.destroyed !== undefined)
    return refuse(
      `${name} was destroyed already, says entry ${slip.destroyed.n}`,
      "compare the slip",
    );
  if (isSameName(actor, witness))
    return refuse(
      "nobody is a witness to what they do themselves",
      "name the other person who saw it",
    );
  const gone = `if it no longer exists: ${COMMANDS.recordSlip("lost", slip)}`;
  if (inUse(set))
    return refuse(
      `set ${set.set} is ${set.stage}, and its slips are needed until a newer set is active and sealed`,
      `keep it; ${gone}`,
    );
  if (!waitsForNewer(set, register)) return undefined;
  const active = activeSet(register, set.account);
  if (active === undefined)
    return refuse(`no newer set of ${set.account} is active`, `keep ${name}; ${gone}`);
  if (!isRecoverable(active))
    return refuse(
      `the new set ${active.set} can't be recovered any more: ${leftText(active)}`,
      `keep ${name}, and replace the new one: ${COMMANDS.rotate(set.account)}; ${gone}`,
    );
  const unsealed = active.slips.filter((other) => isLeft(other) && !isSealed(other));
  return unsealed.length === 0
    ? undefined
    : refuse(
        `${unsealed.map(refText).join(", ")} of the new set ${unsealed.length === 1 ? "is" : "are"} not sealed yet`,
        `seal first: ${COMMANDS.recordSlip("sealed", unsealed[0]!)}; ${gone}`,
      );
}

/** What makes a slip of a set that is not set yet unfit for it. */
function spoiled(slip: SlipState): string | undefined {
  if (slip.destroyed) return "destroyed";
  if (slip.lost) return "lost";
  if (slip.found) return "found again, and was lost for a time";
  if (slip.compromised) return "compromised";
  return slip.damaged && "damaged";
}

function spoiledProblem(set: SetState): Refusal | undefined {
  const bad = set.slips.find((slip) => spoiled(slip) !== undefined);
  const abandon = `abandon the set and issue another: ${COMMANDS.recordSet("abandoned", set.set)}`;
  if (bad !== undefined) return refuse(`${refText(bad)} is ${spoiled(bad)!}`, abandon);
  return set.compromised && refuse(`set ${set.set} is compromised`, abandon);
}

function slipsProblem(slips: readonly number[], set: SetState): Refusal | undefined {
  const given = new Set(slips);
  if (given.size !== slips.length || slips.some((slip) => slip > set.slips.length))
    return refuse(
      `these are not different slips of set ${set.set}`,
      `name each slip once, from 1 to ${set.slips.length}`,
    );
  return slips.length >= set.threshold
    ? undefined
    : refuse(`set ${set.set} needs ${set.threshold} slips`, "name every slip that was used");
}

function guardBegun(event: EventOf<"setting-begun">, register: Register): Refusal | undefined {
  return withSet(event.set, register, (set) => {
    if (set.stage === "issued") {
      const open = set.slips.filter(({ checked }) => checked === undefined);
      return (
        spoiledProblem(set) ??
        refuse(
          `${open.map(refText).join(", ")} ${open.length === 1 ? "was" : "were"} not checked from paper yet`,
          `check every slip before the password is set: ${COMMANDS.check(open[0]!)}`,
        )
      );
    }
    if (set.stage !== "checked" && set.stage !== "setting")
      return refuse(
        `set ${set.set} is ${set.stage}, and its password is not to be set`,
        set.stage === "active"
          ? "it is set already"
          : `issue another: ${COMMANDS.rotate(set.account)}`,
      );
    const other = [...register.sets.values()].find(
      ({ stage, set: name }) => stage === "setting" && name !== set.set,
    );
    if (other !== undefined)
      return refuse(
        `account ${other.account} of this tenant is being set`,
        `one at a time: ${COMMANDS.confirm(other.account)}`,
      );
    // Once it may be in the tenant, a spoiled slip is a reason to hurry and not to stop.
    return (
      (set.stage === "checked" ? spoiledProblem(set) : undefined) ?? slipsProblem(event.slips, set)
    );
  });
}

function guardConfirmed(
  event: EventOf<"sign-in-confirmed">,
  register: Register,
): Refusal | undefined {
  return withSet(event.set, register, (set) => {
    if (set.stage !== "active" && set.stage !== "setting")
      return refuse(
        `set ${set.set} is ${set.stage}, and was not about to be set`,
        `go on with the step that is missing: ${stepText(nextStep(register, set.account).next)}`,
      );
    const { actor, slips } = event;
    if (set.stage === "active") return slipsProblem(slips, set);
    return (
      secondPersonProblem(actor, slips, set, register) ??
      (ownRecovery(event, set) === undefined
        ? refuse(
            `the register has no recovery of set ${set.set} from slips ${slips.join(",")} by ${actor}`,
            `let ${actor} recover it (${COMMANDS.recover(set.set)}); if that was done without this tool: ${COMMANDS.recordRecovered(set.set, slips, actor)}`,
          )
        : undefined)
    );
  });
}

/**
 * What keeps somebody from confirming a sign-in with a set that is being set: another person than
 * those who set it has to, from slips that are there, and from other ones where that can be.
 */
export function secondPersonProblem(
  actor: string,
  slips: readonly number[],
  set: SetState,
  register: Register,
): Refusal | undefined {
  const lost = set.slips.find((slip) => slips.includes(slip.slip) && !isUsable(slip));
  if (!isRecoverable(set))
    return refuse(
      `set ${set.set} must not become the active one: ${leftText(set)}`,
      `back out: ${stepText(backOutOf(set, register))}`,
    );
  const problem = slipsProblem(slips, set);
  if (problem !== undefined) return problem;
  if (lost !== undefined)
    return refuse(
      `${refText(lost)} is ${spoiled(lost) ?? "not there"}`,
      "let the second person recover it from the slips that are left",
    );
  const setter = set.setters.find((other) => isSameName(other.actor, actor));
  if (setter !== undefined)
    return refuse(
      `${setter.actor} recovered the password to set it`,
      "let a second person recover it and sign in on another computer",
    );
  return isTaken(slips, set) && !isTaken(subsetForSecond(set), set)
    ? refuse(
        "the sign-in is from the same slips as the password that was set",
        "let the second person recover it from other slips",
      )
    : undefined;
}

/**
 * Slips for the second person: the last ones that suffice, or others if the password was set from
 * these; the same ones once more where no others are left.
 */
export function subsetForSecond(set: SetState): readonly number[] {
  const subsets = subsetsLeft(set).toReversed();
  return subsets.find((subset) => !isTaken(subset, set)) ?? subsets[0] ?? [];
}

/** Whether the password was set from just these slips. */
function isTaken(slips: readonly number[], { setters }: SetState): boolean {
  return setters.some((setter) => sameSlips(setter.slips, slips));
}

/** Every choice of just enough slips that are left. */
function subsetsLeft(set: SetState): number[][] {
  return [
    ...combinations(
      set.slips.filter(isUsable).map(({ slip }) => slip),
      set.threshold,
    ),
  ];
}

function sameSlips(slips: readonly number[], others: readonly number[]): boolean {
  return slips.length === others.length && slips.every((slip) => others.includes(slip));
}

/** The recovery from which somebody signs in with a set that is being set. */
function ownRecovery(
  { actor, slips }: EventOf<"sign-in-confirmed">,
  { recoveries, setters }: SetState,
): Deed | undefined {
  return recoveries.findLast(
    (recovery) =>
      recovery.purpose === "ceremony" &&
      recovery.n > (setters[0]?.n ?? 0) &&
      isSameName(recovery.actor, actor) &&
      sameSlips(recovery.slips, slips),
  );
}

/** Where setting a set can be backed out to. */
interface WayBack {
  /** The set whose password is set again; none: any other password, which is on no slip. */
  readonly to: SetState | undefined;
  /** Whether there is a way: the earlier set can be recovered, or nothing can, so that any password is better. */
  readonly open: boolean;
}

/** Where setting a set is backed out to: the earlier set, unless neither can be recovered. */
export function wayBack(set: SetState, register: Register): WayBack {
  const earlier = activeSet(register, set.account);
  if (earlier === undefined) return { to: undefined, open: true };
  const open = isRecoverable(earlier);
  return open || isRecoverable(set) ? { to: earlier, open } : { to: undefined, open: true };
}

/** The recovery of the active set with which setting another one is backed out. */
function restoredAgain({ account, setters }: SetState, register: Register): Deed | undefined {
  return activeSet(register, account)?.recoveries.findLast(({ n }) => n > (setters[0]?.n ?? 0));
}

/** How many slips are left that count, in words. */
function leftText({ slips, threshold }: SetState): string {
  const left = slips.filter(isUsable).length;
  return `${left} of its slips ${left === 1 ? "is" : "are"} left, and ${threshold} are needed`;
}

function guardBackedOut(event: EventOf<"set-backed-out">, register: Register): Refusal | undefined {
  return withSet(event.set, register, (set) => {
    if (set.stage !== "setting")
      return refuse(
        `set ${set.set} is ${set.stage}, and there is nothing to back out of`,
        isPending(set)
          ? `abandon it: ${COMMANDS.recordSet("abandoned", set.set)}`
          : `replace it: ${COMMANDS.rotate(set.account)}`,
      );
    const { to: earlier, open } = wayBack(set, register);
    if (earlier === undefined)
      return event.restored === undefined
        ? undefined
        : refuse(
            `set ${event.restored} is not an earlier set whose password can be set again`,
            "leave it out",
          );
    if (!open)
      return refuse(
        `set ${earlier.set} can't be recovered any more, so there is nothing to go back to`,
        `go on: ${COMMANDS.confirm(set.account)}`,
      );
    if (event.restored === earlier.set)
      return restoredAgain(set, register) === undefined
        ? refuse(
            `the register has no recovery of set ${earlier.set} since set ${set.set} was about to be set`,
            `recover it and set it again (${COMMANDS.recover(earlier.set)}); if that was done without this tool: ${COMMANDS.recordRecovered(earlier.set)}`,
          )
        : undefined;
    return refuse(
      `the password of set ${earlier.set} (generation ${earlier.generation}) has to be set again first`,
      `${COMMANDS.recover(earlier.set)}; then say that it was restored: --restored ${earlier.set}`,
    );
  });
}

/** The steps of a ceremony, in the order in which a set goes through them. */
export type StepName =
  | "add account"
  | "issue"
  | "check"
  | "recover"
  | "confirm"
  | "seal"
  | "destroy"
  | "abandon"
  | "back out";

/** Something to do, and the command for it if there is one. */
interface Step {
  readonly step: StepName;
  /** One line, as an instruction. */
  readonly what: string;
  readonly command: string | undefined;
}

/** Where an account stands. */
export interface Standing {
  /** One line: how far the ceremony has come. */
  readonly where: string;
  /** One line: which set the tenant holds, or may hold and what to try first. */
  readonly holds: string;
  /** Names of the sets to try, in this order. */
  readonly tries: readonly string[];
  /** The set that is under way. */
  readonly pending: string | undefined;
  /** Undefined if nothing is left to do. */
  readonly next: Step | undefined;
  /** Undefined if there is nothing to back out of. */
  readonly backOut: Step | undefined;
}

/** A step, with its command, as part of a sentence. */
export function stepText(step: Step | undefined): string {
  if (step === undefined) return "nothing";
  return step.command === undefined ? step.what : `${step.what} (${step.command})`;
}

/** A step, with its command, as a line of its own. */
export function stepLine({ what, command }: Step): string {
  return command === undefined ? what : `${what}: ${command}`;
}

function holdsText(held: readonly SetState[]): string {
  const [first, second] = held;
  if (first === undefined) return "no set of this register";
  const name = (set: SetState): string => `generation ${set.generation} (set ${set.set})`;
  if (second !== undefined)
    return `generation ${held.map(({ generation }) => generation).join(" or ")}: try ${first.generation} first (set ${first.set}, then set ${held
      .slice(1)
      .map(({ set }) => set)
      .join(", then set ")})`;
  return first.stage === "setting"
    ? `${name(first)}, or a password that is in no set: try generation ${first.generation} first`
    : name(first);
}

/** Whoever saw a password in an emergency may have set it. */
function seenText(seen: SetState | undefined): string {
  return seen === undefined
    ? ""
    : `; or generation ${seen.generation} (set ${seen.set}), whose password was shown in an emergency before it was set`;
}

function abandonStep({ set }: SetState): Step {
  return {
    step: "abandon",
    what: `abandon set ${set}; the password in the tenant stays as it is`,
    command: COMMANDS.recordSet("abandoned", set),
  };
}

function backOutOf(set: SetState, register: Register): Step {
  const { to: earlier, open } = wayBack(set, register);
  const command = COMMANDS.recordSet("backed-out", set.set);
  if (earlier === undefined)
    return {
      step: "back out",
      what: "let an administrator set any other password, then say that the set was backed out",
      command,
    };
  if (!open)
    return {
      step: "back out",
      what: `there is no way back: set ${earlier.set} can't be recovered any more`,
      command: undefined,
    };
  return {
    step: "back out",
    what: `recover set ${earlier.set} from its slips (${COMMANDS.recover(earlier.set)}), set that password again, sign in, then say so`,
    command: `${command} --restored ${earlier.set}`,
  };
}

/**
 * Says exactly where an account's ceremony stands, what comes next, how to back out, and which set
 * the tenant holds or may hold.
 */
export function nextStep(register: Register, account: string): Standing {
  const held = heldSets(register, account);
  const pending = pendingSet(register, account);
  const seen = pending !== undefined && isPending(pending) && pending.seen ? pending : undefined;
  const common = {
    holds: `${holdsText(held)}${seenText(seen)}`,
    tries: [...held, ...(seen === undefined ? [] : [seen])].map(({ set }) => set),
    pending: pending?.set,
  };
  if (pending !== undefined) return { ...common, ...pendingStep(pending, register) };
  return { ...common, ...quietStep(account, held[0], register), backOut: undefined };
}

type Place = Pick<Standing, "where" | "next" | "backOut">;

function pendingStep(set: SetState, register: Register): Place {
  const name = `set ${set.set} (generation ${set.generation})`;
  if (set.stage === "setting" && !isRecoverable(set)) {
    const backOut = backOutOf(set, register);
    return {
      where: `${name}: its password was shown to be set, and ${leftText(set)}`,
      next: backOut,
      backOut,
    };
  }
  if (set.stage === "setting")
    return {
      where:
        set.failed === undefined
          ? `${name}: its password was shown to be set, and no sign-in was confirmed`
          : `${name}: its password was shown to be set, and a sign-in failed`,
      next: {
        step: "confirm",
        what:
          set.failed === undefined
            ? "set the password if that is not done, let a second person recover it from other slips, sign in on another computer, and confirm"
            : `set the password again (${COMMANDS.recover(set.set)}), let a second person sign in, and confirm`,
        command: COMMANDS.confirm(set.account),
      },
      backOut: backOutOf(set, register),
    };
  const backOut = abandonStep(set);
  const problem = spoiledProblem(set);
  if (problem !== undefined)
    return {
      where: `${name}: ${problem.refusal}`,
      next: { ...backOut, what: `${backOut.what}, and another set can be issued` },
      backOut,
    };
  if (set.stage === "checked")
    return {
      where:
        set.backedOut === undefined
          ? `${name}: every slip was checked, and the password is not set yet`
          : `${name}: every slip was checked, and setting it was backed out`,
      next: {
        step: "recover",
        what: "recover the password from the slips and set it in the tenant",
        command: COMMANDS.recover(set.set),
      },
      backOut,
    };
  const missing = set.slips.filter(({ printed, checked }) => !printed && !checked);
  if (missing.length > 0)
    return {
      where: `${name}: interrupted before ${missing.map(refText).join(", ")} was printed`,
      next: backOut,
      backOut,
    };
  const open = set.slips.filter(({ checked }) => checked === undefined);
  return {
    where: `${name}: ${set.slips.length - open.length} of ${set.slips.length} slips checked from paper`,
    next: {
      step: "check",
      what: `check ${refText(open[0]!)} from paper`,
      command: COMMANDS.check(open[0]!),
    },
    backOut,
  };
}

/** What a ceremony leaves to be done. */
interface Leftovers {
  /** Slips of the active set that are in no bag. */
  readonly unsealed: readonly SlipState[];
  /** Slips of sets that have ended, which may be destroyed now. */
  readonly old: readonly SlipState[];
  /** Such slips that are kept until the new ones are sealed. */
  readonly kept: readonly SlipState[];
}

/**
 * Whether the slips of a set are kept until a newer one is safe: it was replaced by one, and did not
 * end with its account, which may have been added again since.
 */
export function waitsForNewer(
  { stage, superseded, account }: SetState,
  { accounts }: Register,
): boolean {
  if (stage !== "superseded" || superseded === undefined) return false;
  const known = accounts.get(account);
  return known === undefined || (known.retired === undefined && known.added.n < superseded.n);
}

/** The slips that are to be sealed, and those that are to be destroyed, now or then. */
export function leftovers(register: Register, account: string): Leftovers {
  const active = activeSet(register, account);
  const unsealed = (active?.slips ?? []).filter((slip) => isLeft(slip) && !isSealed(slip));
  const isSafe = active !== undefined && unsealed.length === 0 && isRecoverable(active);
  const old: SlipState[] = [];
  const kept: SlipState[] = [];
  const sets = setsOf(register, account);
  for (const stage of ["superseded", "abandoned"] as const)
    for (const set of sets.filter((other) => other.stage === stage))
      (isSafe || !waitsForNewer(set, register) ? old : kept).push(...set.slips.filter(isOnPaper));
  return { unsealed, old, kept };
}

/**
 * What the last rotation left undone, which comes before the next one. A loss does not wait for it,
 * nor a password that was used, and a slip that was taken out of its bag since is replaced by the
 * next one anyway.
 */
export function looseEnd(register: Register, account: string): Omit<Place, "backOut"> | undefined {
  const active = activeSet(register, account);
  if (active !== undefined && isUrgent(active, register)) return undefined;
  const { unsealed, old, kept } = leftovers(register, account);
  // What was abandoned opened nothing, and waits for nothing.
  const replaced = [...old, ...kept].some(({ set }) => isReplaced(register.sets.get(set)));
  const isNew = ({ opened, sealed }: SlipState): boolean => (opened ?? sealed) === undefined;
  return replaced || unsealed.some(isNew) ? quietStep(account, active, register) : undefined;
}

function isReplaced(set: SetState | undefined): boolean {
  return set?.stage === "superseded";
}

/** Whether others may know the password or a part of it, or it can't be recovered any more. */
function isUrgent(active: SetState, { triggers }: Register): boolean {
  const isKnown = (trigger: Trigger): boolean =>
    isLoss(trigger) || trigger.kind === "emergency" || trigger.kind === "used";
  return (
    !isRecoverable(active) ||
    [...triggers.values()].some((trigger) => isKnown(trigger) && isOpen(trigger, active))
  );
}

/** What slips of sets that have ended are called together. */
function endedWord(slips: readonly SlipState[], { sets }: Register): string {
  const abandoned = slips.filter(({ set }) => sets.get(set)?.stage === "abandoned").length;
  if (abandoned === 0) return "old";
  return abandoned === slips.length ? "abandoned" : "old or abandoned";
}

function quietStep(
  account: string,
  active: SetState | undefined,
  register: Register,
): Omit<Place, "backOut"> {
  const known = register.accounts.get(account);
  if (known === undefined)
    return {
      where: `account ${account} is not in the register`,
      next: { step: "add account", what: "add the account", command: COMMANDS.addAccount() },
    };
  const { unsealed, old } = leftovers(register, account);
  const [loose] = unsealed;
  if (active !== undefined && loose !== undefined)
    return {
      where: `set ${active.set} (generation ${active.generation}) is active, and ${unsealed.length} of its slips ${unsealed.length === 1 ? "is" : "are"} not sealed`,
      next: {
        step: "seal",
        what: `seal ${refText(loose)}`,
        command: COMMANDS.recordSlip("sealed", loose),
      },
    };
  const [oldest] = old;
  if (oldest !== undefined)
    return {
      where: `${old.length} ${endedWord(old, register)} ${old.length === 1 ? "slip is" : "slips are"} not destroyed yet`,
      next: {
        step: "destroy",
        what: `destroy ${refText(oldest)} before a witness`,
        command: COMMANDS.recordSlip("destroyed", oldest),
      },
    };
  if (known.retired !== undefined)
    return { where: `account ${account} was retired`, next: undefined };
  return active === undefined
    ? {
        where: `account ${account} has no password on slips`,
        next: { step: "issue", what: "issue one", command: COMMANDS.issue(account) },
      }
    : {
        where: `set ${active.set} (generation ${active.generation}) is active, and nothing is under way`,
        next: undefined,
      };
}
