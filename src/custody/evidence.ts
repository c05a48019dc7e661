import type { Entry, EventOf, Kind, SlipRef } from "./events.ts";
import { anchor, EMPTY_HEAD, type Head } from "./journal.ts";
import {
  activeSet,
  emptyRegister,
  isOpen,
  type Deed,
  type Register,
  type SetState,
  type SlipState,
  type Trigger,
} from "./register.ts";
import { apply } from "./fold/fold.ts";
import { rotationUntil } from "./schedule/account-lines.ts";
import type { Finding } from "./schedule/duty.ts";
import { due } from "./schedule/schedule.ts";
import { triggerTerm } from "./schedule/trigger-duties.ts";
import { DAY, isoDate, isoTime } from "./times.ts";
import { refText } from "./slip-ref.ts";

/** Days in UTC, both included. */
export interface Period {
  readonly since: string;
  readonly until: string;
}

/** Something that was done: which entry says so, and before whom it was. */
export interface Act {
  readonly entry: number;
  readonly at: string;
  readonly by: string;
  readonly witness: string | undefined;
}

/** How a password came to be the tenant's, and how long the one before had been. */
interface Replacement {
  /** The set that was replaced. */
  readonly set: string;
  /** Whole days between the two confirmed sign-ins. */
  readonly days: number;
  /** The last day on which it was in time; undefined if the policy then asked for no rotation. */
  readonly dueBy: string | undefined;
  /** 0: it was in time. */
  readonly daysLate: number;
}

/** What happened to a slip; each the latest time. */
interface SlipHistory extends SlipRef {
  readonly custodian: string;
  readonly alternate: string | undefined;
  readonly location: string;
  readonly site: string | undefined;
  readonly bag: string | undefined;
  readonly checked: Act | undefined;
  readonly sealed: Act | undefined;
  readonly opened: Act | undefined;
  readonly damaged: Act | undefined;
  readonly lost: Act | undefined;
  readonly compromised: Act | undefined;
  readonly destroyed: Act | undefined;
}

/** The life of a set. */
export interface SetHistory {
  readonly account: string;
  readonly set: string;
  readonly generation: number;
  readonly scheme: SetState["scheme"];
  readonly threshold: number;
  readonly stage: SetState["stage"];
  readonly replaceBy: string;
  readonly stays: SetState["stays"];
  /** What is printed on its slips as the register's anchor. */
  readonly anchor: string;
  readonly issued: Act;
  /** With this check every slip had been checked from paper. */
  readonly allChecked: Act | undefined;
  /** The password was shown to whoever set it. */
  readonly shown: (Act & { readonly slips: readonly number[] }) | undefined;
  /** Somebody signed in with it. */
  readonly confirmed: (Act & { readonly slips: readonly number[] }) | undefined;
  /** With this one every slip was sealed. */
  readonly allSealed: Act | undefined;
  readonly superseded: Act | undefined;
  readonly abandoned: Act | undefined;
  readonly replaces: Replacement | undefined;
  readonly slips: readonly SlipHistory[];
}

/** A trigger, for one account. */
interface TriggerHistory {
  readonly kind: Trigger["kind"];
  readonly what: string;
  readonly account: string;
  readonly set: string;
  readonly noted: Act;
  readonly dueBy: string;
  /** How it was closed; undefined while it is open. */
  readonly closed: (Act & { readonly how: string }) | undefined;
  /** Closed, or still open, after its day. */
  readonly late: boolean;
}

/** Something that went otherwise than planned. */
interface ExceptionHistory {
  readonly problem: string;
  readonly account: string | undefined;
  readonly noted: Act;
  readonly remedy: string | undefined;
  readonly closed: Act | undefined;
}

/** An entry of one kind. */
type EntryOf<K extends Kind> = EventOf<K> & Pick<Entry, "n" | "prev" | "hash">;

/** What a register says of a period. Nothing in it depends on anything but its arguments. */
export interface Evidence {
  readonly period: Period;
  /** The end of the period, or the present if that is earlier. */
  readonly asOf: string;
  /** What had happened by then, as far as the register knows now. */
  readonly register: Register;
  /** What was due then. */
  readonly findings: readonly Finding[];
  /** The last entry that was written by then. */
  readonly headThen: Head;
  /** What happened in the period, or was written down in it. */
  readonly entries: readonly Entry[];
  /** Those among them that were written down more than a day after they happened. */
  readonly writtenLate: readonly Entry[];
  /** Every set that was in use in the period, or of which slips were left. */
  readonly sets: readonly SetHistory[];
  readonly triggers: readonly TriggerHistory[];
  readonly exceptions: readonly ExceptionHistory[];
  readonly overrides: readonly EntryOf<"rule-overridden">[];
  readonly recoveries: readonly EntryOf<"password-recovered">[];
  readonly drills: readonly EntryOf<"drill-held">[];
  /** Sign-ins, alerts, reviews, trainings, tests. */
  readonly validations: readonly Entry[];
  /** Changes of people, holders, safes, accounts, items and rules. */
  readonly changes: readonly Entry[];
  /** What can't be so, of the period. */
  readonly contradictions: Register["contradictions"];
}

const VALIDATIONS: readonly Entry["kind"][] = [
  ...(["sign-in-confirmed", "sign-in-failed", "alert-seen", "process-reviewed"] as const),
  ...(["people-trained", "item-tested", "combination-changed"] as const),
];
const CHANGES: readonly Entry["kind"][] = [
  ...(["register-opened", "policy-changed", "account-added", "account-retired"] as const),
  ...(["custodian-added", "custodian-changed", "custodian-gone", "slip-moved"] as const),
  ...(["location-added", "location-changed", "location-gone"] as const),
  ...(["item-added", "item-moved", "item-gone"] as const),
];

type Sealing = Deed & { readonly bag: string | undefined };

/** What only shows while the journal is replayed. */
interface Replay {
  readonly register: Register;
  readonly allChecked: Map<string, Deed>;
  /** The latest sealing of each slip: the register forgets it when the slip is opened or gone. */
  readonly sealed: Map<string, Sealing>;
  readonly replaces: Map<string, Replacement>;
  /** When a trigger was to be closed by the policy of its day. */
  readonly dueBy: Map<number, string>;
}

/**
 * What a register says of a period.
 *
 * @param entries the whole journal
 * @param now the present, beyond which no period reaches
 */
export function evidenceOf(entries: readonly Entry[], period: Period, now: Date): Evidence {
  const present = isoTime(now);
  const end = `${period.until}T23:59:59Z`;
  const asOf = end < present ? end : present;
  const past = entries.filter(({ at }) => at <= asOf);
  const replayed = replay(past);
  const { register } = replayed;
  const isIn = (time: string): boolean =>
    time.slice(0, 10) >= period.since && time.slice(0, 10) <= period.until;
  const happened = past.filter(({ at }) => isIn(at));
  const concerned = entries.filter(({ at, recorded }) => isIn(at) || isIn(recorded ?? at));
  const ofKind = <K extends Kind>(kind: K): EntryOf<K>[] =>
    happened.filter((entry): entry is EntryOf<K> & Entry => entry.kind === kind);
  const actOf = ({ n, at, actor }: Deed): Act => {
    return { entry: n, at, by: actor, witness: entries[n - 1]?.witness };
  };
  const last = entries.findLast(({ recorded, at }) => (recorded ?? at) <= asOf);
  return {
    ...{ period, asOf, register },
    findings: due(register, new Date(asOf)),
    headThen: last === undefined ? EMPTY_HEAD : { n: last.n, hash: last.hash },
    entries: concerned,
    writtenLate: concerned.filter(
      ({ at, recorded }) => recorded !== undefined && Date.parse(recorded) - Date.parse(at) > DAY,
    ),
    sets: [...register.sets.values()]
      .filter((set) => (lastDeed(set)?.at ?? asOf).slice(0, 10) >= period.since)
      .map((set) => setHistory(set, replayed, entries, actOf)),
    triggers: [...register.triggers.values()]
      .flatMap((trigger) => triggerHistories(trigger, replayed, actOf, asOf))
      .filter(({ noted, closed }) => isIn(noted.at) || stillOpen(closed, period)),
    exceptions: [...register.exceptions.values()]
      .map(({ problem, account, remedy, closed, ...deed }) => ({
        ...{ problem, account, noted: actOf(deed), remedy },
        closed: closed && actOf(closed),
      }))
      .filter(({ noted, closed }) => isIn(noted.at) || stillOpen(closed, period)),
    overrides: ofKind("rule-overridden"),
    recoveries: ofKind("password-recovered"),
    drills: ofKind("drill-held"),
    validations: happened.filter(({ kind }) => VALIDATIONS.includes(kind)),
    changes: happened.filter(({ kind }) => CHANGES.includes(kind)),
    contradictions: register.contradictions.filter(({ at }) => isIn(at)),
  };
}

/** Whether something was open at some time of the period. */
function stillOpen(closed: Act | undefined, { since }: Period): boolean {
  return closed === undefined || closed.at.slice(0, 10) >= since;
}

function replay(entries: readonly Entry[]): Replay {
  const register = emptyRegister();
  const replayed: Replay = {
    ...{ register, allChecked: new Map(), sealed: new Map() },
    ...{ replaces: new Map(), dueBy: new Map() },
  };
  for (const entry of entries) {
    const { n, at, actor } = entry;
    const deed = { n, at, actor };
    const name = entry.kind === "sign-in-confirmed" ? entry.set : slipOf(entry)?.set;
    const set = name === undefined ? undefined : register.sets.get(name);
    const before = set?.stage;
    const replaced =
      entry.kind === "sign-in-confirmed" && set !== undefined && before !== "active"
        ? replacement(set, at, register)
        : undefined;
    apply(register, entry);
    if (set !== undefined) {
      if (before === "issued" && set.stage === "checked") replayed.allChecked.set(set.set, deed);
      if (replaced !== undefined) replayed.replaces.set(set.set, replaced);
    }
    if (entry.kind === "slip-sealed") {
      const known = replayed.sealed.get(refText(entry.slip));
      if (known === undefined || known.at <= at)
        replayed.sealed.set(refText(entry.slip), { ...deed, bag: entry.bag });
    }
    const trigger = register.triggers.get(n);
    if (trigger !== undefined) replayed.dueBy.set(n, triggerTerm(trigger, register.policy).until);
  }
  return replayed;
}

function slipOf(entry: Entry): SlipRef | undefined {
  return "slip" in entry ? entry.slip : undefined;
}

/** What a set replaces that is about to become active, by the policy as it is then. */
function replacement(set: SetState, at: string, register: Register): Replacement | undefined {
  const before = activeSet(register, set.account);
  if (before?.confirmed === undefined) return undefined;
  const until = rotationUntil(before, register);
  const time = Date.parse(at);
  return {
    set: before.set,
    // By the calendar, as everything that is due: a ninetieth day in the morning is no eighty-ninth.
    days: Math.floor(time / DAY) - Math.floor(Date.parse(before.confirmed.at) / DAY),
    dueBy: until === undefined ? undefined : isoDate(new Date(until)),
    daysLate: until === undefined ? 0 : Math.max(0, Math.ceil((time - until) / DAY)),
  };
}

/** When a set that has ended was last heard of; undefined while anything of it is left. */
function lastDeed(set: SetState): Deed | undefined {
  if (set.stage !== "destroyed") return undefined;
  const deeds = [set.superseded, set.abandoned, ...set.slips.map((slip) => endOf(slip))];
  return deeds.reduce((last, deed) =>
    last === undefined || (deed && deed.at > last.at) ? deed : last,
  );
}

function endOf({ destroyed, lost }: SlipState): Deed | undefined {
  return destroyed ?? lost;
}

function setHistory(
  state: SetState,
  { register, allChecked, sealed, replaces }: Replay,
  entries: readonly Entry[],
  actOf: (deed: Deed) => Act,
): SetHistory {
  const { account, set, generation, scheme, threshold, stage, replaceBy, stays } = state;
  const act = (deed: Deed | undefined): Act | undefined => deed && actOf(deed);
  return {
    ...{ account, set, generation, scheme, threshold, stage, replaceBy, stays },
    anchor: anchor({ n: state.issued.n, hash: entries[state.issued.n - 1]?.hash ?? "" }),
    issued: actOf(state.issued),
    allChecked: act(allChecked.get(set)),
    shown: state.begun && { ...actOf(state.begun), slips: state.begun.slips },
    confirmed: state.confirmed && { ...actOf(state.confirmed), slips: state.confirmed.slips },
    allSealed: act(state.allSealed),
    superseded: act(state.superseded),
    abandoned: act(state.abandoned),
    replaces: replaces.get(set),
    slips: state.slips.map((slip) => ({
      ...{ set, slip: slip.slip, custodian: slip.custodian, alternate: slip.alternate },
      ...{ location: slip.location, site: register.locations.get(slip.location)?.site },
      bag: sealed.get(refText(slip))?.bag,
      ...{ checked: act(slip.checked), sealed: act(sealed.get(refText(slip))) },
      opened: act(slip.opened),
      ...{ damaged: act(slip.damaged), lost: act(slip.lost) },
      ...{ compromised: act(slip.compromised), destroyed: act(slip.destroyed) },
    })),
  };
}

function triggerHistories(
  trigger: Trigger,
  { register, dueBy }: Replay,
  actOf: (deed: Deed) => Act,
  asOf: string,
): TriggerHistory[] {
  const until = dueBy.get(trigger.n) ?? trigger.at;
  return trigger.sets.flatMap((name) => {
    const set = register.sets.get(name);
    if (set === undefined) return [];
    const closed = isOpen(trigger, set) ? undefined : closing(trigger, set, actOf);
    return [
      {
        ...{ kind: trigger.kind, what: trigger.what, account: set.account, set: name },
        ...{ noted: actOf(trigger), dueBy: until, closed },
        // A loss has no grace, and nobody can act in the same second: the day decides.
        late: (closed?.at ?? asOf).slice(0, 10) > until.slice(0, 10),
      },
    ];
  });
}

function closing(
  trigger: Trigger,
  set: SetState,
  actOf: (deed: Deed) => Act,
): TriggerHistory["closed"] {
  const assessed = trigger.assessed.get(set.account);
  const ended = set.superseded ?? set.abandoned;
  // A set that had ended before, of which something came out later, needs nothing more.
  const first = [assessed, ended].filter((deed) => deed !== undefined);
  const deed = first.reduce((a, b) => (b.at < a.at ? b : a), first[0] ?? trigger);
  const how =
    deed === assessed
      ? `assessed: ${assessed.reason}`
      : set.superseded === undefined
        ? "the set was abandoned"
        : "the set was replaced, or its account retired";
  return { ...actOf(deed), how };
}
