import type { Command } from "commander";
import type { CommandGroup } from "./command-group.ts";
import { run } from "./run.ts";
import { answer } from "./system/output.ts";
import { currentTime } from "./system/system.ts";

/** Commands, and where they are defined. */
interface Definitions {
  readonly names: readonly string[];
  readonly load: () => Promise<CommandGroup>;
}

const DEFINITIONS: readonly Definitions[] = [
  {
    names: ["issue", "rotate", "check", "recover", "confirm"],
    load: async () => (await import("./slip-commands.ts")).SLIP_COMMANDS,
  },
  {
    names: [
      ...["init", "policy", "account", "custodian", "site", "record", "ceremony"],
      ...["status", "log", "exposure", "evidence"],
    ],
    load: async () => (await import("./register-commands.ts")).REGISTER_COMMANDS,
  },
  {
    names: ["doctor", "print-test"],
    load: async () => (await import("./preparation-commands.ts")).PREPARATION_COMMANDS,
  },
  {
    names: ["kit"],
    load: async () => ({ kit: (await import("./kit-command.ts")).addKitCommand }),
  },
];

void run(addCommands, async (runLine) => {
  const { guide } = await import("./guide.ts");
  await guide(runLine, currentTime);
});

/** Adds one command; all of them for help, completion, and a name that there is not. */
async function addCommands(root: Command, first = ""): Promise<void> {
  const one = DEFINITIONS.find(({ names }) => names.includes(first));
  if (one !== undefined) {
    const group = await one.load();
    group[first]!(root);
    return;
  }
  for (const { load } of DEFINITIONS) for (const add of Object.values(await load())) add(root);
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
