#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { BreakglassError } from "../core/errors.ts";
import { EXIT_STATUS } from "./exit-status.ts";
import type { IssueOptions } from "./issue-options.ts";
import type { CheckOptions } from "./check.ts";
import type { RecoverOptions } from "./recover.ts";
import { answer, sayText } from "./output.ts";
import { reportError } from "./report-error.ts";

declare const BREAKGLASS_VERSION: string;

/** Adds one more to a flag that may be given several times. */
function collect(value: string, values: string[]): string[] {
  return [...values, value];
}

function program(): Command {
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
Exit status: 0 done, 1 a defect of breakglass, 2 usage, 3 a slip can't be read, 4 not enough slips,
5 slips that don't belong together, 6 wrong result, 8 refused by a rule, 9 file or printer,
130 interrupted.`,
    );

  root
    .command("issue")
    .description("make a password, split it, and print each part as a slip")
    .argument("[account]", "such as bg-1@contoso.onmicrosoft.com")
    .option("--no-register", "print slips that are not recorded in a register")
    .option("--split <how>", "2of3 (any 2 of 3), 3of5, ..., concat:2, concat:3", "2of3")
    .option("--secret <kind>", "password, passphrase or pin", "password")
    .option("--length <number>", "characters (a passphrase: words)")
    .option("--alphabet <name>", "password: entra, alphanumeric; pin: digits, letters")
    .option("--import", "take the secret you have: typed unseen, or from standard input")
    .option("--accept-weak", "take a secret that is weak, or of unknown strength")
    .option("--organisation <name>", "printed at the top of each slip")
    .option("--generation <number>", "counts the passwords of this account", "1")
    .option("--replace-by <date>", "YYYY-MM-DD (90 days from today)")
    .option("--custodian <name>", "once for every slip, in order", collect, [])
    .option("--alternate <name>", "once for every slip, in order", collect, [])
    .option("--location <place>", "once for every slip, in order", collect, [])
    .option("--also-needed <thing>", "such as 'FIDO2 key'; may be given again", collect, [])
    .option("--page <size>", "A4 or Letter", "A4")
    .option("--discreet <label>", "print only this label: no organisation, account, people, place")
    .option("--templates <folder>", "your own wording of the slips")
    .option("--out <folder>", "where the slips are written, one file each")
    .option("--json", "say what was issued as JSON")
    .addHelpText(
      "after",
      `
Example:
  breakglass issue bg-1@contoso.onmicrosoft.com --no-register --out slips \\
    --custodian "Sample One" --alternate "Sample Four" --location "Safe A" \\
    --custodian "Sample Two" --alternate "Sample Five" --location "Safe B" \\
    --custodian "Sample Three" --alternate "Sample Six" --location "Safe C"`,
    )
    .action(async (account: string | undefined, options: IssueOptions) => {
      const [{ issue }, { randomBytes, today }] = await Promise.all([
        import("./issue.ts"),
        import("./system.ts"),
      ]);
      await issue(account === undefined ? options : { ...options, account }, randomBytes, today());
    });

  const acceptCorrections = (): Option =>
    new Option("--accept-corrections", "apply what would be suggested, without asking (scripts)");

  root
    .command("check")
    .description("judge each slip alone; slips are never joined, the password is never shown")
    .argument("[file...]", "text files with the lines or QR texts of slips; - is standard input")
    .addOption(acceptCorrections())
    .option("--json", "answer as JSON")
    .addHelpText(
      "after",
      `
Examples:
  breakglass check              type a slip, line by line
  breakglass check slip.txt     a text file with typed lines (1) ...) or a QR text (BG1:...)`,
    )
    .action(async (files: string[], options: CheckOptions) => {
      const { check } = await import("./check.ts");
      process.exitCode = await check(files, options);
    });

  root
    .command("recover")
    .description("put the password together from enough slips, and show it")
    .argument("[file...]", "text files with the lines or QR texts of slips; - is standard input")
    .option("--stdout", "write exactly the password's bytes to standard output")
    .addOption(acceptCorrections())
    .option("--set <name>", "the set to take, such as K7Q2, where slips of several are given")
    .addHelpText(
      "after",
      `
Examples:
  breakglass recover                          type slips until there are enough
  breakglass recover one.txt                  begin with a file, type the rest
  breakglass recover --stdout - < slips.txt   for a pipe`,
    )
    .action(async (files: string[], options: RecoverOptions) => {
      const { recover } = await import("./recover.ts");
      await recover(files, options);
    });

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
    "commander.unknownCommand": `there is no command${name || " of that name"}`,
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
  const root = program();
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
