import type { Command } from "commander";
import { addDeedOptions, collect } from "./command-options.ts";
import type { RecordOptions } from "./register/recordable.ts";
import { parseBag } from "./system/bag-serial.ts";
import { hasTerminal } from "./system/is-terminal.ts";
import { currentTime } from "./system/system.ts";

/** The command for all that happens away from the tool: it is built into a file of its own, too, so that it starts fast. */
export function addRecordCommand(root: Command): void {
  addDeedOptions(root.command("record"))
    .description("write down what happened away from this tool; --help-events lists the events")
    .argument("[event]", "such as sealed, destroyed, lost, reviewed")
    .argument("[about...]", "slips (K7Q2/2), a set, a name or a sentence, as the event needs")
    .option("--help-events", "list the events, and what each is about")
    .option("--bag <serial>", "of the bag that a slip is sealed in, or was taken from", parseBag)
    .option("--reason <text>", "why")
    .option("--location <safe>", "where a slip or an item lies now")
    .option("--custodian <name>", "who keeps a slip or an item now")
    .option("--alternate <name>", "who can fetch a slip in the custodian's place now")
    .option("--check-word <word>", "as it was read out, such as 'WN4X RQY4'")
    .option("--slips <numbers>", "such as 1,3")
    .option("--purpose <purpose>", "ceremony, drill or emergency")
    .option("--restored <set>", "the set whose password was set again")
    .option("--result <result>", "passed or failed")
    .option("--type <type>", "of a drill: check or full; of an item: such as 'FIDO2 key'")
    .option("--serial <number>", "of an item")
    .option("--scenario <text>", "of a drill")
    .option("--minutes <number>", "that a drill took")
    .option("--target <number>", "minutes that it should take")
    .option("--remedy <text>", "how an exception was settled")
    .option("--account <name>", "which it is about; may be given again", collect)
    .addHelpText(
      "after",
      `
Examples:
  breakglass record sealed K7Q2/2 --bag 004711 --by "Sample One" \\
    --witness "Sample Two"
  breakglass record destroyed 9N4M/1 9N4M/2 9N4M/3 --by "Sample One" \\
    --witness "Sample Two"
  breakglass record trained "Sample One" "Sample Two" --by "Sample Three"`,
    )
    .action(
      async (
        event: string | undefined,
        about: string[],
        options: RecordOptions & { readonly helpEvents?: boolean },
      ) => {
        if (options.helpEvents === true || (event === undefined && !hasTerminal())) {
          const { listEvents } = await import("./register/recordable.ts");
          listEvents();
          return;
        }
        const { record } = await import("./register/record.ts");
        await record(event, about, options, currentTime);
      },
    );
}
