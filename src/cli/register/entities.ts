import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import { PAGE_SIZES, POLICY_FIELDS, type PolicyChange } from "../../custody/policy.ts";
import { spelledAs } from "../../custody/names.ts";
import type { Register } from "../../custody/register.ts";
import { LANGUAGES } from "../../paper/papers.ts";
import {
  checkFlag,
  deedOf,
  flagError,
  given,
  type DeedFields,
  type DeedOptions,
} from "../journal/deed.ts";
import { flagOf, refuseWrong } from "../journal/event-flags.ts";
import { appendEvents, createRegister, openRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor, askOptional, type Question } from "../terminal/questions.ts";

export interface InitOptions extends DeedOptions, PolicyOptions {
  readonly tenant?: string;
}

/** The flags of the settings of a register. */
export interface PolicyOptions {
  readonly mode?: string;
  readonly rotationDays?: string;
  readonly checkDays?: string;
  readonly validationDays?: string;
  readonly warningDays?: string;
  readonly graceDays?: string;
  readonly minimumAccounts?: string;
  readonly minimumBits?: string;
  readonly shareSite?: string;
  readonly shareCustodian?: string;
  readonly alternatesCount?: string;
  readonly page?: string;
  readonly organisation?: string;
  readonly language?: string;
}

function policyOf(options: PolicyOptions): PolicyChange {
  const number = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (!/^\d{1,5}$/.test(text))
      throw new BreakglassError("usage", `${flag} is not a number`, `give ${flag} a whole number`);
    return Number(text);
  };
  const yes = (flag: string, text: string | undefined): boolean | undefined =>
    text === undefined ? undefined : parseChoice(flag, ["yes", "no"], text) === "yes";
  const choice = <T extends string>(
    flag: string,
    words: readonly T[],
    text?: string,
  ): T | undefined => (text === undefined ? undefined : parseChoice(flag, words, text));
  const change: PolicyChange = given({
    mode: choice("--mode", ["rotate", "validate-only", "rotate-after-use"], options.mode),
    rotationDays: number("--rotation-days", options.rotationDays),
    checkDays: number("--check-days", options.checkDays),
    validationDays: number("--validation-days", options.validationDays),
    warningDays: number("--warning-days", options.warningDays),
    graceDays: number("--grace-days", options.graceDays),
    minimumAccounts: number("--minimum-accounts", options.minimumAccounts),
    minimumBits: number("--minimum-bits", options.minimumBits),
    shareSite: yes("--share-site", options.shareSite),
    shareCustodian: yes("--share-custodian", options.shareCustodian),
    alternatesCount: choice("--alternates-count", ["refuse", "warn"], options.alternatesCount),
    pageSize: choice("--page", PAGE_SIZES, options.page),
    organisation: options.organisation,
    language: choice("--language", LANGUAGES, options.language),
  });
  for (const [name, value] of Object.entries(change))
    checkFlag(flagOf(name), POLICY_FIELDS[name as keyof PolicyChange], value);
  return change;
}

/** Fields that stand on the command line without a flag. */
const NAMES: ReadonlySet<string> = new Set(["account", "custodian", "location"]);

function nameOf(field: string): string | undefined {
  return NAMES.has(field) ? "the name" : undefined;
}

/**
 * Refuses what can be no name in a tenant, and stays in the register for ever once it is there.
 *
 * @throws BreakglassError `usage`
 */
function refuseSlipOfTheFinger(flag: string, name: string): void {
  if (/\s/.test(name.trim())) throw flagError(flag, "has a blank in it");
  if (!/^[^@]+(@[^@]+)?$/.test(name.trim()))
    throw flagError(flag, "has nothing before or after its @, or more than one");
}

/** Whether a person is asked for what is missing, and so for what can be left out, too. */
function isGuided(name: string | undefined, { by }: DeedOptions): boolean {
  return hasTerminal() && (name === undefined || by === undefined);
}

/** `breakglass init`: opens a register. */
export async function init(options: InitOptions, clock: Clock): Promise<void> {
  const folder = registerFolder(options.register);
  policyOf(options); // what is wrong there is told before anything is asked
  const guided = isGuided(options.tenant, options);
  const tenant = await askFor(
    "--tenant",
    "Tenant (such as contoso.onmicrosoft.com)",
    options.tenant,
  );
  refuseSlipOfTheFinger("--tenant", tenant);
  const organisation = guided
    ? await askOptional("--organisation", "Organisation, printed on slips", options.organisation)
    : options.organisation;
  const policy = policyOf({ ...options, ...given({ organisation }) });
  const by = await askFor("--by", "Who opens the register", options.by);
  const deed = deedOf({ ...options, by });
  await agreeToWrite([`a register for ${tenant}, in the folder ${folder}; opened by ${by}`]);
  const opened = (): CustodyEvent => ({
    kind: "register-opened",
    ...deed(clock()),
    format: 1,
    tenant,
    policy,
  });
  refuseWrong(opened(), nameOf);
  createRegister(folder, opened);
  answer(`${oneLine(folder)}: a register for ${tenant}\n`);
  say("next: breakglass site add, custodian add, account add; then breakglass issue ACCOUNT");
}

/** `breakglass policy`: shows the settings, or changes those that are given. */
export async function policy(options: DeedOptions & PolicyOptions, clock: Clock): Promise<void> {
  const folder = registerFolder(options.register);
  const change = policyOf(options);
  if (Object.keys(change).length > 0)
    await write(options, clock, `the policy: ${changeText(change)}`, (deed) => ({
      ...{ kind: "policy-changed", ...deed },
      policy: change,
    }));
  const { register } = openRegister(folder);
  for (const [name, value] of Object.entries(register.policy))
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
      list(options, ({ accounts }) =>
        [...accounts.values()].map(
          ({ account: each, secret, belongsTo, retired }) =>
            `${each}${secret === "pin" ? ` (PIN${belongsTo === undefined ? "" : ` of ${belongsTo}`})` : ""}${retired ? " (retired)" : ""}`,
        ),
      );
      return;
    }
    case "add": {
      const given = await askFor("NAME", "Account (such as bg-1@contoso.onmicrosoft.com)", name);
      const { pinOf } = options;
      // The PIN of a key may have a name of its own.
      if (pinOf === undefined) refuseSlipOfTheFinger("the name", given);
      await write(options, clock, `account ${given}: added`, (deed) => ({
        ...{ kind: "account-added", ...deed, account: given },
        ...(pinOf === undefined ? { secret: "password" } : { secret: "pin", belongsTo: pinOf }),
      }));
      noteOtherTenant(options, given);
      answer(`account ${given} added\n`);
      return;
    }
    case "retire": {
      const known = knownNames(options, ({ accounts }) =>
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
function noteOtherTenant(options: DeedOptions, account: string): void {
  const { opened } = openRegister(registerFolder(options.register)).register;
  const [, domain] = account.split("@");
  if (domain !== undefined && domain !== opened?.tenant)
    say(
      `note: ${oneLine(domain)} is not the tenant of this register; if it is a mistake: breakglass account retire`,
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
    list(options, ({ custodians }) =>
      [...custodians.values()].map(
        ({ custodian: each, alternate, gone }) =>
          `${each}${alternate === undefined ? "" : `, alternate ${alternate}`}${gone ? " (gone)" : ""}`,
      ),
    );
    return;
  }
  const known = knownNames(options, knownPeople);
  const typed = await askFor("NAME", "Custodian", name, what === "add" ? {} : known);
  const { register } = openRegister(registerFolder(options.register));
  const person = what === "add" ? typed : spelledAs(typed, register.custodians.keys());
  const asks = what === "add" && isGuided(name, options);
  const others = knownPeople(register).filter((each) => each !== person);
  const alternate = asks
    ? await askOptional("--alternate", ALTERNATE, options.alternate, { known: others })
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
  noteUnknown(options, alternate);
  answer(`custodian ${person}: ${done}\n`);
}

const ALTERNATE = "Alternate, who stands in";

function knownPeople({ custodians }: Register): string[] {
  return [...custodians.values()].flatMap(({ custodian: each, gone }) =>
    gone === undefined ? [each] : [],
  );
}

/** An alternate who is in no register can't be given a slip later. */
function noteUnknown(options: DeedOptions, alternate: string | undefined): void {
  if (alternate === undefined) return;
  const { custodians } = openRegister(registerFolder(options.register)).register;
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
    list(options, ({ locations }) =>
      [...locations.values()].map(
        ({ location, site: at, gone }) => `${location}, at ${at}${gone ? " (gone)" : ""}`,
      ),
    );
    return;
  }
  const known = knownNames(options, ({ locations }) =>
    [...locations.values()].flatMap(({ location: each, gone }) =>
      gone === undefined ? [each] : [],
    ),
  );
  const location = await askFor("NAME", "Safe (such as Safe A)", name, what === "add" ? {} : known);
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

/** Names to choose from, of which an answer must be one. */
function knownNames(options: DeedOptions, names: (register: Register) => string[]): Question {
  if (!hasTerminal()) return {};
  const known = names(openRegister(registerFolder(options.register)).register);
  return { known, closed: known.length > 0 };
}

function list(options: DeedOptions, lines: (register: Register) => string[]): void {
  const { register } = openRegister(registerFolder(options.register));
  for (const line of lines(register)) answer(`${oneLine(line)}\n`);
}
