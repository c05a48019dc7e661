import { workerData } from "node:worker_threads";
import { OUTCOME, SOUND, UNSOUND, judge, type Task } from "./verify-apart.ts";

const task = workerData as Task;
let outcome = UNSOUND;
try {
  if (judge(task)) outcome = SOUND;
} catch {
  // What is wrong, and in which line, is found out where it can be told.
}
Atomics.store(task.signs, OUTCOME, outcome);
Atomics.notify(task.signs, OUTCOME);
