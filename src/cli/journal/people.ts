import type { PeekedRegister } from "./journal-bytes.ts";

/** Who did it, where an emergency did not wait for a name. */
export const SOMEBODY = "not named";

/** Who is there to be named: custodians, and whoever did or saw something before, as they came in. */
export function peopleIn({ register, journal }: PeekedRegister): string[] {
  const custodians = [...register.custodians.values()].flatMap(({ custodian, gone }) =>
    gone === undefined ? [custodian] : [],
  );
  const others = journal.entries.flatMap(({ actor, witness }) =>
    witness === undefined ? [actor] : [actor, witness],
  );
  const isGone = (person: string): boolean => register.custodians.get(person)?.gone !== undefined;
  const people = new Set([...custodians, ...others.filter((person) => !isGone(person))]);
  people.delete(SOMEBODY);
  return [...people];
}
