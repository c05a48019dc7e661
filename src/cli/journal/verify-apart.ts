import {
  hashesHold,
  readUnhashed,
  readUnverified,
  verifyJournal,
  type Head,
  type Journal,
} from "../../custody/journal.ts";
import type { Entry } from "../../custody/events.ts";
import { decode } from "../system/decode.ts";
import { hash } from "../system/hash.ts";

/** What a thread of its own is given. */
export interface Task {
  /** Room for the whole journal, which is read into it while the thread begins. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly signs: Signs;
}

/** What the two threads tell each other, by the places below. */
type Signs = Int32Array<SharedArrayBuffer>;

/** How many bytes there are, once they are there. */
const LENGTH = 0;
export const OUTCOME = 1;
/** How many lines the other thread has read so far. */
const READ_SO_FAR = 2;

/** An outcome. */
const PENDING = 0;
export const SOUND = 1;
export const UNSOUND = 2;

/** A journal of so many bytes takes longer to verify than a thread takes to begin. */
export const LONG = 4 * 1024 * 1024;

/** How much of a journal is left to the other thread altogether, which makes nothing of its entries. */
const APART = 0.7;

/** A thread that reads nothing for so many milliseconds is not waited for. */
const PATIENCE = 500;

const NEWLINE = 0x0a;

/**
 * Reads a long journal while a thread of its own recomputes its hashes, and verifies all else of its
 * last part.
 *
 * @param bytes room for the whole file, in shared memory
 * @param fill reads the file, and returns how much of the room it takes
 * @param each is called with every entry, before all is verified
 * @returns undefined if it does not verify, or no thread could be had: then it has to be read in
 *   order, and whatever was made of the entries is void
 */
export function verifyApart(
  bytes: Uint8Array<SharedArrayBuffer>,
  fill: () => number,
  each: (entry: Entry) => void,
): Omit<Journal, "entries"> | undefined {
  const signs: Signs = new Int32Array(new SharedArrayBuffer(12));
  if (!begin({ bytes, signs })) return undefined;
  const length = fill();
  Atomics.store(signs, LENGTH, length);
  Atomics.notify(signs, LENGTH);
  try {
    const parts = partsOf(bytes.subarray(0, length));
    if (parts === undefined) return undefined;
    readUnhashed(parts.first, each, decode);
    const head = readUnverified(parts.last, each, decode);
    return isSound(signs) ? verifyJournal(parts.rest, hash, each, head) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns whether a thread could be had */
function begin(task: Task): boolean {
  // Loaded here, for it would delay whatever begins by reading a register.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const program = new URL("./verify-worker.cjs", import.meta.url);
  try {
    const worker = new Worker(program, { env: {}, execArgv: [], workerData: task });
    worker.unref();
    // That it ends without a word is noticed where it is waited for.
    worker.on("error", () => undefined);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the other thread does: waits for the journal, and judges its part of it.
 *
 * @throws Error of any kind for what does not verify
 */
export function judge({ bytes, signs }: Task): boolean {
  Atomics.wait(signs, LENGTH, 0);
  const parts = partsOf(bytes.subarray(0, Atomics.load(signs, LENGTH)));
  if (parts === undefined) return false;
  const count = (): void => void Atomics.add(signs, READ_SO_FAR, 1);
  verifyJournal(parts.last, hash, count, parts.between, decode);
  return hashesHold(parts.first, hash, count);
}

interface Parts {
  /** Lines of which the other thread recomputes the hashes. */
  readonly first: Uint8Array;
  /** What the last of them says of itself: where they end, if they are sound. */
  readonly between: Head;
  /** Lines that the other thread verifies altogether. */
  readonly last: Uint8Array;
  /** What follows on the last line end. */
  readonly rest: Uint8Array;
}

/** @returns undefined for lines that are no journal's, or the rest of one: of those there are not two parts */
function partsOf(bytes: Uint8Array): Parts | undefined {
  const cut = bytes.lastIndexOf(NEWLINE, Math.floor(bytes.length * (1 - APART))) + 1;
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  if (cut === 0 || cut === end) return undefined;
  const before = cut < 2 ? 0 : bytes.lastIndexOf(NEWLINE, cut - 2) + 1;
  return {
    first: bytes.subarray(0, cut),
    between: readUnverified(bytes.subarray(before, cut), () => undefined),
    last: bytes.subarray(cut, end),
    rest: bytes.subarray(end),
  };
}

function isSound(signs: Signs): boolean {
  for (let seen = -1; ;) {
    const outcome = Atomics.load(signs, OUTCOME);
    if (outcome !== PENDING) return outcome === SOUND;
    const read = Atomics.load(signs, READ_SO_FAR);
    if (read === seen) return false;
    seen = read;
    Atomics.wait(signs, OUTCOME, PENDING, PATIENCE);
  }
}
