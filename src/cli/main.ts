import type { Command } from "commander";
import { run } from "./run.ts";
import { answer } from "./system/output.ts";

await run(addCommands, async (runLine) => {
  const { guide } = await import("./guide.ts");
  const { currentTime } = await import("./system/system.ts");
  await guide(runLine, currentTime);
});

async function addCommands(root: Command, first: string | undefined): Promise<void> {
  const { SLIP_COMMANDS, addSlipCommands } = await import("./slip-commands.ts");
  addSlipCommands(root);
  if (SLIP_COMMANDS.includes(first ?? "")) return;
  const { addRegisterCommands } = await import("./register-commands.ts");
  addRegisterCommands(root);
  const { addPreparationCommands } = await import("./preparation-commands.ts");
  addPreparationCommands(root);
  const { addKitCommand } = await import("./kit-command.ts");
  addKitCommand(root);
  root
    .command("man")
    .description("print the manual as a page for man: breakglass man | man -l -")
    .addHelpText("after", "\nExample:\n  breakglass man | man -l -")
    .action(async () => {
      const { manualPage } = await import("./man.ts");
      answer(manualPage(root));
    });
  const all = ["complete", "help", "man"];
  if (first === undefined || !/^[a-z]/.test(first) || all.includes(first)) {
    const { addCompletion } = await import("./completion.ts");
    addCompletion(root);
  }
}
