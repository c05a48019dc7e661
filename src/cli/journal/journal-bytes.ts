import {
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
import type { Entry } from "../../custody/events.ts";
import { readJournal, readUnhashed, verifyJournal, type Journal } from "../../custody/journal.ts";
import { emptyRegister, type Register } from "../../custody/register.ts";
import { apply } from "../../custody/fold/fold.ts";
import { decode } from "../system/decode.ts";
import { hash } from "../system/hash.ts";
import { oneLine } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { isLocked } from "./journal-lock.ts";
import { registerFileError } from "./register-error.ts";
import { JOURNAL, noRegister } from "./register-folder.ts";
import { LONG, verifyApart } from "./verify-apart.ts";

/** Longest journal, in bytes: some hundred times what decades of ceremonies make. */
export const JOURNAL_MAX = 512 * 1024 * 1024;

/**
 * Opens the file.
 *
 * @param flags as for open(2)
 * @throws BreakglassError `register` if there is none, or something else in its place; `file`
 */
export function openJournal(folder: string, flags: number): number {
  const path = join(folder, JOURNAL);
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined && (flags & constants.O_CREAT) === 0) throw noRegister(folder);
    if (found?.isFile() === false)
      throw new BreakglassError(
        "register",
        `${oneLine(path)} is ${found.isSymbolicLink() ? "a link to another place" : "no file"}`,
        "name the folder where the journal itself lies: a link would let two write at once",
      );
    // Some systems have no such flag; the check before has to do there.
    const noFollow = (constants as { O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;
    return openSync(path, flags | noFollow, 0o600);
  } catch (error) {
    const verb = (flags & constants.O_RDWR) === 0 ? "read" : "written";
    throw registerFileError(error, `${oneLine(path)} can't be ${verb}`);
  }
}

/** A journal, and how many bytes of the file are its entries. */
export interface ReadJournal {
  readonly journal: Journal;
  readonly size: number;
}

/** What this process read or wrote last, so that the same file need not be verified twice. */
let known: (ReadJournal & { readonly key: string }) | undefined;

function identify(handle: number): { readonly key: string; readonly size: number } {
  const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(handle, { bigint: true });
  return { key: [dev, ino, size, mtimeNs, ctimeNs].join(" "), size: Number(size) };
}

/** The last bytes of a file's last line: its hash and its end. */
const TAIL_LENGTH = 64 + 3;

/**
 * Reads and verifies the whole file.
 *
 * @throws BreakglassError `register`, `file`
 */
export function readWhole(folder: string, handle: number): ReadJournal {
  try {
    const { key, size } = identify(handle);
    if (size > JOURNAL_MAX) throw tooLong(folder);
    if (known?.key === key) {
      // A file's times are coarse: that it ends in the same entry says that it is the same.
      const tail = Buffer.from(readBytes(handle, size - TAIL_LENGTH, TAIL_LENGTH)).toString(
        "latin1",
      );
      if (tail === `${known.journal.head.hash}"}\n`) return known;
    }
    const bytes = readBytes(handle, 0, size);
    const journal = readJournal(bytes, hash, decode);
    const read = { journal, size: bytes.length - (journal.torn?.bytes.length ?? 0) };
    known = journal.torn === undefined && journal.head.n > 0 ? { ...read, key } : undefined;
    return read;
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** What a journal says, without its entries: they take a third of the time of a long one. */
export interface ReadRegister {
  readonly register: Register;
  readonly journal: Omit<Journal, "entries">;
}

/**
 * Reads and verifies the whole file for what it says.
 *
 * @throws BreakglassError `register`, `file`
 */
export function readState(folder: string, handle: number): ReadRegister {
  try {
    const { size } = identify(handle);
    if (size > JOURNAL_MAX) throw tooLong(folder);
    return (size < LONG ? undefined : readLong(handle, size)) ?? readInOrder(handle, size);
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function readInOrder(handle: number, size: number): ReadRegister {
  const register = emptyRegister();
  const take = (entry: Entry): void => {
    apply(register, entry);
  };
  const journal = verifyJournal(readBytes(handle, 0, size), hash, take, undefined, decode);
  return { register, journal };
}

function readLong(handle: number, size: number): ReadRegister | undefined {
  const register = emptyRegister();
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  const journal = verifyApart(
    bytes,
    () => fill(bytes, handle, 0).length,
    (entry) => {
      apply(register, entry);
    },
  );
  return journal && { register, journal };
}

/** A register whose hashes are not verified. */
export interface PeekedRegister {
  readonly register: Register;
  readonly journal: Pick<Journal, "entries">;
}

/**
 * Reads the whole file and leaves its hashes unverified, for names to choose from and nothing else:
 * what follows on the choice verifies them.
 *
 * @returns undefined if it can't be read so
 */
export function peek(handle: number): PeekedRegister | undefined {
  try {
    const { size } = identify(handle);
    if (size > JOURNAL_MAX) return undefined;
    const register = emptyRegister();
    const entries: Entry[] = [];
    const take = (entry: Entry): void => {
      apply(register, entry);
      entries.push(entry);
    };
    readUnhashed(readBytes(handle, 0, size), take, decode);
    return { register, journal: { entries } };
  } catch {
    return undefined;
  }
}

function unreadable(folder: string, error: unknown): unknown {
  return registerFileError(error, `${oneLine(join(folder, JOURNAL))} can't be read`);
}

function readBytes(handle: number, from: number, length: number): Uint8Array {
  // No Buffer, of which each line would be one: that takes a tenth of the time.
  return fill(new Uint8Array(length), handle, from);
}

/** Reads as many bytes as there is room for, or as there are. */
function fill<T extends ArrayBufferLike>(
  bytes: Uint8Array<T>,
  handle: number,
  from: number,
): Uint8Array<T> {
  let done = 0;
  for (let read = -1; read !== 0 && done < bytes.length; done += read)
    read = readSync(handle, bytes, done, bytes.length - done, from + done);
  return bytes.subarray(0, done);
}

/** How often to look whether somebody else has finished writing, and how long to wait between. */
const LOOKS_MAX = 400;
const LOOK_PAUSE = 5;

/**
 * Reads and verifies the whole file without the lock, since the folder may be one where none can be
 * taken: what another process is writing at this moment is not taken for torn.
 *
 * @param readAll reads it: {@link readWhole} or {@link readState}
 */
export function readSettled<T extends { readonly journal: Pick<Journal, "torn"> }>(
  folder: string,
  handle: number,
  readAll: (folder: string, handle: number) => T,
): T {
  for (let looks = 0; ;) {
    const { key } = identify(handle);
    let read: T | undefined;
    let failure: unknown;
    try {
      read = readAll(folder, handle);
    } catch (error) {
      failure = error;
    }
    if (read !== undefined && read.journal.torn === undefined) return read;
    while (identify(handle).key === key && looks < LOOKS_MAX && isLocked(folder)) {
      looks++;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_PAUSE);
    }
    if (identify(handle).key !== key && looks++ < LOOKS_MAX) continue;
    if (read === undefined) throw failure;
    return read;
  }
}

/** Says what a process has just written itself, with the lock held. */
export function remember(handle: number, journal: Journal): void {
  known = { ...identify(handle), journal };
}

/**
 * Appends lines, each in one write that is on the disk before the next; or none of them.
 *
 * @param size how long the file is
 * @throws BreakglassError `file`, `register`
 */
export function appendLines(
  folder: string,
  handle: number,
  size: number,
  lines: readonly string[],
): void {
  if (fstatSync(handle).size !== size)
    throw new BreakglassError(
      "register",
      `something else wrote to the register in ${oneLine(folder)} at this moment`,
      "find out which program it was, and try again",
    );
  try {
    for (const line of lines) {
      writeAll(handle, Buffer.from(line));
      fsyncSync(handle);
    }
  } catch (error) {
    throw takeBack(folder, handle, size, error);
  }
}

function takeBack(folder: string, handle: number, size: number, error: unknown): unknown {
  const what = `${oneLine(join(folder, JOURNAL))} can't be written`;
  try {
    ftruncateSync(handle, size);
  } catch {
    const told = registerFileError(error, what);
    if (!(told instanceof BreakglassError)) return told;
    return new BreakglassError(
      "file",
      `${told.message}; a part of it was, and stays`,
      `look at what the register says now (breakglass log), and ${told.hint}`,
    );
  }
  quietly(() => fsyncSync(handle));
  return registerFileError(error, what);
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
}

/** The error for a journal that is, or would be, longer than is read. */
export function tooLong(folder: string): BreakglassError {
  return new BreakglassError(
    "register",
    `${oneLine(join(folder, JOURNAL))} would have more than ${JOURNAL_MAX / 1024 / 1024} MB`,
    "no register is that long: see what was put in its place",
  );
}
