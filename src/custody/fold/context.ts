import type { EventOf, Kind, SlipRef } from "../events.ts";
import type { AccountState, Deed, Register, TriggerKind } from "../register.ts";

/** What an event is applied to, and what is written down of it. */
export interface Context {
  readonly register: Register;
  readonly deed: Deed;
  /** It was written down later than it happened, so something newer may be there already. */
  readonly late?: boolean;
}

/** Kinds of the register itself, of accounts, custodians, safes and other items. */
export type EntityKind = Extract<
  Kind,
  | `${"register" | "account" | "custodian" | "location" | "item"}-${string}`
  | "policy-changed"
  | "combination-changed"
>;

/** Kinds of sets and their slips. */
export type SetKind = Extract<
  Kind,
  `${"set" | "slip" | "setting" | "sign-in"}-${string}` | "password-recovered"
>;

/** What each kind of event changes. */
export type Appliers = { readonly [K in Kind]: (event: EventOf<K>, context: Context) => void };

/** Notes a contradiction. */
export function odd({ register, deed }: Context, what: string): void {
  register.contradictions.push({
    ...deed,
    what,
    clock: false,
    closed: undefined,
    remedy: undefined,
  });
}

/** The later of two deeds: what was written down at once comes after all that is known. */
export function latest<T extends Deed>(
  known: T | undefined,
  deed: T,
  { late }: Pick<Context, "late">,
): T {
  return late === true && known !== undefined && known.at > deed.at ? known : deed;
}

/** Whether what was written down late happened before something that is known, to the minute. */
export function isOutrun({ late, deed }: Context, known: Deed | undefined): boolean {
  return late === true && known !== undefined && known.at.slice(0, 16) > deed.at.slice(0, 16);
}

export function addTrigger(
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

export function accountOf(name: string, { register, deed }: Context): AccountState | undefined {
  const known = register.accounts.get(name);
  if (known === undefined) odd({ register, deed }, `account ${name} is not in the register`);
  return known;
}
