import type { EventOf, SlipRef } from "../events.ts";
import { keepsPassword } from "../policy.ts";
import {
  holdersOf,
  inUse,
  isBackedOutTo,
  isLater,
  isLeft,
  isOnPaper,
  isPending,
  isSealed,
  setsOf,
  wasActive,
  wordOf,
  type Deed,
  type Register,
  type SetState,
  type SlipState,
} from "../register.ts";
import {
  accountOf,
  addTrigger,
  isOutrun,
  latest,
  odd,
  type Appliers,
  type SetKind,
  type Context,
} from "./context.ts";
import { refText } from "../slip-ref.ts";

/** What becomes of sets and their slips. */
export const SETS: Pick<Appliers, SetKind> = {
  "set-issued": applyIssued,
  "slip-printed": ({ slip, to }, context) =>
    withSlip(slip, context, (state, set) => {
      state.printed = context.deed;
      if (to === "file") set.files = context.deed;
    }),
  "slip-files-deleted": ({ set }, context) =>
    withSet(set, context, (state) => (state.files = undefined)),
  "slip-checked": ({ slip, checkWord }, context) =>
    withSlip(slip, context, (state, set) => {
      if (checkWord !== undefined && checkWord !== wordOf(state.commitment)) {
        odd(context, `the check word read out for ${refText(slip)} is not that of the slip issued`);
        return;
      }
      state.checked = latest(state.checked, context.deed, context);
      if (isLegible(slip, set, context)) state.damaged = undefined;
      if (set.stage === "issued" && set.slips.every((other) => other.checked !== undefined))
        set.stage = "checked";
    }),
  "slip-sealed": ({ slip, bag }, context) =>
    withSlip(slip, context, (state, set) => {
      if (isOutrun(context, state.opened) || isOutrun(context, state.used)) {
        noteOpenedBag(state, bag);
        return;
      }
      const { at, actor, n } = context.deed;
      state.sealed = { at, actor, n, bag };
      state.used = undefined;
      noteAllSealed(set);
    }),
  "slip-moved": ({ slip, location, custodian, alternate }, context) =>
    withSlip(slip, context, (state) => {
      state.location = location ?? state.location;
      state.custodian = custodian ?? state.custodian;
      state.alternate = alternate ?? state.alternate;
      state.moved = context.deed;
      reach(state, context.deed);
    }),
  "slip-opened": ({ slip, bag }, context) =>
    withSlip(slip, context, (state) => {
      state.opened = latest(state.opened, context.deed, context);
      if (isOutrun(context, state.sealed)) noteOpenedBag(state, bag);
      else {
        noteOpenedBag(state, state.sealed?.bag);
        state.sealed = undefined;
      }
    }),
  "slip-damaged": ({ slip }, context) => mark(slip, "damaged", context),
  "slip-lost": ({ slip }, context) => mark(slip, "lost", context),
  "slip-found": ({ slip }, context) =>
    withSlip(slip, context, (state, set) => {
      if (state.lost === undefined) {
        odd(context, `${refText(slip)} was found, and was not lost`);
        return;
      }
      state.lost = undefined;
      state.turnedUp = context.deed;
      state.found = isNoLoss(slip, set, context.register) ? undefined : context.deed;
      reach(state, context.deed);
      // What was over because nothing of it was left is not over.
      if (set.stage === "destroyed")
        set.stage = set.abandoned === undefined ? "superseded" : "abandoned";
    }),
  "slip-compromised": ({ slip }, context) => mark(slip, "compromised", context),
  "slip-destroyed": ({ slip }, context) =>
    withSlip(slip, context, (state, set) => {
      state.destroyed = context.deed;
      noteOpenedBag(state, state.sealed?.bag);
      state.sealed = undefined;
      endReach(state, context.deed);
      if (set.stage !== "superseded" && set.stage !== "abandoned" && set.stage !== "destroyed")
        odd(context, `${refText(slip)} was destroyed while its set was ${set.stage}`);
      settleDestroyed(set);
    }),

  "password-recovered": ({ set, slips, purpose }, context) =>
    withSet(set, context, (state) => {
      state.recoveries.push({ ...context.deed, slips, purpose });
      for (const number of slips) {
        const slip = state.slips[number - 1];
        if (slip === undefined || isOutrun(context, slip.sealed)) continue;
        if (isSealed(slip)) noteOpenedBag(slip, slip.sealed?.bag);
        slip.used = context.deed;
      }
      if (purpose === "emergency") usedInEmergency(state, context);
      else noteUse(state, purpose, context);
    }),
  "setting-begun": ({ set, slips }, context) =>
    withSet(set, context, (state) => {
      if (state.stage !== "checked" && state.stage !== "setting")
        odd(context, `the password of set ${set} was about to be set though it was ${state.stage}`);
      const begun = { ...context.deed, slips };
      state.setters = state.stage === "setting" ? [...state.setters, begun] : [begun];
      // A set that was set later than another by mistake is held all the same.
      state.stage = "setting";
      state.begun = begun;
      state.failed = undefined;
      state.backedOut = undefined;
    }),
  "sign-in-confirmed": ({ set, slips }, context) =>
    withSet(set, context, (state) => {
      const use = { ...context.deed, slips };
      state.signedIn = latest(state.signedIn, use, context);
      state.failed = undefined;
      for (const other of setsOf(context.register, state.account))
        if (other !== state && other.seen !== undefined && isLater(use, other.seen))
          other.cleared ??= context.deed;
      if (state.stage === "active") return;
      if (state.stage !== "setting")
        odd(context, `the sign-in with set ${set} held though it was ${state.stage}`);
      for (const other of setsOf(context.register, state.account)) {
        if (other === state || (other.stage !== "active" && other.stage !== "setting")) continue;
        other.stage = "superseded";
        other.superseded = context.deed;
        settleDestroyed(other);
      }
      state.stage = "active";
      state.confirmed = use;
    }),
  "sign-in-failed": ({ set }, context) =>
    withSet(set, context, (state) => (state.failed = context.deed)),
  "set-backed-out": ({ set, restored }, context) =>
    withSet(set, context, (state) => {
      if (state.stage !== "setting") {
        odd(context, `set ${set} was backed out though it was ${state.stage}`);
        return;
      }
      state.stage = "checked";
      state.setters = [];
      // Another password has been set since, whoever may have set this one.
      state.seen = undefined;
      state.backedOut = context.deed;
      state.failed = undefined;
      // A sign-in with the one that was set again held.
      const back = context.register.sets.get(restored ?? "");
      if (back !== undefined) back.failed = undefined;
    }),
  "set-abandoned": ({ set }, context) =>
    withSet(set, context, (state) => {
      if (!isPending(state)) {
        odd(context, `set ${set} was abandoned though it was ${state.stage}`);
        // What the tenant holds or may hold stays what it is, whatever was written.
        return;
      }
      state.stage = "abandoned";
      state.abandoned = context.deed;
      settleDestroyed(state);
    }),
  "set-compromised": ({ set }, context) =>
    withSet(set, context, (state) => {
      state.compromised = context.deed;
      if (inUse(state))
        addTrigger(context.register, context.deed, "compromised", `set ${set} was compromised`, {
          sets: [set],
        });
    }),
};

function applyIssued(event: EventOf<"set-issued">, context: Context): void {
  const { register, deed } = context;
  if (register.sets.has(event.set)) {
    odd({ register, deed }, `set ${event.set} was issued twice`);
    return;
  }
  const account = accountOf(event.account, context);
  const pending = account?.sets.find((set) => isPending(set) || set.stage === "setting");
  if (pending !== undefined)
    odd(
      { register, deed },
      `set ${event.set} was issued while set ${pending.set} was ${pending.stage}`,
    );
  const { set, generation, scheme, blinded, threshold, replaceBy, strength } = event;
  const slips = event.slips.map(({ commitment, custodian, alternate, location }, i): SlipState => ({
    set,
    slip: i + 1,
    commitment,
    custodian,
    alternate,
    location,
    issuedTo: { custodian, alternate, location },
    moved: undefined,
    reached: [],
    printed: undefined,
    checked: undefined,
    sealed: undefined,
    openedBags: [],
    opened: undefined,
    used: undefined,
    damaged: undefined,
    lost: undefined,
    found: undefined,
    turnedUp: undefined,
    compromised: undefined,
    destroyed: undefined,
  }));
  for (const slip of slips) reach(slip, deed);
  const state: SetState = {
    set,
    account: event.account,
    generation,
    scheme,
    blinded,
    threshold,
    issued: deed,
    replaceBy,
    stays: keepsPassword(register.policy),
    strength,
    alsoNeeded: event.alsoNeeded ?? [],
    slips,
    stage: "issued",
    begun: undefined,
    setters: [],
    recoveries: [],
    seen: undefined,
    cleared: undefined,
    confirmed: undefined,
    allSealed: undefined,
    signedIn: undefined,
    failed: undefined,
    backedOut: undefined,
    superseded: undefined,
    abandoned: undefined,
    compromised: undefined,
    files: undefined,
  };
  register.sets.set(set, state);
  account?.sets.push(state);
}

function usedInEmergency(state: SetState, context: Context): void {
  const then = context.deed.at;
  // The slips of an abandoned set open it as long as they are not shredded.
  if (isPending(state) || state.stage === "abandoned") {
    state.seen = latest(state.seen, context.deed, context);
    if (state.seen === context.deed) state.cleared = undefined;
  } else if (state.stage !== "active" && state.stage !== "setting" && !wasActive(state, then))
    odd(context, `set ${state.set} was used in an emergency though it was ${state.stage}`);
  // A set that came after it is what it asks for.
  const active = setsOf(context.register, state.account).filter((other) => wasActive(other, then));
  addTrigger(context.register, context.deed, "emergency", "the password was used in an emergency", {
    sets: [...new Set([state, ...active].map((other) => other.set))],
  });
}

/** A password that was seen by others than those who set it and sign in with it first is used. */
function noteUse(
  state: SetState,
  purpose: "ceremony" | "drill",
  { register, deed }: Context,
): void {
  const everyUse = register.policy.mode === "rotate-after-use";
  const used = (what: string): void =>
    addTrigger(register, deed, "used", what, { sets: [state.set] });
  if (purpose === "drill") {
    if (everyUse && inUse(state)) used("a drill showed the password");
  } else if (state.stage === "active") {
    if (!isBackedOutTo(state, register))
      used("the password was shown, and no ceremony asked for it");
    else if (everyUse) used("a rotation that was backed out showed the password");
  }
}

function withSet(
  name: string,
  { register, deed }: Context,
  change?: (set: SetState) => void,
): SetState | undefined {
  const known = register.sets.get(name);
  if (known === undefined) odd({ register, deed }, `set ${name} is not in the register`);
  else change?.(known);
  return known;
}

export function withSlip(
  ref: SlipRef,
  context: Context,
  change: (slip: SlipState, set: SetState) => void,
): void {
  const set = withSet(ref.set, context);
  if (set === undefined) return;
  const slip = set.slips[ref.slip - 1];
  if (slip === undefined) odd(context, `set ${ref.set} has no slip ${ref.slip}`);
  else change(slip, set);
}

function mark(ref: SlipRef, how: "damaged" | "lost" | "compromised", context: Context): void {
  withSlip(ref, context, (slip, set) => {
    slip[how] = context.deed;
    if (how === "lost") {
      slip.sealed = undefined;
      endReach(slip, context.deed);
      noteAllSealed(set);
    }
    settleDestroyed(set);
    if (inUse(set))
      addTrigger(context.register, context.deed, how, `slip ${refText(ref)} was ${how}`, {
        sets: [set.set],
        slip: ref,
      });
  });
}

/** Whether every loss of a slip was judged to be none: then nobody has seen it. */
export function isNoLoss(slip: SlipRef, set: SetState, register: Register): boolean {
  const judged = judgementsOf("lost", slip, set, register);
  return judged.length > 0 && judged.every((deed) => deed !== undefined);
}

/** Whether every damage to a slip was judged to be none before a check that found it as it should be. */
function isLegible(slip: SlipRef, set: SetState, context: Context): boolean {
  const judged = judgementsOf("damaged", slip, set, context.register);
  return (
    judged.length > 0 && judged.every((deed) => deed !== undefined && !isOutrun(context, deed))
  );
}

/** What was judged of each time that this happened to a slip, if anybody judged it. */
function judgementsOf(
  kind: "lost" | "damaged",
  slip: SlipRef,
  { account }: SetState,
  { triggers }: Register,
): (Deed | undefined)[] {
  return [...triggers.values()]
    .filter(
      (trigger) =>
        trigger.kind === kind &&
        trigger.slip !== undefined &&
        refText(trigger.slip) === refText(slip),
    )
    .map(({ assessed }) => assessed.get(account));
}

/** Notes who can fetch a slip from now on, and who no longer. */
function reach(slip: SlipState, deed: Deed): void {
  endReach(slip, deed);
  for (const person of holdersOf(slip)) {
    const { location } = slip;
    const known = slip.reached.find((one) => one.person === person && one.location === location);
    if (known === undefined) slip.reached.push({ person, location, ended: undefined });
    else known.ended = undefined;
  }
}

function endReach(slip: SlipState, deed: Deed): void {
  for (const one of slip.reached) one.ended ??= deed;
}

/** A set that is no longer wanted ends when the last slip of it is gone. */
export function settleDestroyed(set: SetState): void {
  const ending = set.stage === "superseded" || set.stage === "abandoned";
  const gone = set.slips.some((slip) => !isLeft(slip));
  if (ending && gone && !set.slips.some(isOnPaper)) set.stage = "destroyed";
}

/** A bag that shows whether it was opened is used once. */
function noteOpenedBag({ openedBags }: SlipState, bag: string | undefined): void {
  if (bag !== undefined) openedBags.push(bag);
}

/** Notes which sealing was the last one, the first time that every slip left lies sealed. */
function noteAllSealed(set: SetState): void {
  if (set.allSealed !== undefined) return;
  const left = set.slips.filter(isLeft);
  if (!left.every(isSealed)) return;
  for (const { sealed } of left)
    if (sealed !== undefined && (set.allSealed === undefined || isLater(sealed, set.allSealed)))
      set.allSealed = sealed;
}
