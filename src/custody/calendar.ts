import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Entry } from "./events.ts";
import { emptyRegister } from "./register.ts";
import { apply } from "./fold/fold.ts";
import type { DueDate } from "./schedule/duty.ts";
import { dueDates } from "./schedule/schedule.ts";
import { DAY } from "./times.ts";

/** A duty as a calendar shows it: an event of a whole day. */
export interface CalendarEntry {
  /** The same in every calendar that was made of this register for this duty, and in no other. */
  readonly uid: string;
  /** Rises whenever anything was written into the register, and never falls. */
  readonly sequence: number;
  /** The last day to do it, YYYY-MM-DD in UTC. */
  readonly day: string;
  readonly what: string;
  readonly command: string | undefined;
  /** How many days before there is to be a reminder. */
  readonly warningDays: number;
  /** It was in an earlier calendar, and is no longer to be done. */
  readonly settled: boolean;
}

/** The duties of one register. */
export interface RegisterCalendar {
  readonly tenant: string;
  /** When its last entry was written. */
  readonly written: string | undefined;
  readonly entries: readonly CalendarEntry[];
}

/** A settled duty of an earlier day than this many before is history, and rings no more. */
const SETTLED_DAYS = 35;

/**
 * Every duty with a date; and those that a calendar of some days ago still has and that are settled
 * since. A calendar that reads a file into what it has keeps whatever the file does not name, so
 * that leaving them out would let them ring.
 *
 * @param entries the whole journal
 */
export function registerCalendar(entries: readonly Entry[], now: Date): RegisterCalendar {
  const register = emptyRegister();
  const seen = new Map<string, DueDate>();
  const look = (): void => {
    for (const duty of dueDates(register)) seen.set(duty.id, duty);
  };
  let written = "";
  for (const entry of entries) {
    const { rotationDays, checkDays, validationDays, graceDays } = register.policy;
    const longest = Math.max(rotationDays, checkDays, validationDays, graceDays);
    const next = entry.recorded ?? entry.at;
    const earliest = now.getTime() - (longest + SETTLED_DAYS) * DAY;
    // What was written in one second was written by one command: nobody saw the state between.
    if (next !== written && Date.parse(next) >= earliest) look();
    apply(register, entry);
    written = next;
  }
  const current = dueDates(register);
  const ids = new Set(current.map(({ id }) => id));
  const oldest = new Date(now.getTime() - SETTLED_DAYS * DAY).toISOString();
  const settled = [...seen.values()].filter(({ id, until }) => !ids.has(id) && until >= oldest);
  const calendarEntry = (duty: DueDate): CalendarEntry => ({
    uid: uidOf(entries[0]?.hash ?? "", duty.id),
    sequence: register.n,
    day: duty.until.slice(0, 10),
    what: duty.what,
    command: duty.command,
    warningDays: register.policy.warningDays,
    settled: !ids.has(duty.id),
  });
  return {
    tenant: register.opened?.tenant ?? "",
    written: register.written,
    entries: [...current, ...settled].map(calendarEntry),
  };
}

/** No name is in it, and no two registers share one: the first entry's hash tells them apart. */
function uidOf(register: string, duty: string): string {
  const digest = sha256(utf8ToBytes(`breakglass/v1/calendar ${register} ${duty}`));
  return `${bytesToHex(digest).slice(0, 32)}@breakglass`;
}
