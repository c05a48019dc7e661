import { BreakglassError } from "../../core/errors.ts";
import { isTerminal } from "./is-terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Exit status of every interrupted command. */
const INTERRUPTED = 130;
const STDIN = 0;
const stops = new Set<() => void>();
let listening = false;

/**
 * Has something done if the program is interrupted, or ends in any other way, before the returned
 * function is called.
 */
export function onStop(stop: () => void): () => void {
  if (!listening) {
    listening = true;
    const atTerminal = isTerminal(STDIN);
    for (const signal of SIGNALS) process.once(signal, () => process.exit(INTERRUPTED));
    process.on("exit", () => {
      for (const each of stops) each();
      // Node crashes when it gives back a terminal that has gone, with a core dump perhaps.
      if (atTerminal && !isTerminal(STDIN)) process.kill(process.pid, "SIGKILL");
    });
  }
  stops.add(stop);
  return () => stops.delete(stop);
}

/** The error for Ctrl-C, Ctrl-D, or a terminal that went away. */
export function interrupted(): BreakglassError {
  return new BreakglassError(
    "interrupted",
    "interrupted",
    "nothing was kept; run the command again when you are ready",
  );
}
