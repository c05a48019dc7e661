import type { CustodyEvent } from "../../custody/events.ts";
import { deedOf, given, type DeedOptions } from "../journal/deed.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor, askOptional } from "../terminal/questions.ts";
import { isGuided, refuseSlipOfTheFinger } from "./guided-names.ts";
import { policyOf, type PolicyOptions } from "./policy-options.ts";

export interface InitOptions extends DeedOptions, PolicyOptions {
  readonly tenant?: string;
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
  const whose = organisation === undefined ? tenant : `${tenant} (${organisation})`;
  await agreeToWrite([`a register for ${whose}, in the folder ${folder}; opened by ${by}`]);
  // Nobody waits for the journal before the first question.
  const { refuseWrong } = await import("../journal/refuse-wrong.ts");
  const { createRegister } = await import("../journal/journal-append.ts");
  const opened = (): CustodyEvent => ({
    kind: "register-opened",
    ...deed(clock()),
    format: 1,
    tenant,
    policy,
  });
  refuseWrong(opened(), () => undefined);
  createRegister(folder, opened);
  answer(`${oneLine(folder)}: a register for ${tenant}\n`);
  say("next: breakglass site add, custodian add, account add; then breakglass issue ACCOUNT");
}
