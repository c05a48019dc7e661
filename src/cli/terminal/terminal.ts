import { createInterface, type Interface } from "node:readline";
import { BreakglassError } from "../../core/errors.ts";
import { interrupted, onStop } from "../system/interrupt.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { looksLikeCode } from "../system/looks-like-code.ts";
import { countRows, inRows, say, sayText } from "../system/output.ts";

const ENTER_ALTERNATE = "\u001b[?1049h\u001b[2J\u001b[H";
/** Clears first: some terminals keep what stood on the alternate screen. */
const LEAVE_ALTERNATE = "\u001b[2J\u001b[H\u001b[?1049l";
const CLEAR = "\u001b[2J\u001b[H";
const ERASE_LINE = "\u001b[1A\u001b[2K\r";

/** What a pause gives that a change of the screen's size ended. */
export const RESIZED = Symbol("resized");

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
  /** Ends listening for signals, which begins with the terminal: it is to be given back in any case. */
  readonly #release: () => void;
  #waiting: Waiting | undefined;
  /** Whether what is typed now is to be shown nowhere. */
  #unseen = false;
  #ended = false;

  /** @throws BreakglassError `no-terminal` */
  constructor() {
    if (!hasTerminal())
      throw new BreakglassError(
        "no-terminal",
        "there is no terminal to ask at",
        "run this in a terminal, or name files (- for standard input)",
      );
    this.#release = onStop(() => undefined);
    this.#reader = createInterface({
      input: process.stdin,
      output: this.#echo(),
      terminal: true,
      historySize: 0,
    });
    this.#reader.on("line", (line) => {
      if (this.#waiting === undefined) this.#lines.push(line);
      else this.#take().resolve(line);
    });
    this.#reader.on("SIGINT", () => this.#reader.close());
    this.#reader.on("SIGTSTP", () => undefined); // what is on the screen is not left there
    this.#reader.on("close", () => {
      this.#ended = true;
      if (this.#waiting === undefined) return;
      this.say(); // what is said next begins a row of its own
      this.#take().reject(interrupted());
    });
  }

  /**
   * The terminal, on which keys are seen only while somebody is asked: what is typed ahead, perhaps
   * a line of a slip, appears on the screen of its question, and not on the one before.
   */
  #echo(): NodeJS.WriteStream {
    const write = (text: string): boolean =>
      this.#waiting === undefined || this.#unseen || process.stderr.write(text);
    return Object.create(process.stderr, { write: { value: write } }) as NodeJS.WriteStream;
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

  /**
   * Asks for a name, a number or a choice. A line of a slip's code that is typed there is taken off
   * the screen, and asked for nowhere.
   */
  async askWords(prompt: string): Promise<string> {
    for (;;) {
      const typed = (await this.ask(prompt)).trim();
      if (!this.#erasedCode(prompt, typed)) return typed;
    }
  }

  /** Takes what was typed off the screen if it looks like a slip's code. */
  #erasedCode(prompt: string, typed: string): boolean {
    if (!looksLikeCode(typed)) return false;
    const { length } = inRows(prompt).split("\n").at(-1)!;
    const rows = Math.ceil((length + typed.length) / this.size.columns);
    if (canClearScreen()) sayText(ERASE_LINE.repeat(rows));
    this.say("that looked like the code of a slip, which is not asked for here; it was erased");
    return true;
  }

  /** Asks yes or no; lines that were pasted before the question do not answer it. */
  async confirm(question: string): Promise<boolean> {
    for (;;) {
      const reply = (await this.pause(`${question} (y/n) `)).trim().toLowerCase();
      if (reply === "y" || reply === "yes") return true;
      if (reply === "n" || reply === "no") return false;
      this.say("answer y or n; Ctrl-C leaves");
    }
  }

  async #read(prompt: string): Promise<string> {
    if (this.#ended) throw interrupted();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#reader.setPrompt(inRows(prompt));
      this.#reader.prompt();
    });
  }

  /**
   * Asks for one line that is not shown; nothing is drawn while it is typed.
   *
   * @throws BreakglassError `interrupted` at Ctrl-C or Ctrl-D
   */
  async askUnseen(prompt: string): Promise<string> {
    sayText(inRows(prompt));
    this.#unseen = true;
    try {
      return this.#lines.shift() ?? (await this.#read(""));
    } finally {
      this.#unseen = false;
      this.say();
    }
  }

  /** Drops lines that were pasted and not asked for, up to one that begins something new. */
  forgetUntil(begins: (line: string) => boolean): void {
    const next = this.#lines.findIndex(begins);
    this.#lines.splice(0, next < 0 ? this.#lines.length : next);
  }

  /**
   * Waits for Enter, which no pasted line can be, and gives what was typed before it.
   *
   * @param patience milliseconds after which nobody is waited for any more
   * @returns undefined if nobody came
   */
  async pause(prompt: string): Promise<string>;
  async pause(prompt: string, patience: number): Promise<string | undefined>;
  async pause(prompt: string, patience?: number): Promise<string | undefined> {
    for (;;) {
      const typed =
        patience === undefined ? await this.#read(prompt) : await this.#readUntil(prompt, patience);
      if (typed === undefined || !this.#erasedCode(prompt, typed)) return typed;
    }
  }

  /**
   * The same; a change of the screen's size ends it, too, for what stands there is to be laid out
   * anew.
   */
  async pauseUntilResized(
    prompt: string,
    patience: number,
  ): Promise<string | typeof RESIZED | undefined> {
    let resized: () => void = () => undefined;
    const changed = new Promise<typeof RESIZED>((resolve) => {
      resized = (): void => {
        resolve(RESIZED);
      };
    });
    process.stderr.once("resize", resized);
    try {
      const read = await this.#readUntil(prompt, patience, changed);
      // The reader would go up to where its rows began in the other width, over what is shown by then.
      if (read === RESIZED) (this.#reader as Interface & { prevRows: number }).prevRows = 0;
      return read;
    } finally {
      process.stderr.off("resize", resized);
    }
  }

  /** One line, if it comes before patience ends or something else happens. */
  async #readUntil<T = never>(
    prompt: string,
    patience: number,
    event?: Promise<T>,
  ): Promise<string | T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const nobody = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patience, undefined);
    });
    try {
      return await Promise.race([
        this.#read(prompt),
        ...[nobody, ...(event === undefined ? [] : [event])].map(async (other) => {
          const what = await other;
          this.#waiting = undefined;
          return what;
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says lines, one screen of them after the other. */
  async sayByScreens(lines: readonly string[]): Promise<void> {
    let left = this.size.rows - 1;
    for (const line of lines) {
      const rows = countRows(line, this.size.columns);
      if (rows > left) {
        await this.pause("Enter for more. ");
        left = this.size.rows - 1;
      }
      this.say(line);
      left -= rows;
    }
  }

  /** Wipes the screen, for what comes next in the same block. */
  clear(): void {
    if (canClearScreen()) sayText(CLEAR);
  }

  /** Whether somebody left with Ctrl-C or Ctrl-D, perhaps while nobody was asked. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Rows and columns of the screen. */
  get size(): { readonly rows: number; readonly columns: number } {
    // A terminal that does not tell its size says 0.
    return { rows: process.stderr.rows || 24, columns: process.stderr.columns || 80 };
  }

  /** Whether the screen can be cleared, so that nothing of what it showed is left. */
  get canClear(): boolean {
    return canClearScreen();
  }

  /** Runs something on the alternate screen, which leaves no trace in the scrollback. */
  async alternate<T>(run: () => Promise<T>): Promise<T> {
    if (!canClearScreen()) return run();
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
    this.#release();
  }
}

/** Whether the screen can be cleared, so that nothing of what it showed is left. */
export function canClearScreen(): boolean {
  return process.env["TERM"] !== "dumb";
}
