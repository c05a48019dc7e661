import type { SetState as GivenSet } from "../../core/assembly.ts";
import { nextStep } from "../../custody/lifecycle/standing.ts";
import { inUse, type Register, type SetState } from "../../custody/register.ts";
import { otherSlips, whereabouts, whereaboutsText } from "../../custody/whereabouts.ts";
import { openRegister } from "../journal/journal-file.ts";

/** What is known of a set of which slips were given. */
export type Given = Pick<GivenSet, "name" | "have" | "need">;

/** Asks a register about sets, if there is one. */
export type About = (sets: readonly Given[]) => Promise<readonly string[]>;

/** Stages in which a set's password opens nothing any more. */
const ENDED: readonly string[] = ["superseded", "abandoned", "destroyed"];

/**
 * What a register says to somebody with slips: of a set that is not complete, where its other slips lie; of one that
 * has ended, which set the tenant holds, and which slips to fetch; and which sets it does not know. Without a register that can be read nothing is
 * said: a recovery waits for none.
 */
export function setNews(folder: string, sets: readonly Given[]): string[] {
  let register: Register;
  try {
    ({ register } = openRegister(folder));
  } catch {
    return []; // told when the recovery is written down
  }
  const news = sets.flatMap(({ name, have, need }) => {
    const set = register.sets.get(name);
    if (set === undefined)
      return register.sets.size === 0 ? [] : [`careful: the register here knows of no set ${name}`];
    if (ENDED.includes(set.stage)) return newsOf(set, register);
    const others = need > 0 && inUse(set) ? otherSlips(register, set, have) : [];
    return others.length === 0 ? [] : [`the others of set ${name}:`, ...others];
  });
  // Two sets of one account have the same slips to fetch.
  return [...new Set(news)];
}

function newsOf({ set, generation, stage, account }: SetState, register: Register): string[] {
  const { holds } = nextStep(register, account);
  return [
    `careful: set ${set} (generation ${generation}) is ${stage}, says the register; the tenant holds ${holds}`,
    ...whereaboutsText(whereabouts(register, account)),
  ];
}
