import { readFileSync } from "node:fs";
import { say } from "./output.ts";

/** How a shell switches core dumps off, for itself and what it starts. */
export const CORE_DUMPS_OFF = "ulimit -c 0";

/**
 * Whether a crash of this program would leave a file with what was in its memory.
 *
 * @returns undefined where the system does not say
 */
function coreDumpsAllowed(): boolean | undefined {
  try {
    return parseCoreLimit(readFileSync("/proc/self/limits", "utf8"));
  } catch {
    return undefined;
  }
}

/** Reads Linux' /proc/self/limits. */
export function parseCoreLimit(limits: string): boolean | undefined {
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : soft !== "0";
}

/** Says before a secret is in memory that a crash would write it to the disk. */
export function warnOfCoreDumps(): void {
  if (coreDumpsAllowed() === true)
    say(
      `careful: core dumps are on, and a crash would write secrets to the disk; switch them off first: ${CORE_DUMPS_OFF}`,
    );
}
