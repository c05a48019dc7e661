import { COMMANDS } from "../commands.ts";
import type { CustodyEvent, EventOf, Kind, SlipRef } from "../events.ts";
import {
  isPending,
  isSealed,
  pendingSet,
  wordOf,
  type Register,
  type SlipState,
} from "../register.ts";
import { isAfter } from "../times.ts";
import {
  findFirst,
  needAccount,
  needAccounts,
  needCustodian,
  needItem,
  needItemMoved,
  needKept,
  needLocation,
  needNew,
  needNewAccount,
  needNewsOf,
  needOpenException,
  needOther,
  needPresent,
  needSite,
  withSet,
  withSlip,
} from "./needs.ts";
import { orderProblem } from "./order.ts";
import { refuse, type Refusal } from "./refusal.ts";
import {
  finishFirst,
  guardAssessed,
  guardBackedOut,
  guardBegun,
  guardConfirmed,
  guardDestroyed,
  guardIssued,
  guardMoved,
  type Guard,
} from "./set-guards.ts";
import { backOutOf, nextStep, stepText, unprovenStep } from "./standing.ts";
import { refText } from "../slip-ref.ts";

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

/** The kinds that are not here may be written at any time. */
const GUARDS: { readonly [K in Kind]?: Guard<K> } = {
  "register-opened": (_, { opened }) =>
    opened && refuse("this register is open already", "use it, or choose another folder"),

  "account-added": guardAccount,
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
    needCustodian(event.custodian, register) ?? needOther(event) ?? needNewsOf(event, register),
  "custodian-gone": ({ custodian }, register) => needPresent(custodian, register),

  "location-added": (event, register) =>
    needNew(event.location, register.locations) ?? needSite(event, register),
  "location-changed": (event, register) =>
    needLocation(event.location, register) ?? needSite(event, register),
  "location-gone": ({ location }, register) => needLocation(location, register),
  "combination-changed": ({ location }, register) => needLocation(location, register),

  "item-added": (event, register) =>
    needNew(event.item, register.items) ??
    needAccounts(event.account === undefined ? [] : [event.account], register) ??
    needKept(event, register),
  "item-tested": ({ item }, register) => needItem(item, register),
  "item-moved": (event, register) =>
    needItem(event.item, register) ?? needKept(event, register) ?? needItemMoved(event, register),
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
      return state.destroyed && destroyedSlip(slip, state);
    }),
  "slip-sealed": ({ slip, bag, note }, register) =>
    withSlip(slip, register, (state, set) => {
      if (state.destroyed) return destroyedSlip(slip, state);
      // Until then it may be needed again, and nobody would look for it in a bag.
      if (set.confirmed === undefined)
        return refuse(
          `no sign-in with set ${set.set} was confirmed yet, and its slips are sealed after that`,
          `go on with the step that is missing: ${stepText(nextStep(register, set.account).next)}`,
        );
      if (state.lost) return findFirst(state);
      if (bag !== undefined && !liesIn(bag, state)) {
        const slips = [...register.sets.values()].flatMap((each) => each.slips);
        const within = slips.find((other) => liesIn(bag, other));
        if (within !== undefined)
          return refuse(`${refText(within)} lies in a bag of this serial`, "compare the serial");
        const used = slips.find(({ openedBags }) => openedBags.includes(bag));
        if (note === undefined && used !== undefined) return usedBag(slip, used);
      }
      const differs = isSealed(state) && state.sealed!.bag !== bag;
      if (differs && note === undefined) return bagProblem(slip, state.sealed!);
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
      if (isPending(state)) {
        const unproven = unprovenStep(state, register);
        return (
          unproven &&
          refuse(
            `an emergency showed the password of set ${set}, and the tenant may hold it`,
            `first ${stepText(unproven)}`,
          )
        );
      }
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
  "exception-closed": ({ exception }, register) => needOpenException(exception, register),
};

/** An account that is added again is the one from before, with its sets. */
function guardAccount(
  { account, secret, belongsTo }: EventOf<"account-added">,
  register: Register,
): Refusal | undefined {
  const known = register.accounts.get(account);
  const there = needNewAccount(account, register);
  if (there !== undefined) return there;
  if (known !== undefined && known.secret !== secret)
    return refuse(
      `account ${account} was retired, and its slips carried a ${known.secret}`,
      `add it as it was, or choose another name for the ${secret}`,
    );
  if (known !== undefined && known.belongsTo !== belongsTo)
    return refuse(
      `account ${account} was retired, and ${known.belongsTo === undefined ? "belonged to no other" : `belonged to ${known.belongsTo}`}`,
      `add it as it was, or choose another name for the ${secret}`,
    );
  return needAccounts(belongsTo === undefined ? [] : [belongsTo], register);
}

/** Another bag than the one in the register may mean that somebody had the slip out in between. */
function bagProblem(ref: SlipRef, { bag, n }: NonNullable<SlipState["sealed"]>): Refusal {
  const where = bag === undefined ? "without a serial" : `in bag ${bag}`;
  return refuse(
    `${refText(ref)} lies sealed ${where}, says entry ${n}`,
    `if it was taken out since, write that down first (${COMMANDS.recordSlip("opened", ref)}); if the serial is a slip of the finger, say so with --note`,
  );
}

function liesIn(bag: string | undefined, slip: SlipState): boolean {
  return isSealed(slip) && slip.sealed!.bag === bag && slip.destroyed === undefined;
}

/** A bag that shows whether it was opened is used once. */
function usedBag(ref: SlipRef, used: SlipState): Refusal {
  return refuse(
    `${refText(used)} was taken out of a bag of this serial`,
    `take a new bag, or compare the serial; if it is right, say why: ${COMMANDS.recordSlip("sealed", ref)} with --bag and --note`,
  );
}

function destroyedSlip(ref: SlipRef, { destroyed }: SlipState): Refusal {
  return refuse(
    `${refText(ref)} was destroyed, says entry ${destroyed!.n}`,
    "compare the set's name with the paper; if it is that slip, keep it apart, and write down how it turned up: breakglass record exception",
  );
}
