import { wrongField, type CustodyEvent } from "../../custody/events.ts";
import { flagError } from "./deed.ts";
import { flagOf } from "./event-flags.ts";

/**
 * Refuses what the journal would refuse, while its flag can still be named.
 *
 * @param call what stands on the command line for a field, where that is no flag
 * @throws BreakglassError `usage`
 */
export function refuseWrong(
  event: CustodyEvent,
  call: (field: string) => string | undefined,
): void {
  const found = wrongField(event);
  if (found !== undefined) throw flagError(call(found.name) ?? flagOf(found.name), found.wrong);
}
