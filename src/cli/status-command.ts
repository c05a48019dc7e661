import type { Command } from "commander";
import { REGISTER_HELP, collect } from "./command-options.ts";
import type { StatusOptions } from "./register/status.ts";

/** The command that monitoring runs often: it is built into a file of its own, too, so that it starts fast. */
export function addStatusCommand(root: Command): void {
  root
    .command("status")
    .description("every account at a glance, and what is due, with the command that settles it")
    .option("--register <folder>", `${REGISTER_HELP}; may be given again`, collect)
    .option("--json", "answer as JSON")
    .option("--ics", "answer as an iCalendar file with due dates and reminders")
    .addHelpText(
      "after",
      `
Examples:
  breakglass status
  breakglass status --register bank-a --register bank-b --json
  breakglass status --ics > breakglass.ics

Exit status: 0 if nothing is due, 10 if something is, 11 if it is overdue.`,
    )
    .action(async (options: StatusOptions) => {
      const { status } = await import("./register/status.ts");
      const { currentTime } = await import("./system/system.ts");
      process.exitCode = await status(options, currentTime());
    });
}
