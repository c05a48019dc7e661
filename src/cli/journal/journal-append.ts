import { closeSync, constants, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
import { asWritten } from "../../custody/as-written.ts";
import { checkEntry, checkEvent, type CustodyEvent, type Entry } from "../../custody/events.ts";
import { appendEntry, type Journal } from "../../custody/journal.ts";
import { permits } from "../../custody/lifecycle/permits.ts";
import { emptyRegister } from "../../custody/register.ts";
import { apply } from "../../custody/fold/fold.ts";
import { makeFolders } from "../system/folders.ts";
import { hash } from "../system/hash.ts";
import { oneLine } from "../system/output.ts";
import { quietly } from "../system/quietly.ts";
import { syncFolder } from "../system/sync-folder.ts";
import {
  JOURNAL_MAX,
  appendLines,
  openJournal,
  readWhole,
  remember,
  tooLong,
} from "./journal-bytes.ts";
import { openRegister, stateOf, type OpenRegister } from "./journal-file.ts";
import { withLock } from "./journal-lock.ts";
import { setAside } from "./journal-torn.ts";
import { JOURNAL, hasRegister, noRegister } from "./register-folder.ts";
import { notesOn } from "./register-notes.ts";

/**
 * Opens a new register with its first event. Never overwrites anything.
 *
 * @param folder made if it is not there
 * @param make the event, while nobody else can write
 * @throws BreakglassError `register` if there is one already, `file`
 */
export function createRegister(folder: string, make: () => CustodyEvent): OpenRegister {
  const made = makeFolders(folder);
  try {
    return withLock(folder, () => {
      const isNew = !hasRegister(folder);
      try {
        return write(folder, () => [make()], "new");
      } catch (error) {
        if (isNew) quietly(() => unlinkSync(join(folder, JOURNAL)));
        throw error;
      }
    });
  } catch (error) {
    for (const path of made.reverse()) quietly(() => rmdirSync(path));
    throw error;
  }
}

/**
 * Appends events. Each is on the disk when this returns; if it throws, none is in the journal.
 *
 * @param make the events, from the register as it is while nobody else can write to it; it asks for
 *   the time itself, which may be later than when this was called
 * @returns the register as it is then
 * @throws BreakglassError `refused` if an event may not follow now, `register`, `file`, and `usage`
 *   for an event that can't be written
 */
export function appendEvents(
  folder: string,
  make: (state: OpenRegister) => readonly CustodyEvent[],
): OpenRegister {
  if (!hasRegister(folder)) throw noRegister(folder);
  return withLock(folder, () => write(folder, make, "opened"));
}

/**
 * Whether events could be written as the register is now, and writes nothing: what would be refused
 * is told before anybody agrees to it.
 *
 * @param make the events, as {@link appendEvents} takes them
 * @throws BreakglassError as {@link appendEvents} does
 */
export function rehearseEvents(
  folder: string,
  make: (state: OpenRegister) => readonly CustodyEvent[],
): void {
  const state = openRegister(folder);
  follow(state, make(state));
}

/** Reads, and writes what follows: with the lock held. */
function write(
  folder: string,
  make: (state: OpenRegister) => readonly CustodyEvent[],
  expected: "new" | "opened",
): OpenRegister {
  const flags = constants.O_RDWR | constants.O_APPEND;
  const handle = openJournal(folder, expected === "new" ? flags | constants.O_CREAT : flags);
  try {
    const read = readWhole(folder, handle);
    if (expected === "new" && read.journal.head.n > 0)
      throw new BreakglassError(
        "register",
        `there is a register in ${oneLine(folder)} already`,
        "use it, or choose another folder with --register",
      );
    const state = expected === "new" ? unopened(folder, read.journal) : stateOf(folder, read);
    const { lines, ...after } = follow(state, make(state));
    if (lines.length === 0) return state;
    if (read.size + Buffer.byteLength(lines.join("")) > JOURNAL_MAX) throw tooLong(folder);
    const notes: string[] = [];
    if (read.journal.torn !== undefined) notes.push(setAside(folder, handle, read));
    appendLines(folder, handle, read.size, lines);
    if (expected === "new") for (const path of [folder, dirname(folder)]) syncFolder(path);
    remember(handle, after.journal);
    return { folder, ...after, notes: [...notes, ...after.notes, ...notesOn(after.register)] };
  } finally {
    closeSync(handle);
  }
}

/** A register with events added to it, and the lines to be written. */
function follow(
  { register, journal }: OpenRegister,
  events: readonly CustodyEvent[],
): Omit<OpenRegister, "folder"> & { readonly lines: readonly string[] } {
  let { head } = journal;
  const entries: Entry[] = [];
  const lines: string[] = [];
  const contradictions = register.contradictions.length;
  for (const made of events) {
    // Before anything is said of it: a refusal names names, and a slip's code is none.
    checkEvent(made);
    const event = asWritten(made, register);
    const refused = permits(register, event);
    if (refused !== undefined) throw new BreakglassError("refused", refused.refusal, refused.hint);
    const appended = appendEntry(head, event, hash);
    // What is applied is what will be read, and not what was given.
    const checked = checkEntry(JSON.parse(appended.line));
    if ("problem" in checked) throw new TypeError(`an entry that was written ${checked.problem}`);
    apply(register, checked.entry);
    entries.push(checked.entry);
    lines.push(appended.line);
    head = appended.head;
  }
  const notes = register.contradictions
    .slice(contradictions)
    .map(({ n, what }) => `entry ${n}: ${what}`);
  return { register, journal: { entries: [...journal.entries, ...entries], head }, notes, lines };
}

function unopened(folder: string, journal: Journal): OpenRegister {
  return { folder, register: emptyRegister(), journal, notes: [] };
}
