import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

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
  /** The thread that made it. */
  readonly thread: number;
  /** The program that it ran by then, such as `lp`; a child is its parent until it executes another. */
  readonly program: string;
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
      const calls: Call[] = [];
      const ends: string[] = [];
      const threads = new Map(
        readdirSync(folder).map((name) => {
          const lines = readFileSync(join(folder, name), "latin1").split("\n").filter(Boolean);
          return [Number(name.slice("log.".length)), lines];
        }),
      );
      const take = (thread: number, startedAs: string): void => {
        const lines = threads.get(thread) ?? [];
        threads.delete(thread);
        let program = startedAs;
        for (const line of lines) {
          const end = /^\+\+\+ (.*) \+\+\+$/.exec(line);
          const parts = /^(\w+)\((.*)\)\s+= (.*)$/.exec(line) ?? /^(\w+)\((.*)()$/.exec(line);
          if (end !== null) ends.push(end[1]!);
          else if (parts !== null) {
            const [, name, text, result] = parts as unknown as [string, string, string, string];
            const call = { ...callOf(name, text, result), thread, program };
            calls.push(call);
            if (name === "execve" && !call.failed) program = basename(call.strings[0]!);
            if (/^(?:clone3?|v?fork)$/.test(name)) take(Number(result), program);
          } else if (!line.startsWith("--- "))
            throw new Error("strace wrote a line of another kind");
        }
      };
      // The one that no other started is the first.
      const started = new Set(
        [...threads.values()]
          .flat()
          .map((line) => /^(?:clone3?|v?fork)\(.*= (\d+)$/.exec(line)?.[1])
          .filter((result) => result !== undefined)
          .map(Number),
      );
      for (const thread of [...threads.keys()]) if (!started.has(thread)) take(thread, "");
      return { calls, ends };
    },
  };
}

function callOf(name: string, text: string, result: string): Omit<Call, "thread" | "program"> {
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

/** What strace wrote in hexadecimal digits. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}
