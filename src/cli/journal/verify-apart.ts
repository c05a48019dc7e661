import {
  readUnhashed,
  readUnverified,
  verifyJournal,
  type Head,
  type Journal,
} from "../../custody/journal.ts";
import type { Entry } from "../../custody/events.ts";
import { hash } from "../system/hash.ts";

/** What a thread of its own finds out of a journal, and where it says how far it is. */
export interface Task {
  /** Lines of which it recomputes the hashes. */
  readonly first: Uint8Array;
  /** Where they end, if they are sound. */
  readonly between: Head;
  /** Lines that it verifies altogether. */
  readonly last: Uint8Array;
  readonly signs: Int32Array<SharedArrayBuffer>;
}

/** In {@link Task.signs}: the outcome, and how many lines were read so far. */
export const OUTCOME = 0;
export const READ_SO_FAR = 1;

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
 * @param bytes the whole file, in shared memory
 * @param each is called with every entry, before all is verified
 * @returns undefined if it does not verify, or no thread could be had: then it has to be read in
 *   order, and whatever was made of the entries is void
 */
export function verifyApart(
  bytes: Uint8Array<SharedArrayBuffer>,
  each: (entry: Entry) => void,
): Omit<Journal, "entries"> | undefined {
  const cut = bytes.lastIndexOf(NEWLINE, Math.floor(bytes.length * (1 - APART))) + 1;
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  // Lines that are no journal's, or the rest of one: there are not two parts to be verified.
  if (cut === 0 || cut === end) return undefined;
  try {
    const [first, last] = [bytes.subarray(0, cut), bytes.subarray(cut, end)];
    const before = cut < 2 ? 0 : bytes.lastIndexOf(NEWLINE, cut - 2) + 1;
    const between = readUnverified(bytes.subarray(before, cut), () => undefined);
    const signs = new Int32Array(new SharedArrayBuffer(8));
    begin({ first, between, last, signs });
    const reached = readUnhashed(first, each);
    if (reached.n !== between.n || reached.hash !== between.hash) return undefined;
    const head = readUnverified(last, each);
    return isSound(signs) ? verifyJournal(bytes.subarray(end), hash, each, head) : undefined;
  } catch {
    return undefined;
  }
}

function begin(task: Task): void {
  // Loaded here, for it would delay whatever begins by reading a register.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const worker = new Worker(new URL("./verify-worker.cjs", import.meta.url), {
    env: {},
    execArgv: [],
    workerData: task,
  });
  worker.unref();
  // That it ends without a word is noticed where it is waited for.
  worker.on("error", () => undefined);
}

function isSound(signs: Int32Array<SharedArrayBuffer>): boolean {
  for (let seen = -1; ;) {
    const outcome = Atomics.load(signs, OUTCOME);
    if (outcome !== PENDING) return outcome === SOUND;
    const read = Atomics.load(signs, READ_SO_FAR);
    if (read === seen) return false;
    seen = read;
    Atomics.wait(signs, OUTCOME, PENDING, PATIENCE);
  }
}
