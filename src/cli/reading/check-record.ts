import { BreakglassError } from "../../core/errors.ts";
import { setName, slipName, type Slip } from "../../core/slip.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { isAsIssued } from "../../custody/genuine.ts";
import { deedOf, type DeedOptions } from "../journal/deed.ts";
import { appendEvents } from "../journal/journal-append.ts";
import { openRegister, type OpenRegister } from "../journal/journal-file.ts";
import type { Clock } from "../system/system.ts";

/** What a register says of slips that are checked. */
export class CheckRecord {
  readonly #folder: string;
  readonly #options: DeedOptions;
  readonly #clock: Clock;
  #state: OpenRegister;

  /** @throws BreakglassError `register` or `file` */
  constructor(folder: string, options: DeedOptions, clock: Clock) {
    this.#folder = folder;
    this.#options = options;
    this.#clock = clock;
    this.#state = openRegister(folder);
  }

  /** What is odd about the register itself. */
  get notes(): readonly string[] {
    return this.#state.notes;
  }

  /**
   * Holds a slip against what was issued, and writes the check down if somebody is named for it.
   *
   * @param onPaper whether it was read from paper, as far as can be told; only this is written down
   * @returns what the register says, in a few words
   * @throws BreakglassError `misfit` if it is another slip than the one that was issued
   */
  judge(slip: Slip, onPaper: boolean): string {
    const name = setName(slip.setId);
    const set = this.#state.register.sets.get(name);
    if (set === undefined) return `set ${name} is not in this register`;
    if (isAsIssued(this.#state.register, slip) !== true)
      throw new BreakglassError(
        "misfit",
        `this is not ${slipName(slip)} as it was issued: another share, or another making`,
        `keep the paper as evidence, and tell the security officer: ${COMMANDS.recordSlip("lost", { set: name, slip: slip.index })}`,
      );
    const says = `issued for ${set.account}, generation ${set.generation}; the set is ${set.stage}`;
    if (!onPaper) return `${says}; not written down, for this is no paper`;
    if (this.#options.by === undefined) return `${says}; not written down (add --by NAME)`;
    const deed = deedOf(this.#options);
    this.#state = appendEvents(this.#folder, () => [
      { kind: "slip-checked", ...deed(this.#clock()), slip: { set: name, slip: slip.index } },
    ]);
    return `${says}; written down as entry ${this.#state.journal.head.n}`;
  }
}
