import type { Command } from "commander";
import type { CommandGroup } from "./command-group.ts";
import { REGISTER_HELP } from "./command-options.ts";
import type { DoctorOptions } from "./doctor/doctor.ts";
import type { PrintTestOptions } from "./printing/print-test.ts";
import { currentTime } from "./system/system.ts";

/** The commands that look before a ceremony whether the computer and the printer are fit for it. */
export const PREPARATION_COMMANDS: CommandGroup = {
  "print-test": addPrintTest,
  doctor: addDoctor,
};

function addPrintTest(root: Command): void {
  root
    .command("print-test")
    .description("print a void test page, to try out printer and scanner before a ceremony")
    .argument("[printer]", "the usual one, if none is named")
    .option("--out <folder>", "write it as a PDF instead")
    .option("--page <size>", "A4 (usual) or Letter")
    .option("--templates <folder>", "your own wording of the slips and of this page")
    .option("--patience <seconds>", "how long to wait for the printer (180)")
    .addHelpText(
      "after",
      `
Examples:
  breakglass print-test
  breakglass print-test --out papers`,
    )
    .action(async (printer: string | undefined, options: PrintTestOptions) => {
      const { printTest } = await import("./printing/print-test.ts");
      await printTest(printer, options, currentTime());
    });
}

function addDoctor(root: Command): void {
  root
    .command("doctor")
    .description("look whether this computer would keep or show a secret, and say what to do")
    .option("--register <folder>", REGISTER_HELP)
    .option("--json", "answer as JSON")
    .addHelpText(
      "after",
      `
Examples:
  breakglass doctor
  breakglass doctor --json

Exit status: 0 if all is well, 10 if something is to be settled before a
ceremony. The last line is for the ceremony's script or minutes.`,
    )
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("./doctor/doctor.ts");
      process.exitCode = doctor(options, new Date());
    });
}
