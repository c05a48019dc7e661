import { hexToBytes } from "@noble/hashes/utils.js";
import { commitmentWord } from "../core/check-word.ts";
import type { Scheme } from "../core/scheme.ts";
import type { EventOf, SlipRef } from "./events.ts";
import { isSameName, nameKey } from "./names.ts";
import { DEFAULT_POLICY, type Policy } from "./policy.ts";

/** How far a set has come (lifecycle/permits.ts says which step may follow which). */
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
  /** The serials of the bags that it was taken out of. */
  readonly openedBags: string[];
  opened: Deed | undefined;
  /** A password was put together from it since it was sealed. */
  used: Deed | undefined;
  damaged: Deed | undefined;
  lost: Deed | undefined;
  /** It was lost for a time: somebody may have seen it, unless that was judged to be no loss. */
  found: Deed | undefined;
  /** The latest time that it was there again after a loss, whatever the loss was judged to be. */
  turnedUp: Deed | undefined;
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
  /** An emergency showed its password before it was about to be set, or once it was abandoned; over when setting it was backed out. */
  seen: Deed | undefined;
  /** What first showed since that nobody had set it, or made that nothing to ask: a sign-in with another set, or the end of its account. */
  cleared: Deed | undefined;
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
export interface LocationState {
  readonly location: string;
  site: string;
  readonly added: Deed;
  gone: Deed | undefined;
  combinationChanged: Deed | undefined;
  /** Somebody left who could fetch a slip there, and the combination is still the same. */
  combinationKnownTo: (Deed & { readonly who: string }) | undefined;
}

/** A thing that the sign-in needs beside the password. */
export interface ItemState {
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

export type TriggerKind =
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
  /** A clock was wrong, which is to be set. */
  readonly clock: boolean;
  /** It was looked into, as an exception is, and settled so. */
  closed: Deed | undefined;
  remedy: string | undefined;
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

/** Whether a deed came after another; of the same second, the entries say it. */
export function isLater(one: Deed, other: Deed): boolean {
  return one.at > other.at || (one.at === other.at && one.n > other.n);
}

/** The note that a clock was wrong, until somebody has set it and says so. */
export function openClockNote({ contradictions }: Register): Contradiction | undefined {
  return contradictions.find(({ clock, closed }) => clock && closed === undefined);
}

/** What an entry says that can't be, until somebody says what became of it. */
export function openContradictions({ contradictions }: Register, entry: number): Contradiction[] {
  return contradictions.filter(({ n, closed }) => n === entry && closed === undefined);
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

/** How a slip came to lie open, and since when, if it ever lay sealed or was lost. */
export interface LiesOpen {
  readonly how: "never sealed" | "opened" | "found again";
  readonly since: Deed | undefined;
}

/** Why a slip lies open; undefined if it lies sealed. */
export function liesOpen(slip: SlipState): LiesOpen | undefined {
  if (isSealed(slip)) return undefined;
  // What was before it was sealed the last time is over; opened since, it is no longer sealed.
  const [opened, turnedUp] =
    slip.sealed === undefined ? [slip.opened, slip.turnedUp] : [slip.used, undefined];
  if (turnedUp !== undefined && (opened === undefined || opened.at < turnedUp.at))
    return { how: "found again", since: turnedUp };
  return { how: opened === undefined ? "never sealed" : "opened", since: opened };
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

/**
 * Whether a set is the one to go back to: from another that is being set, or from one whose password an emergency
 * showed before, once a sign-in with this one has failed since.
 */
export function isBackedOutTo({ stage, account, failed }: SetState, register: Register): boolean {
  const pending = pendingSet(register, account);
  if (stage !== "active" || pending === undefined) return false;
  const { seen } = pending;
  const hasFailed = seen !== undefined && failed !== undefined && isLater(failed, seen);
  return pending.stage === "setting" || hasFailed;
}

/**
 * Whether somebody may have set the password of a set that no ceremony set: an emergency showed it, and no sign-in
 * with the active set has held since.
 */
export function isPerhapsSet(set: SetState, register: Register): boolean {
  const { seen, account, stage } = set;
  if (seen === undefined || !(isPending(set) || stage === "abandoned")) return false;
  const known = register.accounts.get(account);
  // With its account it has ended.
  if (known === undefined || known.retired !== undefined || known.added.n > seen.n) return false;
  const signedIn = activeSet(register, account)?.signedIn;
  return signedIn === undefined || !isLater(signedIn, seen);
}

/** The sets that the tenant holds or may hold, in the order in which to try them. */
export function heldSets(register: Register, account: string): SetState[] {
  return setsOf(register, account)
    .filter(({ stage }) => stage === "setting" || stage === "active")
    .toSorted((a, b) => b.generation - a.generation);
}

/** Whether the password of a set was the tenant's at a moment. */
export function wasActive({ confirmed, superseded }: SetState, then: string): boolean {
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
export function setsInUse(
  register: Register,
  then: string,
  accounts?: readonly string[],
): string[] {
  return [...register.accounts.values()]
    .filter(({ account }) => accounts?.includes(account) ?? true)
    .flatMap(({ sets }) => sets.filter((set) => inUse(set) && set.issued.at <= then))
    .map(({ set }) => set);
}

/** Every account's sets in use. */
export function allInUse(register: Register): SetState[] {
  return [...register.accounts.values()].flatMap(({ sets }) => sets.filter(inUse));
}

/** Whether a trigger means that a part of a password may be in wrong hands. */
export function isLoss({ kind }: Trigger): boolean {
  return kind === "lost" || kind === "compromised";
}

/** After what only two people may judge that the password stays, in words; undefined where one may. */
export function graveCause(trigger: Trigger): "a loss" | "an emergency" | undefined {
  if (isLoss(trigger)) return "a loss";
  return trigger.kind === "emergency" ? "an emergency" : undefined;
}

/** Whether a trigger still asks for a set to be replaced. */
export function isOpen(trigger: Trigger, set: SetState): boolean {
  return trigger.sets.includes(set.set) && inUse(set) && !trigger.assessed.has(set.account);
}

/** The check word that goes with a commitment in hex. */
export function wordOf(commitment: string): string {
  return commitmentWord(hexToBytes(commitment));
}
