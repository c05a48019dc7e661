import { BreakglassError } from "../../core/errors.ts";
import type { Scheme } from "../../core/scheme.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { isSameName } from "../../custody/names.ts";
import { keepsPassword } from "../../custody/policy.ts";
import type { ItemState, Register } from "../../custody/register.ts";
import type { IssueDefaults } from "./issue-plan.ts";

/**
 * What the register says of an account's next set where a flag does not: the set before, and the
 * policy.
 *
 * @throws BreakglassError `refused` if the account is not there: nothing else is asked for then
 */
export function issueDefaults(register: Register, account: string): IssueDefaults {
  const { accounts, custodians, locations, policy } = register;
  const stays = keepsPassword(policy);
  const known = accounts.get(account);
  if (known === undefined || known.retired !== undefined)
    throw new BreakglassError(
      "refused",
      "this account is not in the register, or was retired",
      `add it first: ${COMMANDS.addAccount()}`,
    );
  // One that was given up says at least who is to hold the slips.
  const before =
    known.sets.findLast(({ abandoned }) => abandoned === undefined) ?? known.sets.at(-1);
  const generations = known.sets.map(({ generation }) => generation);
  return {
    split:
      before === undefined
        ? "2of3"
        : splitText(before.scheme, before.threshold, before.slips.length),
    secret: known.secret,
    carries: known.secret,
    generation: Math.max(0, ...generations) + 1,
    rotationDays: stays ? policy.validationDays : policy.rotationDays,
    stays,
    pageSize: policy.pageSize,
    organisation: policy.organisation,
    holders: (before?.slips ?? []).map(({ custodian, alternate = "", location }) => ({
      ...{ custodian, alternate, location },
    })),
    known: { custodians: here(custodians), locations: here(locations) },
    alternateOf: (custodian) => custodians.get(custodian)?.alternate,
    alsoNeeded: alsoNeeded(register, account, before?.alsoNeeded ?? []),
  };
}

/**
 * What the sign-in needs besides: as the slips before said, and the account's items that came since; a kind of which
 * the last one is gone is no longer named.
 */
function alsoNeeded(register: Register, account: string, before: readonly string[]): string[] {
  const items = [...register.items.values()].filter((item) => item.account === account);
  const kept = items.filter(({ gone }) => gone === undefined);
  const needed = before.filter((kind) => isOfKind(kept, kind) || !isOfKind(items, kind));
  for (const { type } of kept)
    if (!needed.some((kind) => isSameName(kind, type))) needed.push(type);
  return needed;
}

function isOfKind(items: readonly ItemState[], kind: string): boolean {
  return items.some(({ type }) => isSameName(kind, type));
}

function here(all: ReadonlyMap<string, { readonly gone: unknown }>): string[] {
  return [...all].filter(([, { gone }]) => gone === undefined).map(([name]) => name);
}

function splitText(scheme: Scheme, threshold: number, total: number): string {
  return scheme === "concat" ? `concat:${total}` : `${threshold}of${total}`;
}
