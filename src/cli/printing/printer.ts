import { BreakglassError } from "../../core/errors.ts";
import type { PageSize } from "../../paper/sheet.ts";
import { onStop } from "../system/interrupt.ts";
import { oneLine } from "../system/output.ts";
import { sleep } from "../system/sleep.ts";
import type { Job, JobState } from "./print-answers.ts";
import { PrintSystem } from "./print-system.ts";
import { troublesOf } from "./printer-words.ts";

/** Milliseconds between two questions how a job stands. */
const PAUSE_MS = 400;

/** How the printing of a document ended. `given up`: somebody no longer wanted to wait. */
export type Outcome = Exclude<JobState, "waiting"> | "given up" | "too slow";

/** How a printing ended, as the person at the printer is told. */
export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  completed: "the printer says that it is done",
  unknown: "the print system does not say how it went: the page alone tells",
  cancelled: "the job was cancelled in the print system",
  aborted: "the print system gave up on it",
  unreachable: "the print system no longer answers (lpstat -r)",
  "given up": "it was taken back",
  "too slow": "it took too long, and was taken back",
};

/** What is told while a document is printed. */
export type Tell = (line: string) => void;

/** A printer that was found ready to take documents, one at a time. */
export class Printer {
  readonly name: string;
  readonly #system: PrintSystem;
  /** Jobs of which the print system may still hold the document. */
  readonly #kept: Job[] = [];

  private constructor(system: PrintSystem, name: string) {
    this.#system = system;
    this.name = name;
  }

  /**
   * @param name undefined: the usual one
   * @throws BreakglassError `printer` if there is none, or it takes nothing now
   */
  static async open(name: string | undefined, tell: Tell): Promise<Printer> {
    const system = await PrintSystem.open();
    const printer = new Printer(system, await system.choose(name));
    const shown = oneLine(printer.name);
    const troubles = troublesOf(shown, await system.alerts(printer.name));
    const closed = troubles.find((trouble) => trouble.closed);
    if (closed !== undefined)
      throw new BreakglassError(
        "printer",
        `the printer ${shown} is not ready: ${closed.what}`,
        `${closed.todo}, and try again`,
      );
    for (const { what, todo } of troubles) tell(`the printer ${shown}: ${what}; ${todo}`);
    if (await system.isOnNetwork(printer.name))
      tell(`careful: the printer ${shown} is on a network, and all it is sent travels there`);
    return printer;
  }

  /** Whether the print system will say how a job ended, and forget it when asked. */
  get isSure(): boolean {
    return this.#system.canForget;
  }

  /** Whether every document so far is certain to have left the print system. */
  get leftNothing(): boolean {
    return this.#kept.length === 0;
  }

  /**
   * Prints one document and waits for the outcome. However it ends, the print system is asked to
   * keep nothing of it, and to print no more of it.
   *
   * @param enough settles when somebody no longer wants to wait
   * @param patience milliseconds after which nobody waits any longer
   * @throws BreakglassError `printer` if it is not taken, or what `enough` throws
   */
  async print(
    pdf: Uint8Array,
    title: string,
    pageSize: PageSize,
    {
      tell,
      patience,
      enough,
    }: { readonly tell: Tell; readonly patience: number; readonly enough?: Promise<void> },
  ): Promise<Outcome> {
    const job = await this.#system.submit(this.name, pdf, { title, pageSize });
    this.#kept.push(job);
    const release = onStop(() => this.#system.forgetNow(job));
    try {
      return await this.#watch(job, tell, patience, enough);
    } finally {
      if (await this.#system.forget(job)) this.#kept.splice(this.#kept.indexOf(job), 1);
      release();
    }
  }

  async #watch(
    job: Job,
    tell: Tell,
    patience: number,
    enough: Promise<void> | undefined,
  ): Promise<Outcome> {
    const until = performance.now() + patience;
    const givenUp = enough?.then(() => "given up" as const);
    // It may end while the print system is asked; the race below hears of it all the same.
    givenUp?.catch(() => undefined);
    const told = new Set<string>();
    for (;;) {
      const state = await this.#system.stateOf(job);
      if (state !== "waiting") return state;
      const troubles = troublesOf(oneLine(this.name), await this.#system.alerts(this.name));
      for (const { what, todo } of troubles)
        if (!told.has(what)) {
          told.add(what);
          tell(`the printer waits: ${what}; ${todo}`);
        }
      if (performance.now() > until) return "too slow";
      const next = await Promise.race([sleep(PAUSE_MS), ...(givenUp ? [givenUp] : [])]);
      if (next !== undefined) return next;
    }
  }
}
