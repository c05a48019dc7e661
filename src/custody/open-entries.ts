import { isOpen, type Register, type Trigger } from "./register.ts";

/** An entry of the journal that asks for something until somebody says what became of it. */
export interface OpenEntry {
  readonly n: number;
  readonly at: string;
  /** What it says, as part of a sentence. */
  readonly what: string;
}

/** A trigger that is open for some accounts. */
export interface OpenTrigger extends OpenEntry {
  readonly trigger: Trigger;
  readonly accounts: readonly string[];
}

/** The triggers that can be assessed. */
export function openTriggers(register: Register): OpenTrigger[] {
  return [...register.triggers.values()].flatMap((trigger) => {
    const accounts = trigger.sets.flatMap((name) => {
      const set = register.sets.get(name);
      return set !== undefined && isOpen(trigger, set) ? [set.account] : [];
    });
    const { n, at, what } = trigger;
    return accounts.length === 0 ? [] : [{ n, at, what, trigger, accounts: eachOnce(accounts) }];
  });
}

/** The exceptions, and the entries that can't be so, that can be closed. */
export function openExceptions({ exceptions, contradictions }: Register): OpenEntry[] {
  const open = [
    ...[...exceptions.values()].map(({ problem, ...rest }) => ({ ...rest, what: problem })),
    ...contradictions,
  ].filter(({ closed }) => closed === undefined);
  return eachOnce(open.map(({ n }) => n))
    .toSorted((a, b) => a - b)
    .map((n) => {
      const same = open.filter((each) => each.n === n);
      return { n, at: same[0]!.at, what: same.map(({ what }) => what).join("; ") };
    });
}

function eachOnce<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
