import { flagError, type DeedOptions } from "../journal/deed.ts";
import { hasTerminal } from "../system/is-terminal.ts";

/**
 * Refuses what can be no name in a tenant, and stays in the register for ever once it is there.
 *
 * @throws BreakglassError `usage`
 */
export function refuseSlipOfTheFinger(flag: string, name: string): void {
  if (/\s/.test(name.trim())) throw flagError(flag, "has a blank in it");
  if (!/^[^@]+(@[^@]+)?$/.test(name.trim()))
    throw flagError(flag, "has nothing before or after its @, or more than one");
}

/** Whether a person is asked for what is missing, and so for what can be left out, too. */
export function isGuided(name: string | undefined, { by }: DeedOptions): boolean {
  return hasTerminal() && (name === undefined || by === undefined);
}
