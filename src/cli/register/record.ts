import { BreakglassError } from "../../core/errors.ts";
import { needRegister } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import type { Clock } from "../system/system.ts";
import { askFirst } from "../terminal/in-turn.ts";
import { askEvent } from "./ask-event.ts";
import { RECORDABLE_WORDS, type RecordOptions } from "./recordable.ts";

/**
 * `breakglass record`: writes down what happened away from the tool; at a terminal, what was not
 * said is asked for.
 *
 * @param word the event, as the command line calls it
 * @param subjects what it is about, as given
 */
export async function record(
  word: string | undefined,
  subjects: readonly string[],
  options: RecordOptions,
  clock: Clock,
): Promise<void> {
  const folder = needRegister(options.register);
  const asksFirst = (word ?? "").trim() === "" && hasTerminal();
  const what = asksFirst ? await askFirst(async () => askEvent(folder)) : (word ?? "");
  if (!RECORDABLE_WORDS.includes(what))
    throw new BreakglassError(
      "usage",
      "this is nothing that can be recorded",
      `one of: ${RECORDABLE_WORDS.join(", ")}`,
    );
  // Nobody waits for what the other questions need before the first one.
  const { recordEvent } = await import("./record-event.ts");
  await recordEvent(folder, what, subjects, options, { clock, wasAsked: asksFirst });
}
