import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** A browser by its own means of being driven, as the W3C's WebDriver protocol names what it does. */
export interface Engine {
  /** Opens an address. */
  open(url: string): Promise<unknown>;
  /** Runs the body of a function in the page. */
  run(script: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Chooses a file, as a person does. */
  choose(selector: string, file: string): Promise<void>;
  /** What the browser wrote on its console about the page. */
  complaints(): Promise<string[]>;
  close(): void;
}

/** The key under which the protocol names an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE_MS = 90_000;

/** Waits until something is there. */
export async function until<T>(get: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const got = await get();
    if (got !== undefined) return got;
    await setTimeout(200);
  }
  throw new Error("waited in vain");
}

/** Firefox, by Marionette: WebDriver's commands over a socket of its own. */
export async function openFirefox(): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), "firefox-"));
  const flags = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote"];
  const program = spawn("firefox-esr", [...flags, "--profile", profile], {
    env: { ...process.env, HOME: profile },
    stdio: "ignore",
  });
  const port = join(profile, "MarionetteActivePort");
  const number = await until(() =>
    existsSync(port) ? Number(readFileSync(port, "utf8")) || undefined : undefined,
  );
  const marionette = new Marionette(connect(number, "127.0.0.1"));
  const command = (name: string, params: object = {}): Promise<unknown> =>
    marionette.send(name, params);
  await command("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
  const run = async (script: string, ...args: readonly unknown[]): Promise<unknown> =>
    valueOf(await command("WebDriver:ExecuteScript", { script, args }));
  return {
    open: (url) => command("WebDriver:Navigate", { url }),
    run,
    choose: async (value, text) => {
      const found = await command("WebDriver:FindElement", { using: "css selector", value });
      const id = (valueOf(found) as Record<string, string>)[ELEMENT];
      await command("WebDriver:ElementSendKeys", { id, text });
    },
    complaints: async () => {
      await command("Marionette:SetContext", { value: "chrome" });
      const all = await run(
        "return Services.console.getMessageArray().filter((one) => /recover\\.html|blob:/.test(one.sourceName)).map((one) => one.errorMessage)",
      );
      await command("Marionette:SetContext", { value: "content" });
      return all as string[];
    },
    close: () => {
      marionette.close();
      program.kill("SIGKILL");
    },
  };
}

function valueOf(answer: unknown): unknown {
  return (answer as { value: unknown }).value;
}

/** Messages are JSON with their length before it: `[0, id, name, params]`, `[1, id, error, result]`. */
class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (error: unknown, result: unknown) => void>();
  #received = Buffer.alloc(0);
  #sent = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (part) => {
      this.#received = Buffer.concat([this.#received, part]);
      while (this.#takeOne());
    });
  }

  send(name: string, params: object): Promise<unknown> {
    const id = ++this.#sent;
    const message = JSON.stringify([0, id, name, params]);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error, result) =>
        error === null ? resolve(result) : reject(new Error(JSON.stringify(error))),
      );
      this.#socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #takeOne(): boolean {
    const colon = this.#received.indexOf(":");
    if (colon === -1) return false;
    const end = colon + 1 + Number(this.#received.subarray(0, colon));
    if (this.#received.length < end) return false;
    const message = JSON.parse(this.#received.toString("utf8", colon + 1, end)) as unknown;
    this.#received = this.#received.subarray(end);
    // What it greets with is no answer.
    if (Array.isArray(message)) {
      const [, id, error, result] = message as [number, number, unknown, unknown];
      this.#waiting.get(id)?.(error, result);
    }
    return true;
  }
}

/** As Debian has it; the folder's name is the machine's kind. */
export const MINI_BROWSER = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;

/** WebKit, which Safari is made of, on a screen that nobody sees. */
export async function openWebKit(): Promise<Engine> {
  const home = mkdtempSync(join(tmpdir(), "webkit-"));
  const programs: ChildProcess[] = [];
  const close = (): void => programs.forEach((program) => program.kill("SIGKILL"));
  const screen = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1200x900x24"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  programs.push(screen);
  const display = await new Promise<string>((resolve) =>
    screen.stdout.once("data", (said: Buffer) => resolve(`:${said.toString().trim()}`)),
  );
  const port = 20_000 + (process.pid % 20_000);
  const driver = spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
    env: {
      ...process.env,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      DISPLAY: display,
      GDK_BACKEND: "x11",
      LIBGL_ALWAYS_SOFTWARE: "1",
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  programs.push(driver);
  let said = "";
  driver.stdout.on("data", (part: Buffer) => (said += part.toString()));

  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value = valueOf(await answer.json());
    if (!answer.ok) throw new Error(JSON.stringify(value));
    return value;
  };
  await until(() => call("GET", "/status").catch(() => undefined));
  const options = {
    binary: MINI_BROWSER,
    args: ["--automation", "--enable-write-console-messages-to-stdout=true"],
  };
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
  const begun = await call("POST", "/session", { capabilities });
  const session = `/session/${(begun as { sessionId: string }).sessionId}`;
  return {
    open: (url) => call("POST", `${session}/url`, { url }),
    run: (script, ...args) => call("POST", `${session}/execute/sync`, { script, args }),
    choose: async (value, text) => {
      const using = "css selector";
      const found = await call("POST", `${session}/element`, { using, value });
      const id = (found as Record<string, string>)[ELEMENT]!;
      await call("POST", `${session}/element/${id}/value`, { text });
    },
    complaints: () =>
      Promise.resolve(said.split("\n").filter((line) => line.startsWith("CONSOLE"))),
    close: () => {
      void call("DELETE", session)
        .catch(() => undefined)
        .finally(close);
    },
  };
}
