import { anchor, readJournal } from "../../src/custody/journal.ts";
import { activeSet, heldSets } from "../../src/custody/register.ts";
import { foldRegister } from "../../src/custody/fold/fold.ts";
import { nodeHash } from "../custody/book.ts";

/**
 * What an old journal says, in terms that any later version has to have: who keeps which slip
 * where, what became of each set, what the tenant holds. What a version makes of this (due dates,
 * advice) may change, and is left out.
 */
export function summaryOf(bytes: Uint8Array): unknown {
  const journal = readJournal(bytes, nodeHash);
  const register = foldRegister(journal.entries);
  const byName = <T>(map: ReadonlyMap<string | number, T>, say: (value: T) => object): object =>
    Object.fromEntries([...map].map(([name, value]) => [name, say(value)]));
  return strip({
    entries: journal.entries.length,
    anchor: anchor(journal.head),
    torn:
      journal.torn === undefined
        ? undefined
        : { bytes: journal.torn.bytes.length, whole: journal.torn.whole },
    kinds: [
      ...new Set(
        journal.entries.map((entry) => (entry.kind === "later" ? entry.name : entry.kind)),
      ),
    ].sort(),
    later: register.later.map(({ n, name }) => ({ n, name })),
    tenant: register.opened?.tenant,
    policy: register.policy,
    accounts: byName(register.accounts, ({ account, secret, belongsTo, retired, alertSeen }) => ({
      ...{ secret, belongsTo, retired: retired?.at, alertSeen: alertSeen?.at },
      active: activeSet(register, account)?.set,
      held: heldSets(register, account).map(({ set }) => set),
    })),
    custodians: byName(register.custodians, ({ alternate, phone, email, role, gone, trained }) => ({
      ...{ alternate, phone, email, role, gone: gone?.at, trained: trained?.at },
    })),
    locations: byName(register.locations, ({ site, gone, combinationChanged }) => ({
      ...{ site, gone: gone?.at, combinationChanged: combinationChanged?.at },
    })),
    items: byName(register.items, (item) => ({
      ...{ type: item.type, serial: item.serial, account: item.account },
      ...{ location: item.location, custodian: item.custodian },
      ...{ tested: item.tested?.result, gone: item.gone?.at },
    })),
    sets: byName(register.sets, (set) => ({
      ...{ account: set.account, generation: set.generation, stage: set.stage },
      ...{ scheme: set.scheme, blinded: set.blinded, threshold: set.threshold },
      ...{ replaceBy: set.replaceBy, strength: set.strength, alsoNeeded: set.alsoNeeded },
      ...{ compromised: set.compromised?.at, signedIn: set.signedIn?.slips },
      slips: set.slips.map((slip) => ({
        ...{ commitment: slip.commitment, custodian: slip.custodian, alternate: slip.alternate },
        ...{ location: slip.location, checked: slip.checked?.at, bag: slip.sealed?.bag },
        ...{ sealed: slip.sealed?.at, opened: slip.opened?.at, damaged: slip.damaged?.at },
        ...{ lost: slip.lost?.at, compromised: slip.compromised?.at },
        destroyed: slip.destroyed?.at,
      })),
    })),
    triggers: byName(register.triggers, ({ kind, sets, assessed }) => ({
      ...{ kind, sets, assessed: [...assessed.keys()] },
    })),
    exceptions: byName(register.exceptions, ({ problem, remedy, closed }) => ({
      ...{ problem, remedy, closed: closed?.at },
    })),
    drills: register.drills.map(({ n, type, result }) => ({ n, type, result })),
    overrides: register.overrides.map(({ n, rule }) => ({ n, rule })),
    reviewed: register.reviewed?.at,
    contradictions: register.contradictions.map(({ n }) => n),
  });
}

/** As JSON has it: without what is undefined. */
function strip(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
