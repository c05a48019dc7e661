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

/** What a later version may have nested deeper is not for one line. */
const DEPTH_MAX = 4;

/** A value in words: a record in brackets, of several each with its number. */
function valueText(name: string, value: unknown, depth = 0): string {
  // Bits that are not there are not claimed.
  if (typeof value === "number" && value > 1) return String(Math.floor(value * 10) / 10);
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === DEPTH_MAX) return "...";
  if (Array.isArray(value))
    return value.some((item) => typeof item === "object")
      ? value.map((item, i) => `${i + 1} ${valueText("", item, depth + 1)}`).join(", ")
      : value.join(" ");
  const { set, slip } = value as { set?: unknown; slip?: unknown };
  if (name === "slip" && typeof set === "string" && typeof slip === "number")
    return refText({ set, slip });
  const parts = Object.entries(value).map(
    ([each, part]) => `${each} ${valueText(each, part, depth + 1)}`,
  );
  if (parts.length === 0) return name === "policy" ? "as usual" : "nothing";
  return `(${parts.join(", ")})`;
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
