import { openRegister } from "../journal/journal-file.ts";
import type { Clock } from "../system/system.ts";
import { inTurn } from "../terminal/in-turn.ts";
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
  const state = openRegister(folder);
  const form = new RecordForm(state, word, subjects, options, clock);
  await inTurn(() => form.steps(), asksFirst);
  // Nobody waits for it before the first question.
  const { writeRecord } = await import("./record-write.ts");
  await writeRecord(folder, form, state, clock);
}
