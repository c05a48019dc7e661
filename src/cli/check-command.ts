import type { Command } from "commander";
import { acceptCorrections, addDeedOptions } from "./command-options.ts";
import type { CheckOptions } from "./reading/checks.ts";
import { currentTime } from "./system/system.ts";

/** The command of a custodian with a slip in hand: it is built with `recover`, too, so that it starts fast. */
export function addCheckCommand(root: Command): void {
  addDeedOptions(root.command("check"))
    .description("judge each slip alone; slips are never joined, the password is never shown")
    .argument(
      "[file...]",
      "pictures, PDF or text files of slips, - is standard input; or slips to check, such as K7Q2/2: each of them, typed or from the files",
    )
    .addOption(acceptCorrections())
    .option("--json", "answer as JSON")
    .addHelpText(
      "after",
      `
Examples:
  breakglass check              type a slip, line by line
  breakglass check slip.txt     a text file with typed lines (1) ...),
                                or a QR text (BG1:...)
  breakglass check scan.pdf     a scan or photograph: PNG, JPEG, WebP, TIFF, PDF
  breakglass check K7Q2/2 --by "Sample One"
                                type slip 2 of set K7Q2, and write the check
                                into the register`,
    )
    .action(async (files: string[], options: CheckOptions) => {
      const { check } = await import("./reading/check.ts");
      process.exitCode = await check(files, options, currentTime);
    });
}
