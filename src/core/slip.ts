import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bytesToSymbols, symbolsToBytes, symbolsToText } from "./base32.ts";
import { commitmentWord } from "./check-word.ts";
import { BreakglassError } from "./errors.ts";
import { LINE_DATA, lineParity } from "./reed-solomon.ts";
import { CONCAT_TOTAL_MAX, SHAMIR_TOTAL_MAX, type Scheme } from "./scheme.ts";

/** The version of the slip format (docs/slip-format.md) that this code writes and reads. */
export const VERSION = 1;
/** Symbols before the payload: version, set id and the ten fields after it, 50 bits. */
const HEADER_LENGTH = 10;
/** A check shorter than this many symbols would not hold against the correction search. */
const CHECK_MIN = 8;
export const BLIND_LENGTH = 10;
export const DIGEST_LENGTH = 4;
/** A body is the digest (or its part) and at least one byte. */
const BODY_MIN = DIGEST_LENGTH + 1;
/** Longest secret, in bytes. */
export const SECRET_MAX = 256;
const PAYLOAD_MAX = BLIND_LENGTH + DIGEST_LENGTH + SECRET_MAX;
/** Set ids are below this. */
export const SET_IDS = 2 ** 20;

/** What all slips of a set agree on. */
export interface SetHeader {
  /** 20 random bits that name the set. */
  readonly setId: number;
  readonly scheme: Scheme;
  /** Whether the payload starts with a blind, so that its hashes can't be used to test guesses. */
  readonly blinded: boolean;
  /** Slips needed. */
  readonly threshold: number;
  /** Slips in the set. */
  readonly total: number;
}

/** One slip, decoded and valid in itself: its check holds and every rule on its fields is met. */
export interface Slip extends SetHeader {
  /** 1 to total; for Shamir the x of the share. */
  readonly index: number;
  /** The blind (10 bytes, if blinded) and the body: the share, or a part of the digest and a fragment. */
  readonly payload: Uint8Array;
}

/** A slip as it is printed. */
export interface SlipText {
  /** L lines of 20 symbols, upper case, without grouping. */
  readonly lines: readonly string[];
  /** The spare line: 20 symbols. */
  readonly spare: string;
  /** `BG1:` and the lines, joined by colons. */
  readonly qr: string;
}

/** The set's public name: four symbols, such as `K7Q2`. */
export function setName(setId: number): string {
  return symbolsToText(numberToSymbols(setId, 4));
}

/** A slip's public name, such as `K7Q2 slip 2 of 3`. */
export function slipName(slip: Pick<Slip, "setId" | "index" | "total">): string {
  return `${setName(slip.setId)} slip ${slip.index} of ${slip.total}`;
}

function numberToSymbols(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 32 ** (length - 1 - i)) % 32);
}

function symbolsToNumber(symbols: Uint8Array): number {
  return symbols.reduce((value, symbol) => value * 32 + symbol, 0);
}

/** Number of lines of a slip whose payload has this many bytes: as few as leave room for the check. */
export function lineCount(payloadBytes: number): number {
  const symbols = HEADER_LENGTH + Math.ceil((payloadBytes * 8) / 5) + CHECK_MIN;
  return Math.ceil(symbols / LINE_DATA);
}

/** Lines of the longest slip. */
export const LINES_MAX = lineCount(PAYLOAD_MAX);

function encodeHeader(slip: Slip): Uint8Array {
  // Five fields of 1, 1, 4, 4 and 4 bits, then 9 of length and 2 reserved: 25 bits, five symbols.
  let fields = slip.scheme === "shamir" ? 1 : 0;
  fields = fields * 2 + (slip.blinded ? 1 : 0);
  fields = fields * 16 + (slip.threshold - 1);
  fields = fields * 16 + (slip.total - 1);
  fields = fields * 16 + (slip.index - 1);
  fields = fields * 512 + slip.payload.length;
  fields = fields * 4;
  return concatBytes(
    Uint8Array.of(VERSION),
    numberToSymbols(slip.setId, 4),
    numberToSymbols(fields, 5),
  );
}

/** The stream up to and including the payload, without the check. */
function encodeContent(slip: Slip): Uint8Array {
  const payload = bytesToSymbols(slip.payload);
  const content = concatBytes(encodeHeader(slip), payload);
  payload.fill(0);
  return content;
}

function tagged(tag: string, ...parts: Uint8Array[]): Uint8Array {
  const message = concatBytes(utf8ToBytes(tag), ...parts);
  const hash = sha256(message);
  message.fill(0);
  return hash;
}

function checkSymbols(content: Uint8Array, length: number): Uint8Array {
  return bytesToSymbols(tagged("breakglass/v1/slip", content)).slice(0, length);
}

/** The whole stream of a slip, 16 x L symbols. */
export function encodeStream(slip: Slip): Uint8Array {
  const problem = fieldProblem(slip);
  if (problem !== undefined) throw new BreakglassError("internal", problem, "report this defect");
  const content = encodeContent(slip);
  const length = lineCount(slip.payload.length) * LINE_DATA;
  const stream = concatBytes(content, checkSymbols(content, length - content.length));
  content.fill(0);
  return stream;
}

/** A slip as its printed lines and QR text. */
export function encodeSlip(slip: Slip): SlipText {
  const stream = encodeStream(slip);
  const rows = Array.from({ length: stream.length / LINE_DATA }, (_, i) =>
    stream.subarray(i * LINE_DATA, (i + 1) * LINE_DATA),
  );
  const lines = rows.map((row, i) => encodeLine(i + 1, row));
  const spare = encodeLine(0, xorRows(rows));
  stream.fill(0);
  return { lines, spare, qr: `BG${VERSION}:${lines.join(":")}` };
}

function encodeLine(number: number, row: Uint8Array): string {
  return symbolsToText(concatBytes(row, lineParity(number, row)));
}

/** Symbol-wise XOR of rows of 16 symbols: the spare line of all lines, or the one line missing among them. */
export function xorRows(rows: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(LINE_DATA);
  for (const row of rows) for (let i = 0; i < LINE_DATA; i++) sum[i]! ^= row[i]!;
  return sum;
}

/** A line in groups of four, as it is printed after its number: `XXXX XXXX XXXX XXXX  PPPP`. */
export function groupLine(line: string): string {
  const groups = line.match(/.{1,4}/g) ?? [];
  const data = groups.slice(0, LINE_DATA / 4).join(" ");
  return line.length > LINE_DATA ? `${data}  ${groups.slice(LINE_DATA / 4).join(" ")}` : data;
}

/** What the first line of a slip says before the rest is known: which slip it is, and how long. */
export interface Heading extends SetHeader {
  readonly index: number;
  /** Payload bytes. */
  readonly length: number;
  /** Lines of code. */
  readonly lines: number;
}

/**
 * Reads the header from a first line.
 *
 * @param row the 16 stream symbols of line 1
 * @throws BreakglassError `version` or `structure`
 */
export function decodeHeading(row: Uint8Array): Heading {
  const version = row[0]!;
  if (version !== VERSION)
    throw new BreakglassError(
      "version",
      `this slip has format version ${version}, and only version ${VERSION} is known here`,
      "use the release of breakglass that printed it, or a newer one",
    );
  const fields = symbolsToNumber(row.subarray(5, HEADER_LENGTH));
  const field = (shift: number, bits: number): number =>
    Math.floor(fields / 2 ** shift) % 2 ** bits;
  const length = field(2, 9);
  const heading: Heading = {
    setId: symbolsToNumber(row.subarray(1, 5)),
    scheme: field(24, 1) === 1 ? "shamir" : "concat",
    blinded: field(23, 1) === 1,
    threshold: field(19, 4) + 1,
    total: field(15, 4) + 1,
    index: field(11, 4) + 1,
    length,
    lines: lineCount(length),
  };
  const problem = field(0, 2) === 0 ? headingProblem(heading) : "its reserved bits are not zero";
  if (problem !== undefined) throw structureError(problem);
  return heading;
}

function structureError(problem: string): BreakglassError {
  return new BreakglassError(
    "structure",
    `this is no valid slip: ${problem}`,
    "compare it with the paper; if it is what the paper says, the slip was not made by breakglass or was altered",
  );
}

/** The rule of the format that these fields break, in words, or undefined. */
function headingProblem(heading: Omit<Heading, "lines">): string | undefined {
  const { scheme, blinded, threshold, total, index, length } = heading;
  const max = scheme === "shamir" ? SHAMIR_TOTAL_MAX : CONCAT_TOTAL_MAX;
  if (threshold < 2) return "its threshold is 1";
  if (total > max) return `a set of this scheme has at most ${max} slips`;
  if (threshold > total) return "its threshold is above its total";
  if (index > total) return "its number is above its total";
  if (scheme === "concat" && threshold !== total) return "a concatenation needs all its slips";
  if (scheme === "concat" && !blinded) return "a concatenation must be blinded";
  if (length > PAYLOAD_MAX) return "its payload is too long";
  if (length - (blinded ? BLIND_LENGTH : 0) < BODY_MIN) return "its payload is too short";
  return undefined;
}

function fieldProblem(slip: Slip): string | undefined {
  if (!Number.isInteger(slip.setId) || slip.setId < 0 || slip.setId >= SET_IDS)
    return "set id out of range";
  if (![slip.threshold, slip.total, slip.index].every((n) => Number.isInteger(n) && n >= 1))
    return "slip numbers out of range";
  return headingProblem({ ...slip, length: slip.payload.length });
}

/**
 * A slip from its whole stream.
 *
 * @param stream 16 x L symbols
 * @throws BreakglassError `version`, `structure`, `line-count` or `check-failed`
 */
export function decodeStream(stream: Uint8Array): Slip {
  const { length, lines, ...fields } = decodeHeading(stream);
  if (stream.length !== lines * LINE_DATA)
    throw new BreakglassError(
      "line-count",
      `${slipName(fields)} has ${lines} lines of code, and ${stream.length / LINE_DATA} were given`,
      "give every line of the slip, and no other",
    );
  const contentLength = HEADER_LENGTH + Math.ceil((length * 8) / 5);
  const content = stream.subarray(0, contentLength);
  const check = stream.subarray(contentLength);
  const expected = checkSymbols(content, check.length);
  if (!check.every((symbol, i) => symbol === expected[i]))
    throw new BreakglassError(
      "check-failed",
      `the check of ${slipName(fields)} does not hold: something in its lines is wrong`,
      "compare every line with the paper, symbol by symbol, and the spare line too",
    );
  const payload = symbolsToBytes(content.subarray(HEADER_LENGTH));
  if (payload === undefined) throw structureError("its padding bits are not zero");
  return { ...fields, payload };
}

/** The part of the payload that is joined with other slips' to make the password. */
export function slipBody(slip: Slip): Uint8Array {
  return slip.payload.subarray(slip.blinded ? BLIND_LENGTH : 0);
}

/** For a concatenation, the bytes of the password that this slip carries in clear. */
export function slipFragment(slip: Slip): Uint8Array | undefined {
  return slip.scheme === "concat" ? slipBody(slip).subarray(DIGEST_LENGTH) : undefined;
}

/** Whether two slips say that they are of one set. */
export function sameSet(a: Slip, b: Slip): boolean {
  return (
    a.setId === b.setId &&
    a.scheme === b.scheme &&
    a.blinded === b.blinded &&
    a.threshold === b.threshold &&
    a.total === b.total &&
    (a.scheme === "concat" || a.payload.length === b.payload.length)
  );
}

/** The first four bytes of a hash over the password and the set it belongs to. */
export function secretDigest(setId: number, secret: Uint8Array): Uint8Array {
  const id = Uint8Array.of(setId >> 16, (setId >> 8) & 255, setId & 255);
  return tagged("breakglass/v1/secret", id, secret).slice(0, DIGEST_LENGTH);
}

/** 16 bytes by which a register knows this very slip again, without knowing what is on it. */
export function slipCommitment(slip: Slip): Uint8Array {
  const content = encodeContent(slip);
  const commitment = tagged("breakglass/v1/commitment", content).slice(0, 16);
  content.fill(0);
  return commitment;
}

/** The slip's check word, `XXXX XXXX`. */
export function checkWord(slip: Slip): string {
  return commitmentWord(slipCommitment(slip));
}
