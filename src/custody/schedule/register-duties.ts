import { COMMANDS } from "../commands.ts";
import {
  holdersOf,
  inUse,
  isLeft,
  passwordAccounts,
  type Deed,
  type Register,
  type SlipState,
} from "../register.ts";
import { refText } from "../slip-ref.ts";
import { within, validated, Duties, slipPlace, type DueDate } from "./duty.ts";
import { overrideOf } from "./rule-remarks.ts";

/** What the register as a whole asks for: accounts, the process, people, safes, keys and other items. */
export function registerDuties(register: Register, opened: Deed, found: Duties): void {
  const { policy } = register;
  const passwords = passwordAccounts(register);
  if (passwords < policy.minimumAccounts)
    found.date({
      id: "accounts",
      what: `the register has ${passwords} of at least ${policy.minimumAccounts} emergency accounts`,
      command: COMMANDS.addAccount(),
      ...within(register.short ?? opened, policy.graceDays),
    });
  found.date({
    id: "process",
    what:
      register.reviewed === undefined
        ? "the process was never reviewed"
        : "the process is to be reviewed again",
    command: COMMANDS.recordReviewed(),
    ...validated(register.reviewed, opened, policy),
  });
  trainingDuties(register, found);
  custodianDuties(register, found);
  for (const { location, combinationKnownTo } of register.locations.values())
    if (combinationKnownTo !== undefined)
      found.date({
        id: `combination:${location}`,
        what: `the combination of ${location} is the same as before ${combinationKnownTo.who} left`,
        command: COMMANDS.recordLocation(location),
        ...within(combinationKnownTo, policy.graceDays),
      });
  itemDuties(register, found);
  registerNotes(register, found);
}

/** Keys and other items: their tests, and those that somebody keeps who left, or that lie in a safe of old. */
function itemDuties({ items, custodians, locations, policy }: Register, found: Duties): void {
  for (const item of items.values()) {
    if (item.gone !== undefined) continue;
    const place = item.account === undefined ? {} : { account: item.account };
    const keeper = item.custodian === undefined ? undefined : custodians.get(item.custodian);
    if (keeper?.gone !== undefined)
      found.date({
        ...{ id: `keeper:${item.item}`, ...place },
        what: `${keeper.custodian} left and still keeps ${item.type} ${item.item}`,
        command: COMMANDS.moveItem(item.item),
        ...within(keeper.gone, policy.graceDays),
      });
    const safe = item.location === undefined ? undefined : locations.get(item.location);
    if (safe?.gone !== undefined)
      found.date({
        ...{ id: `safe:${item.item}`, ...place },
        what: `${item.type} ${item.item} lies in ${safe.location}, which is no longer used`,
        command: COMMANDS.moveItem(item.item),
        ...within(safe.gone, policy.graceDays),
      });
    const failed = item.tested?.result === "failed" ? item.tested : undefined;
    found.date({
      ...{ id: `item:${item.item}`, ...place },
      what:
        failed === undefined
          ? `${item.type} ${item.item} is to be tested`
          : `${item.type} ${item.item} failed its test`,
      command: COMMANDS.recordItem(item.item),
      ...(failed === undefined
        ? validated(item.tested, item.added, policy)
        : within(failed, policy.graceDays)),
    });
  }
}

/** One duty for all people who are to be trained by the same day. */
function trainingDuties({ custodians, policy }: Register, found: Duties): void {
  const groups = new Map<string, { people: string[]; term: Pick<DueDate, "until" | "since"> }>();
  for (const { custodian, gone, trained, added } of custodians.values()) {
    if (gone !== undefined) continue;
    const term = validated(trained, added, policy);
    const group = groups.get(term.until);
    if (group === undefined) groups.set(term.until, { people: [custodian], term });
    else group.people.push(custodian);
  }
  for (const { people, term } of groups.values())
    found.date({
      id: `training:${people[0]!}`,
      what: `${people.join(", ")} ${people.length === 1 ? "is" : "are"} to be trained`,
      command: COMMANDS.recordTrained(people),
      ...term,
    });
}

/** Custodians without alternates, and people who left and still hold slips. */
function custodianDuties(register: Register, found: Duties): void {
  const { custodians, policy } = register;
  const gone = (person: string): Deed | undefined => custodians.get(person)?.gone;
  for (const set of register.sets.values()) {
    if (!inUse(set)) continue;
    for (const slip of set.slips) {
      if (!isLeft(slip)) continue;
      const place = { ...slipPlace(set, slip), command: COMMANDS.recordSlip("moved", slip) };
      const { custodian, alternate } = slip;
      const left = gone(custodian);
      if (left !== undefined)
        found.date({
          id: `custodian:${refText(slip)}`,
          what: `${custodian} left and is still the custodian of ${refText(slip)}`,
          ...{ ...place, ...within(left, policy.graceDays) },
        });
      const alternateLeft = alternate === undefined ? undefined : gone(alternate);
      // What a reason was given for when it was issued is said with that reason.
      const accepted = lacksAsIssued(slip) && overrideOf(set, "no-alternate", register);
      if (accepted && alternateLeft === undefined) continue;
      if (holdersOf(slip).length < 2 || alternateLeft !== undefined)
        found.date({
          id: `alternate:${refText(slip)}`,
          what:
            alternateLeft === undefined
              ? `${refText(slip)} has a custodian and no alternate`
              : `${alternate!} left and is still the alternate for ${refText(slip)}`,
          ...{ ...place, ...within(alternateLeft ?? set.issued, policy.graceDays) },
        });
    }
  }
}

/** Whether nobody else can fetch a slip, just as it was when it was issued. */
function lacksAsIssued(slip: SlipState): boolean {
  const { alternate, issuedTo } = slip;
  return (
    holdersOf(issuedTo).length < 2 &&
    (issuedTo.alternate === undefined) === (alternate === undefined)
  );
}

function registerNotes(register: Register, found: Duties): void {
  for (const exception of register.exceptions.values())
    if (exception.closed === undefined)
      found.note({
        id: `exception:${exception.n}`,
        ...(exception.account === undefined ? {} : { account: exception.account }),
        what: `an exception is open: ${exception.problem}`,
        command: COMMANDS.closeException(exception.n),
        since: exception.at,
      });
  for (const [i, { n, at, what, clock, closed }] of register.contradictions.entries())
    if (closed === undefined)
      found.note({
        id: `contradiction:${i + 1}`,
        what: clock
          ? `entry ${n}: ${what}; set the clock, do again what it put off, and say so`
          : `entry ${n} can't be so: ${what}`,
        ...(clock
          ? { command: COMMANDS.closeException(n) }
          : { command: COMMANDS.log(n), alternative: COMMANDS.closeException(n) }),
        since: at,
      });
  const [first] = register.later;
  if (first !== undefined)
    found.note({
      id: "later",
      what: `${register.later.length} ${register.later.length === 1 ? "entry is" : "entries are"} of a later version of breakglass and not understood here`,
      command: COMMANDS.log(first.n),
      since: first.at,
    });
}
