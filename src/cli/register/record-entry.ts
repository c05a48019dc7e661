import { openExceptions, openTriggers, type OpenEntry } from "../../custody/open-entries.ts";
import { needOpenException, needOpenTrigger } from "../../custody/lifecycle/needs.ts";
import type { Refusal } from "../../custody/lifecycle/refusal.ts";
import type { Register } from "../../custody/register.ts";
import { oneLine, say } from "../system/output.ts";
import { askFor } from "../terminal/questions.ts";
import { slipsFor } from "./slips-for.ts";

/** What an event can be about that is about an entry, with the accounts that it is open for. */
function openEntries(what: string, register: Register): OpenEntry[] {
  if (what !== "assessed") return openExceptions(register);
  return openTriggers(register).map(({ accounts, ...entry }) => ({
    ...entry,
    what: `${entry.what}: ${accounts.join(", ")}`,
  }));
}

const DUE = "breakglass status says what is due";

/** What is said of an event where the register has nothing that it can be about. */
const NOTHING: Readonly<Record<string, Refusal>> = {
  assessed: { refusal: "there is nothing to assess: no trigger is open", hint: DUE },
  "exception-closed": { refusal: "there is nothing to close: no exception is open", hint: DUE },
  found: {
    refusal: "there is nothing to find: no slip is lost, says the register",
    hint: "breakglass status --slips says where the slips lie",
  },
};

/** Why an event can be about nothing that is in the register, if so. */
export function nothingFor(what: string, register: Register): Refusal | undefined {
  if (!Object.hasOwn(NOTHING, what)) return undefined;
  const all = what === "found" ? slipsFor(what, register) : openEntries(what, register);
  return all.length > 0 ? undefined : NOTHING[what];
}

/** Why an event can't be about an entry, if so. */
export function entryProblem(
  what: string,
  number: number,
  register: Register,
): Refusal | undefined {
  if (what !== "assessed") return needOpenException(number, register);
  const open = needOpenTrigger(number, register);
  return "refusal" in open ? open : undefined;
}

/** Asks which of the open entries is meant, by its number in the journal. */
export async function askEntry(what: string, register: Register): Promise<string> {
  const open = openEntries(what, register);
  for (const { n, at, what: says } of open)
    say(oneLine(`${String(n).padStart(5)}  ${at.slice(0, 10)}  ${says}`));
  const numbers = open.map(({ n }) => String(n));
  return askFor("ABOUT", "Number of the entry", undefined, {
    ...{ usual: numbers.length === 1 ? numbers[0] : undefined, back: true },
    judge: (typed) => numbers.includes(typed) || "type the number of one of these entries",
  });
}
