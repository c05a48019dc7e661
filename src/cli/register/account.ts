import type { DeedOptions } from "../journal/deed.ts";
import { needRegister } from "../journal/register-folder.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { asVerdict } from "../terminal/as-verdict.ts";
import { inTurn } from "../terminal/in-turn.ts";
import type { Verdict } from "../terminal/questions.ts";
import { knownNames, list, nameFor, registerOf, saidBy, sayerOf, write } from "./entity.ts";
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
      needRegister(options.register);
      const { pinOf } = options;
      // The PIN of a key may have a name of its own.
      const judge = (typed: string): Verdict =>
        pinOf !== undefined ||
        asVerdict(() => {
          refuseSlipOfTheFinger("the name", typed);
        });
      if ((name ?? "").trim() !== "" && pinOf === undefined)
        refuseSlipOfTheFinger("the name", name!);
      const question = "Account (such as bg-1@contoso.onmicrosoft.com)";
      const named = await nameFor("account add", question, name, options, { judge });
      const sayer = sayerOf(options);
      await inTurn(() => [named, sayer]);
      const given = named.value!;
      await noteOtherTenant(options, given);
      await write(saidBy(options, sayer), clock, `account ${given}: added`, (deed) => ({
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
      const named = await nameFor("account retire", "Account", name, options, known);
      const sayer = sayerOf(options);
      await inTurn(() => [named, sayer]);
      const given = named.value!;
      await write(saidBy(options, sayer), clock, `account ${given}: retired for good`, (deed) => ({
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
