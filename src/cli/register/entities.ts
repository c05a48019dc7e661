import { COMMANDS } from "../../custody/commands.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import type { PolicyChange } from "../../custody/policy.ts";
import { isSameName, spelledAs } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { deedOf, given, type DeedFields, type DeedOptions } from "../journal/deed.ts";
import { needRegister, registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor, askOptional, type Question } from "../terminal/questions.ts";
import { isGuided, refuseSlipOfTheFinger } from "./guided-names.ts";
import { policyOf, type PolicyOptions } from "./policy-options.ts";

/** Fields that stand on the command line without a flag. */
const NAMES: ReadonlySet<string> = new Set(["account", "custodian", "location"]);

function nameOf(field: string): string | undefined {
  return NAMES.has(field) ? "the name" : undefined;
}

/** `breakglass policy`: shows the settings, or changes those that are given. */
export async function policy(options: DeedOptions & PolicyOptions, clock: Clock): Promise<void> {
  const change = policyOf(options);
  if (Object.keys(change).length > 0)
    await write(options, clock, `the policy: ${changeText(change)}`, (deed) => ({
      ...{ kind: "policy-changed", ...deed },
      policy: change,
    }));
  const { policy: settings } = await registerOf(options);
  for (const [name, value] of Object.entries(settings))
    answer(`${name.padEnd(16)} ${String(value)}\n`);
}

function changeText(change: PolicyChange): string {
  return Object.entries(change)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}

/**
 * Appends one event, made from the flags that say who and when.
 *
 * @param what it says, in a few words
 */
async function write(
  options: DeedOptions,
  clock: Clock,
  what: string,
  event: (deed: DeedFields) => CustodyEvent,
): Promise<void> {
  const by = await askFor("--by", "Who says so", options.by);
  const deed = deedOf({ ...options, by });
  // Nobody waits for what writes before the first question.
  const { refuseWrong } = await import("../journal/refuse-wrong.ts");
  const { appendEvents } = await import("../journal/journal-append.ts");
  refuseWrong(event(deed(clock())), nameOf);
  await agreeToWrite([`${what}; says ${by}`]);
  appendEvents(registerFolder(options.register), () => [event(deed(clock()))]);
}

export interface AccountOptions extends DeedOptions {
  readonly pinOf?: string;
}

/** `breakglass account add|retire|list`. */
export async function account(
  action: string,
  name: string | undefined,
  options: AccountOptions,
  clock: Clock,
): Promise<void> {
  switch (parseChoice("account", ["list", "add", "retire"], action)) {
    case "list": {
      await list(options, ({ accounts }) =>
        [...accounts.values()].map(
          ({ account: each, secret, belongsTo, retired }) =>
            `${each}${secret === "pin" ? ` (PIN${belongsTo === undefined ? "" : ` of ${belongsTo}`})` : ""}${retired ? " (retired)" : ""}`,
        ),
      );
      return;
    }
    case "add": {
      const question = "Account (such as bg-1@contoso.onmicrosoft.com)";
      const given = await askFor("NAME", question, name, newName(options));
      const { pinOf } = options;
      // The PIN of a key may have a name of its own.
      if (pinOf === undefined) refuseSlipOfTheFinger("the name", given);
      await noteOtherTenant(options, given);
      await write(options, clock, `account ${given}: added`, (deed) => ({
        ...{ kind: "account-added", ...deed, account: given },
        ...(pinOf === undefined ? { secret: "password" } : { secret: "pin", belongsTo: pinOf }),
      }));
      answer(`account ${given} added\n`);
      return;
    }
    case "retire": {
      const known = await knownNames(options, ({ accounts }) =>
        [...accounts.values()].flatMap(({ account: each, retired }) =>
          retired === undefined ? [each] : [],
        ),
      );
      const given = await askFor("NAME", "Account", name, known);
      await write(options, clock, `account ${given}: retired for good`, (deed) => ({
        ...{ kind: "account-retired", ...deed, account: given },
      }));
      answer(`account ${given} retired\n`);
    }
  }
}

/** A slip of the finger in a name stays in the register for ever. */
async function noteOtherTenant(options: DeedOptions, account: string): Promise<void> {
  const { opened } = await registerOf(options);
  const [, domain] = account.split("@");
  if (domain !== undefined && domain !== opened?.tenant)
    say(
      `note: ${oneLine(domain)} is not the tenant of this register, ${opened?.tenant ?? ""}; once added, a mistake can only be retired: breakglass account retire`,
    );
}

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
  await write(options, clock, `custodian ${person}: ${done}`, (deed) => {
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

export interface SiteOptions extends DeedOptions {
  readonly site?: string;
}

/** `breakglass site add|change|gone|list`: a safe, and the site it stands at. */
export async function site(
  action: string,
  name: string | undefined,
  options: SiteOptions,
  clock: Clock,
): Promise<void> {
  const what = parseChoice("site", ["list", "add", "change", "gone"], action);
  if (what === "list") {
    await list(options, ({ locations }) =>
      [...locations.values()].map(
        ({ location, site: at, gone }) => `${location}, at ${at}${gone ? " (gone)" : ""}`,
      ),
    );
    return;
  }
  const known = what === "add" ? newName(options) : await knownNames(options, knownSafes);
  const location = await askFor("NAME", "Safe (such as Safe A)", name, known);
  const at = what === "gone" ? "" : await askFor("--site", "Site it stands at", options.site);
  const done = what === "add" ? "added" : what === "change" ? "changed" : "gone";
  const where = what === "gone" ? "" : `, at ${at}`;
  await write(options, clock, `${location}${where}: ${done}`, (deed) => {
    if (what === "gone") return { kind: "location-gone", ...deed, location };
    return {
      kind: what === "add" ? "location-added" : "location-changed",
      ...deed,
      location,
      site: at,
    };
  });
  answer(`${location}: ${done}\n`);
}

function knownSafes({ locations }: Register): string[] {
  return [...locations.values()].flatMap(({ location: each, gone }) =>
    gone === undefined ? [each] : [],
  );
}

/** A name that the register does not have yet; but there must be a register. */
function newName({ register }: DeedOptions): Question {
  needRegister(register);
  return {};
}

/** Names to choose from, of which an answer must be one. */
async function knownNames(
  options: DeedOptions,
  names: (register: Register) => string[],
): Promise<Question> {
  if (!hasTerminal()) return {};
  const known = names(await registerOf(options));
  return { known, closed: known.length > 0 };
}

async function list(options: DeedOptions, lines: (register: Register) => string[]): Promise<void> {
  for (const line of lines(await registerOf(options))) answer(`${oneLine(line)}\n`);
}

/** As it is now: nobody waits for it before a first question that does not need it. */
async function registerOf({ register }: DeedOptions): Promise<Register> {
  const { openRegister } = await import("../journal/journal-file.ts");
  return openRegister(registerFolder(register)).register;
}
