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

const HINT = `${BACK} goes back to the question before; Ctrl-C leaves`;
const IS_FIRST = "this is the first question";

/** Asks the first question, before what the others need is loaded. */
export async function askFirst(ask: () => Promise<string>): Promise<string> {
  say(HINT);
  for (;;)
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof GoneBack)) throw error;
      say(IS_FIRST);
    }
}

/**
 * Asks for what is not said yet, one after the other; `<` takes the answer before back.
 *
 * @param steps as they are now: an answer may bring others along, and what they need is loaded then
 * @param wasAsked whether the first of them was asked by {@link askFirst}
 */
export async function inTurn(
  steps: () => readonly Step[] | Promise<readonly Step[]>,
  wasAsked = false,
): Promise<void> {
  const answered = wasAsked ? [0] : [];
  let told = wasAsked || !hasTerminal();
  for (let i = 0; ;) {
    const step = (await steps())[i];
    if (step === undefined) return;
    if (step.isSaid()) {
      i++;
      continue;
    }
    if (!told) say(HINT);
    told = true;
    try {
      await step.ask();
      answered.push(i);
      i++;
    } catch (error) {
      if (!(error instanceof GoneBack)) throw error;
      const before = answered.pop();
      if (before === undefined) say(IS_FIRST);
      else {
        i = before;
        (await steps())[i]!.unsay();
      }
    }
  }
}
