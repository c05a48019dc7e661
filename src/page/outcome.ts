import type { Assembly, Recovered } from "../core/assembly.ts";
import { faultOf, type Fault } from "./words.ts";

/** What the slips that are here come to. */
export type Outcome =
  /** More slips are needed. */
  | { readonly kind: "waiting" }
  /** More than one set is complete, and a person has to say which to take. */
  | { readonly kind: "choice"; readonly complete: readonly string[] }
  /** Enough slips, and yet no password. `others` names sets that are complete too. */
  | { readonly kind: "failed"; readonly fault: Fault; readonly others: readonly string[] }
  | {
      readonly kind: "recovered";
      readonly recovered: Recovered;
      readonly others: readonly string[];
    };

/**
 * Asks the assembly for the password once a set is complete.
 *
 * @param chosen the set to take, where a person chose one
 */
export function outcomeOf(assembly: Assembly, chosen: string | undefined): Outcome {
  const complete = assembly.sets.filter((set) => set.need === 0).map((set) => set.name);
  const names = [...new Set(complete)];
  const [name, ...more] = chosen === undefined ? names : names.filter((one) => one === chosen);
  if (name === undefined) return { kind: "waiting" };
  if (more.length > 0) return { kind: "choice", complete: names };
  const others = names.filter((one) => one !== name);
  try {
    return { kind: "recovered", recovered: assembly.recover(name), others };
  } catch (error) {
    return { kind: "failed", fault: faultOf(error), others };
  }
}
