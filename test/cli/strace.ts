import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * What a program asks of the system, as strace sees it: every call of every thread and child, its
 * buffers in full, but for calls that only read or wait.
 */

/** Calls that bring something in, or only wait: nothing can leave by them. */
const UNSEEN = [
  ...["read", "pread64", "futex", "madvise", "mprotect", "munmap", "brk", "epoll_wait"],
  ...["epoll_pwait", "rt_sigprocmask", "rt_sigaction", "sched_yield", "clock_nanosleep"],
].join(",");

/** One call to the system. */
export interface Call {
  readonly name: string;
  /** Its arguments as strace writes them. */
  readonly text: string;
  /** Every buffer and path in its arguments. */
  readonly strings: readonly string[];
  /** The number of the file that it is about (its first argument), or undefined. */
  readonly file: number | undefined;
  /** Where that file is, such as `/dev/pts/1` or `pipe:[42]`. */
  readonly path: string | undefined;
  /** The path of the file that it opened, or undefined. */
  readonly opened: string | undefined;
  readonly failed: boolean;
}

/** What a traced program did. */
export interface Trace {
  readonly calls: readonly Call[];
  /** How each thread ended, such as `exited with 0` or `killed by SIGSEGV (core dumped)`. */
  readonly ends: readonly string[];
}

/** A trace that is being made. */
export interface Tracing {
  /** What to put before a command. */
  readonly before: readonly [string, ...string[]];
  /** Reads what the command did, once it has ended. */
  read(): Trace;
}

/** Traces one command; bytes of buffers stand for themselves as Latin-1. */
export function tracing(): Tracing {
  const folder = mkdtempSync(join(tmpdir(), "strace-"));
  const log = join(folder, "log");
  const options = ["-ff", "-q", "-v", "-y", "-xx", "-s", "4000000", "-e", `trace=!${UNSEEN}`];
  return {
    before: ["strace", ...options, "-o", log],
    read: () => {
      const lines = readdirSync(folder).flatMap((name) =>
        readFileSync(join(folder, name), "latin1").split("\n").filter(Boolean),
      );
      const calls: Call[] = [];
      const ends: string[] = [];
      for (const line of lines) {
        const end = /^\+\+\+ (.*) \+\+\+$/.exec(line);
        const call = /^(\w+)\((.*)\)\s+= (.*)$/.exec(line) ?? /^(\w+)\((.*)()$/.exec(line);
        if (end !== null) ends.push(end[1]!);
        else if (call !== null) calls.push(callOf(call[1]!, call[2]!, call[3]!));
        else if (!line.startsWith("--- ")) throw new Error("strace wrote a line of another kind");
      }
      return { calls, ends };
    },
  };
}

function callOf(name: string, text: string, result: string): Call {
  const strings = [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)].map((match) => {
    if (match[2] !== undefined) throw new Error(`strace cut a buffer of ${name} short`);
    return unescaped(match[1]!);
  });
  const file = /^(\d+)<([^>]*)>/.exec(text);
  const opened = /^\d+<([^>]*)>/.exec(result);
  return {
    ...{ name, text, strings },
    file: file === null ? undefined : Number(file[1]),
    path: file === null ? undefined : unescaped(file[2]!),
    opened: opened === null ? undefined : unescaped(opened[1]!),
    failed: result.startsWith("-1"),
  };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}
