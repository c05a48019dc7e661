import type { Command } from "commander";

/**
 * The manual, as a page for `man`, from the same definitions as the help.
 */
export function manualPage(root: Command): string {
  const help = root.createHelp();
  const commands = help.visibleCommands(root).filter((command) => command.name() !== "help");
  return [
    `.TH BREAKGLASS 1 "" "breakglass ${plain(root.version() ?? "")}" "User Commands"`,
    ".SH NAME",
    "breakglass \\- keep the password of an emergency-access account offline",
    ".SH SYNOPSIS",
    ".B breakglass",
    "[\\fIcommand\\fR] [\\fIoptions\\fR]",
    ".SH DESCRIPTION",
    roff(root.description()),
    ".SH COMMANDS",
    ...commands.flatMap((command) => [
      `.SS "${plain(`breakglass ${command.name()} ${command.usage()}`)}"`,
      roff(sentence(command.description())),
      ...help
        .visibleArguments(command)
        .flatMap((argument) => item(help.argumentTerm(argument), argument.description)),
      ...help
        .visibleOptions(command)
        .flatMap((option) => item(help.optionTerm(option), help.optionDescription(option))),
      ...addedText(command),
    ]),
    ".SH FILES AND ENVIRONMENT",
    ...item("BREAKGLASS_REGISTER", "the register's folder, where no --register names one"),
    ...item("custody/journal.jsonl", "the register, where nothing else is said"),
    ...item("NO_COLOR", "questions are asked without colour"),
    ...item("BREAKGLASS_PLAIN", "questions are asked line by line, for screen readers"),
    ...addedText(root),
    "",
  ].join("\n");
}

/** What stands below a command's own help: examples, exit statuses. */
function addedText(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  const added = text.slice(command.helpInformation().length).trim();
  return added === "" ? [] : [".PP", ".nf", ...added.split("\n").map(roff), ".fi"];
}

function item(term: string, what: string): string[] {
  return [".TP", `.B ${plain(term)}`, what === "" ? "\\&" : roff(sentence(what))];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** Text that troff takes for nothing else. */
function roff(text: string): string {
  const escaped = plain(text);
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function plain(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll('"', "\\(dq");
}
