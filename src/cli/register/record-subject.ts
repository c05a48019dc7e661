import { BreakglassError } from "../../core/errors.ts";
import { parseRef, type SlipRef } from "../../custody/events.ts";
import type { Register } from "../../custody/register.ts";
import { refText } from "../../custody/slip-ref.ts";
import { parseEntry, parseSetName } from "../system/options.ts";
import { asVerdict } from "../terminal/as-verdict.ts";
import { askFor } from "../terminal/questions.ts";
import { askEntry } from "./record-entry.ts";
import { EXAMPLES, type About, type Subject } from "./recordable.ts";
import { slipsFor } from "./slips-for.ts";

const NO_SLIP: SlipRef = { set: "", slip: 0 };

/** One for each slip that is named; of anything else there is one. */
export function readSubjects(subject: Subject, given: readonly string[]): readonly About[] {
  const about = readSubject(subject, given);
  if (subject !== "slips") return [about];
  const slips = given.map(readRef);
  if (new Set(slips.map(refText)).size < slips.length)
    throw new BreakglassError("usage", "a slip is named twice", "name each slip once");
  return slips.map((slip) => ({ ...about, slip }));
}

function readSubject(subject: Subject, given: readonly string[]): About {
  const [first = ""] = given;
  const wanted = subject === "nothing" ? 0 : 1;
  const several = subject === "names" || subject === "slips";
  if (given.length < wanted || (!several && given.length > wanted))
    throw new BreakglassError(
      "usage",
      wanted === 0 ? "this takes no argument" : `this needs one argument: ${EXAMPLES[subject]}`,
      "see breakglass record --help",
    );
  return {
    slip: NO_SLIP,
    set: subject === "set" ? parseSetName(first) : "",
    number: subject === "number" ? parseEntry(first) : 0,
    name: first,
    names: given,
  };
}

function readRef(text: string): SlipRef {
  const ref = parseRef(text);
  if (ref === undefined)
    throw new BreakglassError(
      "usage",
      "this does not name a slip",
      `give its set and number, such as ${refText({ set: "K7Q2", slip: 2 })}`,
    );
  return ref;
}

/** Asks what the event is about. */
export async function askSubject(
  what: string,
  subject: Subject,
  register: Register,
): Promise<readonly string[]> {
  if (subject === "number") return [await askEntry(what, register)];
  const known = namesFor(what, subject, register);
  const about = await askFor("ABOUT", EXAMPLES[subject], undefined, {
    ...{ known, closed: known.length > 0, back: true },
    judge: (typed) => asVerdict(() => readSubjects(subject, [typed])),
  });
  return [about];
}

/** The names that an event of this kind can be about, as far as the register has them. */
function namesFor(what: string, subject: Subject, register: Register): string[] {
  const { sets, accounts, locations, items, custodians } = register;
  switch (subject) {
    case "slips":
      return slipsFor(what, register);
    case "set":
      return [...sets.keys()];
    case "names":
      return [...custodians.values()]
        .filter(({ gone }) => gone === undefined)
        .map(({ custodian }) => custodian);
    case "name":
      if (what === "combination-changed") return [...locations.keys()];
      if (what === "item-added") return [];
      return what.startsWith("item-") ? [...items.keys()] : [...accounts.keys()];
    default:
      return [];
  }
}
