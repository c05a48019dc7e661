import type { CustodyEvent, Kind } from "./events.ts";
import { spelledAs } from "./names.ts";
import type { Register } from "./register.ts";

/** Where the register has the names that a field of an event may hold. */
const KNOWN: Readonly<Partial<Record<string, "custodians" | "locations" | "accounts" | "items">>> =
  {
    ...{ actor: "custodians", witness: "custodians", people: "custodians" },
    ...{ custodian: "custodians", alternate: "custodians", location: "locations" },
    ...{ account: "accounts", accounts: "accounts", belongsTo: "accounts", item: "items" },
  };

/** The field in which an event brings a name of its own. */
const NEW: Readonly<Partial<Record<Kind, string>>> = {
  "account-added": "account",
  "custodian-added": "custodian",
  "location-added": "location",
  "item-added": "item",
};

/**
 * An event as it is written: without blanks around its texts, and with each name as the register
 * spells it. Two spellings of one person would be two people to everybody who reads the journal.
 */
export function asWritten<T extends CustodyEvent>(event: T, register: Register): T {
  const written = (field: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => written(field, item));
    if (typeof value !== "string") return value;
    const known = KNOWN[field];
    return known === undefined || NEW[event.kind] === field
      ? value.trim()
      : spelledAs(value.trim(), register[known].keys());
  };
  const fields = Object.entries(event).map(([field, value]) => [field, written(field, value)]);
  return Object.fromEntries(fields) as T;
}
