import { workerData } from "node:worker_threads";
import { verifyJournal } from "../../custody/journal.ts";
import { hash } from "../system/hash.ts";
import { OUTCOME, SOUND, UNSOUND, VERIFIED_SO_FAR, type Part } from "./verify-apart.ts";

const { bytes, after, signs } = workerData as Part;
let outcome = UNSOUND;
try {
  verifyJournal(bytes, hash, () => void Atomics.add(signs, VERIFIED_SO_FAR, 1), after);
  outcome = SOUND;
} catch {
  // What is wrong, and in which line, is found out where it can be told.
}
Atomics.store(signs, OUTCOME, outcome);
Atomics.notify(signs, OUTCOME);
