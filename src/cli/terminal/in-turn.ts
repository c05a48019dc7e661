import { hasTerminal } from "../system/is-terminal.ts";
import { say } from "../system/output.ts";
import { BACK, GoneBack } from "./questions.ts";

/** Something that is to be said, by a flag or by an answer. */
export interface Step {
  readonly isSaid: () => boolean;
  readonly ask: () => Promise<void>;
  /** Takes an answer back. */
  readonly unsay: () => void;
}

/**
 * Asks for what is not said yet, one after the other; `<` takes the answer before back.
 *
 * @param steps as they are now: an answer may bring others along
 */
export async function inTurn(steps: () => readonly Step[]): Promise<void> {
  const answered: number[] = [];
  let told = !hasTerminal();
  for (let i = 0; i < steps().length;) {
    const step = steps()[i]!;
    if (step.isSaid()) {
      i++;
      continue;
    }
    if (!told) say(`${BACK} goes back to the question before; Ctrl-C leaves`);
    told = true;
    try {
      await step.ask();
      answered.push(i);
      i++;
    } catch (error) {
      if (!(error instanceof GoneBack)) throw error;
      const before = answered.pop();
      if (before === undefined) say("this is the first question");
      else {
        i = before;
        steps()[i]!.unsay();
      }
    }
  }
}
