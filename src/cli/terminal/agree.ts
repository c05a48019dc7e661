import { BreakglassError } from "../../core/errors.ts";
import { oneLine, say } from "../system/output.ts";
import { wasAsked } from "./asked.ts";

/** Somebody saw what was to be written, and does not want it. */
export class NotAgreed extends BreakglassError {
  constructor() {
    super("interrupted", "nothing was written", "run it again when ready");
  }
}

/**
 * Shows what is about to be written, and has it agreed to, if it was put together by questions: a
 * command line that said everything was read before it was sent off.
 *
 * @throws NotAgreed if it is not to be written
 */
export async function agreeToWrite(lines: readonly string[]): Promise<void> {
  if (!wasAsked()) return;
  const { Terminal } = await import("./terminal.ts");
  const terminal = new Terminal();
  try {
    say("");
    for (const line of lines) say(oneLine(line));
    if (await terminal.confirm("Write this into the register? It stays there for good.")) return;
  } finally {
    terminal.close();
  }
  throw new NotAgreed();
}
