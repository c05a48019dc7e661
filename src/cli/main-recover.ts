import { warmUpFor } from "./reading/warm-up.ts";
import { addRecoverCommand } from "./recover-command.ts";
import { run } from "./run.ts";

void warmUpFor(process.argv.slice(3)).then(() => run(addRecoverCommand));
