import { closeSync, constants, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BreakglassError } from "../../core/errors.ts";
import { evidenceOf, type Evidence, type Period } from "../../custody/evidence.ts";
import { exposures } from "../../custody/exposure.ts";
import { readJournal, type Journal } from "../../custody/journal.ts";
import type { Register } from "../../custody/register.ts";
import { accountLines } from "../../custody/schedule/account-lines.ts";
import { DAY, isoDate, isoTime } from "../../custody/times.ts";
import { compareAnchor } from "../journal/compare-anchor.ts";
import { openJournal } from "../journal/journal-bytes.ts";
import { openRegister } from "../journal/journal-file.ts";
import { JOURNAL, registerFolder } from "../journal/register-folder.ts";
import { writeNewFiles, type NewFile } from "../printing/slip-files.ts";
import { requireEmpty } from "../system/folders.ts";
import { hash } from "../system/hash.ts";
import { parseDate } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import { evidenceTables } from "./evidence-tables.ts";
import { chainText, readmeText, summaryText, type Proof } from "./evidence-text.ts";
import { exposureText } from "./exposure.ts";
import { statusJson, statusText, type Report } from "./status.ts";

export interface EvidenceOptions {
  readonly register?: string;
  readonly since?: string;
  readonly until?: string;
  /** From papers. */
  readonly anchor?: readonly string[];
}

const VERIFIER = fileURLToPath(new URL("../docs/verify_journal.py", import.meta.url));
const SUMS = "SHA256SUMS";

/** A file, and what is said of it in the list of files. */
type Described = readonly [name: string, about: string, content: string | Uint8Array];

/**
 * `breakglass evidence`: writes what the register says of a period into a new folder, for an
 * auditor. It writes nothing into the register: whoever reads changes nothing.
 */
export function evidence(out: string, options: EvidenceOptions, now: Date): void {
  const period = periodOf(options, now);
  requireEmpty(out, "evidence");
  const folder = registerFolder(options.register);
  const { notes, register } = openRegister(folder);
  for (const note of notes) say(`note: ${note}`);
  const { bytes, journal } = copyJournal(folder);
  const proof: Proof = {
    ...{ head: journal.head, notes, made: isoTime(now) },
    compared: (options.anchor ?? []).map((typed) => compareAnchor(journal, typed)),
  };
  const found = evidenceOf(journal.entries, period, now);
  refuseUnknownPeriod(found, register);
  const files = filesOf(found, proof, bytes);
  writeNewFiles(out, files);
  answer(files.map(({ name }) => `${oneLine(`${out}/${name}`)}\n`).join(""));
  say(`evidence of ${period.since} to ${period.until}; begin with README.txt`);
  if (proof.compared.length === 0)
    say("no paper was compared: add --anchor with what is printed on slips or minutes");
}

/** Twelve months up to today, unless told otherwise. */
export function periodOf({ since, until }: EvidenceOptions, now: Date): Period {
  const end = until === undefined ? isoDate(now) : isoDate(parseDate("--until", until));
  const [year, rest] = [Number(end.slice(0, 4)) - 1, end.slice(4)];
  // The day after the same day of the year before; 29 February counts as 1 March.
  const before = `${String(year).padStart(4, "0")}${rest === "-02-29" ? "-02-28" : rest}`;
  const dayAfter = new Date(Date.parse(before) + DAY);
  const start = since === undefined ? isoDate(dayAfter) : isoDate(parseDate("--since", since));
  if (start > end)
    throw new BreakglassError("usage", "the period ends before it begins", "exchange the two days");
  if (start > isoDate(now))
    throw new BreakglassError("usage", "the period has not begun yet", "give an earlier --since");
  return { since: start, until: end };
}

/** A folder that shows nothing would look as if nothing had happened. */
function refuseUnknownPeriod({ period, entries }: Evidence, { opened }: Register): void {
  const since = opened?.at.slice(0, 10);
  if (since !== undefined && period.until < since && entries.length === 0)
    throw new BreakglassError(
      "usage",
      `the register was opened on ${since}, and knows nothing of ${period.since} to ${period.until}`,
      `take a later period: --since ${since}`,
    );
}

/** The bytes of the journal's entries, and what they say: all of it from one reading. */
function copyJournal(folder: string): { readonly bytes: Uint8Array; readonly journal: Journal } {
  const handle = openJournal(folder, constants.O_RDONLY);
  try {
    const bytes = readFileSync(handle);
    const journal = readJournal(bytes, hash);
    // What is torn is no entry; it was told, and stays in the register.
    return { bytes: bytes.subarray(0, bytes.length - (journal.torn?.bytes.length ?? 0)), journal };
  } finally {
    closeSync(handle);
  }
}

function filesOf(found: Evidence, proof: Proof, journal: Uint8Array): NewFile[] {
  const { register, findings, asOf, headThen } = found;
  const report: Report = {
    state: { folder: JOURNAL, register, journal: { head: headThen }, notes: proof.notes },
    accounts: accountLines(register, new Date(asOf)),
    findings,
  };
  const exposed = exposures(register);
  const described: Described[] = [
    ["summary.txt", "the period on one page", summaryText(found, proof)],
    [
      "chain.txt",
      "the journal's anchor, and the papers it was compared with",
      chainText(found, proof),
    ],
    ["status.txt", "each account at the end, and what was due", statusText(report)],
    ["status.json", "the same for a program", json(statusJson(report))],
    ...evidenceTables(found).map(({ name, about, text }): Described => [name, about, text]),
    [
      "exposure.txt",
      "what the loss or theft of a safe, a site or a person's slips would have meant at the end",
      exposed.length === 0
        ? "no account has a set that the tenant may hold\n"
        : exposed.map(exposureText).join(""),
    ],
    ["evidence.json", "all of these tables for a program", json(asJson(found))],
    [JOURNAL, "the whole journal, byte for byte: what all other files are made from", journal],
    [
      "verify_journal.py",
      "verifies the journal with Python's standard library alone",
      readFileSync(VERIFIER),
    ],
  ];
  const readme = readmeText(
    [
      ["README.txt", "this file"],
      ...described.map(([name, about]) => [name, about] as const),
      [SUMS, "the SHA-256 of every other file"],
    ],
    found,
    proof,
  );
  const files = [["README.txt", "", readme] as const, ...described].map(([name, , content]) => ({
    name,
    bytes: typeof content === "string" ? Buffer.from(content) : content,
  }));
  const sums = files.map(({ name, bytes }) => `${hash(bytes)}  ${name}\n`).join("");
  return [...files, { name: SUMS, bytes: Buffer.from(sums) }];
}

/** Without the register itself, which the journal says all of. */
function asJson(found: Evidence): object {
  return { ...found, register: undefined };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
