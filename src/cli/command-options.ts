import { Option, type Command } from "commander";

export const REGISTER_HELP = "the register's folder (BREAKGLASS_REGISTER, or ./custody)";

/** Adds one more to a flag that may be given several times. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}

/** The flags of every command that writes into the register. */
export function addDeedOptions(command: Command): Command {
  return command
    .option("--register <folder>", REGISTER_HELP)
    .option("--by <name>", "who did it")
    .option("--witness <name>", "who saw it")
    .option("--at <time>", "when, in UTC, if not now: 2026-03-01T09:30Z")
    .option("--note <text>", "what else is to be remembered");
}

/** Of the commands that read slips. */
export function acceptCorrections(): Option {
  return new Option(
    "--accept-corrections",
    "apply what would be suggested, without asking (scripts)",
  );
}
