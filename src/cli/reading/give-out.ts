import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { afterWriting, interrupted, onStop } from "../system/interrupt.ts";
import { quietly } from "../system/quietly.ts";

/**
 * Gives a password out, and has it written down afterwards, however that ends: whoever closes the
 * window in which it stands has seen it all the same.
 *
 * @param giveOut is told what to call when the password is about to be seen
 * @param askBy who it was, once it is no longer seen
 * @param record writes it down, once
 */
export async function giveOutAndRecord(
  giveOut: (shown: () => void) => Promise<void>,
  askBy: () => Promise<string | undefined>,
  record: (by: string | undefined) => void,
): Promise<void> {
  const seen = { yes: false };
  let by: string | undefined;
  const release = onStop(() => {
    if (seen.yes) quietly(() => record(undefined));
  });
  try {
    await giveOut(() => (seen.yes = true));
    by = await askBy();
  } catch (error) {
    if (!seen.yes) throw error;
    seen.yes = false; // what follows is not to be done again at the end of the program
    record(undefined);
    const isStopped = error instanceof BreakglassError && error.code === "interrupted";
    throw isStopped ? interrupted("the password was seen: it is to be replaced") : error;
  } finally {
    release();
  }
  record(by);
}

/**
 * Gives a password out that is written down as recovered already, as a ceremony has it.
 *
 * @param account whose it is, if the register says so
 */
export async function giveOutRecorded(
  giveOut: () => Promise<void>,
  set: string,
  account: string | undefined,
): Promise<void> {
  const again = `to see the password again: ${COMMANDS.recoverAgain(set)}`;
  const goOn = account === undefined ? "" : `; to go on, or back out: ${COMMANDS.rotate(account)}`;
  await afterWriting(
    `it is in the register that the password of set ${set} was recovered, seen or not; ${again}${goOn}`,
    giveOut,
  );
}
