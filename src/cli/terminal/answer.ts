import { takeBack } from "./asked.ts";
import type { Step } from "./in-turn.ts";
import { requireText } from "./questions.ts";

/** What is said for one flag or argument: on the command line, or by an answer in its turn. */
export class Answer implements Step {
  readonly #flag: string;
  readonly #ask: () => Promise<string | undefined>;
  #isSaid: boolean;
  /** Undefined until it is said, or if it was left out. */
  value: string | undefined;

  /**
   * @param flag how messages name it
   * @param ask asks for it, with a way back
   * @param isOptional whether it can be left out
   * @throws BreakglassError `usage` if what was given is no text
   */
  constructor(
    flag: string,
    given: string | undefined,
    ask: () => Promise<string | undefined>,
    isOptional = false,
  ) {
    requireText(flag, given);
    this.#flag = flag;
    this.#ask = ask;
    this.#isSaid = given !== undefined && (isOptional || given.trim() !== "");
    this.value = given;
  }

  isSaid(): boolean {
    return this.#isSaid;
  }

  async ask(): Promise<void> {
    this.value = await this.#ask();
    this.#isSaid = true;
  }

  unsay(): void {
    this.value = undefined;
    this.#isSaid = false;
    takeBack(this.#flag);
  }
}
