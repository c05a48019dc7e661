import { spawn, type IPty } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { BINARY } from "./breakglass.ts";

export interface SessionOptions {
  readonly cwd?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Another program that is given the arguments. */
  readonly program?: string;
  /** A program that runs breakglass, and its arguments. */
  readonly before?: readonly string[];
}

const SIGKILL = 9;

/** The program on a real pseudo-terminal, with a terminal emulator on the other side. */
export class Session {
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #ended: Promise<{ exitCode: number; signal?: number }>;
  #written = "";
  #seen = 0;

  constructor(args: readonly string[], options: SessionOptions = {}) {
    const size = { cols: options.columns ?? 80, rows: options.rows ?? 40 };
    this.#screen = new xterm.Terminal({ ...size, scrollback: 1000, allowProposedApi: true });
    const own = options.program === undefined ? [process.execPath, BINARY] : [options.program];
    const [program, ...rest] = [...(options.before ?? []), ...own, ...args];
    this.#pty = spawn(program!, rest, {
      ...size,
      name: options.env?.["TERM"] ?? "xterm-256color",
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, ...options.env },
    });
    this.#pty.onData((data) => {
      this.#written += data;
      this.#screen.write(data);
    });
    this.#ended = new Promise((resolve) => this.#pty.onExit(resolve));
  }

  /** Waits until a text has been written since the last one that was waited for, in a row or several. */
  async sees(text: string): Promise<void> {
    const words = text
      .split(" ")
      .map((word) => word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
    const rows = new RegExp(words.join(String.raw`(?: |\r\n *)`), "g");
    for (let tries = 0; tries < 1600; tries++) {
      rows.lastIndex = this.#seen;
      if (rows.exec(this.#written) !== null) {
        this.#seen = rows.lastIndex;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the program never wrote "${text}", but:\n${this.#written.slice(this.#seen)}`);
  }

  /** Types some keys. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Waits for a question, and answers it. */
  async answers(question: string, line: string): Promise<void> {
    await this.sees(question);
    this.type(`${line}\r`);
  }

  /** Answers with a name that the register does not have yet, and says that it is right. */
  async answersTwice(question: string, name: string): Promise<void> {
    await this.answers(question, name);
    await this.answers("type it once more if it is right", name);
  }

  /** Changes the size of the window. */
  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** Waits for the end, and gives the exit status; whoever waits for an answer instead is ended. */
  async status(): Promise<number> {
    const waiting = setTimeout(() => this.#pty.kill("SIGKILL"), 120_000);
    const { exitCode, signal } = await this.#ended;
    clearTimeout(waiting);
    if (signal === SIGKILL)
      throw new Error(`the program did not end, but:\n${this.#written.slice(this.#seen)}`);
    await new Promise<void>((resolve) => this.#screen.write("", resolve));
    return exitCode;
  }

  /** Closes the terminal, as somebody closes its window. */
  hangUp(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  /** Waits for the end, and gives the signal that brought it, or 0. */
  async signal(): Promise<number> {
    return (await this.#ended).signal ?? 0;
  }

  /** What is on the screen now. */
  async screen(): Promise<string> {
    await new Promise<void>((resolve) => this.#screen.write("", resolve));
    const { active } = this.#screen.buffer;
    const rows = Array.from({ length: this.#screen.rows }, (_, i) =>
      active.getLine(active.viewportY + i),
    );
    return rows.map((row) => row?.translateToString(true) ?? "").join("\n");
  }

  /** Everything the terminal still shows, scrolled out or not. */
  get remains(): string {
    const { active } = this.#screen.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, i) => active.getLine(i)?.translateToString(true) ?? "",
    );
    return lines.join("\n").trimEnd();
  }

  /** Everything that was ever written to the terminal. */
  get written(): string {
    return this.#written;
  }

  /** Whether the terminal shows its alternate screen. */
  get onAlternateScreen(): boolean {
    return this.#screen.buffer.active.type === "alternate";
  }
}
