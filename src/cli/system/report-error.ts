import { BreakglassError } from "../../core/errors.ts";
import { EXIT_STATUS } from "./exit-status.ts";
import { oneLine, say } from "./output.ts";

/**
 * Says on standard error what is wrong and what to do, a line each. Of an error that this program
 * did not throw itself only the kind is told: its message could quote what it was given.
 *
 * @returns the exit status
 */
export function reportError(error: unknown): number {
  const known =
    error instanceof BreakglassError
      ? error
      : new BreakglassError(
          "internal",
          `breakglass failed unexpectedly (${error instanceof Error ? error.name : typeof error})`,
          "nothing secret was shown; report this defect with the command's name, not its input",
        );
  say(`breakglass: ${oneLine(known.message)}\n  ${oneLine(known.hint)}`);
  return EXIT_STATUS[known.code];
}
