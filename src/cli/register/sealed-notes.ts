import { COMMANDS } from "../../custody/commands.ts";
import { refText } from "../../custody/slip-ref.ts";
import type { About, RecordOptions } from "./recordable.ts";

/** What a sealing that was written down lacks to prove anything later, one line each. */
export function sealedNotes(abouts: readonly About[], { bag, witness }: RecordOptions): string[] {
  const notes: string[] = [];
  if (bag === undefined) {
    const slips = abouts.map(({ slip }) => refText(slip)).join(", ");
    const add = COMMANDS.recordSlip("sealed", abouts[0]!.slip);
    notes.push(
      `note: no bag is on record for ${slips}: without its serial nobody can tell a bag that was exchanged; add each: ${add} --bag SERIAL --note WHY`,
    );
  }
  if (witness === undefined)
    notes.push(
      "note: no witness is on record: only who sealed it says that the slip is in it; the next time: --witness NAME",
    );
  return notes;
}
