import { readdirSync } from "node:fs";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { BreakglassError } from "../core/errors.ts";
import { ALL_KINDS, choicesOf } from "../custody/events.ts";
import { openExceptions, openTriggers } from "../custody/open-entries.ts";
import { POLICY_FIELDS } from "../custody/policy.ts";
import { emptyRegister, type ItemState, type Register } from "../custody/register.ts";
import { LANGUAGES, PAPERS } from "../paper/papers.ts";
import { BASH_SCRIPT } from "./completion-bash.ts";
import { ZSH_SCRIPT } from "./completion-zsh.ts";
import { openRegister } from "./journal/journal-file.ts";
import { registerFolder } from "./journal/register-folder.ts";
import { PURPOSES } from "./reading/recover-options.ts";
import { RECORDABLE, RECORDABLE_WORDS } from "./register/recordable.ts";
import { slipsFor } from "./register/slips-for.ts";
import { parseChoice } from "./system/options.ts";
import { answer } from "./system/output.ts";

type Values = (register: Register) => readonly string[];

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** Who was retired, or is gone, is offered for nothing. */
const accounts: Values = (register) =>
  [...register.accounts.values()]
    .filter(({ retired }) => retired === undefined)
    .map(({ account }) => account);
const people: Values = ({ custodians }) =>
  [...custodians.values()].filter(({ gone }) => !gone).map(({ custodian }) => custodian);
const safes: Values = ({ locations }) =>
  [...locations.values()].filter(({ gone }) => !gone).map(({ location }) => location);
const sites: Values = ({ locations }) => [
  ...new Set([...locations.values()].map(({ site }) => site)),
];
const words =
  (...known: readonly string[]): Values =>
  () =>
    known;

/** What an event of this word can be about, or nothing where it is a sentence or a new name. */
const about: Values = (register) => {
  const event = typedEvent();
  switch (event === undefined ? "slips" : RECORDABLE[event]!.subject) {
    case "slips":
      return slipsFor(event, register);
    case "set":
      return [...register.sets.keys()];
    case "names":
      return people(register);
    case "number":
      return (event === "assessed" ? openTriggers : openExceptions)(register).map(({ n }) =>
        String(n),
      );
    case "name":
      if (event === "combination-changed") return safes(register);
      if (event === "alert-seen") return accounts(register);
      return event === "item-added" ? [] : itemsHere(register).map(({ item }) => item);
    default:
      return [];
  }
};

/** The event that `record` was given, if it is one. */
function typedEvent(): string | undefined {
  const typed = process.argv.slice(process.argv.indexOf("--") + 1);
  return typed[0] === "record" ? typed.find((word) => Object.hasOwn(RECORDABLE, word)) : undefined;
}

function itemsHere({ items }: Register): ItemState[] {
  return [...items.values()].filter(({ gone }) => gone === undefined);
}

/** The types of drills; of items, those that are kept already. */
const types: Values = (register) =>
  typedEvent() === "item-added"
    ? itemsHere(register).map(({ type }) => type)
    : choicesOf("drill-held", "type");

/** What an argument of this name may be, as far as the register here knows it. */
const ARGUMENTS: Readonly<Record<string, Values>> = {
  account: accounts,
  event: words(...RECORDABLE_WORDS),
  about,
  paper: words(...PAPERS),
  shell: words(...SHELLS),
  folder: files,
  file: (register) => [...files(), ...slipsFor(undefined, register)],
};

/** Arguments whose name says too little, by their command. */
const ARGUMENTS_OF: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  account: { action: words("list", "add", "retire"), name: accounts },
  custodian: { action: words("list", "add", "change", "gone"), name: people },
  site: { action: words("list", "add", "change", "gone"), name: safes },
};

/** What may stand after a flag. */
const FLAGS: Readonly<Record<string, Values>> = {
  account: accounts,
  "pin-of": accounts,
  set: ({ sets }) => [...sets.keys()],
  restored: ({ sets }) => [...sets.keys()],
  by: people,
  witness: people,
  custodian: people,
  alternate: people,
  location: safes,
  site: sites,
  register: files,
  out: files,
  templates: files,
  kind: words(...ALL_KINDS),
  purpose: words(...PURPOSES),
  type: types,
  result: words(...choicesOf("drill-held", "result")),
  split: words("2of3", "2of2", "3of5", "concat:2", "concat:3"),
  secret: words("password", "passphrase", "pin"),
  alphabet: words("entra", "alphanumeric", "digits", "letters"),
  mode: words(...(POLICY_FIELDS.mode.words ?? [])),
  "alternates-count": words(...(POLICY_FIELDS.alternatesCount.words ?? [])),
  "share-site": words("yes", "no"),
  "share-custodian": words("yes", "no"),
  page: words(...(POLICY_FIELDS.pageSize.words ?? [])),
  language: words(...LANGUAGES),
};

/** Files and folders that begin with what was typed last; a folder ends in a slash, to go on. */
function files(): string[] {
  const typed = process.argv.at(-1) ?? "";
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  try {
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true }).map(
      (entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`,
    );
  } catch {
    return [];
  }
}

/**
 * Adds `complete`, which prints a shell's completion script and answers its questions. Names come
 * from the register, if one is here; they are no secret.
 */
export function addCompletion(root: Command): void {
  const completion = tab(root);
  // Read once, and only if the shell asks for a name.
  let known: Register | undefined;
  const register = (): Register => (known ??= readRegister());
  const offer =
    (values: Values) =>
    (complete: (value: string, description: string) => void): void => {
      for (const value of values(register())) complete(value, "");
    };
  for (const [command, { arguments: all, options }] of completion.commands) {
    for (const [name, argument] of all) {
      const values = ARGUMENTS_OF[command]?.[name] ?? ARGUMENTS[name];
      if (values !== undefined) argument.handler = offer(values);
    }
    for (const [name, option] of options)
      if (FLAGS[name] !== undefined) option.handler = offer(FLAGS[name]);
  }
  // The parser adds this command by itself.
  const names = root.commands.map((command) => command.name());
  completion.command("help", "display help for command").argument(
    "command",
    offer(() => names),
  );
  root.commands
    .find((command) => command.name() === "complete")
    ?.description("print the completion script of a shell: bash, zsh, fish or powershell")
    .addHelpText("after", "\nExample:\n  source <(breakglass complete bash)")
    .action((shell: string | undefined) => {
      const asked = process.argv.indexOf("--");
      if (asked >= 0) completion.parse(process.argv.slice(asked + 1));
      else script(completion, shell);
    });
}

function script(completion: ReturnType<typeof tab>, named: string | undefined): void {
  if (named === undefined)
    throw new BreakglassError(
      "usage",
      "complete needs to know the shell",
      `name one of: ${SHELLS.join(", ")}`,
    );
  const shell = parseChoice("complete", SHELLS, named);
  if (shell === "bash") answer(BASH_SCRIPT);
  else if (shell === "zsh") answer(ZSH_SCRIPT);
  else completion.setup("breakglass", "breakglass", shell);
}

function readRegister(): Register {
  try {
    return openRegister(registerFolder(undefined)).register;
  } catch {
    return emptyRegister();
  }
}
