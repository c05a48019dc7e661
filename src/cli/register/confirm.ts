import { BreakglassError } from "../../core/errors.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import { spelledAs } from "../../custody/names.ts";
import { activeSet, pendingSet, type Register, type SetState } from "../../custody/register.ts";
import { deedOf, type DeedOptions } from "../journal/deed.ts";
import { openRegister, peekRegister, type OpenRegister } from "../journal/journal-file.ts";
import { peopleIn } from "../journal/people.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { parseSlips } from "../system/options.ts";
import { answer, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { askAccount } from "../terminal/ask-account.ts";
import { agreeToWrite } from "../terminal/agree.ts";
import { Answer } from "../terminal/answer.ts";
import { asVerdict } from "../terminal/as-verdict.ts";
import { wasAsked } from "../terminal/asked.ts";
import { askFirst, inTurn } from "../terminal/in-turn.ts";
import { askFor } from "../terminal/questions.ts";

export interface ConfirmOptions extends DeedOptions {
  readonly slips?: string;
}

/** `breakglass confirm`: somebody signed in with the password from these slips. */
export async function confirm(
  named: string | undefined,
  options: ConfirmOptions,
  clock: Clock,
): Promise<void> {
  const folder = registerFolder(options.register);
  // Nobody waits for the rest before the first question.
  const asksFirst = (named ?? "").trim() === "" && hasTerminal();
  const askNamed = async (): Promise<string> =>
    askAccount(peekRegister(folder).register, undefined, true);
  const first = asksFirst ? await askFirst(askNamed) : named;
  const state = openRegister(folder);
  const accountSaid = new Answer("ACCOUNT", first, async () =>
    askAccount(state.register, undefined, true),
  );
  const signer = new Answer("--by", options.by, async () =>
    askFor("--by", "Who signed in", undefined, { known: peopleIn(state), back: true }),
  );
  const slipsSaid = new Answer("--slips", options.slips, async () =>
    askFor("--slips", "From which slips (such as 1,3)", undefined, {
      back: true,
      judge: (typed) => asVerdict(() => parseSlips(typed)),
    }),
  );
  await inTurn(() => [accountSaid, signer, slipsSaid], asksFirst);
  const account = spelledAs(accountSaid.value!, state.register.accounts.keys());
  const by = signer.value!;
  const slips = parseSlips(slipsSaid.value!);
  const deed = deedOf({ ...options, by });
  const events = ({ register }: OpenRegister): CustodyEvent[] => {
    const set = signedInWith(register, account);
    if (set === undefined)
      throw new BreakglassError(
        "refused",
        "this account has no set whose sign-in could be confirmed",
        "see breakglass status",
      );
    return [{ kind: "sign-in-confirmed", ...deed(clock()), set: set.set, slips }];
  };
  // Nobody waits for what writes before the first question.
  const { appendEvents, rehearseEvents } = await import("../journal/journal-append.ts");
  if (wasAsked()) rehearseEvents(folder, events);
  await agreeToWrite([`${by} signed in to ${account} from slips ${slips.join(", ")}`]);
  const { register } = appendEvents(folder, events);
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
