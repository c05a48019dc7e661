import type { Command } from "commander";
import { run } from "./run.ts";
import { answer } from "./system/output.ts";
import { currentTime } from "./system/system.ts";

/** Commands, and what defines them: to define all takes a tenth of the time to start. */
interface Group {
  readonly names: readonly string[];
  readonly add: (root: Command) => Promise<void>;
}

const GROUPS: readonly Group[] = [
  {
    names: ["issue", "rotate", "check", "recover", "confirm"],
    async add(root): Promise<void> {
      const { addSlipCommands } = await import("./slip-commands.ts");
      addSlipCommands(root);
    },
  },
  {
    names: [
      ...["init", "policy", "account", "custodian", "site", "record", "ceremony"],
      ...["status", "log", "exposure", "evidence"],
    ],
    async add(root): Promise<void> {
      const { addRegisterCommands } = await import("./register-commands.ts");
      addRegisterCommands(root);
    },
  },
  {
    names: ["doctor", "print-test"],
    async add(root): Promise<void> {
      const { addPreparationCommands } = await import("./preparation-commands.ts");
      addPreparationCommands(root);
    },
  },
  {
    names: ["kit"],
    async add(root): Promise<void> {
      const { addKitCommand } = await import("./kit-command.ts");
      addKitCommand(root);
    },
  },
];

void run(addCommands, async (runLine) => {
  const { guide } = await import("./guide.ts");
  await guide(runLine, currentTime);
});

/** Adds the group of one command; all commands for help, completion, and a name that there is not. */
async function addCommands(root: Command, first: string | undefined): Promise<void> {
  const group = GROUPS.find(({ names }) => names.includes(first ?? ""));
  if (group !== undefined) return group.add(root);
  for (const { add } of GROUPS) await add(root);
  root
    .command("man")
    .description("print the manual as a page for man: breakglass man | man -l -")
    .addHelpText("after", "\nExample:\n  breakglass man | man -l -")
    .action(async () => {
      const { manualPage } = await import("./man.ts");
      answer(manualPage(root));
    });
  const { addCompletion } = await import("./completion.ts");
  addCompletion(root);
}
