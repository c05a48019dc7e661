import { wrongField, type CustodyEvent } from "../../custody/events.ts";
import { flagError } from "./deed.ts";

/** Fields of events whose flag has another name. */
const OTHERS: Readonly<Record<string, string>> = {
  ...{ actor: "by", accounts: "account", belongsTo: "pinOf" },
  ...{ pageSize: "page", targetMinutes: "target" },
};

/** The option, as the parser of the command line calls it, that says a field of an event. */
export function optionOf(field: string): string {
  return OTHERS[field] ?? field;
}

/** How the command line calls a field of an event. */
export function flagOf(field: string): string {
  return `--${optionOf(field).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

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
