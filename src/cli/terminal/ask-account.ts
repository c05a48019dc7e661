import { BreakglassError } from "../../core/errors.ts";
import type { Register } from "../../custody/register.ts";
import { askFor } from "./questions.ts";

/** The account that was named, or that the person chooses from the register. */
export async function askAccount(
  { accounts }: Register,
  given: string | undefined,
): Promise<string> {
  const known = [...accounts.values()]
    .filter(({ retired }) => retired === undefined)
    .map(({ account }) => account);
  const usual = known.length === 1 ? known[0] : undefined;
  return askFor("ACCOUNT", "Account", given, { known, usual });
}

/**
 * Refuses an account that the register does not know; one that was retired has a past to tell.
 *
 * @throws BreakglassError `usage`
 */
export function needAccount({ accounts }: Register, account: string): void {
  if (!accounts.has(account))
    throw new BreakglassError(
      "usage",
      "this account is not in the register",
      "see breakglass account list",
    );
}
