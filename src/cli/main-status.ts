import { status } from "./register/status.ts";
import { run } from "./run.ts";
import { addStatusCommand } from "./status-command.ts";

void run((root) => {
  addStatusCommand(root, () => status);
});
