// A process that writes to a register, for tests that kill it or run several:
//
//   journal-writer.js FOLDER NAME COUNT [AT]
//
// says the text of each event on standard output once it was told that the event is written, or
// what went wrong.
import { writeSync } from "node:fs";
import { appendEvents } from "../../src/cli/journal/journal-append.ts";
import { BreakglassError } from "../../src/core/errors.ts";

const [folder, name, count, at] = process.argv.slice(2) as [string, string, string, string?];
try {
  for (let i = 1; i <= Number(count); i++) {
    const change = `${name} ${i}`;
    appendEvents(folder, () => [
      {
        kind: "staff-changed",
        at: at ?? `${new Date().toISOString().slice(0, 19)}Z`,
        actor: "Lea Lead",
        change,
      },
    ]);
    writeSync(1, `${change}\n`);
  }
} catch (error) {
  if (!(error instanceof BreakglassError)) throw error;
  writeSync(1, `${error.code}: ${error.message}; ${error.hint}\n`);
}
