import { COMMANDS } from "../../custody/commands.ts";
import { isSameName, spelledAs } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { given, type DeedOptions } from "../journal/deed.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { askFor, askOptional } from "../terminal/questions.ts";
import { knownNames, list, newName, registerOf, write } from "./entity.ts";
import { isGuided } from "./guided-names.ts";

export interface CustodianOptions extends DeedOptions {
  readonly alternate?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly role?: string;
}

/** `breakglass custodian add|change|gone|list`. */
export async function custodian(
  action: string,
  name: string | undefined,
  options: CustodianOptions,
  clock: Clock,
): Promise<void> {
  const what = parseChoice("custodian", ["list", "add", "change", "gone"], action);
  if (what === "list") {
    await list(options, ({ custodians }) =>
      [...custodians.values()].map(
        ({ custodian: each, alternate, gone }) =>
          `${each}${alternate === undefined ? "" : `, alternate ${alternate}`}${gone ? " (gone)" : ""}`,
      ),
    );
    return;
  }
  const known = what === "add" ? newName(options) : await knownNames(options, knownPeople);
  const typed = await askFor("NAME", "Custodian", name, known);
  const register = await registerOf(options);
  const person = what === "add" ? typed : spelledAs(typed, register.custodians.keys());
  const asks = what === "add" && isGuided(name, options);
  const others = knownPeople(register).filter((each) => each !== person);
  const alternate = asks
    ? await askOptional("--alternate", `${ALTERNATE} for ${person}`, options.alternate, {
        known: others,
        judge: (name) => !isSameName(name, person) || "nobody stands in for themselves",
      })
    : options.alternate;
  const phone = asks
    ? await askOptional("--phone", "Phone, for the runbook", options.phone)
    : options.phone;
  const { email, role } = options;
  const details = given({ alternate, phone, email, role });
  const done = what === "add" ? "added" : what === "change" ? "changed" : "gone";
  const said = Object.entries(details).map(([field, value]) => `, ${field} ${value}`);
  await write(options, clock, `custodian ${person}: ${done}${said.join("")}`, (deed) => {
    if (what === "gone") return { kind: "custodian-gone", ...deed, custodian: person };
    const kind = what === "add" ? "custodian-added" : "custodian-changed";
    return { kind, ...deed, custodian: person, ...details };
  });
  await noteUnknown(options, alternate);
  answer(`custodian ${person}: ${done}\n`);
}

const ALTERNATE = "Alternate, who stands in";

function knownPeople({ custodians }: Register): string[] {
  return [...custodians.values()].flatMap(({ custodian: each, gone }) =>
    gone === undefined ? [each] : [],
  );
}

/** An alternate who is in no register can't be given a slip later. */
async function noteUnknown(options: DeedOptions, alternate: string | undefined): Promise<void> {
  if (alternate === undefined) return;
  const { custodians } = await registerOf(options);
  if (!custodians.has(spelledAs(alternate, custodians.keys())))
    say(`note: ${oneLine(alternate)} is to be added too: ${COMMANDS.addCustodian(alternate)}`);
}
