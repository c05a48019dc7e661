import {
  allInUse,
  isPending,
  passwordAccounts,
  type ItemState,
  type LocationState,
} from "../register.ts";
import {
  accountOf,
  addTrigger,
  isOutrun,
  latest,
  odd,
  type Appliers,
  type EntityKind,
  type Context,
} from "./context.ts";
import { settleDestroyed } from "./sets.ts";

/** What becomes of the register itself, of accounts, custodians, safes and other items. */
export const ENTITIES: Pick<Appliers, EntityKind> = {
  "register-opened": ({ tenant, policy }, { register, deed }) => {
    if (register.opened !== undefined) {
      odd({ register, deed }, "the register was opened a second time");
      return;
    }
    register.opened = { ...deed, tenant };
    register.policy = { ...register.policy, ...policy };
    countAccounts({ register, deed });
  },
  "policy-changed": ({ policy }, { register, deed }) => {
    register.policy = { ...register.policy, ...policy };
    countAccounts({ register, deed });
  },

  "account-added": (event, { register, deed }) => {
    const { account, secret, belongsTo } = event;
    const known = register.accounts.get(account);
    if (known?.retired !== undefined) {
      known.retired = undefined;
      known.added = deed;
    } else if (known !== undefined) odd({ register, deed }, `account ${account} was added twice`);
    else
      register.accounts.set(account, {
        ...{ account, secret, belongsTo, added: deed, retired: undefined },
        ...{ sets: [], alertSeen: undefined },
      });
    countAccounts({ register, deed });
  },
  "account-retired": ({ account }, context) => {
    const known = accountOf(account, context);
    if (known === undefined) return;
    known.retired = context.deed;
    for (const set of known.sets) {
      if (set.seen !== undefined) set.cleared ??= context.deed;
      if (set.stage === "setting" || isPending(set)) {
        odd(context, `account ${account} was retired while set ${set.set} was ${set.stage}`);
        set.stage = "abandoned";
        set.abandoned = context.deed;
      } else if (set.stage === "active") {
        set.stage = "superseded";
        set.superseded = context.deed;
      }
      settleDestroyed(set);
    }
    countAccounts(context);
  },

  "custodian-added": (event, { register, deed }) => {
    const { custodian, alternate, phone, email, role } = event;
    const known = register.custodians.get(custodian);
    if (known !== undefined && known.gone === undefined)
      odd({ register, deed }, `custodian ${custodian} was added twice`);
    register.custodians.set(custodian, {
      ...{ custodian, alternate, phone, email, role, added: deed },
      ...{ gone: undefined, trained: known?.trained },
    });
  },
  "custodian-changed": (event, { register, deed }) => {
    const known = register.custodians.get(event.custodian);
    if (known === undefined) {
      odd({ register, deed }, `custodian ${event.custodian} is not in the register`);
      return;
    }
    known.alternate = event.alternate ?? known.alternate;
    known.phone = event.phone ?? known.phone;
    known.email = event.email ?? known.email;
    known.role = event.role ?? known.role;
  },
  "custodian-gone": ({ custodian }, { register, deed }) => {
    const known = register.custodians.get(custodian);
    if (known === undefined)
      odd({ register, deed }, `custodian ${custodian} is not in the register`);
    else known.gone = deed;
    // Who handed a slip over before leaving has had it all the same.
    const held = allInUse(register).filter(({ slips }) =>
      slips.some(({ reached }) => reached.some(({ person }) => person === custodian)),
    );
    if (held.length > 0)
      addTrigger(register, deed, "departure", `${custodian} left`, {
        sets: held.map(({ set }) => set),
      });
    for (const safe of register.locations.values())
      if (safe.gone === undefined && knowsCombination(custodian, safe, { register, deed }))
        safe.combinationKnownTo = { ...deed, who: custodian };
  },

  "location-added": ({ location, site }, { register, deed }) => {
    const known = register.locations.get(location);
    if (known !== undefined && known.gone === undefined)
      odd({ register, deed }, `safe ${location} was added twice`);
    register.locations.set(location, {
      ...{ location, site, added: deed, gone: undefined },
      ...{ combinationChanged: undefined, combinationKnownTo: undefined },
    });
  },
  "location-changed": ({ location, site }, context) => {
    const known = locationOf(location, context);
    if (known !== undefined) known.site = site;
  },
  "location-gone": ({ location }, context) => {
    const known = locationOf(location, context);
    if (known !== undefined) known.gone = context.deed;
  },
  "combination-changed": ({ location }, context) => {
    const known = locationOf(location, context);
    if (known === undefined) return;
    known.combinationChanged = context.deed;
    if (!isOutrun(context, known.combinationKnownTo)) known.combinationKnownTo = undefined;
  },

  "item-added": (event, { register, deed }) => {
    const { item, type, serial, account, location, custodian } = event;
    const known = register.items.get(item);
    if (known !== undefined && known.gone === undefined)
      odd({ register, deed }, `item ${item} was added twice`);
    register.items.set(item, {
      ...{ item, type, serial, account, location, custodian, added: deed },
      ...{ tested: undefined, gone: undefined },
    });
  },
  "item-tested": ({ item, result }, context) => {
    const known = itemOf(item, context);
    if (known !== undefined)
      known.tested = latest(known.tested, { ...context.deed, result }, context);
  },
  "item-moved": ({ item, location, custodian }, context) => {
    const known = itemOf(item, context);
    if (known === undefined) return;
    known.location = location ?? known.location;
    known.custodian = custodian ?? known.custodian;
  },
  "item-gone": ({ item }, context) => {
    const known = itemOf(item, context);
    if (known !== undefined) known.gone = context.deed;
  },
};

function locationOf(name: string, { register, deed }: Context): LocationState | undefined {
  const known = register.locations.get(name);
  if (known === undefined) odd({ register, deed }, `safe ${name} is not in the register`);
  return known;
}

function itemOf(name: string, { register, deed }: Context): ItemState | undefined {
  const known = register.items.get(name);
  if (known === undefined) odd({ register, deed }, `item ${name} is not in the register`);
  return known;
}

/** Whether somebody who leaves could fetch a slip from a safe while its combination was this one. */
function knowsCombination(
  who: string,
  { location, combinationChanged }: LocationState,
  { register, deed }: Context,
): boolean {
  const then = [...register.sets.values()]
    .flatMap(({ slips }) => slips.flatMap(({ reached }) => reached))
    .filter((one) => one.person === who && one.location === location);
  return then.some(
    ({ ended }) => combinationChanged === undefined || combinationChanged.at < (ended ?? deed).at,
  );
}

/** Notes since when there are too few accounts, by the names that a tenant tells apart. */
function countAccounts({ register, deed }: Context): void {
  const few = passwordAccounts(register) < register.policy.minimumAccounts;
  register.short = few ? (register.short ?? deed) : undefined;
}
