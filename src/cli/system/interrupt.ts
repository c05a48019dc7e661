import { BreakglassError } from "../../core/errors.ts";
import { isTerminal } from "./is-terminal.ts";
import { reportError } from "./report-error.ts";

/** Signals that end a program; Node can be told of each before it does. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGALRM", "SIGABRT"] as const;
/** Exit status of every interrupted command. */
const INTERRUPTED = 130;
const STDIN = 0;
const stops = new Set<() => void>();
let listening = false;

/**
 * Keeps others out of the process: Node would open a debugger's socket at SIGUSR1, and print the
 * message of an error that nobody caught, which could quote what it was given.
 */
export function guardProcess(): void {
  process.on("SIGUSR1", () => undefined);
  process.on("uncaughtException", (error) => process.exit(reportError(error)));
}

/**
 * Has something done if the program is interrupted, or ends in any other way, before the returned
 * function is called.
 */
export function onStop(stop: () => void): () => void {
  if (!listening) {
    listening = true;
    const atTerminal = isTerminal(STDIN);
    for (const signal of SIGNALS) process.once(signal, () => process.exit(INTERRUPTED));
    if (atTerminal) goOnWhenSuspended();
    process.on("exit", () => {
      for (const each of stops) each();
      // Node crashes when it gives back a terminal that has gone, with a core dump perhaps.
      if (atTerminal && !isTerminal(STDIN)) process.kill(process.pid, "SIGKILL");
    });
  }
  stops.add(stop);
  return () => stops.delete(stop);
}

/**
 * A program that is suspended (Ctrl-Z) could hide nothing after five minutes, and take nothing off
 * the clipboard: so it goes on at once.
 */
function goOnWhenSuspended(): void {
  process.on("SIGTSTP", () => process.kill(process.pid, "SIGCONT"));
  process.on("SIGCONT", () => {
    const { stdin } = process;
    // Whoever held the terminal meanwhile may have set it back to lines; readline waits to be resumed.
    setImmediate(() => {
      if (stdin.isRaw) stdin.setRawMode(false).setRawMode(true);
      stdin.resume();
    });
  });
}

/** What is told where nothing else is known. */
const NOTHING_KEPT = "nothing was kept; run the command again when you are ready";

/** The error for Ctrl-C, Ctrl-D, or a terminal that went away. */
export function interrupted(hint = NOTHING_KEPT): BreakglassError {
  return new BreakglassError("interrupted", "interrupted", hint);
}

/**
 * Does something after which whoever stops is not to read that nothing was kept, since something was
 * written before. What it says itself of where it was stopped stands.
 *
 * @param hint what was written, and how to go on
 * @throws BreakglassError as it does
 */
export async function afterWriting<T>(hint: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const isPlain = error instanceof BreakglassError && error.hint === NOTHING_KEPT;
    throw isPlain ? interrupted(hint) : error;
  }
}
