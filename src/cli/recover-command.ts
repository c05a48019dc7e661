import type { Command } from "commander";
import { acceptCorrections, addDeedOptions } from "./command-options.ts";
import type { RecoverOptions } from "./reading/recover-options.ts";

/** The command of an emergency: it is built into a file of its own, too, so that it starts fast. */
export function addRecoverCommand(root: Command): void {
  addDeedOptions(root.command("recover"))
    .description("put the password together from enough slips, and show it")
    .argument("[file...]", "pictures, PDF or text files of slips; - is standard input")
    .option(
      "--clipboard",
      "put the password onto the clipboard for 30 seconds, instead of showing it",
    )
    .option("--stdout", "write exactly the password's bytes to standard output")
    .addOption(acceptCorrections())
    .option("--set <name>", "the set to take, such as K7Q2, where slips of several are given")
    .option("--purpose <purpose>", "ceremony, drill or emergency, for the register")
    .option("--reason <text>", "why, for the register")
    .addHelpText(
      "after",
      `
Examples:
  breakglass recover                          type slips until there are enough
  breakglass recover one.txt                  begin with a file, type the rest
  breakglass recover scan.pdf photo.jpg       scans and photographs, mixed with
                                              text as you like
  breakglass recover --stdout - < slips.txt   for a pipe`,
    )
    .action(async (files: string[], options: RecoverOptions) => {
      const { recover } = await import("./reading/recover.ts");
      await recover(files, options, () => new Date());
    });
}
