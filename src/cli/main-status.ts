import { run } from "./run.ts";
import { addStatusCommand } from "./status-command.ts";

await run(addStatusCommand);
