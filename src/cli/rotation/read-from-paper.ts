import { BreakglassError } from "../../core/errors.ts";
import type { SlipReading } from "../../core/reader.ts";
import { checkWord, setName, slipName, type Slip } from "../../core/slip.ts";
import { isWhole, readingNotes, requireSpare } from "../../core/verdict.ts";
import type { SetState, SlipState } from "../../custody/register.ts";
import { refText } from "../../custody/slip-ref.ts";
import { CheckRecord } from "../reading/check-record.ts";
import { CHECK_WORD_GOES } from "../reading/wording.ts";
import { typeSlip } from "../terminal/typing.ts";
import type { Sitting } from "./sitting.ts";

/** The slip as typed, once the register agrees that it is the one that was issued. */
export async function readFromPaper(
  sitting: Sitting,
  set: SetState,
  wanted: SlipState,
  by: string,
): Promise<Slip | undefined> {
  const reading = await sitting.terminal.alternate(() =>
    typeSlip(sitting.terminal, {
      ...{ wantSpare: "must", expected: wanted },
    }),
  );
  if (reading === undefined) return undefined;
  try {
    sitting.say(checkedText(sitting, reading, set, wanted, by));
  } catch (error) {
    // The sitting goes on, and only wipes what it keeps.
    reading.slip.payload.fill(0);
    throw error;
  }
  sitting.say(`check word ${checkWord(reading.slip)}: ${CHECK_WORD_GOES}`);
  return reading.slip;
}

/** What a typed slip is found to be, once it is judged and written down. */
function checkedText(
  sitting: Sitting,
  reading: SlipReading,
  set: SetState,
  wanted: SlipState,
  by: string,
): string {
  const { slip } = reading;
  if (setName(slip.setId) !== set.set || slip.index !== wanted.slip)
    throw new BreakglassError(
      "misfit",
      `this is ${slipName(slip)}, and ${refText(wanted)} was to be checked`,
      "take the right slip",
    );
  requireSpare(reading, true);
  if (!isWhole(reading))
    throw new BreakglassError(
      "check-failed",
      `${slipName(slip)} can be read, but not all of it: ${readingNotes(reading).join("; ")}`,
      "a slip for a safe must be whole: type it again, or choose d if the paper is not as printed",
    );
  const { folder } = sitting.options;
  const record = new CheckRecord(folder, { register: folder, by }, sitting.clock);
  const says = record.judge(slip, true);
  return `${refText(wanted)}: intact; ${says}`;
}
