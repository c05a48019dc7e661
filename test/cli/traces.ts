import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import { rowsOf } from "../core/typed.ts";
import { unescaped, type Call, type Trace } from "./strace.ts";

/** As many characters, bytes or symbols in a row do not stand anywhere by chance. */
const RUN = 6;

/** What must not be left anywhere. */
export interface Secrets {
  readonly password: string;
  readonly slips: readonly Slip[];
}

/** One way to write a run of a secret down. */
interface Needle {
  readonly what: string;
  readonly text: string;
  /** How the text is made comparable before it is looked for. */
  readonly in: "bytes" | "bare" | "folded";
}

/** Blanks and what groups symbols, left out. */
const GROUPING = /[\s:\0-]/g;

/** What is looked through: as it is; without grouping; and that in lower case. */
function hay(text: string): Record<Needle["in"], string> {
  const bare = text.replaceAll(GROUPING, "");
  return { bytes: text, bare, folded: bare.toLowerCase() };
}

/** Every run of six bytes: as they are, as UTF-16, in hexadecimal digits and in base64. */
function* byteNeedles(what: string, bytes: Buffer): Generator<Needle> {
  for (let i = 0; i + RUN <= bytes.length; i++) {
    const run = bytes.subarray(i, i + RUN);
    const latin = run.toString("latin1");
    yield { what, text: latin, in: "bytes" };
    yield { what: `${what} as UTF-16`, text: [...latin].join("\0"), in: "bytes" };
    yield { what: `${what} in hex`, text: run.toString("hex"), in: "folded" };
    // Wherever the run begins within three bytes, these of its base64 digits depend on it alone.
    for (const before of [0, 1, 2]) {
      const digits = Buffer.concat([Buffer.alloc(before), run]).toString("base64");
      const from = Math.ceil((before * 8) / 6);
      const to = Math.floor(((before + RUN) * 8) / 6);
      for (const text of [digits, digits.replaceAll("+", "-").replaceAll("/", "_")])
        yield { what: `${what} in base64`, text: text.slice(from, to), in: "bytes" };
    }
  }
}

function* needlesOf({ password, slips }: Secrets): Generator<Needle> {
  const bytes = Buffer.from(password);
  yield* byteNeedles("the password", bytes);
  const bare = password.replaceAll(GROUPING, "");
  for (let i = 0; i + RUN <= bare.length; i++)
    yield { what: "the password, grouped", text: bare.slice(i, i + RUN), in: "bare" };
  for (const slip of slips) {
    yield* byteNeedles("a share", Buffer.from(slip.payload));
    const rows = rowsOf(encodeSlip(slip)).map(({ symbols }) => symbols.toLowerCase());
    for (const row of rows)
      for (let i = 0; i + RUN <= row.length; i++)
        yield { what: "the symbols of a share", text: row.slice(i, i + RUN), in: "folded" };
  }
}

/** Where something can be written, as `path (file number)`; `the system` for all other calls. */
function sinkOf({ name, file, path }: Call): string {
  return file === undefined || name === "openat" ? "the system" : `${path ?? ""} (${file})`;
}

/** Whether a sink is the terminal. */
export function isTerminal(sink: string): boolean {
  return /^\/dev\/(?:pts\/\d+|tty) /.test(sink);
}

/** All that was written to each place, or told the system otherwise, in order. */
export function written({ calls }: Trace): Map<string, string> {
  const sinks = new Map<string, string[]>();
  for (const call of calls) {
    if (call.strings.length === 0) continue;
    const sink = sinkOf(call);
    const parts = sinks.get(sink) ?? [];
    sinks.set(sink, parts);
    parts.push(...call.strings);
    if (sink === "the system") parts.push("\n");
  }
  return new Map([...sinks].map(([sink, parts]) => [sink, parts.join("")]));
}

/**
 * Where anything of the secrets went.
 *
 * @param allowed sinks in which they may stand
 * @returns such as `the password in hex: /tmp/x (17)`; empty if all is well
 */
export function leaks(
  trace: Trace,
  secrets: Secrets,
  allowed: (sink: string) => boolean,
): string[] {
  const needles = [...needlesOf(secrets)];
  const found = new Set<string>();
  for (const [sink, text] of written(trace)) {
    if (allowed(sink)) continue;
    const texts = hay(text);
    for (const needle of needles)
      if (texts[needle.in].includes(needle.text)) found.add(`${needle.what}: ${sink}`);
  }
  return [...found];
}

/** Files that were made, or opened to be written, each once; terminals and the null device left out. */
export function filesOf({ calls }: Trace): string[] {
  const paths = calls.flatMap((call) => {
    if (call.failed) return [];
    const { name, text, strings, opened } = call;
    if (/^(?:open|openat|openat2|creat)$/.test(name) && /O_(?:WRONLY|RDWR|CREAT)/.test(text))
      return [opened ?? "?"];
    // A file can also come from a link or another name, or be memory that looks like a file.
    if (/^(?:rename|link|symlink|mknod|memfd_create|truncate)/.test(name))
      return [strings.at(-1) ?? "?"];
    return [];
  });
  return [...new Set(paths)].filter((path) => !/^\/dev\/(?:pts\/\d+|tty|null)$/.test(path));
}

/** Everything by which something could leave past the calls that write: sockets, children, shared memory. */
export function waysOut({ calls, ends }: Trace): string[] {
  const started = calls.filter(({ name }) => name === "execve").slice(1);
  const ways = calls.filter(({ name, text }) => {
    if (/^(?:socket|socketpair|connect|bind|listen|accept4?|send\w*|recv\w*)$/.test(name))
      return true;
    if (/^(?:fork|vfork)$/.test(name)) return true;
    if (/^clone3?$/.test(name)) return !text.includes("CLONE_THREAD");
    if (
      /^(?:splice|tee|vmsplice|sendfile|copy_file_range|process_vm_writev|shmat|io_uring_setup)$/.test(
        name,
      )
    )
      return true;
    return name === "mmap" && text.includes("PROT_WRITE") && text.includes("MAP_SHARED");
  });
  const dumps = ends.filter((end) => end.includes("core dumped"));
  return [...[...started, ...ways].map(({ name }) => name), ...dumps];
}

/** What a trace has of the calls that some programs made, or of those that all others did. */
export function callsOf(trace: Trace, programs: readonly string[], isAmong: boolean): Trace {
  const calls = trace.calls.filter(({ program }) => programs.includes(program) === isAmong);
  return { ...trace, calls };
}

/** The sinks of the first program that lead to the standard input of another. */
export function inputsOf({ calls }: Trace, program: string): string[] {
  const threads = new Set(
    calls.filter((call) => call.program === program).map(({ thread }) => thread),
  );
  const ends = calls
    .filter(({ name, text, thread }) => {
      return threads.has(thread) && /^dup[23]$/.test(name) && /, 0\b/.test(text);
    })
    .map(({ path }) => path);
  return calls.flatMap(({ name, text }) => {
    const pair = /\[(\d+)<([^>]*)>, \d+<([^>]*)>\]$/.exec(text);
    if (name !== "socketpair" || pair === null) return [];
    const [, file, ours, theirs] = pair.map(unescaped);
    return ends.includes(theirs) ? [`${ours!} (${file!})`] : [];
  });
}

/** Where sockets lead: by sink, the path of a socket in the file system, or else all of the address. */
export function peersOf({ calls }: Trace): Map<string, string> {
  const peers = calls.filter(
    ({ name, text }) => /^(?:connect|bind|send\w*)$/.test(name) && text.includes("sa_family="),
  );
  return new Map(
    peers.map((call) => {
      const path = /sa_family=AF_UNIX, sun_path="([^"]*)"\}/.exec(call.text)?.[1];
      return [sinkOf(call), unescaped(path ?? call.text)];
    }),
  );
}
