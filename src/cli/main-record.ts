import { addRecordCommand } from "./record-command.ts";
import { run } from "./run.ts";

void run(addRecordCommand);
