import { Session, type Profiler } from "node:inspector";

/**
 * Which code ran since the last look, as V8 counts it (block by block), of one script: what tells an
 * input that leads somewhere new from one that does not.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #script: string;
  /** Places in the script that have run. */
  #ran = new Uint8Array(0);
  places = 0;

  /** @param script the URL of the script to watch */
  constructor(script: string) {
    this.#script = script;
    this.#session.connect();
    this.#post("Profiler.enable");
    // Without counts, V8 may optimise what it watches: ten times as many inputs.
    this.#post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  }

  #post(method: string, params?: object): unknown {
    let answer: unknown;
    this.#session.post(method, params, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }

  #take(): readonly Profiler.FunctionCoverage[] {
    const { result } = this.#post(
      "Profiler.takePreciseCoverage",
    ) as Profiler.TakePreciseCoverageReturnType;
    return result.filter(({ url }) => url === this.#script).flatMap(({ functions }) => functions);
  }

  /** Forgets what ran until now. */
  reset(): void {
    this.#take();
  }

  /** Whether anything ran since the last look that never had; nothing is noted. */
  peek(): boolean {
    return this.#look(({ start, here }) =>
      here.some((ran, i) => ran === 1 && this.#ran[start + i] !== 1),
    );
  }

  /** Whether the one input that ran since the last look led anywhere new, which is noted. */
  note(): boolean {
    return this.#look(({ start, here }) => {
      let found = false;
      this.#makeRoom(start + here.length);
      for (const [i, ran] of here.entries())
        if (ran === 1 && this.#ran[start + i] === 0) {
          this.#ran[start + i] = 1;
          this.places++;
          found = true;
        }
      return found;
    });
  }

  #makeRoom(length: number): void {
    if (length <= this.#ran.length) return;
    const longer = new Uint8Array(length * 2);
    longer.set(this.#ran);
    this.#ran = longer;
  }

  /** Looks at each function that ran. */
  #look(judge: (ran: Ran) => boolean): boolean {
    let found = false;
    for (const { ranges } of this.#take()) {
      const [whole] = ranges;
      if (whole === undefined || whole.count === 0) continue;
      const start = whole.startOffset;
      const here = new Uint8Array(whole.endOffset - start);
      // Ranges are nested: an inner one says better what its outer one says of it.
      for (const { startOffset, endOffset, count } of ranges)
        here.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start);
      if (judge({ start, here })) found = true;
    }
    return found;
  }
}

/** One function that ran. */
interface Ran {
  /** Where it begins in the script. */
  readonly start: number;
  /** For each place in it, 1 if it ran. */
  readonly here: Uint8Array;
}
