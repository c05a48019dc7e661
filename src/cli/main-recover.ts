import { addRecoverCommand } from "./recover-command.ts";
import { run } from "./run.ts";
import { warmUpFor } from "./warm-up.ts";

await warmUpFor(process.argv.slice(3));
await run(addRecoverCommand);
