// Feeds every parser inputs that nobody thought of, for a crash, a hang or a flood of memory:
//
//   npm run fuzz                               ten seconds for each parser
//   npm run fuzz -- --seconds 600 slip-text    ten minutes for one
//   npm run fuzz -- --input FILE slip-text     once more what was found
//
// --seed N begins elsewhere; --hang MS: a slow machine is given more than a second of its time for
// one input. A finding is saved in test/fuzz/found (--found DIR: there), and fails the run; it stays
// a seed of later runs, and a test runs it. Inputs are made up, never secret.
//
// Guided by coverage: inputs that run code that no other ran are kept, and made more of. It is V8's
// own coverage and a hundred lines here, since Jazzer.js, the kept tool for this, ships a binary for
// glibc 2.38 and newer alone, and builds from source only with LLVM's sources from the network.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

const STUCK_MS = 20_000; // by the clock, for what waits and does nothing
const MEMORY_MB = 512;
const INPUT_MAX = 1 << 20;
/** How often the input at work is looked at. */
const LOOK_MS = 25;
/** Getting ready (reading the target's seeds) is no input's fault. */
const GRACE_MS = 60_000;

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    found: { type: "string", default: join(root, "test/fuzz/found") },
    input: { type: "string", multiple: true },
    hang: { type: "string", default: "1000" },
  },
});

/** Of the processor's time, since others may use the machine. */
const HANG_MS = Number(flags.hang);

// The bundle lies where it finds the packages.
const built = join(root, "node_modules/.cache/breakglass-fuzz");
await build({
  entryPoints: ["worker.ts", "targets.ts"].map((name) => join(root, "test/fuzz", name)),
  outdir: built,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
process.env.FUZZ_ROOT = root;
const { TARGETS } = await import(pathToFileURL(join(built, "targets.mjs")));
const usual = Object.keys(TARGETS).filter((name) => !name.startsWith("planted-"));
const wanted = positionals.length > 0 ? positionals : usual;
const unknown = wanted.filter((name) => !(name in TARGETS));
if (unknown.length > 0) {
  console.error(`there is no target ${unknown.join(", ")}; there are: ${usual.join(", ")}`);
  process.exit(2);
}

/** Runs a target in a thread of its own, which can be ended whatever it does. */
function run(target, { seed, until, kept, inputs }) {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const input = new Uint8Array(new SharedArrayBuffer(INPUT_MAX));
  const workerData = { target, seed, until, kept, inputs, state, input };
  const worker = new Worker(join(built, "worker.mjs"), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // Decoders complain there of what they are given.
    stdout: true,
    stderr: true,
  });
  const spent = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let seen = { count: 0, since: performance.now(), spent: spent() };
  let slowest = 0;
  let memory = 0;
  return new Promise((resolve) => {
    const end = (failure, told = {}) => {
      clearInterval(looking);
      const at = Uint8Array.from(input.subarray(0, Math.min(INPUT_MAX, Atomics.load(state, 1))));
      void worker.terminate().then(() => resolve({ slowest, memory, ...told, failure, input: at }));
    };
    const looking = setInterval(() => {
      const count = Atomics.load(state, 0);
      if (count !== seen.count) seen = { count, since: performance.now(), spent: spent() };
      const busy = spent() - seen.spent;
      const waited = performance.now() - seen.since;
      if (count % 2 === 1) slowest = Math.max(slowest, busy);
      memory = Math.max(memory, process.memoryUsage.rss() / 2 ** 20);
      if (count % 2 === 1 && busy > HANG_MS) end(`hangs for more than ${HANG_MS} ms`);
      else if (waited > (count % 2 === 1 ? STUCK_MS : GRACE_MS)) end("does not end");
      else if (memory > MEMORY_MB) end(`takes more than ${MEMORY_MB} MB`);
    }, LOOK_MS);
    worker.on("message", (told) => end(told.failure, told));
    worker.on("error", (error) => end(error.message));
  });
}

/** V8's coverage keeps some hundred bytes of each input: a thread is replaced after so many seconds. */
const THREAD_SECONDS = 60;

/** Runs a target for as long as it is to run, in one thread after the other. */
async function runLong(target, inputs) {
  const now = () => performance.timeOrigin + performance.now();
  const end = now() + Number(flags.seconds) * 1000;
  let all = { runs: 0, kept: [], places: 0, slowest: 0, memory: 0 };
  for (let seed = Number(flags.seed); ; seed++) {
    const until = Math.min(end, now() + THREAD_SECONDS * 1000);
    const one = await run(target, { seed, until, kept: all.kept, inputs });
    const { runs = 0, kept = [], places = 0, failure, input } = one;
    all = {
      ...{ failure, input, kept, runs: all.runs + runs, places: Math.max(all.places, places) },
      slowest: Math.max(all.slowest, one.slowest),
      memory: Math.max(all.memory, one.memory),
    };
    if (failure !== undefined || inputs !== undefined || now() >= end) return all;
  }
}

let failed = 0;
for (const target of wanted) {
  const inputs = flags.input?.map((file) => Uint8Array.from(readFileSync(file)));
  const result = await runLong(target, inputs);
  const { runs, kept, places, slowest, memory, failure, input } = result;
  console.log(
    `${target}: ${runs} inputs, ${kept.length} kept, ${places} places reached, slowest ${slowest.toFixed(0)} ms, ${memory.toFixed(0)} MB`,
  );
  if (failure === undefined) continue;
  failed++;
  const name = `${target}-${createHash("sha256").update(input).digest("hex").slice(0, 12)}`;
  mkdirSync(flags.found, { recursive: true });
  const file = join(flags.found, name);
  if (inputs === undefined) writeFileSync(file, input);
  console.log(`${target}: ${failure}`);
  console.log(`  once more: npm run fuzz -- --input ${file} ${target}  (seed ${flags.seed})`);
}
process.exit(failed > 0 ? 1 : 0);
