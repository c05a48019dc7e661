import { fileURLToPath } from "node:url";
import { spawnSync } from "../child.ts";

/** The built program: what these tests run is what users run. */
export const BINARY = fileURLToPath(new URL("../../dist/breakglass.cjs", import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The user to run as, where a test needs one without privileges. */
  readonly uid?: number;
}

/** Runs the program to its end, without a terminal. */
export function breakglass(args: readonly string[], options: RunOptions = {}): Ran {
  const { input = "", ...rest } = options;
  const ran = spawnSync(process.execPath, [BINARY, ...args], {
    input,
    encoding: "utf8",
    ...rest,
  });
  // A program that refuses its input need not read it to the end.
  const error = ran.error as NodeJS.ErrnoException | undefined;
  if (error !== undefined && error.code !== "EPIPE") throw error;
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

/** Flags that name holders for the slips of a set. */
function holders(total: number): string[] {
  return Array.from({ length: total }, (_, i) => [
    ...["--custodian", `Sample Custodian ${i + 1}`, "--alternate", `Sample Alternate ${i + 1}`],
    ...["--location", `Safe ${i + 1}`],
  ]).flat();
}

/** A whole `issue` command for a sample account. */
export function issueArgs(out: string, total: number, ...more: string[]): string[] {
  return [
    ...["issue", "bg-1@contoso.onmicrosoft.com", "--no-register", "--out", out],
    ...holders(total),
    ...more,
  ];
}
