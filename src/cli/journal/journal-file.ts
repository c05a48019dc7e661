import { closeSync, constants } from "node:fs";
import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { Journal } from "../../custody/journal.ts";
import type { Register } from "../../custody/register.ts";
import { foldRegister } from "../../custody/fold/fold.ts";
import { oneLine } from "../system/output.ts";
import {
  openJournal,
  peek,
  readSettled,
  readState,
  readWhole,
  type PeekedRegister,
  type ReadJournal,
} from "./journal-bytes.ts";
import { tornText, notesOn } from "./register-notes.ts";

/** A register as it was when it was read. */
export interface OpenRegister {
  readonly folder: string;
  readonly register: Register;
  readonly journal: Journal;
  /** What the person should know, one line each. */
  readonly notes: readonly string[];
}

/**
 * Reads and verifies a register, and changes nothing.
 *
 * @throws BreakglassError `register` if there is none or it does not verify, `file`
 */
export function openRegister(folder: string): OpenRegister {
  const handle = openJournal(folder, constants.O_RDONLY);
  try {
    return stateOf(folder, readSettled(folder, handle, readWhole));
  } finally {
    closeSync(handle);
  }
}

/** A register without its entries. */
export type RegisterState = Omit<OpenRegister, "journal"> & {
  readonly journal: Pick<Journal, "head">;
};

/**
 * Reads and verifies a register for how it stands, and changes nothing.
 *
 * @throws BreakglassError `register` if there is none or it does not verify, `file`
 */
export function openState(folder: string): RegisterState {
  const handle = openJournal(folder, constants.O_RDONLY);
  try {
    const { register, journal } = readSettled(folder, handle, readState);
    return { folder, register, journal, notes: notesOf(folder, register, journal) };
  } finally {
    closeSync(handle);
  }
}

/**
 * The register for a first question, whose answer does not wait until all is verified: names to
 * choose from, and nothing to go by.
 *
 * @throws BreakglassError `register` if there is none or it can't be read, `file`
 */
export function peekRegister(folder: string): PeekedRegister {
  const handle = openJournal(folder, constants.O_RDONLY);
  try {
    const peeked = peek(handle);
    // What seems to have no account may be damaged, and that is told first.
    return peeked !== undefined && peeked.register.accounts.size > 0
      ? peeked
      : openRegister(folder);
  } finally {
    closeSync(handle);
  }
}

/**
 * The register that a journal makes.
 *
 * @throws BreakglassError `register` if nothing is in it
 */
export function stateOf(folder: string, { journal }: ReadJournal): OpenRegister {
  const register = foldRegister(journal.entries);
  return { folder, register, journal, notes: notesOf(folder, register, journal) };
}

/**
 * What the person should know of a register that was read.
 *
 * @throws BreakglassError `register` if nothing is in it
 */
function notesOf(
  folder: string,
  register: Register,
  { head, torn }: Omit<Journal, "entries">,
): readonly string[] {
  if (head.n === 0)
    throw new BreakglassError(
      "register",
      `the journal in ${oneLine(folder)} has no entry`,
      `if it was copied, copy it again; if ${COMMANDS.init()} was interrupted, run it again`,
    );
  const notes = torn === undefined ? [] : [`${tornText(head, torn)}; it was left where it is`];
  return [...notes, ...notesOn(register)];
}
