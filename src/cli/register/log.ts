import { BreakglassError } from "../../core/errors.ts";
import { ALL_KINDS, type Entry } from "../../custody/events.ts";
import { anchor } from "../../custody/journal.ts";
import type { Register } from "../../custody/register.ts";
import { isoDate } from "../../custody/times.ts";
import { compareAnchor } from "../journal/compare-anchor.ts";
import { given } from "../journal/deed.ts";
import { CSV_HEADER, asText, csvRow, nameOf } from "../journal/entry-text.ts";
import { openRegister, type OpenRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { parseDate, parseEntry, parseSetName } from "../system/options.ts";
import { answer, answerInRows, say } from "../system/output.ts";
import { needAccount } from "../terminal/ask-account.ts";

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
export async function log(options: LogOptions): Promise<void> {
  refuseTwoAnswers(options);
  const state = openRegister(registerFolder(options.register));
  const filter = filterOf(options, state.register);
  for (const note of state.notes) say(`note: ${note}`);
  if (options.verify === true || options.anchor !== undefined) {
    verify(state, options.anchor);
    return;
  }
  refuseUnknown(filter, state);
  const entries = state.journal.entries.filter((entry) => isWanted(entry, filter, state));
  if (options.json === true) answer(`${JSON.stringify(entries, null, 2)}\n`);
  else if (options.csv === true) {
    const { csv } = await import("../system/csv.ts");
    answer(csv(CSV_HEADER, entries.map(csvRow)));
  } else for (const entry of entries) answerInRows(`${asText(entry)}\n`);
}

/** One answer, in one form: what was asked for besides would be left out without a word. */
function refuseTwoAnswers({ verify, anchor, json, csv }: LogOptions): void {
  const verifies = verify === true ? "--verify" : anchor === undefined ? undefined : "--anchor";
  const flags = [verifies, json && "--json", csv && "--csv"].filter(
    (flag) => typeof flag === "string",
  );
  if (flags.length > 1)
    throw new BreakglassError(
      "usage",
      `${flags[0]!} and ${flags[1]!} are two answers`,
      "give one of them",
    );
}

/** Opening it has verified the chain; an anchor from paper says whether it is the same chain. */
function verify({ journal }: OpenRegister, typed: string | undefined): void {
  const head = `the chain of ${journal.head.n} entries holds`;
  if (typed === undefined) {
    answer(`${head}\nanchor ${anchor(journal.head)}\n`);
    say(
      "no paper was compared, and a history that was rewritten whole would hold as well: add --anchor with what is printed on slips or minutes",
    );
    return;
  }
  const { paper, unprotected } = compareAnchor(journal, typed);
  answer(`${head}, and agrees with the paper up to entry ${paper.n}\n`);
  if (unprotected > 0)
    answer(
      `${unprotected} later ${unprotected === 1 ? "entry is" : "entries are"} on no paper that was compared\n`,
    );
}

/** Which entries are wanted: what is undefined does not matter. */
interface Filter {
  readonly kind?: string;
  readonly account?: string;
  readonly set?: string;
  readonly entry?: number;
  /** Days, both included. */
  readonly since?: string;
  readonly until?: string;
}

function filterOf(
  { kind, account, set, entry, since, until }: LogOptions,
  register: Register,
): Filter {
  return given({
    kind,
    account: account === undefined ? undefined : needAccount(register, account),
    set: set === undefined ? undefined : parseSetName(set),
    entry: entry === undefined ? undefined : parseEntry(entry),
    since: since === undefined ? undefined : isoDate(parseDate("--since", since)),
    until: until === undefined ? undefined : isoDate(parseDate("--until", until)),
  });
}

/** No answer means that nothing happened: a name that is mistyped must not look like that. */
function refuseUnknown(filter: Filter, { journal, register }: OpenRegister): void {
  const { kind, set, entry } = filter;
  const kinds: readonly string[] = ALL_KINDS;
  if (
    kind !== undefined &&
    !kinds.includes(kind) &&
    !journal.entries.some((entry) => nameOf(entry) === kind)
  )
    throw new BreakglassError(
      "usage",
      "--kind names no kind of entry",
      "use the third word of a line of breakglass log, such as slip-sealed",
    );
  if (set !== undefined && !register.sets.has(set))
    throw new BreakglassError("usage", `set ${set} is not in this register`, "see breakglass log");
  if (entry !== undefined && entry > journal.head.n)
    throw new BreakglassError(
      "usage",
      `there is no entry ${entry}`,
      `the last entry of this register is ${journal.head.n}`,
    );
}

function isWanted(entry: Entry, filter: Filter, { register }: OpenRegister): boolean {
  const { kind, since, until } = filter;
  const day = entry.at.slice(0, 10);
  if (filter.entry !== undefined && entry.n !== filter.entry) return false;
  if (kind !== undefined && nameOf(entry) !== kind) return false;
  if (since !== undefined && day < since) return false;
  if (until !== undefined && day > until) return false;
  return isAbout(entry, filter, register);
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
  if (set !== undefined && about.set !== set) return false;
  const owner = about.account ?? (about.set && register.sets.get(about.set)?.account);
  return account === undefined || owner === account;
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
