import type { OpenRegister } from "./journal-file.ts";

/** Who is there to be named: custodians, and whoever did or saw something before, the last first. */
export function peopleIn({ register, journal }: OpenRegister): string[] {
  const custodians = [...register.custodians.values()].flatMap(({ custodian, gone }) =>
    gone === undefined ? [custodian] : [],
  );
  const others = journal.entries.flatMap(({ actor, witness }) =>
    witness === undefined ? [actor] : [actor, witness],
  );
  const isGone = (person: string): boolean => register.custodians.get(person)?.gone !== undefined;
  const people = new Set([...custodians, ...others.reverse().filter((person) => !isGone(person))]);
  return [...people];
}
