import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Coverage } from "./coverage.ts";
import { isFair } from "./fair.ts";
import { Dice, mutate } from "./mutate.ts";
import { foundInputs, TARGETS } from "./targets.ts";

/** What a worker is to do, and where it shows what it is at. */
export interface Task {
  readonly target: string;
  readonly seed: number;
  /** Until when, as performance.timeOrigin + performance.now() has it. */
  readonly until: number;
  /** What led somewhere new before. */
  readonly kept: readonly Uint8Array[];
  /** Only these, one after the other, if given. */
  readonly inputs: readonly Uint8Array[] | undefined;
  /** Counts what was begun and ended: odd while an input is at work. Then the input's length. */
  readonly state: Int32Array;
  /** The input at work. */
  readonly input: Uint8Array;
}

/** What a worker tells in the end. */
export interface Outcome {
  readonly runs: number;
  /** What led somewhere new. */
  readonly kept: readonly Uint8Array[];
  readonly places: number;
  /** What went wrong with the input shown, if anything did. */
  readonly failure: string | undefined;
}

/** So many inputs are run between two looks at the coverage, which cost more than they do. */
const BATCH = 64;

const task = workerData as Task;
const target = TARGETS[task.target]!;
let runs = 0;

/** Shows an input to whoever looks after this thread, and gives it to the target. */
async function give(input: Uint8Array): Promise<void> {
  task.input.set(input.subarray(0, task.input.length));
  Atomics.store(task.state, 1, input.length);
  try {
    await target.run(input);
  } catch (error) {
    if (!isFair(error)) throw error;
  }
}

/** Runs one input, and has its time counted. */
async function run(input: Uint8Array): Promise<void> {
  runs++;
  Atomics.add(task.state, 0, 1);
  await give(input);
  Atomics.add(task.state, 0, 1);
}

async function fuzz(): Promise<Omit<Outcome, "failure">> {
  const coverage = new Coverage(import.meta.url);
  const dice = new Dice(task.seed);
  const corpus: Uint8Array[] = [];
  const alone = async (input: Uint8Array): Promise<void> => {
    coverage.reset();
    await run(input);
    if (coverage.note()) corpus.push(input);
  };
  const seeds = [...(await target.seeds()), ...foundInputs(task.target), ...task.kept];
  // What is compiled and read at the first use takes its time, whatever the input.
  if (seeds[0] !== undefined) await give(seeds[0]);
  for (const seed of seeds) await alone(seed);
  if (corpus.length === 0) corpus.push(...seeds);
  while (performance.timeOrigin + performance.now() < task.until) {
    const batch = Array.from({ length: BATCH }, () => mutate(dice, corpus, target.words));
    coverage.reset();
    for (const input of batch) await run(input);
    await setImmediate(); // what zlib refused is let go only then
    if (coverage.peek()) for (const input of batch) await alone(input);
  }
  return { runs, kept: corpus, places: coverage.places };
}

try {
  let told: Omit<Outcome, "failure"> = { runs: 0, kept: [], places: 0 };
  if (task.inputs === undefined) told = await fuzz();
  else for (const input of task.inputs) await run(input);
  parentPort!.postMessage({ ...told, runs, failure: undefined } satisfies Outcome);
} catch (error) {
  const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  parentPort!.postMessage({ runs, kept: [], places: 0, failure } satisfies Outcome);
}
