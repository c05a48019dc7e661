import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { BreakglassError } from "../core/errors.ts";
import type { PageSize } from "../paper/sheet.ts";
import { childEnvironment, runChild } from "./child.ts";
import { oneLine } from "./output.ts";
import { sleep } from "./sleep.ts";
import { quietly } from "./quietly.ts";

/** A question to the print system is answered at once, or it hangs. */
const ANSWER_MS = 10_000;
/** A slip is handed over within this time. */
const HAND_OVER_MS = 30_000;

/** How often a job is to be forgotten before that is given up, and the pause between, in milliseconds. */
const FORGET_TRIES = 8;
const FORGET_PAUSE_MS = 400;

/** How a job stands. `unknown`: it ended, and the print system does not say how. */
export type JobState =
  "waiting" | "completed" | "cancelled" | "aborted" | "unknown" | "unreachable";

/** A job in the queue of a printer. */
export interface Job {
  readonly printer: string;
  readonly id: number;
}

/** How a document is to be printed. */
export interface Printing {
  /** Shown in the queue and kept in the print system's log: nothing secret, and nobody's name. */
  readonly title: string;
  readonly pageSize: PageSize;
}

/**
 * The computer's print system, CUPS, asked through its own programs: `lp` takes a document on its
 * standard input, `lpstat` tells how a job stands, and `ipptool`, where it is installed, how it
 * ended, and has the spool forget it.
 */
export class PrintSystem {
  /** Where its programs find it: a socket's path, or a host and a port. */
  readonly #server: string;
  readonly canForget: boolean;

  private constructor(server: string, canForget: boolean) {
    this.#server = server;
    this.canForget = canForget;
  }

  /** @throws BreakglassError `printer` if there is none, it does not run, or it is another computer's */
  static async open(): Promise<PrintSystem> {
    if (process.platform === "win32")
      throw new BreakglassError(
        "printer",
        "breakglass can't print by itself on Windows",
        "write the slips to a disk in memory with --out, print and delete them: docs/printing.md says how",
      );
    // Where it is can be asked without going there.
    const where = await ask("lpstat", ["-H"]);
    if (where === undefined)
      throw new BreakglassError(
        "printer",
        "this computer has no print system: lpstat is not installed",
        "install CUPS (Debian: cups cups-client cups-ipp-utils), or write the slips with --out",
      );
    const server = where.stdout.trim();
    if (!isLocal(server))
      throw new BreakglassError(
        "printer",
        "the print system is on another computer, and slips do not travel over a network",
        "connect a printer to this computer, and unset CUPS_SERVER",
      );
    const running = await ask("lpstat", ["-r"]);
    if (running?.status !== 0 || running.stdout.includes("not running")) throw notRunning();
    const ipptool = await ask("ipptool", ["--version"]);
    return new PrintSystem(server, ipptool !== undefined);
  }

  /**
   * The printer of a name, or the one to take where none is named.
   *
   * @throws BreakglassError `printer`; a name that is no printer's is not repeated
   */
  async choose(name: string | undefined): Promise<string> {
    const listed = (await ask("lpstat", ["-e"]))?.stdout ?? "";
    const printers = listed.split("\n").filter((line) => line !== "");
    const list = printers.map(oneLine).join(", ");
    if (printers.length === 0)
      throw new BreakglassError(
        "printer",
        "this computer has no printer",
        "connect one and set it up (lpadmin, or the system's settings), then: breakglass print-test",
      );
    if (name !== undefined) {
      if (printers.includes(name)) return name;
      throw new BreakglassError(
        "printer",
        "there is no printer of this name",
        `name one of: ${list}`,
      );
    }
    const usual = (await ask("lpstat", ["-d"]))?.stdout.trim().split(/:\s*/).at(-1);
    if (usual !== undefined && printers.includes(usual)) return usual;
    if (printers.length === 1) return printers[0]!;
    throw new BreakglassError(
      "printer",
      "there are several printers, and none of them is the usual one",
      `name one of: ${list}`,
    );
  }

  /** What is the matter with a printer, in CUPS' keywords; empty if nothing is. */
  async alerts(printer: string): Promise<string[]> {
    const state = (await ask("lpstat", ["-l", "-p", printer]))?.stdout ?? "";
    const accepts = (await ask("lpstat", ["-a", printer]))?.stdout ?? "";
    const alerts = /^\s*Alerts: (.*)$/m.exec(state)?.[1]?.split(" ") ?? [];
    return [
      ...(accepts.includes("not accepting") ? ["rejecting"] : []),
      ...alerts.filter((alert) => /^[a-z][a-z-]*$/.test(alert) && alert !== "none"),
    ];
  }

  /** Whether the printer hangs on a network, as far as the address of its queue says so. */
  async isOnNetwork(printer: string): Promise<boolean> {
    const device = (await ask("lpstat", ["-v", printer]))?.stdout ?? "";
    const host = /: (?:ipps?|https?|socket|lpd|smb|dnssd):\/\/(?:[^@/\s]*@)?([^/\s]+)/.exec(device);
    return host !== null && !isLocal(host[1]!);
  }

  /**
   * Hands a document over.
   *
   * @param pdf goes to standard input alone: into no file, and into no argument
   * @throws BreakglassError `printer` if the print system does not take it
   */
  async submit(printer: string, pdf: Uint8Array, printing: Printing): Promise<Job> {
    const args = ["-d", printer, "-n", "1", "-t", printing.title, ...jobOptions(printing)];
    const ended = await runChild("lp", args, { input: pdf, patience: HAND_OVER_MS });
    if (ended === undefined)
      throw new BreakglassError(
        "printer",
        "lp is not installed",
        "install it (Debian: cups-client), or write the slips with --out",
      );
    const at = ended.stdout.indexOf(` ${printer}-`);
    const id = Number(/^\d+/.exec(ended.stdout.slice(at + printer.length + 2))?.[0]);
    if (ended.status === 0 && at >= 0 && Number.isInteger(id)) return { printer, id };
    throw new BreakglassError(
      "printer",
      "the print system did not take the document",
      `see what it says of the printer: lpstat -l -p ${oneLine(printer)} -a ${oneLine(printer)}`,
    );
  }

  /** How a job stands. */
  async stateOf(job: Job): Promise<JobState> {
    const open = await ask("lpstat", ["-W", "not-completed", "-o", job.printer]);
    if (open?.status !== 0) return "unreachable";
    if (blockOf(job, open.stdout) !== undefined) return "waiting";
    const ended = await ask("lpstat", ["-l", "-W", "completed", "-o", job.printer]);
    if (ended?.status !== 0) return "unreachable";
    // Some versions of CUPS say how a job ended here, and others only over IPP.
    const reasons = blockOf(job, ended.stdout) ?? "";
    if (/\bjob-completed-successfully\b/.test(reasons)) return "completed";
    if (/\bjob-canceled-/.test(reasons)) return "cancelled";
    if (/\b(?:aborted-by-system|job-completed-with-errors)\b/.test(reasons)) return "aborted";
    const attributes = await this.#ipp(job, "job-state");
    const state = /\bjob-state \(enum\) = ([a-z-]+)/.exec(attributes ?? "")?.[1];
    if (state === "completed" || state === "aborted") return state;
    return state === "canceled" ? "cancelled" : "unknown";
  }

  /**
   * Has the print system cancel a job if it has not ended, and forget it: its document, of which it
   * would keep a copy for a day, and that there was one.
   *
   * @returns whether that is certain
   */
  async forget(job: Job): Promise<boolean> {
    if (this.canForget) {
      // A job that is being printed is first stopped, which takes a moment.
      for (let tries = 0; tries < FORGET_TRIES; tries++) {
        if (tries > 0) await sleep(FORGET_PAUSE_MS);
        await this.#ipp(job, "job-forget");
        if (isGone(await this.#ipp(job, "job-state"))) return true;
      }
      return false;
    }
    await ask("cancel", [`${job.printer}-${job.id}`]);
    return false;
  }

  /** The same while the program ends, when nothing can be waited for but in place. */
  forgetNow(job: Job): void {
    const options = { env: childEnvironment(), timeout: ANSWER_MS, detached: true } as const;
    const tell = (program: string, args: readonly string[]): string =>
      spawnSync(program, args, { ...options, encoding: "utf8" }).stdout;
    quietly(() => {
      if (!this.canForget) tell("cancel", [`${job.printer}-${job.id}`]);
      else
        for (let tries = 0; tries < FORGET_TRIES; tries++) {
          if (tries > 0)
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FORGET_PAUSE_MS);
          tell("ipptool", this.#request(job, "job-forget"));
          if (isGone(tell("ipptool", this.#request(job, "job-state")))) return;
        }
    });
  }

  /** What ipptool is answered, or undefined if it is not installed. */
  async #ipp(job: Job, request: Request): Promise<string | undefined> {
    if (!this.canForget) return undefined;
    return (await ask("ipptool", this.#request(job, request)))?.stdout;
  }

  #request({ id }: Job, request: Request): string[] {
    const host = this.#server.startsWith("/") ? encodeURIComponent(this.#server) : this.#server;
    const file = fileURLToPath(new URL(`${request}.ipp`, import.meta.url));
    return ["-tv", "-d", `user=${userInfo().username}`, `ipp://${host}/jobs/${id}`, file];
  }
}

/** Whether the print system answered that it knows of no such job. */
function isGone(answer: string | undefined): boolean {
  return answer?.includes("status-code = client-error-not-found") === true;
}

/** A request that ipptool is to send: one of the files beside this one. */
type Request = "job-state" | "job-forget";

/** The error for a print system that is installed and does not answer. */
function notRunning(): BreakglassError {
  return new BreakglassError(
    "printer",
    "the print system does not run",
    "start it (sudo systemctl start cups), see lpstat -r, and try again",
  );
}

async function ask(program: string, args: readonly string[]): ReturnType<typeof runChild> {
  return runChild(program, args, { patience: ANSWER_MS });
}

/** One sheet a page, in its own size, held back by nothing and announced by no cover sheet. */
function jobOptions({ pageSize }: Printing): string[] {
  return [
    "document-format=application/pdf",
    `media=${pageSize}`,
    "sides=one-sided",
    "print-scaling=none",
    "number-up=1",
    "job-sheets=none,none",
    "job-hold-until=no-hold",
  ].flatMap((option) => ["-o", option]);
}

/** What a list of jobs says of one of them: its line, and the indented ones below it. */
function blockOf({ printer, id }: Job, list: string): string | undefined {
  const lines = list.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${printer}-${id} `));
  if (start < 0) return undefined;
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("\t"));
  return lines.slice(start, end < 0 ? undefined : end).join("\n");
}

function isLocal(server: string): boolean {
  if (server.startsWith("/")) return true;
  const host = server.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
