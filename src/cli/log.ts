import { BreakglassError } from "../core/errors.ts";
import { refText, type Entry } from "../custody/events.ts";
import { anchor, judgeAnchor, parseAnchor } from "../custody/journal.ts";
import type { Register } from "../custody/register.ts";
import { openRegister, type OpenRegister } from "./journal-file.ts";
import { registerFolder } from "./register-folder.ts";
import { answer, oneLine, say } from "./output.ts";

export interface LogOptions {
  readonly register?: string;
  readonly verify?: boolean;
  readonly anchor?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly kind?: string;
  readonly account?: string;
  readonly set?: string;
  readonly since?: string;
  readonly until?: string;
  readonly entry?: string;
}

/** `breakglass log`: reads the journal, or verifies it. */
export function log(options: LogOptions): void {
  const state = openRegister(registerFolder(options.register));
  for (const note of state.notes) say(`note: ${note}`);
  if (options.verify === true || options.anchor !== undefined) {
    verify(state, options.anchor);
    return;
  }
  const entries = state.journal.entries.filter((entry) => isWanted(entry, options, state));
  if (options.json === true) answer(`${JSON.stringify(entries, null, 2)}\n`);
  else if (options.csv === true) answer(asCsv(entries));
  else for (const entry of entries) answer(`${asText(entry)}\n`);
}

/** Opening it has verified the chain; an anchor from paper says whether it is the same chain. */
function verify({ journal }: OpenRegister, typed: string | undefined): void {
  const head = `the chain of ${journal.head.n} entries holds`;
  if (typed === undefined) {
    answer(`${head}\nanchor ${anchor(journal.head)}\n`);
    return;
  }
  const paper = parseAnchor(typed);
  const { verdict, unprotected } = judgeAnchor(journal, paper);
  if (verdict === "older copy")
    throw new BreakglassError(
      "register",
      `this register ends at entry ${journal.head.n}, and the paper knows entry ${paper.n}: it is an older copy`,
      "find the newer copy; do not write into this one",
    );
  if (verdict === "rewritten")
    throw new BreakglassError(
      "register",
      `entry ${paper.n} of this register is not the one that the paper knows: it was rewritten`,
      "keep this file and the paper as evidence, and compare with other copies",
    );
  answer(`${head}, and agrees with the paper up to entry ${paper.n}\n`);
  if (unprotected > 0)
    answer(
      `${unprotected} later ${unprotected === 1 ? "entry is" : "entries are"} on no paper that was compared\n`,
    );
}

function isWanted(entry: Entry, options: LogOptions, { register }: OpenRegister): boolean {
  const { kind, since, until } = options;
  if (options.entry !== undefined && entry.n !== Number(options.entry)) return false;
  if (kind !== undefined && nameOf(entry) !== kind) return false;
  if (since !== undefined && entry.at < since) return false;
  if (until !== undefined && entry.at.slice(0, until.length) > until) return false;
  return isAbout(entry, options, register);
}

/** Events that are about some accounts, or about all where none is named. */
const WIDE: ReadonlySet<string> = new Set(["drill-held", "staff-changed", "subscriptions-changed"]);

/** Whether an entry is about an account, or a set; about any, where none is named. */
export function isAbout(
  entry: Entry,
  { account, set }: { readonly account?: string; readonly set?: string },
  register: Register,
): boolean {
  const about = subjectOf(entry);
  if (account !== undefined && set === undefined && WIDE.has(entry.kind)) {
    const { accounts } = entry as { accounts?: readonly string[] };
    return accounts?.includes(account) ?? true;
  }
  if (set !== undefined && about.set !== set.toUpperCase()) return false;
  const owner = about.account ?? (about.set && register.sets.get(about.set)?.account);
  return account === undefined || owner === account;
}

function nameOf(entry: Entry): string {
  return entry.kind === "later" ? entry.name : entry.kind;
}

function subjectOf(entry: Entry): { set?: string; account?: string } {
  const { set, slip, account } = entry as {
    set?: string;
    slip?: { set: string };
    account?: string;
  };
  const name = set ?? slip?.set;
  return {
    ...(name === undefined ? {} : { set: name }),
    ...(account === undefined ? {} : { account }),
  };
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

function asText(entry: Entry): string {
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

function asCsv(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => [
    ...[String(entry.n), entry.at, entry.recorded ?? "", nameOf(entry)],
    ...[detailsOf(entry), entry.actor, entry.witness ?? "", entry.note ?? ""],
  ]);
  const header = ["entry", "at", "recorded", "kind", "details", "actor", "witness", "note"];
  return [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** A cell as RFC 4180 quotes it; what a spreadsheet would take for a formula is kept from it. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
