import type { Head, Torn } from "../../custody/journal.ts";
import { type Register } from "../../custody/register.ts";
import { isAfter } from "../../custody/times.ts";
import { isoTime } from "../../custody/times.ts";

/** What is torn off after the last entry. */
export function tornText(head: Head, { bytes, whole }: Torn): string {
  return whole
    ? `an entry after entry ${head.n} lacks its line end: nobody was told that it was written`
    : `after entry ${head.n} the journal breaks off (${bytes.length} bytes): a copy that is not complete, or an entry that nobody was told was written`;
}

/** Whether the newest entry of a register was written later than it is, so that a clock is wrong. */
export function isAhead(written: string | undefined, now: Date): boolean {
  return isAfter(written, now.toISOString());
}

/** What a person who opens a register should know before all else. */
export function notesOn({ written, later }: Register): string[] {
  const notes: string[] = [];
  if (isAhead(written, new Date()))
    notes.push(
      `the newest entry was written at ${written}, and this computer's clock says it is ${isoTime(new Date())}: set the clock`,
    );
  if (later.length > 0)
    notes.push(
      `${later.length} ${later.length === 1 ? "entry is" : "entries are"} of a later version (the first is entry ${later[0]!.n}), and this version does not know what they mean: use the later one`,
    );
  return notes;
}
