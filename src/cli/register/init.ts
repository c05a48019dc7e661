import type { CustodyEvent } from "../../custody/events.ts";
import { deedOf, given, type DeedOptions } from "../journal/deed.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { Answer } from "../terminal/answer.ts";
import { asVerdict } from "../terminal/as-verdict.ts";
import { inTurn } from "../terminal/in-turn.ts";
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
  const judged = (typed: string): void => {
    refuseSlipOfTheFinger("--tenant", typed);
  };
  if ((options.tenant ?? "").trim() !== "") judged(options.tenant!);
  const tenantSaid = new Answer("--tenant", options.tenant, async () =>
    askFor("--tenant", "Tenant (such as contoso.onmicrosoft.com)", undefined, {
      back: true,
      judge: (typed) => asVerdict(() => judged(typed)),
    }),
  );
  const organisationSaid = new Answer(
    "--organisation",
    options.organisation,
    async () =>
      askOptional("--organisation", "Organisation, printed on slips", undefined, {
        back: true,
        judge: (typed) => asVerdict(() => policyOf({ ...options, organisation: typed })),
      }),
    true,
  );
  const opener = new Answer("--by", options.by, async () =>
    askFor("--by", "Who opens the register", undefined, { back: true }),
  );
  await inTurn(() => [tenantSaid, ...(guided ? [organisationSaid] : []), opener]);
  const tenant = tenantSaid.value!;
  const organisation = organisationSaid.value;
  const policy = policyOf({ ...options, ...given({ organisation }) });
  const by = opener.value!;
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
