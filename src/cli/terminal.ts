import { fstatSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { BreakglassError } from "../core/errors.ts";
import { interrupted, onStop } from "./interrupt.ts";
import { say, sayText } from "./output.ts";

const STDIN = 0;
const STDERR = 2;
const ENTER_ALTERNATE = "\u001b[?1049h\u001b[2J\u001b[H";
/** Clears first: some terminals keep what stood on the alternate screen. */
const LEAVE_ALTERNATE = "\u001b[2J\u001b[H\u001b[?1049l";
const CLEAR = "\u001b[2J\u001b[H";

/** Whether a person sits at a terminal: what they type is read, and what is said to them is seen. */
export function hasTerminal(): boolean {
  // Asking Node takes long, since it loads much for it; what is no device is no terminal.
  if (![STDIN, STDERR].every((handle) => fstatSync(handle).isCharacterDevice())) return false;
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Who waits for a line. */
interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A person at a terminal, asked line by line. Lines pasted at once wait for their questions. Output
 * goes to standard error, so that standard output stays the answer alone.
 */
export class Terminal {
  readonly #reader: Interface;
  readonly #lines: string[] = [];
  #waiting: Waiting | undefined;
  #ended = false;

  /** @throws BreakglassError `no-terminal` */
  constructor() {
    if (!hasTerminal())
      throw new BreakglassError(
        "no-terminal",
        "there is no terminal to ask at",
        "run this in a terminal, or name files (- for standard input)",
      );
    this.#reader = createInterface({
      input: process.stdin,
      output: process.stderr,
      terminal: true,
      historySize: 0,
    });
    this.#reader.on("line", (line) => {
      if (this.#waiting === undefined) this.#lines.push(line);
      else this.#take().resolve(line);
    });
    this.#reader.on("SIGINT", () => this.#reader.close());
    this.#reader.on("close", () => {
      this.#ended = true;
      if (this.#waiting !== undefined) this.#take().reject(interrupted());
    });
  }

  #take(): Waiting {
    const waiting = this.#waiting!;
    this.#waiting = undefined;
    return waiting;
  }

  /** Shows a line of text. */
  say(text = ""): void {
    say(text);
  }

  /**
   * Asks for one line.
   *
   * @throws BreakglassError `interrupted` at Ctrl-C or Ctrl-D
   */
  async ask(prompt: string): Promise<string> {
    const pasted = this.#lines.shift();
    if (pasted !== undefined) {
      this.say(`${prompt}${pasted}`);
      return pasted;
    }
    return this.#read(prompt);
  }

  /** Asks yes or no; lines that were pasted before the question do not answer it. */
  async confirm(question: string): Promise<boolean> {
    for (;;) {
      const reply = (await this.#read(`${question} (y/n) `)).trim().toLowerCase();
      if (reply === "y" || reply === "yes") return true;
      if (reply === "n" || reply === "no") return false;
    }
  }

  async #read(prompt: string): Promise<string> {
    if (this.#ended) throw interrupted();
    this.#reader.setPrompt(prompt);
    this.#reader.prompt();
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** Drops lines that were pasted and not asked for. */
  forget(): void {
    this.#lines.length = 0;
  }

  /** Wipes the screen, for what comes next in the same block. */
  clear(): void {
    if (hasScreen()) sayText(CLEAR);
  }

  /** Runs something on the alternate screen, which leaves no trace in the scrollback. */
  async alternate<T>(run: () => Promise<T>): Promise<T> {
    if (!hasScreen()) return run();
    const leave = (): void => {
      sayText(LEAVE_ALTERNATE);
    };
    const release = onStop(leave);
    sayText(ENTER_ALTERNATE);
    try {
      return await run();
    } finally {
      release();
      leave();
    }
  }

  close(): void {
    this.#waiting = undefined;
    this.#reader.close();
  }
}

function hasScreen(): boolean {
  return process.env["TERM"] !== "dumb";
}
