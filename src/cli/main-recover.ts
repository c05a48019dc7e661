import { addRecoverCommand } from "./recover-command.ts";
import { run } from "./run.ts";
import { warmUpFor } from "./warm-up.ts";

void warmUpFor(process.argv.slice(3)).then(() => run(addRecoverCommand));
