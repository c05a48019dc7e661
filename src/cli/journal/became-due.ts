import type { CustodyEvent } from "../../custody/events.ts";
import type { Register } from "../../custody/register.ts";
import type { Finding } from "../../custody/schedule/duty.ts";
import { due } from "../../custody/schedule/schedule.ts";
import { oneLine } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { appendEvents } from "./journal-append.ts";
import type { OpenRegister } from "./journal-file.ts";

/** A register to which events were appended. */
interface Appended extends OpenRegister {
  /** What became due with them, in one line; undefined, if nothing did. */
  readonly nowDue: string | undefined;
}

/**
 * Appends events, as {@link appendEvents} does, and says what became due with them: whoever writes down a loss or an
 * emergency is to hear what follows, and by when, without asking for it.
 */
export function appendWithDue(
  folder: string,
  make: (state: OpenRegister) => readonly CustodyEvent[],
  clock: Clock,
): Appended {
  let before: readonly Finding[] = [];
  let ended = 0;
  const state = appendEvents(folder, (now) => {
    before = toDo(now.register, clock());
    ended = now.journal.head.n;
    return make(now);
  });
  // That a new person is to be trained, and a new account needs its slips, is no news to who adds them.
  const isNew = state.journal.entries.slice(ended).some(({ kind }) => kind.endsWith("-added"));
  const [first, ...others] = toDo(state.register, clock()).filter(
    ({ id }) => !before.some((known) => known.id === id),
  );
  const nowDue = first === undefined || isNew ? undefined : dueText(first, others.length);
  return { ...state, nowDue };
}

/** What is to be done now; the steps of a ceremony are told by the ceremony. */
function toDo(register: Register, now: Date): Finding[] {
  return due(register, now).filter(
    ({ id, severity }) =>
      (severity === "due" || severity === "overdue") && !id.startsWith("ceremony:"),
  );
}

function dueText({ severity, what, until, command }: Finding, others: number): string {
  const term = severity === "overdue" || until === undefined ? "now" : `by ${until.slice(0, 10)}`;
  const how = command === undefined ? "" : `: ${command}`;
  const more = others === 0 ? "" : `; ${others} more: breakglass status`;
  return oneLine(`due ${term}: ${what}${how}${more}`);
}
