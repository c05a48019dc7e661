import type { Command } from "commander";
import { REGISTER_HELP, collect } from "./command-options.ts";
import type { status, StatusOptions } from "./register/status.ts";
import { currentTime } from "./system/system.ts";

type Status = typeof status;

/**
 * The command that monitoring runs often: it is built into a file of its own, too, so that it starts
 * fast.
 *
 * @param load what does it, which other commands need not load
 */
export function addStatusCommand(root: Command, load: () => Status | Promise<Status>): void {
  root
    .command("status")
    .description("every account at a glance, and what is due, with the command that settles it")
    .option("--register <folder>", `${REGISTER_HELP}; may be given again`, collect)
    .option("--slips", "where the slips of each account lie, and who can fetch them")
    .option("--json", "answer as JSON")
    .option("--ics", "answer as an iCalendar file with due dates and reminders")
    .addHelpText(
      "after",
      `
Examples:
  breakglass status
  breakglass status --slips
  breakglass status --register bank-a --register bank-b --json
  breakglass status --ics > breakglass.ics

Exit status: 0 if nothing is due, 10 if something is, 11 if it is overdue.`,
    )
    .action(async (options: StatusOptions) => {
      const report = await load();
      process.exitCode = await report(options, currentTime());
    });
}
