// eslint-disable-next-line no-restricted-imports -- the one place that adds what they lack
import * as child from "node:child_process";

/**
 * A program of the system that never ends would hold a test for ever: while it is waited for, no
 * timer of the test's own runs. So each is ended after so many milliseconds, and the test fails.
 */
const PATIENCE_MS = 280_000;

type Options = Readonly<Record<string, unknown>>;

/** The arguments, with an end to patience among the options. */
function bounded([program, args = [], options = {}]: readonly unknown[]): [
  string,
  string[],
  Options,
] {
  const end = { timeout: PATIENCE_MS, killSignal: "SIGKILL" };
  return [program as string, args as string[], { ...end, ...(options as Options) }];
}

/** Node's, with an end to patience. */
export const spawnSync = ((...given: unknown[]) =>
  child.spawnSync(...bounded(given))) as typeof child.spawnSync;

/** Node's, with an end to patience. */
export const execFileSync = ((...given: unknown[]) =>
  child.execFileSync(...bounded(given))) as typeof child.execFileSync;
