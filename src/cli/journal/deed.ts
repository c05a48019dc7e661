import { BreakglassError } from "../../core/errors.ts";
import { text, type Field } from "../../custody/fields.ts";
import { isoTime } from "../../custody/times.ts";

/** The flags that every command has which writes into the register. */
export interface DeedOptions {
  readonly register?: string;
  readonly by?: string;
  readonly witness?: string;
  readonly at?: string;
  readonly note?: string;
}

/** The fields of an event that say when, by whom and before whom. */
export interface DeedFields {
  readonly at: string;
  readonly actor: string;
  readonly recorded?: string;
  readonly witness?: string;
  readonly note?: string;
}

/**
 * When something was done, by whom, and when it was written down if that was later.
 *
 * @returns the fields, once the time of writing is known: to be asked for with the lock held
 * @throws BreakglassError `usage`, naming the flag
 */
export function deedOf(options: DeedOptions): (now: Date) => DeedFields {
  if (options.by === undefined || options.by.trim() === "")
    throw new BreakglassError("usage", "--by is missing", "name who did it: --by NAME");
  const { by, witness, note } = options;
  checkFlag("--by", text, by);
  checkFlag("--witness", text, witness);
  checkFlag("--note", text, note);
  const happened = options.at === undefined ? undefined : parseTime(options.at);
  return (now) => {
    const written = isoTime(now);
    const at = happened ?? written;
    return {
      at,
      actor: by,
      ...(at === written ? {} : { recorded: written }),
      ...given({ witness, note }),
    };
  };
}

/**
 * Refuses at its flag what the journal would refuse later, when it can't name the flag any more.
 *
 * @throws BreakglassError `usage`
 */
export function checkFlag(flag: string, { wrong }: Field<unknown>, value: unknown): void {
  const problem = value === undefined ? undefined : wrong(value);
  if (problem !== undefined) throw flagError(flag, problem);
}

/** The error of a flag whose value is not what it must be; the value itself is not repeated. */
export function flagError(flag: string, problem: string): BreakglassError {
  return new BreakglassError("usage", `${flag} ${problem}`, `correct what stands after ${flag}`);
}

/** The fields that are there: a field of an event is left out, never undefined. */
export function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Reads `2026-03-01T09:30Z`, with or without seconds; the T may be a blank. */
function parseTime(typed: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?Z?$/.exec(typed);
  const full = match === null ? "" : `${match[1]!}T${match[2]!}${match[3] ?? ":00"}Z`;
  const time = new Date(full);
  if (Number.isNaN(time.getTime()) || isoTime(time) !== full)
    throw new BreakglassError(
      "usage",
      "--at is not a time",
      "give --at in UTC, such as 2026-03-01T09:30Z",
    );
  return full;
}
