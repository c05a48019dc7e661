import type { Entry } from "./events.ts";
import { pendingSet, setsOf, type Register } from "./register.ts";

/**
 * The number of the entry that an account's latest ceremony begins with: since the one before was
 * over, the first that issued a set, or the rule that was overridden for it, or the emergency that
 * called for a new password. A day would cut a ceremony in two that goes on past midnight UTC.
 *
 * @param about the entries that are about the account
 * @returns undefined if nothing was issued yet
 */
export function ceremonyBegin(
  about: readonly Entry[],
  register: Register,
  account: string,
): number | undefined {
  const sets = setsOf(register, account);
  const newest = pendingSet(register, account) ?? sets.at(-1);
  if (newest === undefined) return undefined;
  const before = sets.flatMap(({ confirmed }) =>
    confirmed !== undefined && confirmed.n < newest.issued.n ? confirmed.n : 0,
  );
  const over = Math.max(0, ...before);
  let first = about.findIndex((entry) => entry.n > over && beginsCeremony(entry));
  while (about[first - 1]?.kind === "rule-overridden") first--;
  return about[first]?.n;
}

/** A set that was abandoned belongs to the ceremony of the one that was issued in its place. */
function beginsCeremony(entry: Entry): boolean {
  return (
    entry.kind === "set-issued" ||
    (entry.kind === "password-recovered" && entry.purpose === "emergency")
  );
}
