import { BreakglassError } from "../../core/errors.ts";
import { activeSet, pendingSet, type Register, type SetState } from "../../custody/register.ts";
import { deedOf, type DeedOptions } from "../journal/deed.ts";
import { openRegister, peekRegister } from "../journal/journal-file.ts";
import { peopleIn } from "../journal/people.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { parseSlips } from "../system/options.ts";
import { answer, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { askAccount } from "../terminal/ask-account.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { askFor } from "../terminal/questions.ts";

export interface ConfirmOptions extends DeedOptions {
  readonly slips?: string;
}

/** `breakglass confirm`: somebody signed in with the password from these slips. */
export async function confirm(
  given: string | undefined,
  options: ConfirmOptions,
  clock: Clock,
): Promise<void> {
  const folder = registerFolder(options.register);
  // Nobody waits for the rest before the first question.
  const known = given === undefined ? peekRegister(folder) : openRegister(folder).register;
  const account = await askAccount(known, given);
  const people = peopleIn(openRegister(folder));
  const by = await askFor("--by", "Who signed in", options.by, { known: people });
  const typed = await askFor("--slips", "From which slips (such as 1,3)", options.slips);
  const slips = parseSlips(typed);
  const deed = deedOf({ ...options, by });
  await agreeToWrite([`${by} signed in to ${account} from slips ${slips.join(", ")}`]);
  // Nobody waits for what writes before the first question.
  const { appendEvents } = await import("../journal/journal-append.ts");
  const { register } = appendEvents(folder, (state) => {
    const set = signedInWith(state.register, account);
    if (set === undefined)
      throw new BreakglassError(
        "refused",
        "this account has no set whose sign-in could be confirmed",
        "see breakglass status",
      );
    return [{ kind: "sign-in-confirmed", ...deed(clock()), set: set.set, slips }];
  });
  const { nextStep, stepLine } = await import("../../custody/lifecycle/standing.ts");
  const { where, next } = nextStep(register, account);
  answer(`${where}\n`);
  if (next !== undefined) say(`next: ${stepLine(next)}`);
}

/** The set of a sign-in: the one that is being set, or else the active one, whatever was issued. */
function signedInWith(register: Register, account: string): SetState | undefined {
  const pending = pendingSet(register, account);
  return pending?.stage === "setting" ? pending : (activeSet(register, account) ?? pending);
}
