import { BreakglassError } from "../core/errors.ts";
import { setName, slipName, type Slip } from "../core/slip.ts";
import { COMMANDS } from "../custody/commands.ts";
import { isAsIssued } from "../custody/genuine.ts";
import { deedOf, type DeedOptions } from "./deed.ts";
import { appendEvents, openRegister, type OpenRegister } from "./journal-file.ts";

/** What a register says of slips that are checked. */
export class CheckRecord {
  readonly #folder: string;
  readonly #options: DeedOptions;
  readonly #now: Date;
  #state: OpenRegister;

  /** @throws BreakglassError `register` or `file` */
  constructor(folder: string, options: DeedOptions, now: Date) {
    this.#folder = folder;
    this.#options = options;
    this.#now = now;
    this.#state = openRegister(folder);
  }

  /** What is odd about the register itself. */
  get notes(): readonly string[] {
    return this.#state.notes;
  }

  /**
   * Holds a slip against what was issued, and writes the check down if somebody is named for it.
   *
   * @returns what the register says, in a few words
   * @throws BreakglassError `misfit` if it is another slip than the one that was issued
   */
  judge(slip: Slip): string {
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
    if (this.#options.by === undefined) return `${says}; not written down (add --by NAME)`;
    const deed = deedOf(this.#options, this.#now);
    this.#state = appendEvents(this.#folder, () => [
      { kind: "slip-checked", ...deed, slip: { set: name, slip: slip.index } },
    ]);
    return `${says}; written down as entry ${this.#state.journal.head.n}`;
  }
}
