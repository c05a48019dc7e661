import { spawn } from "node:child_process";

/** How a program of the system ended. */
export interface Ended {
  /** Its exit status; undefined if it was ended because it took too long. */
  readonly status: number | undefined;
  readonly stdout: string;
}

/** What it is given besides its arguments. */
export interface Given {
  /** For its standard input; not copied. */
  readonly input?: Uint8Array;
  /** After so many milliseconds it is ended. */
  readonly patience: number;
}

/** An answer longer than this is cut off: no program asked here has so much to say. */
const ANSWER_MAX = 1024 * 1024;

/**
 * All that a child learns of our environment. In the language `C` programs answer in words that do
 * not depend on who asks.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "CUPS_SERVER", "SystemRoot"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
}

/**
 * Runs a program of the system to its end. It gets no terminal, so that it can't ask for a password
 * in between; what it writes to standard error is not passed on, since nobody knows what it quotes.
 *
 * @returns undefined if it is not installed
 */
export async function runChild(
  program: string,
  args: readonly string[],
  { input, patience }: Given,
): Promise<Ended | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: childEnvironment(),
      stdio: ["pipe", "pipe", "ignore"],
      timeout: patience,
      killSignal: "SIGKILL",
      detached: true,
      windowsHide: true,
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < ANSWER_MAX) stdout += text;
    });
    child.on("error", () => {
      resolve(undefined);
    });
    child.on("close", (status) => {
      resolve({ status: status ?? undefined, stdout });
    });
    // A program that ends before it has read everything tells so by its exit status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? new Uint8Array(0));
  });
}
