import type { RandomBytes } from "../../core/random.ts";
import { openRegister, peekRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import type { Clock } from "../system/system.ts";
import { askAccount } from "../terminal/ask-account.ts";
import { askFirst } from "../terminal/in-turn.ts";
import type { RotateOptions } from "./rotation-start.ts";

/**
 * `breakglass rotate`: issues the next generation with the same split and holders, and at a terminal
 * leads through all that follows; or goes on where a rotation stands. Without a terminal it says
 * what comes next.
 */
export async function rotate(
  given: string | undefined,
  options: RotateOptions,
  random: RandomBytes,
  clock: Clock,
): Promise<void> {
  const folder = registerFolder(options.register === false ? undefined : options.register);
  const guided = hasTerminal() && options.json !== true;
  // Nobody waits for what the other questions need before the first one.
  const asksFirst = (given ?? "").trim() === "" && hasTerminal();
  const named = asksFirst
    ? await askFirst(async () => askAccount(peekRegister(folder).register, undefined, true))
    : given;
  const { begin, leadCeremony, tellWhereItStands } = await import("./lead-ceremony.ts");
  const { RotationStart } = await import("./rotation-start.ts");
  const start = new RotationStart(openRegister(folder), named, options, guided, clock);
  const files = await begin(start, random, guided, { wasAsked: asksFirst });
  const account = start.account!;
  if (guided) {
    await leadCeremony(account, start.form?.told ?? options, files, { random, clock });
    return;
  }
  tellWhereItStands(folder, account);
}
