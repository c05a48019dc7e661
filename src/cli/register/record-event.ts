import { BreakglassError } from "../../core/errors.ts";
import type { PeekedRegister } from "../journal/journal-bytes.ts";
import { openRegister, peekRegister } from "../journal/journal-file.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import type { Clock } from "../system/system.ts";
import { inTurn, type Step } from "../terminal/in-turn.ts";
import { RecordForm } from "./record-form.ts";
import type { RecordOptions } from "./recordable.ts";

/** How an event came to be recorded. */
interface Recording {
  readonly clock: Clock;
  /** Whether the event was asked for. */
  readonly wasAsked: boolean;
}

/**
 * Writes an event down; at a terminal, what was not said of it is asked for.
 *
 * @param folder the register's
 * @param word the event, as the command line calls it
 * @param subjects what it is about, as given
 */
export async function recordEvent(
  folder: string,
  word: string,
  subjects: readonly string[],
  options: RecordOptions,
  { clock, wasAsked: asksFirst }: Recording,
): Promise<void> {
  // Nobody waits before the first question until all is verified; before anything else, it is.
  let known: PeekedRegister =
    hasTerminal() && !asksFirst ? peekRegister(folder) : openRegister(folder);
  const form = new RecordForm(folder, () => known, word, subjects, options, clock);
  const verified = (step: Step): Step => ({
    isSaid: () => step.isSaid(),
    unsay: (): void => {
      step.unsay();
    },
    ask: async (): Promise<void> => {
      await step.ask();
      known = openRegister(folder);
    },
  });
  try {
    await inTurn(() => form.steps().map(verified), asksFirst);
  } catch (error) {
    // What a damaged register can't have is refused for another reason.
    if (error instanceof BreakglassError && error.code === "refused") openRegister(folder);
    throw error;
  }
  // Nobody waits for it before the first question.
  const { writeRecord } = await import("./record-write.ts");
  await writeRecord(folder, form, openRegister(folder), clock);
}
