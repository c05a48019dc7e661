import { addCheckCommand } from "./check-command.ts";
import { warmUpFor } from "./reading/warm-up.ts";
import { addRecoverCommand } from "./recover-command.ts";
import { run } from "./run.ts";

// What could not be begun is told when it is needed.
void warmUpFor(process.argv.slice(3))
  .catch(() => undefined)
  .then(() =>
    run((root) => {
      addCheckCommand(root);
      addRecoverCommand(root);
    }),
  );
