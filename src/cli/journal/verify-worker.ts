import { workerData } from "node:worker_threads";
import { hashesHold, verifyJournal } from "../../custody/journal.ts";
import { hash } from "../system/hash.ts";
import { OUTCOME, READ_SO_FAR, SOUND, UNSOUND, type Task } from "./verify-apart.ts";

const { first, last, between, signs } = workerData as Task;
let outcome = UNSOUND;
try {
  const count = (): void => void Atomics.add(signs, READ_SO_FAR, 1);
  verifyJournal(last, hash, count, between);
  if (hashesHold(first, hash, count)) outcome = SOUND;
} catch {
  // What is wrong, and in which line, is found out where it can be told.
}
Atomics.store(signs, OUTCOME, outcome);
Atomics.notify(signs, OUTCOME);
