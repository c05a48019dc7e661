import type { Assembly, Recovered, SetState } from "../core/assembly.ts";
import { faultOf, type Fault } from "./words.ts";

/** What the slips that are here come to. */
export type Outcome =
  /** More slips are needed. */
  | { readonly kind: "waiting" }
  /** More than one set is complete, and a person has to say which to take. */
  | { readonly kind: "choice"; readonly complete: readonly SetState[] }
  /** Enough slips, and yet no password. */
  | { readonly kind: "failed"; readonly fault: Fault }
  | { readonly kind: "recovered"; readonly recovered: Recovered };

/**
 * Asks the assembly for the password once a set is complete.
 *
 * @param chosen the set to take, where a person chose one
 */
export function outcomeOf(assembly: Assembly, chosen: string | undefined): Outcome {
  const complete = assembly.sets.filter(
    (set) => set.need === 0 && (chosen === undefined || set.name === chosen),
  );
  const [first] = complete;
  if (first === undefined) return { kind: "waiting" };
  if (new Set(complete.map((set) => set.name)).size > 1) return { kind: "choice", complete };
  try {
    return { kind: "recovered", recovered: assembly.recover(first.name) };
  } catch (error) {
    return { kind: "failed", fault: faultOf(error) };
  }
}
