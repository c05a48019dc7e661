#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { BreakglassError } from "../core/errors.ts";
import { EXIT_STATUS } from "./exit-status.ts";
import { answer, sayText } from "./output.ts";
import { reportError } from "./report-error.ts";

declare const BREAKGLASS_VERSION: string;

async function program(): Promise<Command> {
  const root = new Command("breakglass")
    .description(
      "Keep the password of an emergency-access account offline: split it, print it on slips for safes, check the slips, and get it back.",
    )
    .version(BREAKGLASS_VERSION)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: answer, writeErr: sayText, outputError: () => undefined })
    .addHelpText(
      "after",
      `
Exit status: 0 done, 1 a defect of breakglass, 2 usage, 3 a slip can't be read
or is damaged, 4 not enough slips, 5 slips that don't belong together, 6 wrong
result, 7 register, 8 refused by a rule, 9 file or printer, 10 something is due,
11 something is overdue, 130 interrupted.`,
    );

  // Definitions of commands take a third of the time to start: only those that may be meant are made.
  const [first] = process.argv.slice(2);
  if (first === "--version" || first === "-V") return root;
  if (first === "check" || first === "recover") {
    const { isPicture } = await import("./is-picture.ts");
    const pictures = process.argv.slice(3).filter(isPicture).length;
    if (pictures > 0) (await import("./scan-thread.ts")).warmUp(pictures);
  }
  const { SLIP_COMMANDS, addSlipCommands } = await import("./slip-commands.ts");
  addSlipCommands(root);
  if (SLIP_COMMANDS.includes(first ?? "")) return root;
  const { addRegisterCommands } = await import("./register-commands.ts");
  addRegisterCommands(root);
  return root;
}

/** Names of flags and commands are repeated in messages; anything longer could be a secret. */
function quotable(message: string): string {
  const name = /'(-{0,2}[a-z][a-z-]{0,30})(?: <[a-z]+>)?'/.exec(message)?.[1];
  return name === undefined ? "" : ` ${name}`;
}

/** The parser's errors in our words, since its own repeat what was typed. */
function usageError(error: CommanderError): BreakglassError {
  const name = quotable(error.message);
  const problems: Readonly<Record<string, string>> = {
    "commander.unknownOption": `there is no flag${name || " of that name"}`,
    "commander.unknownCommand": "there is no command of that name",
    "commander.excessArguments": "there are too many arguments",
    "commander.optionMissingArgument": `the flag${name} needs a value`,
  };
  return new BreakglassError(
    "usage",
    problems[error.code] ?? "this command line can't be understood",
    "see breakglass --help, or --help after a command",
  );
}

async function main(): Promise<void> {
  const root = await program();
  try {
    if (process.argv.length <= 2) root.help({ error: true });
    await root.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = reportError(error);
    else if (process.argv.length <= 2) process.exitCode = EXIT_STATUS.usage;
    else if (error.exitCode !== 0) process.exitCode = reportError(usageError(error));
  }
}

await main();
