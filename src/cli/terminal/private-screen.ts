import { BreakglassError } from "../../core/errors.ts";
import { recorderOf } from "../system/recorder.ts";
import { HERE } from "../system/surroundings.ts";
import { canClearScreen, type Terminal } from "./terminal.ts";

/**
 * Refuses a terminal that is recorded, before a slip is typed at it: each line would go into a file.
 *
 * @throws BreakglassError `no-terminal`
 */
export function refuseRecording(): void {
  const recorder = recorderOf(HERE);
  if (recorder !== undefined)
    throw new BreakglassError(
      "no-terminal",
      `this terminal is recorded (${recorder}), and would keep what is typed and shown`,
      "leave the recording, and run this again",
    );
}

/** Whether a password could be shown here, and be taken off the screen again. */
export function hasPrivateScreen(): boolean {
  return canClearScreen() && recorderOf(HERE) === undefined;
}

/**
 * Refuses a terminal on which no password can be shown, before anything is typed for it.
 *
 * @throws BreakglassError `no-terminal`
 */
export function needPrivateScreen(terminal: Terminal): void {
  if (!terminal.canClear)
    throw new BreakglassError(
      "no-terminal",
      "this terminal (TERM=dumb) can't be cleared, so the password would stay on it",
      "use another terminal, or add --stdout to write the password to a pipe or file",
    );
  refuseRecording();
}
