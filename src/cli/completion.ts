import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { emptyRegister, isLeft, type Register } from "../custody/register.ts";
import { PAPERS } from "../paper/papers.ts";
import { openRegister } from "./journal/journal-file.ts";
import { registerFolder } from "./journal/register-folder.ts";
import { PURPOSES } from "./reading/recover-options.ts";
import { RECORDABLE_WORDS } from "./register/record.ts";

/** What an argument of this name may be, as far as the register here knows it. */
const ARGUMENTS: Readonly<Record<string, (register: Register) => readonly string[]>> = {
  account: ({ accounts }) => [...accounts.keys()],
  event: () => RECORDABLE_WORDS,
  about: ({ sets }) => slipsLeft(sets),
  paper: () => PAPERS,
};

/** Values of flags that are names. */
const FLAGS: Readonly<Record<string, (register: Register) => readonly string[]>> = {
  account: ({ accounts }) => [...accounts.keys()],
  set: ({ sets }) => [...sets.keys()],
  purpose: () => PURPOSES,
  custodian: ({ custodians }) => [...custodians.keys()],
  alternate: ({ custodians }) => [...custodians.keys()],
  location: ({ locations }) => [...locations.keys()],
};

function slipsLeft(sets: Register["sets"]): string[] {
  return [...sets.values()].flatMap(({ slips }) =>
    slips.filter(isLeft).map(({ set, slip }) => `${set}/${slip}`),
  );
}

/**
 * Adds `complete`, which prints a shell's completion script and answers its questions. Names come
 * from the register, if one is here; they are no secret.
 */
export function addCompletion(root: Command): void {
  const { commands } = tab(root);
  // Read once, and only if the shell asks for a name.
  let known: Register | undefined;
  const register = (): Register => (known ??= readRegister());
  for (const { arguments: all, options } of commands.values()) {
    for (const [name, argument] of all)
      if (ARGUMENTS[name] !== undefined)
        argument.handler = (complete): void => {
          for (const value of ARGUMENTS[name]!(register())) complete(value, "");
        };
    for (const [name, option] of options)
      if (FLAGS[name] !== undefined)
        option.handler = (complete): void => {
          for (const value of FLAGS[name]!(register())) complete(value, "");
        };
  }
}

function readRegister(): Register {
  try {
    return openRegister(registerFolder(undefined)).register;
  } catch {
    return emptyRegister();
  }
}
