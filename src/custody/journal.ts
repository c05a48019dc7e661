import { utf8ToBytes } from "@noble/hashes/utils.js";
import { BreakglassError } from "../core/errors.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { checkEntry, checkEvent, uncheckedEntry, type CustodyEvent, type Entry } from "./events.ts";

/** SHA-256 as 64 lower-case hex digits: a runtime's own is many times faster than a portable one. */
export type Hash = (bytes: Uint8Array) => string;

/** Bytes as text, or undefined if they are not well-formed UTF-8. */
export type Decode = (bytes: Uint8Array) => string | undefined;

/** Where a journal ends: the number and the hash of its last entry. */
export interface Head {
  readonly n: number;
  readonly hash: string;
}

/** The head of a journal with no entry in it. */
export const EMPTY_HEAD: Head = { n: 0, hash: "0".repeat(64) };

/** Bytes after the last line end: what is left of an entry that was being written. */
export interface Torn {
  readonly bytes: Uint8Array;
  /** Whether only the line end is missing: with it, this would be the next entry. */
  readonly whole: boolean;
}

/** A journal whose every entry was verified. */
export interface Journal {
  readonly entries: readonly Entry[];
  readonly head: Head;
  readonly torn?: Torn;
}

/** Longest line, in bytes, its end left out. */
const LINE_MAX = 100_000;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** What follows on the hashed part of a line: this, 64 digits, and `"}`. */
const SEAL = ',"hash":"';
const SEAL_LENGTH = SEAL.length + 64 + 2;

/**
 * The line that an event makes after `head`.
 *
 * @returns the line with its end, to be appended in one write, and the new head
 * @throws BreakglassError `usage` if the event can't be written (see {@link checkEvent}), or its
 *   line would be longer than {@link LINE_MAX}
 */
export function appendEntry(
  head: Head,
  event: CustodyEvent,
  hash: Hash,
): { readonly line: string; readonly head: Head } {
  checkEvent(event);
  const n = head.n + 1;
  const record = JSON.stringify({ n, ...event, prev: head.hash });
  const hashed = record.slice(0, -1);
  const bytes = utf8ToBytes(hashed);
  if (bytes.length + SEAL_LENGTH > LINE_MAX)
    throw new BreakglassError("usage", "the entry is too long for the journal", "use fewer words");
  const own = hash(bytes);
  return { line: `${hashed},"hash":"${own}"}\n`, head: { n, hash: own } };
}

function damaged(n: number, problem: string, hint?: string): BreakglassError {
  return new BreakglassError(
    "register",
    `line ${n} of the journal is damaged: ${problem}`,
    hint ?? "leave the file as it is, and put another copy of the register beside it to compare",
  );
}

/**
 * Reads the line that should follow on `head`, or says what is wrong with it.
 *
 * @param bytes in which it lies, from `from` to before `end`
 * @param text the line as text; undefined if it is not UTF-8
 * @param hash undefined if that its hash holds is found out elsewhere
 */
function readLine(
  bytes: Uint8Array,
  from: number,
  end: number,
  text: string | undefined,
  head: Head,
  hash: Hash | undefined,
): { readonly entry: Entry } | { readonly problem: string; readonly hint?: string } {
  if (end - from > LINE_MAX) return { problem: "it is too long" };
  if (end > from && bytes[end - 1] === RETURN)
    return {
      problem: "it has a line end of another system",
      hint: "something changed the file's line ends: take a copy that was not converted",
    };
  if (text === undefined) return { problem: "it is not UTF-8" };
  // The end of a sound line is ASCII, so that its last 75 bytes are its last 75 characters.
  if (!text.startsWith(SEAL, text.length - SEAL_LENGTH) || !text.endsWith('"}'))
    return { problem: "it does not end with its hash" };
  const own = text.slice(-66, -2);
  if (hash !== undefined && hash(bytes.subarray(from, end - SEAL_LENGTH)) !== own)
    return { problem: "its hash does not hold" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { problem: "it is no JSON" };
  }
  const checked = checkEntry(parsed);
  if ("problem" in checked) return { problem: `the entry ${checked.problem}` };
  const { entry } = checked;
  if (entry.hash !== own || entry.prev !== head.hash)
    return { problem: "it does not follow on the line before" };
  if (entry.n !== head.n + 1) return { problem: `its number should be ${head.n + 1}` };
  return { entry };
}

/** So many bytes, up to the end of a line, are decoded at a time. */
const BLOCK = 1024 * 1024;

/**
 * Hands out one line after the other: where it lies, and as text, which is undefined if it is not UTF-8.
 *
 * @returns where the bytes after the last line end begin
 */
function eachLine(
  bytes: Uint8Array,
  take: (text: string | undefined, from: number, end: number) => void,
  decode: Decode = decodeUtf8,
): number {
  let start = 0;
  for (;;) {
    let next = bytes.lastIndexOf(NEWLINE, start + BLOCK) + 1;
    if (next <= start) next = bytes.indexOf(NEWLINE, start) + 1;
    if (next <= start) return start;
    // To cut a text is far faster than to decode line by line; where all is ASCII, the places agree.
    const block = decode(bytes.subarray(start, next));
    if (block?.length === next - start)
      for (let from = 0, end; (end = block.indexOf("\n", from)) >= 0; from = end + 1)
        take(block.slice(from, end), start + from, start + end);
    else
      for (let from = start, end; from < next; from = end + 1) {
        end = bytes.indexOf(NEWLINE, from);
        take(decodeUtf8(bytes.subarray(from, end)), from, end);
      }
    start = next;
  }
}

/**
 * Reads and verifies a journal, and hands out one entry after the other, so that those of a long one
 * need not be held in memory.
 *
 * @param bytes the whole file, or what of it follows on `after`
 * @param each is called with every entry that was verified, up to the first that does not verify
 * @throws BreakglassError `register`, naming the line, if a complete line does not verify
 */
export function verifyJournal(
  bytes: Uint8Array,
  hash: Hash,
  each: (entry: Entry) => void,
  after = EMPTY_HEAD,
  decode?: Decode,
): Omit<Journal, "entries"> {
  const { head, start } = readLines(bytes, hash, each, after, decode);
  if (start === bytes.length) return { head };
  const rest = bytes.slice(start);
  const read = readLine(rest, 0, rest.length, decodeUtf8(rest), head, hash);
  return { head, torn: { bytes: rest, whole: "entry" in read } };
}

/**
 * Reads a journal and verifies all of it but its hashes. Until somebody says that they hold
 * ({@link hashesHold}), what is made of its entries must not be believed.
 *
 * @param bytes its lines, from the first one on; what follows on the last line end is left alone
 * @returns the number and the hash that the last of them gives itself
 * @throws BreakglassError `register`, naming the line, if one does not verify
 */
export function readUnhashed(
  bytes: Uint8Array,
  each: (entry: Entry) => void,
  decode?: Decode,
): Head {
  return readLines(bytes, undefined, each, EMPTY_HEAD, decode).head;
}

/** @returns where the journal ends, and where the bytes after the last line end begin */
function readLines(
  bytes: Uint8Array,
  hash: Hash | undefined,
  each: (entry: Entry) => void,
  after: Head,
  decode?: Decode,
): { readonly head: Head; readonly start: number } {
  let head = after;
  const take = (text: string | undefined, from: number, end: number): void => {
    const read = readLine(bytes, from, end, text, head, hash);
    if ("problem" in read) throw damaged(head.n + 1, read.problem, read.hint);
    head = { n: read.entry.n, hash: read.entry.hash };
    each(read.entry);
  };
  const start = eachLine(bytes, take, decode);
  return { head, start };
}

/**
 * Whether every line ends with the hash of what stands before it in the line; nothing else of it is
 * judged.
 *
 * @param bytes whole lines
 * @param each is called after every line whose hash holds
 */
export function hashesHold(bytes: Uint8Array, hash: Hash, each: () => void): boolean {
  for (let from = 0, end; from < bytes.length; from = end + 1) {
    end = bytes.indexOf(NEWLINE, from);
    const sealed = end - SEAL_LENGTH;
    if (sealed < from) return false;
    const own = hash(bytes.subarray(from, sealed));
    for (let i = 0; i < own.length; i++)
      if (bytes[sealed + SEAL.length + i] !== own.charCodeAt(i)) return false;
    each();
  }
  return true;
}

/**
 * Reads lines of a journal that are verified elsewhere at the same time: until then, what is made of
 * their entries must not be believed.
 *
 * @returns the number and the hash that the last of them gives itself
 * @throws Error of any kind, if they don't verify; but that they do is not said
 */
export function readUnverified(
  bytes: Uint8Array,
  each: (entry: Entry) => void,
  decode?: Decode,
): Head {
  let head = EMPTY_HEAD;
  const take = (text: string | undefined, from: number, end: number): void => {
    if (end - from > LINE_MAX) throw new RangeError("a line is too long");
    const entry = uncheckedEntry(JSON.parse(text!));
    head = { n: entry.n, hash: entry.hash };
    each(entry);
  };
  eachLine(bytes, take, decode);
  return head;
}

/**
 * Reads and verifies a journal.
 *
 * @param bytes the whole file
 * @returns its entries, and apart from them what stands after the last line end
 * @throws BreakglassError `register`, naming the line, if a complete line does not verify
 */
export function readJournal(bytes: Uint8Array, hash: Hash, decode?: Decode): Journal {
  const entries: Entry[] = [];
  const end = verifyJournal(bytes, hash, (entry) => void entries.push(entry), EMPTY_HEAD, decode);
  return { entries, ...end };
}

/** What is printed on paper of a journal: an entry's number, and the first 120 bits of its hash. */
export interface Anchor {
  readonly n: number;
  /** 30 lower-case hex digits. */
  readonly digits: string;
}

const ANCHOR_DIGITS = 30;

/** A head as it is printed: `12-4f0c...`. */
export function anchor({ n, hash }: Head): string {
  return `${n}-${hash.slice(0, ANCHOR_DIGITS)}`;
}

/**
 * Reads an anchor as it was typed: case folded, blanks left out.
 *
 * @throws BreakglassError `usage`
 */
export function parseAnchor(typed: string): Anchor {
  const folded = typed.slice(0, 200).toLowerCase().replaceAll(/\s/g, "");
  const match = /^([1-9]\d{0,14})-([0-9a-f]{30})$/.exec(folded);
  if (match === null)
    throw new BreakglassError(
      "usage",
      "this is no anchor of a register",
      `an anchor is a number, a hyphen and ${ANCHOR_DIGITS} digits (0-9, a-f), as printed on every slip`,
    );
  return { n: Number(match[1]), digits: match[2]! };
}

/** What an anchor says of a journal. */
export interface AnchorJudgement {
  /**
   * `holds`: everything up to the anchor is as it was. `older copy`: the journal ends before it.
   * `rewritten`: an entry up to it is another. `number mistyped` and `digits mistyped`: it is so near to an entry that
   * it was most likely typed otherwise than it is printed, and says nothing of the journal.
   */
  readonly verdict: "holds" | "older copy" | "rewritten" | "number mistyped" | "digits mistyped";
  /** Entries after the anchor, which it says nothing of. */
  readonly unprotected: number;
}

/** Holds a journal against an anchor from paper. */
export function judgeAnchor(journal: Journal, { n, digits }: Anchor): AnchorJudgement {
  const entry = journal.entries[n - 1];
  if (entry?.hash.startsWith(digits) === true)
    return { verdict: "holds", unprotected: journal.head.n - n };
  if (journal.entries.some(({ hash }) => hash.startsWith(digits)))
    return { verdict: "number mistyped", unprotected: 0 };
  if (entry === undefined) return { verdict: "older copy", unprotected: 0 };
  return { verdict: isSlip(digits, entry.hash) ? "digits mistyped" : "rewritten", unprotected: 0 };
}

/** Digits that a slip of the finger gets wrong: one, two, or two neighbours that change places. */
const SLIPS_MAX = 2;

/**
 * Whether digits are an entry's but for a slip of the finger. No rewritten history passes for that: of the 2^120
 * beginnings that a hash can have, 98,326 (2^16.6) differ from the one on paper in two places at most, so that whoever
 * wanted an entry with one of them would try 2^103 others first.
 */
function isSlip(digits: string, hash: string): boolean {
  return [...digits].filter((digit, i) => digit !== hash[i]).length <= SLIPS_MAX;
}
