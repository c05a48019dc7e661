import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "../child.ts";

/** Programs that these tests need besides the client's. */
export const CUPS_TOOLS = [
  ...["lp", "lpstat", "lpadmin", "cancel", "cupsdisable", "cupsenable", "cupsreject", "cupsaccept"],
  ...["cupsd", "ippeveprinter", "ipptool", "dbus-daemon", "timeout"],
] as const;

/** A print system left over by a test that was killed ends by itself after so many seconds. */
const LIFETIME = "600";
/** The usual rules of CUPS: who printed something, and nobody else, may cancel it. */
const RULES = `
<Location />
  Order allow,deny
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit Cancel-Job Cancel-My-Jobs Purge-Jobs Send-Document Close-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
`;

/** What the printer does with each document. */
const DEVICE = `#!/bin/sh
# While the file no-paper lies beside it, it is out of paper.
folder=$(dirname "$0")
if [ -e "$folder/no-paper" ]; then
  echo "STATE: +media-empty-error" >&2
  touch "$folder/waits"
  while [ -e "$folder/no-paper" ]; do sleep 0.1; done
  echo "STATE: -media-empty-error" >&2
fi
exit 0
`;

/** CUPS with an IPP printer, both real and of this test alone, on this computer's loopback. */
export class Cups {
  readonly folder: string;
  /** The name of the printer's queue. */
  readonly printer = "sample";
  readonly #children: ChildProcess[] = [];
  #server: ChildProcess | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start({ printers = true } = {}): Promise<Cups> {
    const cups = new Cups(mkdtempSync(join(tmpdir(), "cups-")));
    chmodSync(cups.folder, 0o755);
    for (const name of ["etc", "spool", "spool/tmp", "cache", "run", "received"])
      mkdirSync(join(cups.folder, name));
    const at = (name: string): string => join(cups.folder, name);
    writeFileSync(
      at("cups-files.conf"),
      [
        ...[`ServerRoot ${at("etc")}`, `RequestRoot ${at("spool")}`, `CacheDir ${at("cache")}`],
        ...[`StateDir ${at("run")}`, `TempDir ${at("spool/tmp")}`],
        ...["AccessLog", "ErrorLog", "PageLog"].map((log) => `${log} ${at(log)}`),
        ...["Sandboxing relaxed", ""],
      ].join("\n"),
    );
    writeFileSync(
      at("cupsd.conf"),
      `LogLevel info\nListen ${at("cups.sock")}\nBrowsing No\nWebInterface No\n${RULES}`,
    );
    await cups.startServer();
    if (printers) await cups.#startPrinter();
    return cups;
  }

  /** What a program needs to find this print system and no other. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, CUPS_SERVER: join(this.folder, "cups.sock") };
  }

  async startServer(): Promise<void> {
    this.#server = this.#spawn("cupsd", [
      ...["-f", "-c", join(this.folder, "cupsd.conf")],
      ...["-s", join(this.folder, "cups-files.conf")],
    ]);
    await until("cupsd runs", () => this.run("lpstat", "-r").stdout.includes("is running"));
  }

  async #startPrinter(): Promise<void> {
    const bus = `unix:path=${join(this.folder, "bus")}`;
    this.#spawn("dbus-daemon", ["--session", "--nofork", "--nopidfile", `--address=${bus}`]);
    await until("the bus is there", () => existsSync(join(this.folder, "bus")));
    const port = await freePort();
    const device = join(this.folder, "device.sh");
    writeFileSync(device, DEVICE, { mode: 0o755 });
    this.#spawn(
      "ippeveprinter",
      [
        ...["-r", "off", "-p", String(port), "-f", "application/pdf", "-k"],
        ...["-d", join(this.folder, "received"), "-c", device, "Sample"],
      ],
      // It wants to make itself known, and must not.
      { DBUS_SYSTEM_BUS_ADDRESS: bus },
    );
    const uri = `ipp://localhost:${port}/ipp/print`;
    await until("the printer answers", () => {
      const args = ["-p", this.printer, "-E", "-v", uri, "-m", "everywhere"];
      return (
        this.run("lpadmin", ...args).status === 0 &&
        existsSync(join(this.folder, "etc/ppd", `${this.printer}.ppd`))
      );
    });
  }

  #spawn(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn("timeout", [LIFETIME, program, ...args], {
      stdio: "ignore",
      env: { ...process.env, ...env },
    });
    this.#children.push(child);
    return child;
  }

  /** Runs one of CUPS' own programs. */
  run(program: string, ...args: readonly string[]): { status: number | null; stdout: string } {
    return spawnSync(program, args, {
      env: { ...this.env, LC_ALL: "C" },
      encoding: "utf8",
      timeout: 20_000,
    });
  }

  /** What the printer received, in order. */
  get received(): string[] {
    const folder = join(this.folder, "received");
    const number = (name: string): number => Number(/^\d+/.exec(name)?.[0]);
    return readdirSync(folder)
      .filter((name) => name.endsWith(".pdf"))
      .sort((a, b) => number(a) - number(b))
      .map((name) => join(folder, name));
  }

  /** Everything in the spool: of jobs, that is; setting a queue up leaves descriptions of it behind. */
  get spool(): string[] {
    const folder = join(this.folder, "spool");
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (name) => name !== "tmp" && !isQueueDescription(join(folder, name)),
    );
  }

  /** Jobs that wait or are printed. */
  get jobs(): number {
    return this.run("lpstat", "-W", "not-completed", "-o").stdout.split("\n").length - 1;
  }

  set hasPaper(has: boolean) {
    const file = join(this.folder, "no-paper");
    if (has) rmSync(file);
    else writeFileSync(file, "");
  }

  async stopServer(): Promise<void> {
    await ended(this.#server!);
  }

  async stop(): Promise<void> {
    for (const child of this.#children.toReversed()) await ended(child);
  }
}

function isQueueDescription(file: string): boolean {
  try {
    return readFileSync(file, "latin1").startsWith("*PPD-Adobe");
  } catch {
    return true; // gone by now
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
}

/** Waits for something that takes a moment to come true. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it never came true that ${what}`);
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
