import type { Command } from "commander";
import type { KitOptions } from "./kit/kit.ts";
import { askNewFolder } from "./terminal/ask-folder.ts";

/** The command that writes what belongs on a stick beside the slips. */
export function addKitCommand(root: Command): void {
  root
    .command("kit")
    .description(
      "write the recovery page, the by-hand guide and a reader into a new folder, for a USB stick or an envelope; nothing secret",
    )
    .argument("[folder]", "new, or empty")
    .option("--page <size>", "of the guide's PDF: A4 (usual) or Letter")
    .addHelpText(
      "after",
      `
Example:
  breakglass kit /media/stick/recovery | sha256sum -c`,
    )
    .action(async (folder: string | undefined, options: KitOptions) => {
      const into = await askNewFolder("Folder for the kit", folder);
      const { kit } = await import("./kit/kit.ts");
      await kit(into, options);
    });
}
