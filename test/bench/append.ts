// What an append takes beyond reading the journal: append.js FOLDER, in milliseconds of the processor
import { appendEvents } from "../../src/cli/journal/journal-append.ts";

const [, , folder = ""] = process.argv;
let read = process.cpuUsage();
appendEvents(folder, () => {
  read = process.cpuUsage();
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  return [{ kind: "process-reviewed", at, actor: "Sample Lead" }];
});
const { user, system } = process.cpuUsage(read);
console.log((user + system) / 1000);
