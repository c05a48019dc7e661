import type { Command } from "commander";
import type { CommandGroup } from "./command-group.ts";
import { REGISTER_HELP, addDeedOptions, collect } from "./command-options.ts";
import type { IssueOptions } from "./issuing/issue-plan.ts";
import { addCheckCommand } from "./check-command.ts";
import { addRecoverCommand } from "./recover-command.ts";
import type { ConfirmOptions } from "./register/confirm.ts";
import type { RotateOptions } from "./rotation/rotation-start.ts";
import { currentTime, randomBytes } from "./system/system.ts";

/** The commands that make slips and read them. */
export const SLIP_COMMANDS: CommandGroup = {
  issue: addIssue,
  rotate: addRotate,
  check: addCheckCommand,
  recover: addRecoverCommand,
  confirm: addConfirm,
};

function addIssue(root: Command): void {
  addIssueOptions(root.command("issue"))
    .description("make a password, split it, and print each part as a slip")
    .argument("[account]", "such as bg-1@contoso.onmicrosoft.com")
    .option("--no-register", "print slips that are not recorded in a register")
    .addHelpText(
      "after",
      `
Examples:
  breakglass issue bg-1@contoso.onmicrosoft.com --no-register --out slips \\
    --custodian "Sample One" --alternate "Sample Four" --location "Safe A" \\
    --custodian "Sample Two" --alternate "Sample Five" --location "Safe B" \\
    --custodian "Sample Three" --alternate "Sample Six" --location "Safe C"
  breakglass issue bg-1@contoso.onmicrosoft.com --print
                                              one slip at a time, into no file`,
    )
    .action(async (account: string | undefined, options: IssueOptions) => {
      const { issueAndLead } = await import("./rotation/issue-and-lead.ts");
      const named = account === undefined ? options : { ...options, account };
      await issueAndLead(named, randomBytes, currentTime);
    });
}

function addRotate(root: Command): void {
  addIssueOptions(root.command("rotate"))
    .description(
      "lead through a rotation: issue the next set, check, set, confirm, seal; or go on where it stands",
    )
    .argument("[account]", "such as bg-1@contoso.onmicrosoft.com")
    .option("--anchor <anchor>", "the register anchor on the account's newest slip")
    .addHelpText(
      "after",
      `
Examples:
  breakglass rotate bg-1@contoso.onmicrosoft.com --by "Sample Lead"
  breakglass rotate bg-1@contoso.onmicrosoft.com --by "Sample Lead" --print`,
    )
    .action(async (account: string | undefined, options: RotateOptions) => {
      const { rotate } = await import("./rotation/rotate.ts");
      await rotate(account, options, randomBytes, currentTime);
    });
}

function addConfirm(root: Command): void {
  addDeedOptions(root.command("confirm"))
    .description("write down that somebody signed in with the password of the account's set")
    .argument("[account]", "such as bg-1@contoso.onmicrosoft.com")
    .option("--slips <numbers>", "the slips that the password was recovered from, such as 1,3")
    .addHelpText(
      "after",
      `
Example:
  breakglass confirm bg-1@contoso.onmicrosoft.com --slips 1,3 --by "Sample Two"`,
    )
    .action(async (account: string | undefined, options: ConfirmOptions) => {
      const { confirm } = await import("./register/confirm.ts");
      await confirm(account, options, currentTime);
    });
}

/** The flags of `issue` and `rotate`. */
function addIssueOptions(command: Command): Command {
  return command
    .option("--register <folder>", REGISTER_HELP)
    .option("--by <name>", "who leads the ceremony (for the register)")
    .option("--witness <name>", "who saw it")
    .option("--note <text>", "for the register")
    .option("--override <reason>", "break a rule of the policy, and write down why")
    .option("--split <how>", "2of3 (any 2 of 3; usual), 3of5, ..., concat:2, concat:3")
    .option("--secret <kind>", "password (usual), passphrase or pin")
    .option("--length <number>", "characters (a passphrase: words)")
    .option("--alphabet <name>", "password: entra, alphanumeric; pin: digits, letters")
    .option("--import", "take the secret you have: typed unseen, or from standard input")
    .option(
      "--accept-weak",
      "without a register: take a secret that is weak, or of unknown strength",
    )
    .option("--organisation <name>", "printed at the top of each slip")
    .option("--generation <number>", "counts the passwords of this account (usually the next one)")
    .option("--replace-by <date>", "YYYY-MM-DD (usually 90 days from today)")
    .option("--custodian <name>", "once for every slip, in order", collect)
    .option("--alternate <name>", "once for every slip, in order", collect)
    .option("--location <safe>", "once for every slip, in order", collect)
    .option("--also-needed <thing>", "such as 'FIDO2 key'; may be given again", collect)
    .option("--page <size>", "A4 (usual) or Letter")
    .option("--discreet <label>", "print only this label: no organisation, account, people, safe")
    .option("--templates <folder>", "your own wording of the slips")
    .option(
      "--out <folder>",
      "where the slips are written, one file each; made if it does not exist",
    )
    .option(
      "--print [printer]",
      "print them one by one instead, and write no file (after the account)",
    )
    .option("--no-pause", "with --print: do not wait at the terminal between two slips")
    .option("--patience <seconds>", "with --print: how long to wait for a slip (180)")
    .option("--json", "say what was issued as JSON");
}
