import { readUnverified, verifyJournal, type Head, type Journal } from "../../custody/journal.ts";
import type { Entry } from "../../custody/events.ts";
import { hash } from "../system/hash.ts";

/** A part of a journal that a thread of its own verifies, and where it says how far it is. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly after: Head;
  readonly signs: Int32Array<SharedArrayBuffer>;
}

/** In {@link Part.signs}: the outcome, and how many entries were verified so far. */
export const OUTCOME = 0;
export const VERIFIED_SO_FAR = 1;

/** An outcome. */
const PENDING = 0;
export const SOUND = 1;
export const UNSOUND = 2;

/** A journal of so many bytes takes longer to verify than a thread takes to begin. */
export const LONG = 4 * 1024 * 1024;

/** How much of a journal is left to the other thread, which takes a while to begin, but folds nothing. */
const APART = 0.7;

/** A thread that verifies nothing for so many milliseconds is not waited for. */
const PATIENCE = 500;

const NEWLINE = 0x0a;

/**
 * Reads a long journal while a thread of its own verifies the end of it.
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
    const before = cut < 2 ? 0 : bytes.lastIndexOf(NEWLINE, cut - 2) + 1;
    const after = readUnverified(bytes.subarray(before, cut), () => undefined);
    const signs = new Int32Array(new SharedArrayBuffer(8));
    begin({ bytes: bytes.subarray(cut, end), after, signs });
    const { head } = verifyJournal(bytes.subarray(0, cut), hash, each);
    if (head.n !== after.n || head.hash !== after.hash) return undefined;
    const last = readUnverified(bytes.subarray(cut, end), each);
    if (!isSound(signs)) return undefined;
    return verifyJournal(bytes.subarray(end), hash, each, last);
  } catch {
    return undefined;
  }
}

function begin(part: Part): void {
  // Loaded here, for it would delay whatever begins by reading a register.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const worker = new Worker(new URL("./verify-worker.cjs", import.meta.url), {
    env: {},
    execArgv: [],
    workerData: part,
  });
  worker.unref();
  // That it ends without a word is noticed where it is waited for.
  worker.on("error", () => undefined);
}

function isSound(signs: Int32Array<SharedArrayBuffer>): boolean {
  for (let seen = -1; ;) {
    const outcome = Atomics.load(signs, OUTCOME);
    if (outcome !== PENDING) return outcome === SOUND;
    const verified = Atomics.load(signs, VERIFIED_SO_FAR);
    if (verified === seen) return false;
    seen = verified;
    Atomics.wait(signs, OUTCOME, PENDING, PATIENCE);
  }
}
