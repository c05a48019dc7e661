import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { spelledAs } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { askFor } from "./questions.ts";

/**
 * The account that was named, or that the person chooses from the register.
 *
 * @param back whether the question before can be gone back to
 * @throws BreakglassError `refused` if there is none to choose from
 */
export async function askAccount(
  { accounts }: Register,
  given: string | undefined,
  back = false,
): Promise<string> {
  const known = [...accounts.values()]
    .filter(({ retired }) => retired === undefined)
    .map(({ account }) => account);
  if (given === undefined && known.length === 0 && hasTerminal())
    throw new BreakglassError(
      "refused",
      "the register has no account yet",
      `add one first: ${COMMANDS.addAccount()}`,
    );
  const usual = known.length === 1 ? known[0] : undefined;
  const named = await askFor("ACCOUNT", "Account", given, { known, usual, back, closed: true });
  return spelledAs(named, accounts.keys());
}

/**
 * An account as the register spells it; one that was retired has a past to tell.
 *
 * @throws BreakglassError `usage`
 */
export function needAccount({ accounts }: Register, given: string): string {
  const account = spelledAs(given, accounts.keys());
  if (accounts.has(account)) return account;
  throw new BreakglassError(
    "usage",
    "this account is not in the register",
    "see breakglass account list",
  );
}
