import { nextStep } from "../../custody/lifecycle/standing.ts";
import { isOnPaper, type Register, type SetState } from "../../custody/register.ts";
import { openRegister } from "../journal/journal-file.ts";
import { refText } from "../../custody/slip-ref.ts";

/** Stages in which a set's password opens nothing any more. */
const ENDED: readonly string[] = ["superseded", "abandoned", "destroyed"];

/**
 * What a register says to somebody with slips of sets that have ended: which set the tenant holds, and which slips to
 * fetch. Without a register that can be read nothing is said: a recovery waits for none.
 *
 * @param names of the sets that slips are of
 */
export function setNews(folder: string, names: readonly string[]): string[] {
  let register: Register;
  try {
    ({ register } = openRegister(folder));
  } catch {
    return []; // told when the recovery is written down
  }
  return names.flatMap((name) => {
    const set = register.sets.get(name);
    return set !== undefined && ENDED.includes(set.stage) ? newsOf(set, register) : [];
  });
}

function newsOf({ set, generation, stage, account }: SetState, register: Register): string[] {
  const { holds, tries } = nextStep(register, account);
  const [held] = tries.flatMap((name) => register.sets.get(name) ?? []);
  return [
    `careful: set ${set} (generation ${generation}) is ${stage}, says the register; the tenant holds ${holds}`,
    ...(held === undefined
      ? []
      : [
          `  fetch ${held.threshold} of these:`,
          ...held.slips
            .filter(isOnPaper)
            .map((slip) => `  ${refText(slip)}  ${slip.location}, ${slip.custodian}`),
        ]),
  ];
}
