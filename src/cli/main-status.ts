import { run } from "./run.ts";
import { addStatusCommand } from "./status-command.ts";

void run(addStatusCommand);
