import { Worker } from "node:worker_threads";

/** Threads that were begun, and wait for a file. */
const waiting: Worker[] = [];
/** As many files are scanned at a time. */
const THREADS_MAX = 2;

/**
 * Begins a thread for each picture, as many as are scanned at a time, before the command line is
 * understood: a thread takes as long to begin as the command does, and both can happen at once.
 */
export function warmUp(pictures: number): void {
  while (waiting.length < Math.min(pictures, THREADS_MAX)) waiting.push(begin());
}

/** A thread that scans the file that is sent to it. */
export function scanThread(): Worker {
  const worker = waiting.shift() ?? begin();
  worker.ref();
  return worker;
}

function begin(): Worker {
  const worker = new Worker(new URL("./scan-worker.cjs", import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
    // Decoders write there, and standard output is for the answer alone.
    stdout: true,
    stderr: true,
  });
  worker.unref(); // one that nobody needs holds nothing up
  return worker;
}
