import { activeSet, isRecoverable, type Deed, type Register, type SetState } from "../register.ts";

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
export function restoredAgain(
  { account, setters }: SetState,
  register: Register,
): Deed | undefined {
  return activeSet(register, account)?.recoveries.findLast(({ n }) => n > (setters[0]?.n ?? 0));
}
