import { openTriggers } from "../../custody/open-entries.ts";
import { isSameName } from "../../custody/names.ts";
import { graveCause, type Register } from "../../custody/register.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { flagOf } from "../journal/event-flags.ts";
import { say } from "../system/output.ts";
import { askFor, askOptional, type Question, type Verdict } from "../terminal/questions.ts";
import { asBefore, isNews } from "./as-before.ts";
import { QUESTIONS } from "./record-questions.ts";
import type { About, RecordOptions } from "./recordable.ts";

/** A field that is asked for, although an event of the kind could be written without it. */
export interface Extra {
  readonly field: "bag" | "witness" | "reason" | "location" | "custodian" | "alternate" | "account";
  readonly isOptional: boolean;
  readonly ask: () => Promise<string | undefined>;
}

/** What is known of an event when its extras are asked for. */
interface Begun {
  readonly what: string;
  readonly abouts: readonly About[];
  /** What the command line said. */
  readonly options: RecordOptions;
  /** What is said by now. */
  readonly told: () => RecordOptions;
  /** Whether who did it was asked, and so for what can be left out as well. */
  readonly isAsked: boolean;
}

/** What can be left out and seldom should be. */
const SELDOM: Readonly<Record<string, readonly ("bag" | "witness" | "reason")[]>> = {
  sealed: ["bag", "witness"],
  opened: ["witness"],
  damaged: ["reason"],
  lost: ["reason"],
  compromised: ["reason"],
};

type Place = "location" | "custodian" | "alternate";

/** Of what is moved, one of these is new. */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  moved: ["location", "custodian", "alternate"],
  "item-moved": ["location", "custodian"],
};

/** What is asked for an event at a terminal besides what it can't be without. */
export function extrasOf(begun: Begun, register: Register): Extra[] {
  const { what, options } = begun;
  const extras = [...placeExtras(begun, register), ...assessedExtras(begun, register)];
  if (!begun.isAsked) return extras;
  const fields = (SELDOM[what] ?? [])
    // Each slip lies in a bag of its own.
    .filter((field) => field !== "bag" || begun.abouts.length === 1);
  return [
    ...extras,
    ...fields.map((field): Extra => {
      const ask = async (): Promise<string | undefined> =>
        askOptional(flagOf(field), QUESTIONS[field]!, options[field], { back: true });
      return { field, isOptional: true, ask };
    }),
  ];
}

/** Where it is now and who has it: what was moved has at least one of them new. */
function placeExtras({ what, abouts, options, told }: Begun, register: Register): Extra[] {
  const fields = PLACES[what] ?? [];
  if (fields.some((field) => options[field] !== undefined)) return [];
  const people = [...register.custodians.values()]
    .filter(({ gone }) => gone === undefined)
    .map(({ custodian }) => custodian);
  const safes = [...register.locations.values()]
    .filter(({ gone }) => gone === undefined)
    .map(({ location }) => location);
  return fields.map((field): Extra => {
    const known = field === "location" ? safes : people;
    const now = abouts.length === 1 ? placeNow(what, abouts[0]!, register)?.[field] : undefined;
    const judge = (typed: string): Verdict => isNews(typed, now);
    const question: Question = { known, closed: known.length > 0, judge, back: true };
    const otherwise = asBefore(now);
    const ask = async (): Promise<string | undefined> => {
      const isLast = field === fields.at(-1);
      const isNew = fields.some((other) => told()[other] !== undefined);
      return isLast && !isNew
        ? askFor(flagOf(field), `${QUESTIONS[field]!} (nothing else is new)`, undefined, question)
        : askOptional(flagOf(field), QUESTIONS[field]!, undefined, { ...question, otherwise });
    };
    return { field, isOptional: true, ask };
  });
}

function placeNow(
  what: string,
  { slip, name }: About,
  { sets, items }: Register,
): Readonly<Partial<Record<Place, string | undefined>>> | undefined {
  return what === "moved" ? sets.get(slip.set)?.slips[slip.slip - 1] : items.get(name);
}

/** A trigger can be judged for one account alone; and that there was no loss or emergency, two people judge. */
function assessedExtras(
  { what, abouts, options, told, isAsked }: Begun,
  register: Register,
): Extra[] {
  const open =
    what === "assessed"
      ? openTriggers(register).find(({ n }) => n === abouts[0]!.number)
      : undefined;
  if (open === undefined) return [];
  const account: Extra = {
    ...{ field: "account", isOptional: true },
    ask: async () =>
      askOptional("--account", "For which account", undefined, {
        ...{ known: open.accounts, closed: true, otherwise: "for all of them", back: true },
      }),
  };
  const cause = graveCause(open.trigger);
  const witness: Extra = {
    ...{ field: "witness", isOptional: false },
    ask: async () => {
      say(`after ${cause!} the password is replaced: ${COMMANDS.rotate(open.accounts[0]!)}`);
      return askFor("--witness", `Who agrees that it was not ${cause!} after all`, undefined, {
        back: true,
        judge: (typed) => !isSameName(typed, told().by) || "a second person has to agree",
      });
    },
  };
  return [
    ...(isAsked && options.account === undefined && open.accounts.length > 1 ? [account] : []),
    ...(options.witness === undefined && cause !== undefined ? [witness] : []),
  ];
}
