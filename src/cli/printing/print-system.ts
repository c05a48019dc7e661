import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BreakglassError } from "../../core/errors.ts";
import type { PageSize } from "../../paper/sheet.ts";
import { childEnvironment, runChild } from "../system/child.ts";
import { oneLine } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { sleep } from "../system/sleep.ts";
import {
  alertsOf,
  isGone,
  isListed,
  isLocal,
  isNetworkDevice,
  jobOf,
  outcomeOf,
  outcomeOfIpp,
  printersOf,
  usualOf,
  type Job,
  type JobState,
} from "./print-answers.ts";

/** A question to the print system is answered at once, or it hangs. */
const ANSWER_MS = 10_000;
/** A slip is handed over within this time. */
const HAND_OVER_MS = 30_000;

/** How often a job is to be forgotten before that is given up, and the pause between, in milliseconds. */
const FORGET_TRIES = 8;
const FORGET_PAUSE_MS = 400;

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
    const printers = printersOf(listed);
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
    const usual = usualOf((await ask("lpstat", ["-d"]))?.stdout ?? "");
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
    return alertsOf(state, accepts);
  }

  /** Whether the printer hangs on a network, as far as the address of its queue says so. */
  async isOnNetwork(printer: string): Promise<boolean> {
    const device = (await ask("lpstat", ["-v", printer]))?.stdout ?? "";
    return isNetworkDevice(device);
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
    const job = jobOf(printer, ended.stdout);
    if (ended.status === 0 && job !== undefined) return job;
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
    if (isListed(job, open.stdout)) return "waiting";
    const ended = await ask("lpstat", ["-l", "-W", "completed", "-o", job.printer]);
    if (ended?.status !== 0) return "unreachable";
    return outcomeOf(job, ended.stdout) ?? outcomeOfIpp((await this.#ipp(job, "job-state")) ?? "");
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
        if (isGone((await this.#ipp(job, "job-state")) ?? "")) return true;
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
    // It knows by itself whose jobs these are, as lp does.
    return ["-tv", `ipp://${host}/jobs/${id}`, file];
  }
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
