import { Command, CommanderError } from "commander";
import { BreakglassError } from "../core/errors.ts";
import { EXIT_STATUS } from "./system/exit-status.ts";
import { guardProcess } from "./system/interrupt.ts";
import { hasTerminal } from "./system/is-terminal.ts";
import { looksLikeCode } from "./system/looks-like-code.ts";
import { answer, oneLine, sayText } from "./system/output.ts";
import { reportError } from "./system/report-error.ts";
import { beginLine, sameWords, wasTyped } from "./terminal/asked.ts";

declare const BREAKGLASS_VERSION: string;

/** Adds the commands that may be meant: definitions of all take a third of the time to start. */
type AddCommands = (root: Command, first: string | undefined) => Promise<void> | void;

async function program(addCommands: AddCommands, first: string | undefined): Promise<Command> {
  const root = new Command("breakglass")
    .description(
      "Keep the password of an emergency-access account offline: split it, print it on slips for safes, check the slips, and get it back.",
    )
    .version(BREAKGLASS_VERSION)
    .configureHelp({ helpWidth: 80 })
    .showSuggestionAfterError(false)
    .exitOverride()
    .hook("preAction", (_, action) => {
      const flags = flagsOf(action);
      refuseCode(action, flags);
      beginLine(action.name(), action.args, flags);
    })
    .configureOutput({ writeOut: answer, writeErr: sayText, outputError: () => undefined })
    .addHelpText(
      "after",
      `
Exit status: 0 done, 1 a defect of breakglass, 2 usage, 3 a slip can't be read
or is damaged, 4 not enough slips, 5 slips that don't belong together, 6 wrong
result, 7 register, 8 refused by a rule, 9 file or printer, 10 something is due,
11 something is overdue, 130 interrupted.`,
    );

  if (first !== "--version" && first !== "-V") await addCommands(root, first);
  return root;
}

/** Names of flags and commands are repeated in messages; anything longer could be a secret. */
function quotable(message: string): string {
  const name = /'(-{0,2}[a-z][a-z-]{0,30})(?: <[a-z]+>)?'/.exec(message)?.[1];
  return name === undefined ? "" : ` ${name}`;
}

const NO_COMMAND = "there is no command of that name";
const SEE_HELP = "see breakglass --help, or --help after a command";

/** The parser would print the whole help, and then an error that is not about it. */
function refuseUnknownHelp(root: Command, [first, name]: readonly string[]): void {
  if (first !== "help" || name === undefined || name.startsWith("-") || name === "help") return;
  if (root.commands.every((command) => command.name() !== name))
    throw new BreakglassError("usage", NO_COMMAND, SEE_HELP);
}

/** The parser's errors in our words, since its own repeat what was typed. */
function usageError(error: CommanderError): BreakglassError {
  const name = quotable(error.message);
  const problems: Readonly<Record<string, string>> = {
    "commander.unknownOption": `there is no flag${name || " of that name"}`,
    "commander.unknownCommand": NO_COMMAND,
    "commander.excessArguments": "there are too many arguments",
    "commander.optionMissingArgument": `the flag${name} needs a value`,
  };
  return new BreakglassError(
    "usage",
    problems[error.code] ?? "this command line can't be understood",
    SEE_HELP,
  );
}

/** The flags that were given, by their names. */
function flagsOf(command: Command): Map<string, readonly string[]> {
  const flags = new Map<string, readonly string[]>();
  for (const option of command.options) {
    const name = option.attributeName();
    const value: unknown = command.getOptionValue(name);
    if (command.getOptionValueSource(name) !== "cli" || option.negate !== (value === false))
      continue;
    const values = Array.isArray(value) ? (value as string[]) : [value];
    flags.set(
      option.long!,
      values.filter((each) => typeof each === "string"),
    );
  }
  return flags;
}

/** Commands whose arguments are files, and flags that are not words of somebody's own. */
const TAKE_FILES: ReadonlySet<string> = new Set(["check", "recover"]);
const NO_TEXT: ReadonlySet<string> = new Set(["--anchor"]);

/**
 * A line of a slip's code in the place of a name is refused before any message could repeat it.
 *
 * @throws BreakglassError `usage`, naming the flag
 */
function refuseCode(command: Command, flags: ReadonlyMap<string, readonly string[]>): void {
  const args = TAKE_FILES.has(command.name()) ? [] : command.args;
  const [flag] = [...flags].find(
    ([name, values]) => !NO_TEXT.has(name) && values.some(looksLikeCode),
  ) ?? [args.some(looksLikeCode) ? "an argument" : undefined];
  if (flag !== undefined)
    throw new BreakglassError(
      "usage",
      `${flag} looks like the code of a slip, which does not belong on a command line`,
      "type a slip where check or recover asks for it, and take this line out of the shell's history",
    );
}

/** After questions, the command that would have needed none: in one row, to be copied. */
async function tellFlags(): Promise<void> {
  const words = sameWords();
  if (words === undefined) return;
  const { commandLine } = await import("../custody/commands.ts");
  const how = wasTyped()
    ? "the same from files with the typed lines"
    : "the same without questions";
  sayText(`${how}: ${oneLine(commandLine(words))}\n`);
}

/**
 * Runs what the command line says, and sets the exit status.
 *
 * @param alone what is done at a terminal if the command line says nothing; it is given what runs a
 *   command line
 */
export async function run(
  addCommands: AddCommands,
  alone?: (runLine: (args: readonly string[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  guardProcess();
  const runLine = async (args: readonly string[]): Promise<void> => {
    const root = await program(addCommands, args[0]);
    if (args.length === 0) root.help({ error: true });
    refuseUnknownHelp(root, args);
    await root.parseAsync(args, { from: "user" });
    await tellFlags();
  };
  const said = process.argv.slice(2);
  const nothingSaid = said.length === 0;
  try {
    if (nothingSaid && alone !== undefined && hasTerminal()) await alone(runLine);
    else await runLine(said);
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = reportError(error);
    else if (nothingSaid) process.exitCode = EXIT_STATUS.usage;
    else if (error.exitCode !== 0) process.exitCode = reportError(usageError(error));
  }
}
