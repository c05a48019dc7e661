import type { SetState as GivenSet } from "../../core/assembly.ts";
import { nextStep } from "../../custody/lifecycle/standing.ts";
import { isPending, type Register, type SetState } from "../../custody/register.ts";
import { otherSlips, whereabouts, whereaboutsText } from "../../custody/whereabouts.ts";
import { openRegister } from "../journal/journal-file.ts";

/** What is known of a set of which slips were given. */
export type Given = Pick<GivenSet, "name" | "have" | "need">;

/** Lines that belong together: a list of slips means nothing without the line above it. */
export type Block = readonly string[];

/** Asks a register about sets, if there is one. */
export type About = (sets: readonly Given[]) => Promise<readonly Block[]>;

/**
 * What a register says to somebody with slips: of a set that is not complete, where its other slips lie; of one that
 * is not to be tried first, which is; of one that the tenant does not hold, which set it holds, and which slips to
 * fetch; and which sets it does not know. Without a register that can be read nothing is said: a recovery waits for
 * none.
 */
export function setNews(folder: string, sets: readonly Given[]): Block[] {
  let register: Register;
  try {
    ({ register } = openRegister(folder));
  } catch {
    return []; // told when the recovery is written down
  }
  const news = sets.flatMap(({ name, have, need }): Block[] => {
    const set = register.sets.get(name);
    if (set === undefined)
      return register.sets.size === 0
        ? []
        : [[`careful: the register here knows of no set ${name}`]];
    const { tries, holds } = nextStep(register, set.account);
    if (!tries.includes(name))
      return [[notHeld(set, holds)], whereaboutsText(whereabouts(register, set.account))];
    const others = need > 0 ? otherSlips(register, set, have) : [];
    return [
      ...notFirst(name, { first: tries[0], holds, sets }),
      ...(others.length === 0 ? [] : [[`the others of set ${name}:`, ...others]]),
    ];
  });
  news.push(...orders(register, sets));
  // Two sets of one account have the same slips to fetch.
  return [...new Map(news.map((block) => [block.join("\n"), block])).values()];
}

/** Of a set that may be in the tenant, that another one more likely is; where that one is complete, orders() says so. */
function notFirst(
  name: string,
  told: {
    readonly first: string | undefined;
    readonly holds: string;
    readonly sets: readonly Given[];
  },
): Block[] {
  const { first, holds, sets } = told;
  return first === name || sets.some((other) => other.name === first && other.need === 0)
    ? []
    : [[`set ${name} is not the one to try first, says the register: the tenant holds ${holds}`]];
}

/** Of complete sets of one account, which is to be tried first: it need not be the newest. */
function orders(register: Register, sets: readonly Given[]): Block[] {
  const complete = sets.filter(({ need }) => need === 0).map(({ name }) => name);
  return [...register.accounts.keys()].flatMap((account) => {
    const { tries, holds } = nextStep(register, account);
    const [first, ...others] = tries.filter((name) => complete.includes(name));
    if (first === undefined || others.length === 0) return [];
    return [[`of these sets try ${first} first, says the register: the tenant holds ${holds}`]];
  });
}

function notHeld(set: SetState, holds: string): string {
  const name = `set ${set.set} (generation ${set.generation})`;
  // In a ceremony that is as it should be, and nothing to be careful of.
  return isPending(set)
    ? `${name} is not set yet, says the register; the tenant holds ${holds}`
    : `careful: ${name} is ${set.stage}, says the register; the tenant holds ${holds}`;
}
