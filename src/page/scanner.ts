import { BreakglassError } from "../core/errors.ts";
import { tooMuch } from "../scan/errors.ts";
import { packedEngines, unpacked, type EngineSource, type PackedEngines } from "./engines.ts";
import { find, type Finds, type Job } from "./find.ts";
import { ownScript } from "./own-script.ts";
import type { Message, Order } from "./scan-worker.ts";

/** A worker that says nothing for so many milliseconds is ended: between two looks it does. */
const SILENCE_MAX = 20_000;
/** Nor does one job take longer. */
const JOB_MAX = 60_000;
/** One that has not begun by then will not. */
const START_MAX = 10_000;

/** Makes the address of the one script that a worker may be made of, whatever it is asked for. */
const policy = (
  globalThis as {
    trustedTypes?: {
      createPolicy: (
        name: string,
        rules: { createScriptURL: () => string },
      ) => { createScriptURL: (text: string) => string };
    };
  }
).trustedTypes?.createPolicy("scanner", { createScriptURL: scriptAddress });

function scriptAddress(): string {
  return URL.createObjectURL(new Blob([ownScript ?? ""], { type: "text/javascript" }));
}

/** Whether this browser lets a page from a file have workers: true until one did not begin. */
let workersBegin = ownScript !== undefined && "Worker" in globalThis;

/**
 * Reads files and pictures in a worker, which is begun when it is first needed: what a hostile file
 * makes a decoder do can be ended in no other way. Where a worker can't be had, the page's own
 * thread reads.
 */
export class Scanner {
  #worker: Worker | undefined;
  /** How often all was ended: what was begun before is not wanted afterwards. */
  #turn = 0;
  #end: () => void = () => undefined;

  /**
   * Does one job; the next is given when it is done.
   *
   * @throws BreakglassError naming what is wrong with it
   */
  async ask(job: Job): Promise<Finds> {
    const turn = this.#turn;
    const engines = await packedEngines();
    const worker = this.#worker ?? (await begin(engines));
    if (turn !== this.#turn) {
      worker?.terminate();
      throw tooMuch();
    }
    this.#worker = worker;
    if (this.#worker !== undefined) return this.#send(this.#worker, job);
    try {
      return await find(job, (ownEngines ??= unpacked(engines, letPageBeDrawn)));
    } catch (error) {
      throw error instanceof BreakglassError ? error : tooMuch();
    }
  }

  /** Ends what is running, and frees its memory. */
  end(): void {
    this.#turn++;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#end();
  }

  async #send(worker: Worker, job: Job): Promise<Finds> {
    const end = (): void => this.end();
    const whole = setTimeout(end, JOB_MAX);
    let silence = setTimeout(end, SILENCE_MAX);
    try {
      return await new Promise<Finds>((resolve, reject) => {
        this.#end = (): void => reject(tooMuch());
        worker.onerror = end;
        worker.onmessage = ({ data }: MessageEvent<Message>): void => {
          if (data.kind === "finds") resolve(data.finds);
          else if (data.kind === "fault")
            reject(new BreakglassError(data.code, data.message, data.hint));
          else if (data.kind === "broke") end();
          else {
            clearTimeout(silence);
            silence = setTimeout(end, SILENCE_MAX);
          }
        };
        const { buffer } = job.kind === "file" ? job.bytes : job.pixels.data;
        order(worker, { kind: "job", job }, [buffer as ArrayBuffer]);
      });
    } finally {
      clearTimeout(whole);
      clearTimeout(silence);
    }
  }
}

/** What the page's own thread reads with, once it has to. */
let ownEngines: EngineSource | undefined;

/** Lets the page be drawn, and answer a person. A timer would be slowed in the background. */
function letPageBeDrawn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** @param moved parts of the message that are the worker's afterwards, and are not copied */
function order(worker: Worker, message: Order, moved: Transferable[] = []): void {
  worker.postMessage(message, moved);
}

/** A worker that has begun; undefined where there can be none. */
async function begin(engines: PackedEngines): Promise<Worker | undefined> {
  if (!workersBegin) return undefined;
  let address: string | undefined;
  try {
    address = policy?.createScriptURL("") ?? scriptAddress();
    const worker = new Worker(address);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (): void => reject(new Error("no worker"));
        timer = setTimeout(fail, START_MAX);
        worker.onerror = fail;
        worker.onmessage = (): void => resolve();
      });
    } catch (error) {
      worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    order(worker, { kind: "engines", engines });
    return worker;
  } catch {
    workersBegin = false;
    return undefined;
  } finally {
    if (address !== undefined) URL.revokeObjectURL(address);
  }
}
