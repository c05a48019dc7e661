import { COMMANDS } from "../../custody/commands.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import { secondPersonProblem, subsetForSecond } from "../../custody/lifecycle/subsets.ts";
import type { SetState } from "../../custody/register.ts";
import type { DeedFields } from "../journal/deed.ts";
import { showPassword } from "../reading/recover-guided.ts";
import { parseSlips } from "../system/options.ts";
import { record, recover, saySteps } from "./rotate-recover.ts";
import { unlessBack, type Sitting, type Turn } from "./sitting.ts";

/** Whether a sign-in from these slips could be confirmed; what stands in the way is said. */
function mayConfirm(
  sitting: Sitting,
  set: SetState,
  by: string,
  slips: readonly number[],
): boolean {
  const refused = secondPersonProblem(by, slips, set, sitting.state().register);
  if (refused === undefined) return true;
  sitting.say(refused.refusal);
  sitting.say(`  ${refused.hint}`);
  return false;
}

/** The second person recovers the password here, and signs in with it. */
export async function secondPerson(sitting: Sitting, set: SetState): Promise<Turn> {
  const by = await sitting.needPerson("Who signs in (the second person)");
  const slips = subsetForSecond(set);
  if (!mayConfirm(sitting, set, by, slips)) return "go on";
  await saySteps(sitting, set, "signIn");
  return showToSecond(sitting, set, by);
}

/** The second person recovered the password elsewhere, and has tried to sign in. */
export async function signedInElsewhere(sitting: Sitting, set: SetState): Promise<Turn> {
  const by = await sitting.needPerson("Who signed in");
  const slips = parseSlips(await sitting.need("From which slips (such as 1,3)"));
  // First, since a recovery that confirms nothing is not to be written down as one that does.
  if (!mayConfirm(sitting, set, by, slips)) return "go on";
  return record(sitting, set, slips, by) ? outcome(sitting, set, by, slips) : "go on";
}

/** Recovers, has it written down, and shows the password as often as it is asked for. */
async function showToSecond(sitting: Sitting, set: SetState, by: string): Promise<Turn> {
  const recovered = await recover(sitting, set, subsetForSecond(set));
  try {
    // Other slips may have been typed than were meant.
    if (!mayConfirm(sitting, set, by, recovered.slips)) return "go on";
    if (!record(sitting, set, recovered.slips, by)) return "leave";
    await showPassword(sitting.terminal, recovered.secret, set, recovered.note);
  } finally {
    recovered.secret.fill(0);
  }
  return outcome(sitting, set, by, recovered.slips, async () => showToSecond(sitting, set, by));
}

function confirmed({ set }: SetState, slips: readonly number[], deed: DeedFields): CustodyEvent {
  return { kind: "sign-in-confirmed", ...deed, set, slips };
}

/** Whether somebody was alerted to the sign-in, as to anybody else's. */
async function alert(sitting: Sitting): Promise<void> {
  const { account } = sitting.options;
  const choice = await sitting.choose({
    y: "the alert for this sign-in has arrived",
    l: "later: it may take half an hour",
  });
  if (choice === "l") {
    sitting.say(`once it was seen: ${COMMANDS.recordAccount("alert-seen", account)}`);
    return;
  }
  const by = await unlessBack(sitting.needPerson("Who saw it"));
  // The step is not begun anew: a sign-in that is written down is not asked for again.
  if (by === undefined) return alert(sitting);
  await sitting.write(by, (deed) => ({ kind: "alert-seen", ...deed, account }));
}

/**
 * Whether the sign-in held.
 *
 * @param again shows the password once more, if it was shown here
 */
async function outcome(
  sitting: Sitting,
  set: SetState,
  by: string,
  slips: readonly number[],
  again?: () => Promise<Turn>,
): Promise<Turn> {
  const choice = await sitting.choose({
    y: `${by} signed in and did one administrative task`,
    n: "the sign-in failed; no more than two attempts",
    ...(again === undefined ? {} : { a: "show the password again" }),
    q: "leave the ceremony here",
  });
  if (choice === "a" && again !== undefined) return again();
  if (choice === "q") return "leave";
  if (choice === "y") {
    if (await sitting.write(by, (deed) => confirmed(set, slips, deed))) await alert(sitting);
  } else {
    const reason = await unlessBack(sitting.need("What did the sign-in say"));
    if (reason === undefined) return outcome(sitting, set, by, slips, again);
    await sitting.write(by, (deed) => ({
      ...{ kind: "sign-in-failed", ...deed, set: set.set, slips, reason },
    }));
  }
  return "go on";
}
