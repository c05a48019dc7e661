import { bytesToSymbols, symbolsToText } from "../core/base32.ts";
import { groupLine, type Scheme } from "../core/slip.ts";
import {
  refText,
  type CustodyEvent,
  type Entry,
  type EventOf,
  type Kind,
  type SlipRef,
} from "./events.ts";
import { isSameName, nameKey } from "./names.ts";
import { DEFAULT_POLICY, keepsPassword, type Policy } from "./policy.ts";

/** How far a set has come (lifecycle.ts says which step may follow which). */
type Stage =
  | "issued"
  | "checked"
  | "setting"
  | "active"
  /** Replaced by a later set, or its account was retired. */
  | "superseded"
  | "destroyed"
  | "abandoned";

/** When something happened, by whom, and which entry says so. */
export interface Deed {
  readonly at: string;
  readonly actor: string;
  /** The entry's number. */
  readonly n: number;
}

/** Somebody who could fetch a slip, and where it lay then. */
interface Reach {
  readonly person: string;
  readonly location: string;
  /** What ended it: the slip was moved, or is no more. */
  ended: Deed | undefined;
}

/** Who holds a slip, who may fetch it instead, and where it lies. */
interface Holding {
  readonly custodian: string;
  readonly alternate: string | undefined;
  readonly location: string;
}

/** One slip of a set. */
export interface SlipState extends SlipRef {
  readonly commitment: string;
  custodian: string;
  alternate: string | undefined;
  location: string;
  readonly issuedTo: Holding;
  /** The latest entry that gave it another holder or place. */
  moved: Deed | undefined;
  /** Everybody who could fetch it at any time since it was issued. */
  readonly reached: Reach[];
  printed: Deed | undefined;
  /** The latest check. */
  checked: Deed | undefined;
  /** Left out while the slip lies open. */
  sealed: (Deed & { readonly bag: string | undefined }) | undefined;
  opened: Deed | undefined;
  /** A password was put together from it since it was sealed. */
  used: Deed | undefined;
  damaged: Deed | undefined;
  lost: Deed | undefined;
  /** It was lost for a time: somebody may have seen it, unless that was judged to be no loss. */
  found: Deed | undefined;
  compromised: Deed | undefined;
  destroyed: Deed | undefined;
}

/** A deed for which slips of a set were used. */
interface SlipUse extends Deed {
  readonly slips: readonly number[];
}

/** A time that the password was put together. */
interface Recovery extends SlipUse {
  readonly purpose: EventOf<"password-recovered">["purpose"];
}

/** One set of slips. */
export interface SetState {
  readonly set: string;
  readonly account: string;
  readonly generation: number;
  readonly scheme: Scheme;
  readonly blinded: boolean;
  readonly threshold: number;
  readonly issued: Deed;
  /** A day: the one that its slips name. */
  readonly replaceBy: string;
  /** The policy kept the password when it was issued: that day is the one by which to sign in. */
  readonly stays: boolean;
  readonly strength: EventOf<"set-issued">["strength"];
  readonly alsoNeeded: readonly string[];
  /** Slip 1 first. */
  readonly slips: readonly SlipState[];
  stage: Stage;
  /** The latest time that the password was shown to be set; stays after a back-out. */
  begun: SlipUse | undefined;
  /** All to whom it was shown to be set, until it was backed out; the first one first. */
  setters: readonly SlipUse[];
  readonly recoveries: Recovery[];
  /** An emergency showed its password before it was about to be set. */
  seen: Deed | undefined;
  /** The sign-in that made the set active. */
  confirmed: SlipUse | undefined;
  /** With this one every slip that was left lay sealed, for the first time. */
  allSealed: Deed | undefined;
  /** The latest sign-in. */
  signedIn: SlipUse | undefined;
  /** Since the latest time it was set or the sign-in held. */
  failed: Deed | undefined;
  backedOut: Deed | undefined;
  superseded: Deed | undefined;
  abandoned: Deed | undefined;
  compromised: Deed | undefined;
  /** Files with its slips were written, and not yet deleted. */
  files: Deed | undefined;
}

/** An account, or the PIN of one of its keys. */
export interface AccountState {
  readonly account: string;
  readonly secret: "password" | "pin";
  readonly belongsTo: string | undefined;
  /** The latest time. */
  added: Deed;
  retired: Deed | undefined;
  /** Every set ever issued for it, in the order of the journal. */
  readonly sets: SetState[];
  alertSeen: Deed | undefined;
}

/** A person who holds slips, or may fetch them for another. */
interface CustodianState {
  readonly custodian: string;
  alternate: string | undefined;
  phone: string | undefined;
  email: string | undefined;
  role: string | undefined;
  readonly added: Deed;
  gone: Deed | undefined;
  trained: Deed | undefined;
}

/** A safe at a site. */
interface LocationState {
  readonly location: string;
  site: string;
  readonly added: Deed;
  gone: Deed | undefined;
  combinationChanged: Deed | undefined;
  /** Somebody left who could fetch a slip there, and the combination is still the same. */
  combinationKnownTo: (Deed & { readonly who: string }) | undefined;
}

/** A thing that the sign-in needs beside the password. */
interface ItemState {
  readonly item: string;
  readonly type: string;
  readonly serial: string | undefined;
  readonly account: string | undefined;
  location: string | undefined;
  custodian: string | undefined;
  readonly added: Deed;
  tested: (Deed & { readonly result: "passed" | "failed" }) | undefined;
  gone: Deed | undefined;
}

type TriggerKind =
  | "emergency"
  | "used"
  | "lost"
  | "damaged"
  | "compromised"
  | "departure"
  | "staff"
  | "subscriptions";

/** Something after which sets have to be replaced. */
export interface Trigger extends Deed {
  readonly kind: TriggerKind;
  /** What happened, as part of a sentence. */
  readonly what: string;
  readonly slip: SlipRef | undefined;
  /** The sets it is about; it is open for those that are still in use. */
  readonly sets: readonly string[];
  /** Accounts for which it was judged to need no rotation. */
  readonly assessed: Map<string, Deed & { readonly reason: string }>;
}

/** Something that went otherwise than planned. */
interface ExceptionState extends Deed {
  readonly problem: string;
  readonly account: string | undefined;
  remedy: string | undefined;
  closed: Deed | undefined;
}

/** Something in the journal that can't be, or not in this order. It is kept, and shown. */
interface Contradiction extends Deed {
  readonly what: string;
  /** A clock was wrong: once it is set, this can be closed as an exception is. */
  readonly clock: boolean;
  closed: Deed | undefined;
}

/** Everything the journal says, as of its last entry. */
export interface Register {
  opened: (Deed & { readonly tenant: string }) | undefined;
  policy: Policy;
  readonly accounts: Map<string, AccountState>;
  /** By name. */
  readonly sets: Map<string, SetState>;
  readonly custodians: Map<string, CustodianState>;
  readonly locations: Map<string, LocationState>;
  readonly items: Map<string, ItemState>;
  /** By the number of the entry. */
  readonly triggers: Map<number, Trigger>;
  readonly exceptions: Map<number, ExceptionState>;
  readonly drills: (Deed & Pick<EventOf<"drill-held">, "type" | "accounts" | "result">)[];
  readonly overrides: (Deed &
    Pick<EventOf<"rule-overridden">, "rule" | "reason" | "account" | "set">)[];
  reviewed: Deed | undefined;
  /** Since when there are fewer accounts with a password than the policy asks for. */
  short: Deed | undefined;
  readonly contradictions: Contradiction[];
  /** Entries whose kind this version does not know. */
  readonly later: (Deed & { readonly name: string })[];
  /** When the latest entry was written. */
  written: string | undefined;
  /** The number of the last entry. */
  n: number;
}

/** A register of which nothing is known. */
export function emptyRegister(): Register {
  return {
    opened: undefined,
    policy: DEFAULT_POLICY,
    accounts: new Map(),
    sets: new Map(),
    custodians: new Map(),
    locations: new Map(),
    items: new Map(),
    triggers: new Map(),
    exceptions: new Map(),
    drills: [],
    overrides: [],
    reviewed: undefined,
    short: undefined,
    contradictions: [],
    later: [],
    written: undefined,
    n: 0,
  };
}

/**
 * The register that these entries make. Any entries make one: what can't be is kept among the
 * contradictions.
 */
export function foldRegister(entries: Iterable<Entry>): Register {
  const register = emptyRegister();
  for (const entry of entries) apply(register, entry);
  return register;
}

/** Adds what one more entry says to a register. */
export function apply(register: Register, entry: Entry): void {
  const { n, actor, recorded = entry.at } = entry;
  const at = entry.at > recorded ? recorded : entry.at;
  const context: Context = { register, deed: { at, actor, n }, late: entry.at < recorded };
  noteClock(entry, context);
  register.written = recorded;
  register.n = n;
  if (entry.kind === "later") {
    register.later.push({ ...context.deed, name: entry.name });
    return;
  }
  if (register.opened === undefined && entry.kind !== "register-opened")
    odd(context, "this was written before the register was opened");
  applyEvent(entry, context);
}

/** What an event is applied to, and what is written down of it. */
interface Context {
  readonly register: Register;
  readonly deed: Deed;
  /** It was written down later than it happened, so something newer may be there already. */
  readonly late?: boolean;
}

/** Notes a contradiction. */
function odd({ register, deed }: Context, what: string): void {
  register.contradictions.push({ ...deed, what, clock: false, closed: undefined });
}

/** Two clocks are never the same: so much later is not later, in milliseconds. */
const CLOCK_TOLERANCE = 120_000;
const HOUR = 3_600_000;

/** Whether a moment lies so far after another that a clock must have been wrong. */
export function isAfter(
  moment: string | undefined,
  other: string,
  tolerance = CLOCK_TOLERANCE,
): boolean {
  return (
    moment !== undefined && moment > other && Date.parse(moment) > Date.parse(other) + tolerance
  );
}

/** What a wrong clock dated counts as of when the clock was right; one note of it is enough. */
function noteClock(entry: Entry, { register, deed }: Context): void {
  const { at, recorded = at } = entry;
  const { written, contradictions } = register;
  const what = isAfter(at, recorded)
    ? `it is dated ${at} and was written at ${recorded}, as of which it counts`
    : isAfter(written, recorded)
      ? `it was written at ${recorded}, after an entry of ${written!}: a clock was wrong, and what is dated later counts as of this entry`
      : undefined;
  if (what === undefined) return;
  // What is due is counted in days: a few minutes change nothing of it, and stay as they were written.
  if (isAfter(written, recorded, HOUR)) believeOnlyUntil(recorded, register);
  if (openClockNote(register) === undefined)
    contradictions.push({ ...deed, what, clock: true, closed: undefined });
}

/** The note that a clock was wrong, until somebody has set it and says so. */
export function openClockNote({ contradictions }: Register): Contradiction | undefined {
  return contradictions.find(({ clock, closed }) => clock && closed === undefined);
}

/** What has happened can't lie in the future of what was written after it. */
function believeOnlyUntil(written: string, known: unknown): void {
  if (typeof known !== "object" || known === null) return;
  const deed = known as { at?: unknown };
  if (typeof deed.at === "string" && deed.at > written) deed.at = written;
  const within = known instanceof Map ? known.values() : Object.values(known);
  for (const part of within) believeOnlyUntil(written, part);
}

type Appliers = { readonly [K in Kind]: (event: EventOf<K>, context: Context) => void };

const APPLY: Appliers = {
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

  "set-issued": applyIssued,
  "slip-printed": ({ slip, to }, context) =>
    withSlip(slip, context, (state, set) => {
      state.printed = context.deed;
      if (to === "file") set.files = context.deed;
    }),
  "slip-files-deleted": ({ set }, context) =>
    withSet(set, context, (state) => (state.files = undefined)),
  "slip-checked": ({ slip, checkWord }, context) =>
    withSlip(slip, context, (state, set) => {
      if (checkWord !== undefined && checkWord !== wordOf(state.commitment)) {
        odd(context, `the check word read out for ${refText(slip)} is not that of the slip issued`);
        return;
      }
      state.checked = latest(state.checked, context.deed, context);
      if (set.stage === "issued" && set.slips.every((other) => other.checked !== undefined))
        set.stage = "checked";
    }),
  "slip-sealed": ({ slip, bag }, context) =>
    withSlip(slip, context, (state, set) => {
      if (isOutrun(context, state.opened) || isOutrun(context, state.used)) return;
      state.sealed = { ...context.deed, bag };
      state.used = undefined;
      noteAllSealed(set);
    }),
  "slip-moved": ({ slip, location, custodian, alternate }, context) =>
    withSlip(slip, context, (state) => {
      state.location = location ?? state.location;
      state.custodian = custodian ?? state.custodian;
      state.alternate = alternate ?? state.alternate;
      state.moved = context.deed;
      reach(state, context.deed);
    }),
  "slip-opened": ({ slip }, context) =>
    withSlip(slip, context, (state) => {
      state.opened = latest(state.opened, context.deed, context);
      if (!isOutrun(context, state.sealed)) state.sealed = undefined;
    }),
  "slip-damaged": ({ slip }, context) => mark(slip, "damaged", context),
  "slip-lost": ({ slip }, context) => mark(slip, "lost", context),
  "slip-found": ({ slip }, context) =>
    withSlip(slip, context, (state, set) => {
      if (state.lost === undefined) {
        odd(context, `${refText(slip)} was found, and was not lost`);
        return;
      }
      state.lost = undefined;
      state.found = isNoLoss(slip, set, context.register) ? undefined : context.deed;
      reach(state, context.deed);
      // What was over because nothing of it was left is not over.
      if (set.stage === "destroyed")
        set.stage = set.abandoned === undefined ? "superseded" : "abandoned";
    }),
  "slip-compromised": ({ slip }, context) => mark(slip, "compromised", context),
  "slip-destroyed": ({ slip }, context) =>
    withSlip(slip, context, (state, set) => {
      state.destroyed = context.deed;
      state.sealed = undefined;
      endReach(state, context.deed);
      if (set.stage !== "superseded" && set.stage !== "abandoned" && set.stage !== "destroyed")
        odd(context, `${refText(slip)} was destroyed while its set was ${set.stage}`);
      settleDestroyed(set);
    }),

  "password-recovered": ({ set, slips, purpose }, context) =>
    withSet(set, context, (state) => {
      state.recoveries.push({ ...context.deed, slips, purpose });
      for (const number of slips) {
        const slip = state.slips[number - 1];
        if (slip !== undefined && !isOutrun(context, slip.sealed)) slip.used = context.deed;
      }
      if (purpose === "emergency") usedInEmergency(state, context);
      else noteUse(state, purpose, context);
    }),
  "setting-begun": ({ set, slips }, context) =>
    withSet(set, context, (state) => {
      if (state.stage !== "checked" && state.stage !== "setting")
        odd(context, `the password of set ${set} was about to be set though it was ${state.stage}`);
      const begun = { ...context.deed, slips };
      state.setters = state.stage === "setting" ? [...state.setters, begun] : [begun];
      // A set that was set later than another by mistake is held all the same.
      state.stage = "setting";
      state.begun = begun;
      state.failed = undefined;
      state.backedOut = undefined;
    }),
  "sign-in-confirmed": ({ set, slips }, context) =>
    withSet(set, context, (state) => {
      const use = { ...context.deed, slips };
      state.signedIn = latest(state.signedIn, use, context);
      state.failed = undefined;
      if (state.stage === "active") return;
      if (state.stage !== "setting")
        odd(context, `the sign-in with set ${set} held though it was ${state.stage}`);
      for (const other of setsOf(context.register, state.account)) {
        if (other === state || (other.stage !== "active" && other.stage !== "setting")) continue;
        other.stage = "superseded";
        other.superseded = context.deed;
        settleDestroyed(other);
      }
      state.stage = "active";
      state.confirmed = use;
    }),
  "sign-in-failed": ({ set }, context) =>
    withSet(set, context, (state) => (state.failed = context.deed)),
  "set-backed-out": ({ set }, context) =>
    withSet(set, context, (state) => {
      if (state.stage !== "setting") {
        odd(context, `set ${set} was backed out though it was ${state.stage}`);
        return;
      }
      state.stage = "checked";
      state.setters = [];
      state.backedOut = context.deed;
      state.failed = undefined;
    }),
  "set-abandoned": ({ set }, context) =>
    withSet(set, context, (state) => {
      if (!isPending(state)) {
        odd(context, `set ${set} was abandoned though it was ${state.stage}`);
        // What the tenant holds or may hold stays what it is, whatever was written.
        return;
      }
      state.stage = "abandoned";
      state.abandoned = context.deed;
      settleDestroyed(state);
    }),
  "set-compromised": ({ set }, context) =>
    withSet(set, context, (state) => {
      state.compromised = context.deed;
      if (inUse(state))
        addTrigger(context.register, context.deed, "compromised", `set ${set} was compromised`, {
          sets: [set],
        });
    }),

  "staff-changed": ({ change, accounts }, { register, deed }) =>
    addTrigger(register, deed, "staff", `staff changed (${change})`, {
      sets: setsInUse(register, deed.at, accounts),
    }),
  "subscriptions-changed": ({ change, accounts }, { register, deed }) =>
    addTrigger(register, deed, "subscriptions", `subscriptions changed (${change})`, {
      sets: setsInUse(register, deed.at, accounts),
    }),
  "trigger-assessed": ({ trigger, account, reason }, { register, deed }) => {
    const known = register.triggers.get(trigger);
    if (known === undefined) {
      odd({ register, deed }, `entry ${trigger} is no trigger`);
      return;
    }
    const accounts =
      account === undefined ? known.sets.map((set) => register.sets.get(set)?.account) : [account];
    for (const name of accounts)
      if (name !== undefined) known.assessed.set(name, { ...deed, reason });
    const { slip } = known;
    if (known.kind === "lost" && slip !== undefined)
      withSlip(slip, { register, deed }, (state, set) => {
        if (isNoLoss(slip, set, register)) state.found = undefined;
      });
  },
  "alert-seen": ({ account }, context) => {
    const known = accountOf(account, context);
    if (known !== undefined) known.alertSeen = latest(known.alertSeen, context.deed, context);
  },
  "drill-held": ({ type, accounts, result }, { register, deed }) =>
    void register.drills.push({ ...deed, type, result, ...(accounts && { accounts }) }),
  "process-reviewed": (_, context) =>
    void (context.register.reviewed = latest(context.register.reviewed, context.deed, context)),
  "people-trained": ({ people }, context) => {
    const { register, deed } = context;
    for (const person of people) {
      const known = register.custodians.get(person);
      if (known === undefined)
        odd({ register, deed }, `${person} was trained, and is not in the register`);
      else known.trained = latest(known.trained, deed, context);
    }
  },
  "exception-noted": ({ problem, remedy, account }, { register, deed }) =>
    void register.exceptions.set(deed.n, {
      ...{ ...deed, problem, remedy, account },
      closed: remedy === undefined ? undefined : deed,
    }),
  "exception-closed": ({ exception, remedy }, { register, deed }) => {
    const known = register.exceptions.get(exception);
    const clock = openClockNote(register);
    if (clock?.n === exception && (known === undefined || known.closed !== undefined)) {
      clock.closed = deed;
      return;
    }
    if (known === undefined) {
      odd({ register, deed }, `entry ${exception} is no exception`);
      return;
    }
    known.remedy = remedy;
    known.closed = deed;
  },
  "rule-overridden": ({ rule, reason, account, set }, { register, deed }) =>
    void register.overrides.push({
      ...{ ...deed, rule, reason },
      ...(account === undefined ? {} : { account }),
      ...(set === undefined ? {} : { set }),
    }),
};

function usedInEmergency(state: SetState, context: Context): void {
  const then = context.deed.at;
  if (isPending(state)) state.seen = context.deed;
  else if (state.stage !== "active" && state.stage !== "setting" && !wasActive(state, then))
    odd(context, `set ${state.set} was used in an emergency though it was ${state.stage}`);
  // A set that came after it is what it asks for.
  const active = setsOf(context.register, state.account).filter((other) => wasActive(other, then));
  addTrigger(context.register, context.deed, "emergency", "the password was used in an emergency", {
    sets: [...new Set([state, ...active].map((other) => other.set))],
  });
}

/** A password that was seen by others than those who set it and sign in with it first is used. */
function noteUse(
  state: SetState,
  purpose: "ceremony" | "drill",
  { register, deed }: Context,
): void {
  const everyUse = register.policy.mode === "rotate-after-use";
  const used = (what: string): void =>
    addTrigger(register, deed, "used", what, { sets: [state.set] });
  if (purpose === "drill") {
    if (everyUse && inUse(state)) used("a drill showed the password");
  } else if (state.stage === "active") {
    if (!isBackedOutTo(state, register))
      used("the password was shown, and no ceremony asked for it");
    else if (everyUse) used("a rotation that was backed out showed the password");
  }
}

function applyEvent(event: CustodyEvent, context: Context): void {
  // The table pairs each kind with its own event; a look-up by a union can't keep the pair.
  const change = APPLY[event.kind] as (event: CustodyEvent, context: Context) => void;
  change(event, context);
}

/** The later of two deeds: what was written down at once comes after all that is known. */
function latest<T extends Deed>(known: T | undefined, deed: T, { late }: Pick<Context, "late">): T {
  return late === true && known !== undefined && known.at > deed.at ? known : deed;
}

/** Whether what was written down late happened before something that is known, to the minute. */
function isOutrun({ late, deed }: Context, known: Deed | undefined): boolean {
  return late === true && known !== undefined && known.at.slice(0, 16) > deed.at.slice(0, 16);
}

function applyIssued(event: EventOf<"set-issued">, context: Context): void {
  const { register, deed } = context;
  if (register.sets.has(event.set)) {
    odd({ register, deed }, `set ${event.set} was issued twice`);
    return;
  }
  const account = accountOf(event.account, context);
  const pending = account?.sets.find((set) => isPending(set) || set.stage === "setting");
  if (pending !== undefined)
    odd(
      { register, deed },
      `set ${event.set} was issued while set ${pending.set} was ${pending.stage}`,
    );
  const { set, generation, scheme, blinded, threshold, replaceBy, strength } = event;
  const slips = event.slips.map(({ commitment, custodian, alternate, location }, i): SlipState => ({
    set,
    slip: i + 1,
    commitment,
    custodian,
    alternate,
    location,
    issuedTo: { custodian, alternate, location },
    moved: undefined,
    reached: [],
    printed: undefined,
    checked: undefined,
    sealed: undefined,
    opened: undefined,
    used: undefined,
    damaged: undefined,
    lost: undefined,
    found: undefined,
    compromised: undefined,
    destroyed: undefined,
  }));
  for (const slip of slips) reach(slip, deed);
  const state: SetState = {
    set,
    account: event.account,
    generation,
    scheme,
    blinded,
    threshold,
    issued: deed,
    replaceBy,
    stays: keepsPassword(register.policy),
    strength,
    alsoNeeded: event.alsoNeeded ?? [],
    slips,
    stage: "issued",
    begun: undefined,
    setters: [],
    recoveries: [],
    seen: undefined,
    confirmed: undefined,
    allSealed: undefined,
    signedIn: undefined,
    failed: undefined,
    backedOut: undefined,
    superseded: undefined,
    abandoned: undefined,
    compromised: undefined,
    files: undefined,
  };
  register.sets.set(set, state);
  account?.sets.push(state);
}

function accountOf(name: string, { register, deed }: Context): AccountState | undefined {
  const known = register.accounts.get(name);
  if (known === undefined) odd({ register, deed }, `account ${name} is not in the register`);
  return known;
}

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

function withSet(
  name: string,
  { register, deed }: Context,
  change?: (set: SetState) => void,
): SetState | undefined {
  const known = register.sets.get(name);
  if (known === undefined) odd({ register, deed }, `set ${name} is not in the register`);
  else change?.(known);
  return known;
}

function withSlip(
  ref: SlipRef,
  context: Context,
  change: (slip: SlipState, set: SetState) => void,
): void {
  const set = withSet(ref.set, context);
  if (set === undefined) return;
  const slip = set.slips[ref.slip - 1];
  if (slip === undefined) odd(context, `set ${ref.set} has no slip ${ref.slip}`);
  else change(slip, set);
}

function mark(ref: SlipRef, how: "damaged" | "lost" | "compromised", context: Context): void {
  withSlip(ref, context, (slip, set) => {
    slip[how] = context.deed;
    if (how === "lost") {
      slip.sealed = undefined;
      endReach(slip, context.deed);
      noteAllSealed(set);
    }
    settleDestroyed(set);
    if (inUse(set))
      addTrigger(context.register, context.deed, how, `slip ${refText(ref)} was ${how}`, {
        sets: [set.set],
        slip: ref,
      });
  });
}

/** Whether every loss of a slip was judged to be none: then nobody has seen it. */
function isNoLoss(slip: SlipRef, { account }: SetState, { triggers }: Register): boolean {
  const losses = [...triggers.values()].filter(
    (trigger) =>
      trigger.kind === "lost" &&
      trigger.slip !== undefined &&
      refText(trigger.slip) === refText(slip),
  );
  return losses.length > 0 && losses.every(({ assessed }) => assessed.has(account));
}

/** Notes who can fetch a slip from now on, and who no longer. */
function reach(slip: SlipState, deed: Deed): void {
  endReach(slip, deed);
  for (const person of holdersOf(slip)) {
    const { location } = slip;
    const known = slip.reached.find((one) => one.person === person && one.location === location);
    if (known === undefined) slip.reached.push({ person, location, ended: undefined });
    else known.ended = undefined;
  }
}

function endReach(slip: SlipState, deed: Deed): void {
  for (const one of slip.reached) one.ended ??= deed;
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

/** A set that is no longer wanted ends when the last slip of it is gone. */
function settleDestroyed(set: SetState): void {
  const ending = set.stage === "superseded" || set.stage === "abandoned";
  const gone = set.slips.some((slip) => !isLeft(slip));
  if (ending && gone && !set.slips.some(isOnPaper)) set.stage = "destroyed";
}

/** Notes which sealing was the last one, the first time that every slip left lies sealed. */
function noteAllSealed(set: SetState): void {
  const left = set.slips.filter(isLeft);
  if (set.allSealed !== undefined || !left.every(isSealed)) return;
  for (const { sealed } of left)
    if (sealed !== undefined && (set.allSealed === undefined || isLater(sealed, set.allSealed)))
      set.allSealed = sealed;
}

function isLater(one: Deed, other: Deed): boolean {
  return one.at > other.at || (one.at === other.at && one.n > other.n);
}

/** Notes since when there are too few accounts, by the names that a tenant tells apart. */
function countAccounts({ register, deed }: Context): void {
  const few = passwordAccounts(register) < register.policy.minimumAccounts;
  register.short = few ? (register.short ?? deed) : undefined;
}

function addTrigger(
  register: Register,
  deed: Deed,
  kind: TriggerKind,
  what: string,
  { sets, slip }: { readonly sets: readonly string[]; readonly slip?: SlipRef },
): void {
  register.triggers.set(deed.n, {
    ...{ ...deed, kind, what, slip, sets: [...new Set(sets)], assessed: new Map() },
  });
}

/** Issued and not yet about to be set. */
export function isPending({ stage }: SetState): boolean {
  return stage === "issued" || stage === "checked";
}

/** On its way to the tenant, or there. */
export function inUse(set: SetState): boolean {
  return isPending(set) || set.stage === "setting" || set.stage === "active";
}

/** Whether a slip is still somewhere, as far as anybody knows. */
export function isLeft({ destroyed, lost }: SlipState): boolean {
  return destroyed === undefined && lost === undefined;
}

/**
 * Whether a slip came out and is still somewhere: of a set whose issue broke off, some were never
 * made.
 */
export function isOnPaper(slip: SlipState): boolean {
  const { printed, checked, sealed, opened, damaged, compromised, found } = slip;
  const heardOf = printed ?? checked ?? sealed ?? opened ?? damaged ?? compromised ?? found;
  return isLeft(slip) && heardOf !== undefined;
}

/** Whether a slip can be counted on to recover. */
export function isUsable(slip: SlipState): boolean {
  return isLeft(slip) && slip.damaged === undefined;
}

/** Whether a slip lies sealed: not one from which a password was put together since. */
export function isSealed({ sealed, used }: SlipState): boolean {
  return sealed !== undefined && used === undefined;
}

/** Whether enough slips are left to recover the password. */
export function isRecoverable(set: SetState): boolean {
  return set.slips.filter(isUsable).length >= set.threshold;
}

/** The people who can fetch a slip: its custodian, and the alternate if there is one. */
export function holdersOf({
  custodian,
  alternate,
}: Pick<SlipState, "custodian" | "alternate">): string[] {
  return alternate === undefined || isSameName(custodian, alternate)
    ? [custodian]
    : [custodian, alternate];
}

/** An account's sets, in the order of the journal. */
export function setsOf(register: Register, account: string): readonly SetState[] {
  return register.accounts.get(account)?.sets ?? [];
}

/** The set whose password was proven to be the tenant's, unless another one is being set. */
export function activeSet(register: Register, account: string): SetState | undefined {
  return setsOf(register, account).findLast(({ stage }) => stage === "active");
}

/** The set of an account that is on its way: issued, checked or being set. */
export function pendingSet(register: Register, account: string): SetState | undefined {
  return setsOf(register, account).findLast((set) => isPending(set) || set.stage === "setting");
}

/** Whether a set is the one to go back to from another that is being set. */
export function isBackedOutTo({ stage, account }: SetState, register: Register): boolean {
  return stage === "active" && pendingSet(register, account)?.stage === "setting";
}

/** The sets that the tenant holds or may hold, in the order in which to try them. */
export function heldSets(register: Register, account: string): SetState[] {
  return setsOf(register, account)
    .filter(({ stage }) => stage === "setting" || stage === "active")
    .toSorted((a, b) => b.generation - a.generation);
}

/** Whether the password of a set was the tenant's at a moment. */
function wasActive({ confirmed, superseded }: SetState, then: string): boolean {
  return (
    confirmed !== undefined &&
    confirmed.at <= then &&
    (superseded === undefined || superseded.at > then)
  );
}

/** How many accounts have a password that is the way in; a tenant does not tell capitals from small letters. */
export function passwordAccounts({ accounts }: Register): number {
  const live = [...accounts.values()].filter(
    ({ secret, retired }) => secret === "password" && retired === undefined,
  );
  return new Set(live.map(({ account }) => nameKey(account))).size;
}

/** Sets in use that were issued by then. */
function setsInUse(register: Register, then: string, accounts?: readonly string[]): string[] {
  return [...register.accounts.values()]
    .filter(({ account }) => accounts?.includes(account) ?? true)
    .flatMap(({ sets }) => sets.filter((set) => inUse(set) && set.issued.at <= then))
    .map(({ set }) => set);
}

/** Every account's sets in use. */
function allInUse(register: Register): SetState[] {
  return [...register.accounts.values()].flatMap(({ sets }) => sets.filter(inUse));
}

/** Whether a trigger means that a part of a password may be in wrong hands. */
export function isLoss({ kind }: Trigger): boolean {
  return kind === "lost" || kind === "compromised";
}

/** Whether a trigger still asks for a set to be replaced. */
export function isOpen(trigger: Trigger, set: SetState): boolean {
  return trigger.sets.includes(set.set) && inUse(set) && !trigger.assessed.has(set.account);
}

/** The check word that goes with a commitment: its first 40 bits as `XXXX XXXX`. */
export function wordOf(commitment: string): string {
  const bytes = commitment.match(/../g)?.slice(0, 5) ?? [];
  const symbols = bytesToSymbols(Uint8Array.from(bytes, (hex) => parseInt(hex, 16)));
  return groupLine(symbolsToText(symbols));
}
