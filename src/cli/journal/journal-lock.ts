import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
import { oneLine } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { registerFileError } from "./register-error.ts";

/*
 * The lock is a folder with one file in it, whose name says who holds it. It comes into being whole,
 * by renaming a prepared folder, which fails while a folder that is not empty has the name. Whoever
 * finds that the holder is dead removes the file of this holder by its name, which is like no
 * other's: so of several who find that at once none can take away the lock of the one who was
 * faster. Nothing depends on how long something takes: a computer may sleep while it holds the lock.
 */
const LOCK = "journal.lock";
const PREPARED = `${LOCK}-`;

/** How long one holder may keep others waiting, in milliseconds. */
const PATIENCE = 20_000;
const PAUSE_MIN = 2;
const PAUSE_MAX = 20;

/**
 * Does something while no other process on any computer does the same in this folder.
 *
 * @param patience how long one holder may keep it waiting, in milliseconds
 * @throws BreakglassError `register` if another process keeps the lock, `file` if there can be none
 */
export function withLock<T>(folder: string, work: () => T, patience = PATIENCE): T {
  const owner = newOwner();
  try {
    takeLock(folder, owner, patience);
  } catch (error) {
    throw registerFileError(error, `the register in ${oneLine(folder)} can't be locked`);
  }
  try {
    return work();
  } finally {
    removeLock(join(folder, LOCK), owner);
  }
}

/** Whether a process holds the lock that was not killed meanwhile, as far as can be told. */
export function isLocked(folder: string): boolean {
  try {
    const holder = holderOf(join(folder, LOCK));
    return holder !== undefined && judge(holder) !== "dead";
  } catch {
    return false;
  }
}

function takeLock(folder: string, owner: string, patience: number): void {
  const lock = join(folder, LOCK);
  const prepared = join(folder, PREPARED + owner);
  try {
    mkdirSync(prepared, { mode: 0o700 });
    closeSync(openSync(join(prepared, owner), "wx", 0o600));
    let since = performance.now();
    for (let last: string | undefined; ;) {
      const failure = tryRename(prepared, lock);
      if (failure === undefined) break;
      const holder = holderOf(lock);
      // The answer of a file system over a network may get lost although it did what it was told.
      if (holder === owner) break;
      if (holder === undefined && !isTaken(failure)) throw failure;
      if (holder === undefined) quietly(() => rmdirSync(lock));
      else if (judge(holder) === "dead") removeLock(lock, holder);
      if (holder !== last) since = performance.now();
      last = holder;
      if (performance.now() - since > patience)
        throw holder === undefined ? failure : kept(lock, holder);
      pause();
    }
  } catch (error) {
    removeLock(prepared, owner);
    throw error;
  }
  quietly(() => sweep(folder));
}

/** Waits a moment, not the same for all, so that two who wait do not meet again and again. */
function pause(): void {
  const time = PAUSE_MIN + Math.random() * (PAUSE_MAX - PAUSE_MIN);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
}

function tryRename(from: string, to: string): Error | undefined {
  try {
    renameSync(from, to);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Whether a rename failed because its goal was there; Windows puts it in other words. */
function isTaken(failure: NodeJS.ErrnoException): boolean {
  const { code } = failure;
  if (code === "EEXIST" || code === "ENOTEMPTY") return true;
  return process.platform === "win32" && (code === "EPERM" || code === "EACCES");
}

/** The name in the lock, or undefined if nobody has it. */
function holderOf(lock: string): string | undefined {
  try {
    return readdirSync(lock)[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function removeLock(lock: string, owner: string): void {
  quietly(() => unlinkSync(join(lock, owner)));
  // Fails, as it should, if somebody else has it by now.
  quietly(() => rmdirSync(lock));
}

/** Removes what processes left behind that were killed before they had the lock. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = name.slice(PREPARED.length);
    if (name.startsWith(PREPARED) && judge(owner) === "dead") removeLock(join(folder, name), owner);
  }
}

function kept(lock: string, holder: string): BreakglassError {
  const remove = `if no breakglass is running there, remove the folder ${oneLine(lock)}`;
  const [problem, hint] = {
    alive: [
      `the register is being written by another process (number ${parseInt(holder, 10)})`,
      `wait for it, or end it; ${remove}`,
    ],
    elsewhere: [
      "the register is being written on another computer, or in a container",
      `wait for it; ${remove}`,
    ],
    dead: [
      "the register was left locked by a process that was killed, and can't be unlocked",
      `have its owner remove the folder ${oneLine(lock)}`,
    ],
  }[judge(holder)] as [string, string];
  return new BreakglassError("register", problem, hint);
}

/** Process, when it started, computer, since when that is running, where its process numbers hold. */
const OWNER = /^(\d+)\.(\d+)\.([0-9a-f]{8})\.([0-9a-f]{8})\.([0-9a-f]{8})\.[0-9a-f]{16}$/;

function newOwner(): string {
  const { pid } = process;
  const nonce = crypto().randomBytes(8).toString("hex");
  return [pid, startOf(pid) ?? "0", ...whereabouts(), nonce].join(".");
}

/** Whether the process that made a lock still runs, as far as can be told from here. */
function judge(owner: string): "alive" | "dead" | "elsewhere" {
  const match = OWNER.exec(owner);
  if (match === null) return "elsewhere";
  const [, pid, start, machine, boot, numbers] = match;
  const [ownMachine, ownBoot, ownNumbers] = whereabouts();
  if (machine !== ownMachine) return "elsewhere";
  if (boot !== ownBoot) return "dead";
  if (numbers !== ownNumbers) return "elsewhere";
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // Another user's process may not be sent a signal, and lives.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "dead";
  }
  // Its number may be another process's by now.
  const now = startOf(Number(pid));
  return now === undefined || start === "0" || now === start ? "alive" : "dead";
}

/** When a process started, in ticks since the system did; undefined where this can't be told. */
function startOf(pid: number): string | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  // The name before, in brackets, may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Killed, and not yet buried by its parent
  return fields?.[0] === "Z" || fields?.[0] === "X" ? "none" : fields?.[19];
}

let here: readonly [string, string, string] | undefined;

/** What tells this computer, its present run, and its process numbers from others; hashed. */
function whereabouts(): readonly [string, string, string] {
  if (here !== undefined) return here;
  const machine = `${contentOf("/etc/machine-id") ?? ""}\n${hostname()}`;
  const boot = contentOf("/proc/sys/kernel/random/boot_id") ?? "";
  let numbers = "";
  quietly(() => (numbers = readlinkSync("/proc/self/ns/pid")));
  here = [short(machine), short(boot), short(numbers)];
  return here;
}

function short(text: string): string {
  return crypto().createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Loaded when a lock is taken: reading needs none, and is to begin soon. */
function crypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}
