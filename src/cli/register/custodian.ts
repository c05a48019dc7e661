import { COMMANDS } from "../../custody/commands.ts";
import { isSameName, spelledAs } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { given, type DeedOptions } from "../journal/deed.ts";
import { needRegister } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { Answer } from "../terminal/answer.ts";
import { inTurn } from "../terminal/in-turn.ts";
import { askOptional } from "../terminal/questions.ts";
import { asBefore, isNews } from "./as-before.ts";
import { knownNames, list, nameFor, registerOf, saidBy, sayerOf, write } from "./entity.ts";
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
  needRegister(options.register);
  const known = what === "add" ? {} : await knownNames(options, knownPeople);
  const named = await nameFor(`custodian ${what}`, "Custodian", name, options, known);
  const asked = asks(what, name, options).map(
    (detail) => new DetailAnswer(detail, what, named, options),
  );
  const sayer = sayerOf(options);
  await inTurn(() => [named, ...asked, sayer]);
  const typed = named.value!;
  const register = await registerOf(options);
  const person = what === "add" ? typed : spelledAs(typed, register.custodians.keys());
  const answered = Object.fromEntries(asked.map(({ detail, value }) => [detail, value]));
  const { alternate, phone, email, role }: CustodianOptions = { ...options, ...given(answered) };
  const details = given({ alternate, phone, email, role });
  const done = what === "add" ? "added" : what === "change" ? "changed" : "gone";
  const said = Object.entries(details).map(([field, value]) => `, ${field} ${value}`);
  await write(
    saidBy(options, sayer),
    clock,
    `custodian ${person}: ${done}${said.join("")}`,
    (deed) => {
      if (what === "gone") return { kind: "custodian-gone", ...deed, custodian: person };
      const kind = what === "add" ? "custodian-added" : "custodian-changed";
      return { kind, ...deed, custodian: person, ...details };
    },
  );
  await noteUnknown(options, alternate);
  answer(`custodian ${person}: ${done}\n`);
}

type Detail = "alternate" | "phone" | "email" | "role";

const QUESTIONS: Readonly<Record<Detail, (person: string) => string>> = {
  alternate: (person) => `Alternate, who stands in for ${person}`,
  phone: () => "Phone, for the runbook",
  email: () => "E-mail, for the runbook",
  role: () => "Role, for the record",
};

/** What a person is asked for: of somebody new what the runbook needs; of a change all, if nothing was said. */
function asks(what: string, name: string | undefined, options: CustodianOptions): Detail[] {
  if (what === "add") return isGuided(name, options) ? ["alternate", "phone"] : [];
  const all = Object.keys(QUESTIONS) as Detail[];
  const isSaid = all.some((detail) => options[detail] !== undefined);
  return what === "change" && !isSaid && hasTerminal() ? all : [];
}

/** A detail that can be left out: of somebody new it is not known then, and else stays as it is. */
class DetailAnswer extends Answer {
  readonly detail: Detail;

  constructor(detail: Detail, what: string, named: Answer, options: CustodianOptions) {
    super(
      `--${detail}`,
      options[detail],
      async () => {
        const register = await registerOf(options);
        const person = spelledAs(named.value!, register.custodians.keys());
        const known = register.custodians.get(person);
        const now = known?.[detail];
        const isAlternate = detail === "alternate";
        return askOptional(`--${detail}`, QUESTIONS[detail](person), undefined, {
          known: isAlternate ? knownPeople(register).filter((each) => each !== person) : [],
          judge: (typed) => {
            if (isAlternate && isSameName(typed, person)) return "nobody stands in for themselves";
            if (what === "add") return true;
            const spelled = isAlternate ? spelledAs(typed, register.custodians.keys()) : typed;
            return isNews(spelled, now);
          },
          back: true,
          ...(what === "add" ? {} : { otherwise: asBefore(now) }),
        });
      },
      true,
    );
    this.detail = detail;
  }
}

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
