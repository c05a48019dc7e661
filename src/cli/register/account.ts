import type { DeedOptions } from "../journal/deed.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { askFor } from "../terminal/questions.ts";
import { knownNames, list, newName, registerOf, write } from "./entity.ts";
import { refuseSlipOfTheFinger } from "./guided-names.ts";

export interface AccountOptions extends DeedOptions {
  readonly pinOf?: string;
}

/** `breakglass account add|retire|list`. */
export async function account(
  action: string,
  name: string | undefined,
  options: AccountOptions,
  clock: Clock,
): Promise<void> {
  switch (parseChoice("account", ["list", "add", "retire"], action)) {
    case "list": {
      await list(options, ({ accounts }) =>
        [...accounts.values()].map(
          ({ account: each, secret, belongsTo, retired }) =>
            `${each}${secret === "pin" ? ` (PIN${belongsTo === undefined ? "" : ` of ${belongsTo}`})` : ""}${retired ? " (retired)" : ""}`,
        ),
      );
      return;
    }
    case "add": {
      const question = "Account (such as bg-1@contoso.onmicrosoft.com)";
      const given = await askFor("NAME", question, name, newName(options));
      const { pinOf } = options;
      // The PIN of a key may have a name of its own.
      if (pinOf === undefined) refuseSlipOfTheFinger("the name", given);
      await noteOtherTenant(options, given);
      await write(options, clock, `account ${given}: added`, (deed) => ({
        ...{ kind: "account-added", ...deed, account: given },
        ...(pinOf === undefined ? { secret: "password" } : { secret: "pin", belongsTo: pinOf }),
      }));
      answer(`account ${given} added\n`);
      return;
    }
    case "retire": {
      const known = await knownNames(options, ({ accounts }) =>
        [...accounts.values()].flatMap(({ account: each, retired }) =>
          retired === undefined ? [each] : [],
        ),
      );
      const given = await askFor("NAME", "Account", name, known);
      await write(options, clock, `account ${given}: retired for good`, (deed) => ({
        ...{ kind: "account-retired", ...deed, account: given },
      }));
      answer(`account ${given} retired\n`);
    }
  }
}

/** A slip of the finger in a name stays in the register for ever. */
async function noteOtherTenant(options: DeedOptions, account: string): Promise<void> {
  const { opened } = await registerOf(options);
  const [, domain] = account.split("@");
  if (domain !== undefined && domain !== opened?.tenant)
    say(
      `note: ${oneLine(domain)} is not the tenant of this register, ${opened?.tenant ?? ""}; once added, a mistake can only be retired: breakglass account retire`,
    );
}
