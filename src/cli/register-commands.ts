import type { Command } from "commander";
import type { CommandGroup } from "./command-group.ts";
import { PAPERS } from "../paper/papers.ts";
import { REGISTER_HELP, addDeedOptions, collect } from "./command-options.ts";
import type { DeedOptions } from "./journal/deed.ts";
import type { CeremonyOptions } from "./register/ceremony-pages.ts";
import type { AccountOptions } from "./register/account.ts";
import type { CustodianOptions } from "./register/custodian.ts";
import type { SiteOptions } from "./register/site.ts";
import type { InitOptions } from "./register/init.ts";
import type { PolicyOptions } from "./register/policy-options.ts";
import type { EvidenceOptions } from "./register/evidence.ts";
import type { ExposureOptions } from "./register/exposure.ts";
import type { LogOptions } from "./register/log.ts";
import { addRecordCommand } from "./record-command.ts";
import { addStatusCommand } from "./status-command.ts";
import { currentTime } from "./system/system.ts";
import { askNewFolder } from "./terminal/ask-folder.ts";

/** The commands that keep the register. */
export const REGISTER_COMMANDS: CommandGroup = {
  init: addInit,
  account: addAccount,
  custodian: addCustodian,
  site: addSite,
  policy: addPolicy,
  record: addRecordCommand,
  ceremony: addCeremony,
  status: addStatus,
  log: addLog,
  exposure: addExposure,
  evidence: addEvidence,
};

function addInit(root: Command): void {
  addPolicyOptions(addDeedOptions(root.command("init")))
    .description("open a register for a tenant")
    .option("--tenant <name>", "such as contoso.onmicrosoft.com")
    .addHelpText(
      "after",
      `
Examples:
  breakglass init --tenant contoso.onmicrosoft.com --by "Sample Lead"
  breakglass init --tenant contoso.onmicrosoft.com \\
      --rotation-days 60 --by "Sample Lead"`,
    )
    .action(async (options: InitOptions) => {
      const { init } = await import("./register/init.ts");
      await init(options, currentTime);
    });
}

function addAccount(root: Command): void {
  addDeedOptions(root.command("account"))
    .description("list, add or retire an account")
    .argument("[action]", "list (usual), add or retire", "list")
    .argument("[name]", "such as bg-1@contoso.onmicrosoft.com")
    .option("--pin-of <account>", "what the slips carry is the PIN of a key of this account")
    .addHelpText(
      "after",
      `
Examples:
  breakglass account
  breakglass account add bg-1@contoso.onmicrosoft.com --by "Sample Lead"
  breakglass account retire bg-1@contoso.onmicrosoft.com --by "Sample Lead"`,
    )
    .action(async (action: string, name: string | undefined, options: AccountOptions) => {
      const { account } = await import("./register/account.ts");
      await account(action, name, options, currentTime);
    });
}

function addCustodian(root: Command): void {
  addDeedOptions(root.command("custodian"))
    .description("list, add or change a custodian, or say that one is gone")
    .argument("[action]", "list (usual), add, change or gone", "list")
    .argument("[name]", "the custodian's name")
    .option("--alternate <name>", "who can fetch the slip in the custodian's place")
    .option("--phone <number>", "where to call, for the runbook")
    .option("--email <address>", "for the runbook")
    .option("--role <role>", "what the person is besides, for the record")
    .addHelpText(
      "after",
      `
Examples:
  breakglass custodian add "Sample One" --alternate "Sample Four" \\
      --phone "+43 1 234 567" --by "Sample Lead"
  breakglass custodian gone "Sample One" --by "Sample Lead"`,
    )
    .action(async (action: string, name: string | undefined, options: CustodianOptions) => {
      const { custodian } = await import("./register/custodian.ts");
      await custodian(action, name, options, currentTime);
    });
}

function addSite(root: Command): void {
  addDeedOptions(root.command("site"))
    .description("list, add or change a safe, or say that one is gone")
    .argument("[action]", "list (usual), add, change or gone", "list")
    .argument("[name]", "the safe's name")
    .option("--site <name>", "the site it stands at")
    .addHelpText(
      "after",
      `
Examples:
  breakglass site add "Safe A" --site "Site A" --by "Sample Lead"
  breakglass site gone "Safe A" --by "Sample Lead"`,
    )
    .action(async (action: string, name: string | undefined, options: SiteOptions) => {
      const { site } = await import("./register/site.ts");
      await site(action, name, options, currentTime);
    });
}

function addPolicy(root: Command): void {
  addPolicyOptions(addDeedOptions(root.command("policy")))
    .description("show the settings of the register, or change them")
    .addHelpText(
      "after",
      `
Examples:
  breakglass policy                          show the settings
  breakglass policy --rotation-days 60 --by "Sample Lead"`,
    )
    .action(async (options: DeedOptions & PolicyOptions) => {
      const { policy } = await import("./register/policy.ts");
      await policy(options, currentTime);
    });
}

function addCeremony(root: Command): void {
  root
    .command("ceremony")
    .description("print the papers of a ceremony; nothing secret is on them")
    .argument("[paper]", PAPERS.join(", "))
    .argument("[account]", "such as bg-1@contoso.onmicrosoft.com")
    .option("--register <folder>", REGISTER_HELP)
    .option("--out <folder>", "where the paper is written, as a PDF")
    .option("--templates <folder>", "your own wording of the papers")
    .option("--page <size>", "A4 or Letter")
    .option("--discreet <label>", "on labels: print only this label")
    .option("--set <name>", "labels: of this set (the one under way, or the next)")
    .option("--since <date>", "minutes: from this day on (usually the whole latest ceremony)")
    .option("--split <how>", "issue, rotate: as planned, such as 2of3 (usually as before)")
    .option("--custodian <name>", "issue, rotate: once for every slip, in order", collect)
    .option("--alternate <name>", "issue, rotate: once for every slip, in order", collect)
    .option("--location <safe>", "issue, rotate: once for every slip, in order", collect)
    .addHelpText(
      "after",
      `
Examples:
  breakglass ceremony rotate bg-1@contoso.onmicrosoft.com --out papers
  breakglass ceremony labels bg-1@contoso.onmicrosoft.com --set K7Q2
  breakglass ceremony minutes bg-1@contoso.onmicrosoft.com --out papers \\
      --since 2026-03-01`,
    )
    .action(
      async (paper: string | undefined, account: string | undefined, options: CeremonyOptions) => {
        const { ceremony } = await import("./register/ceremony.ts");
        await ceremony(paper, account, options, currentTime());
      },
    );
}

function addStatus(root: Command): void {
  addStatusCommand(root, async () => (await import("./register/status.ts")).status);
}

function addLog(root: Command): void {
  root
    .command("log")
    .description("read the journal, or verify it")
    .option("--register <folder>", REGISTER_HELP)
    .option("--verify", "say that the chain holds, and print its anchor")
    .option("--anchor <anchor>", "compare with the anchor on a slip or on minutes")
    .option("--entry <number>", "only this entry")
    .option("--kind <kind>", "such as slip-sealed")
    .option("--account <name>", "only what is about this account")
    .option("--set <name>", "only what is about this set")
    .option("--since <date>", "from this day on, such as 2026-03-01")
    .option("--until <date>", "that day included")
    .option("--json", "answer as JSON")
    .option("--csv", "answer as CSV")
    .addHelpText(
      "after",
      `
Examples:
  breakglass log --account bg-1@contoso.onmicrosoft.com --since 2026-03-01
  breakglass log --verify --anchor 41-0123456789abcdef0123456789abcd
  breakglass log --kind slip-sealed --csv > sealed.csv`,
    )
    .action(async (options: LogOptions) => {
      const { log } = await import("./register/log.ts");
      await log(options);
    });
}

function addExposure(root: Command): void {
  root
    .command("exposure")
    .description("what the loss or theft of safes, sites and people would mean")
    .argument("[account]", "such as bg-1@contoso.onmicrosoft.com (all of them)")
    .option("--register <folder>", REGISTER_HELP)
    .option("--json", "answer as JSON")
    .addHelpText(
      "after",
      `
Examples:
  breakglass exposure bg-1@contoso.onmicrosoft.com`,
    )
    .action(async (account: string | undefined, options: ExposureOptions) => {
      const { exposure } = await import("./register/exposure.ts");
      exposure(account, options);
    });
}

function addEvidence(root: Command): void {
  root
    .command("evidence")
    .description("write what the register says of a period into a new folder, for an auditor")
    .argument("[folder]", "new, or empty")
    .option("--register <folder>", REGISTER_HELP)
    .option("--since <date>", "such as 2026-01-01 (twelve months before the end)")
    .option("--until <date>", "that day included (today)")
    .option(
      "--anchor <anchor>",
      "compare with the anchor on a slip or on minutes; may be given again",
      collect,
    )
    .addHelpText(
      "after",
      `
Examples:
  breakglass evidence audit-2026 --since 2026-01-01 --until 2026-12-31`,
    )
    .action(async (folder: string | undefined, options: EvidenceOptions) => {
      const into = await askNewFolder("Folder for the evidence", folder);
      const { evidence } = await import("./register/evidence.ts");
      evidence(into, options, currentTime());
    });
}

/** The settings of a register. */
function addPolicyOptions(command: Command): Command {
  return command
    .option("--mode <mode>", "rotate, validate-only or rotate-after-use")
    .option("--rotation-days <number>", "between two rotations")
    .option("--check-days <number>", "between two checks of a slip")
    .option("--validation-days <number>", "between two sign-ins, reviews, trainings")
    .option("--warning-days <number>", "before something is due")
    .option("--grace-days <number>", "after a trigger")
    .option("--minimum-accounts <number>", "how many the tenant is to have at least")
    .option("--minimum-bits <number>", "that are left after one slip is seen")
    .option("--share-site <yes|no>", "two slips of a set at one site")
    .option("--share-custodian <yes|no>", "two slips of a set with one person")
    .option("--alternates-count <refuse|warn>", "if somebody opens a set only as an alternate")
    .option("--page <size>", "A4 or Letter")
    .option("--organisation <name>", "printed at the top of slips and papers")
    .option("--language <tag>", "of the papers: en");
}
