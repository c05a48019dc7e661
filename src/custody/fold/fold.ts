import type { CustodyEvent, Entry } from "../events.ts";
import { emptyRegister, openClockNote, type Register } from "../register.ts";
import { isAfter } from "../times.ts";
import { odd, type Appliers, type Context } from "./context.ts";
import { ENTITIES } from "./entities.ts";
import { SETS } from "./sets.ts";
import { TRIGGERS } from "./triggers.ts";

/**
 * The register that these entries make. Any entries make one: what can't be is kept among the
 * contradictions.
 */
export function foldRegister(entries: Iterable<Entry>): Register {
  const register = emptyRegister();
  for (const entry of entries) apply(register, entry);
  return register;
}

/** Adds what one more entry says to a register. */
export function apply(register: Register, entry: Entry): void {
  const { n, actor, recorded = entry.at } = entry;
  const at = entry.at > recorded ? recorded : entry.at;
  const context: Context = { register, deed: { at, actor, n }, late: entry.at < recorded };
  noteClock(entry, context);
  register.written = recorded;
  register.n = n;
  if (entry.kind === "later") {
    register.later.push({ ...context.deed, name: entry.name });
    return;
  }
  if (register.opened === undefined && entry.kind !== "register-opened")
    odd(context, "this was written before the register was opened");
  applyEvent(entry, context);
}

const APPLY: Appliers = { ...ENTITIES, ...SETS, ...TRIGGERS };

function applyEvent(event: CustodyEvent, context: Context): void {
  // The table pairs each kind with its own event; a look-up by a union can't keep the pair.
  const change = APPLY[event.kind] as (event: CustodyEvent, context: Context) => void;
  change(event, context);
}

const HOUR = 3_600_000;

/** What a wrong clock dated counts as of when the clock was right; one note of it is enough. */
function noteClock(entry: Entry, { register, deed }: Context): void {
  const { at, recorded = at } = entry;
  const { written, contradictions } = register;
  const what = isAfter(at, recorded)
    ? `it is dated ${at} and was written at ${recorded}, as of which it counts`
    : isAfter(written, recorded)
      ? `it was written at ${recorded}, after an entry of ${written!}: a clock was wrong, and what is dated later counts as of this entry`
      : undefined;
  if (what === undefined) return;
  // What is due is counted in days: a few minutes change nothing of it, and stay as they were written.
  if (isAfter(written, recorded, HOUR)) believeOnlyUntil(recorded, register);
  if (openClockNote(register) === undefined)
    contradictions.push({ ...deed, what, clock: true, closed: undefined, remedy: undefined });
}

/** What has happened can't lie in the future of what was written after it. */
function believeOnlyUntil(written: string, known: unknown): void {
  if (typeof known !== "object" || known === null) return;
  const deed = known as { at?: unknown };
  if (typeof deed.at === "string" && deed.at > written) deed.at = written;
  const within = known instanceof Map ? known.values() : Object.values(known);
  for (const part of within) believeOnlyUntil(written, part);
}
