import type { Entry } from "../../custody/events.ts";
import { oneLine } from "../system/output.ts";
import { refText } from "../../custody/slip-ref.ts";

/** The name of its kind, as it stands in the journal. */
export function nameOf(entry: Entry): string {
  return entry.kind === "later" ? entry.name : entry.kind;
}

/** The fields that every entry has, or that belong to the chain. */
const FRAME = new Set([
  "n",
  "at",
  "actor",
  "recorded",
  "witness",
  "note",
  "kind",
  "name",
  "prev",
  "hash",
  "fields",
]);

/** What an entry says besides when, who and what kind, as `name value` pairs. */
function detailsOf(entry: Entry): string {
  const fields = entry.kind === "later" ? entry.fields : entry;
  return Object.entries(fields)
    .filter(([name]) => !FRAME.has(name))
    .map(([name, value]) => `${name} ${valueText(name, value)}`)
    .join(", ");
}

function valueText(name: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (name === "slip") return refText(value as { set: string; slip: number });
  if (Array.isArray(value) && value.every((item) => typeof item !== "object"))
    return value.join(" ");
  return JSON.stringify(value);
}

/** An entry as a line to read. */
export function asText(entry: Entry): string {
  const { n, at, actor, recorded, witness, note } = entry;
  const parts = [
    `${String(n).padStart(5)}  ${at}  ${nameOf(entry)}`,
    detailsOf(entry),
    `by ${actor}${witness === undefined ? "" : `, witness ${witness}`}`,
    ...(recorded === undefined ? [] : [`written down ${recorded}`]),
    ...(note === undefined ? [] : [`note: ${note}`]),
  ];
  return oneLine(parts.filter((part) => part !== "").join("; "));
}

/** The journal as a table, for `--csv` and for evidence. */
export const CSV_HEADER = [
  ...["entry", "at", "recorded", "kind", "details", "actor", "witness", "note"],
] as const;

/** An entry as a row of it. */
export function csvRow(entry: Entry): string[] {
  return [
    ...[String(entry.n), entry.at, entry.recorded ?? "", nameOf(entry)],
    ...[detailsOf(entry), entry.actor, entry.witness ?? "", entry.note ?? ""],
  ];
}
