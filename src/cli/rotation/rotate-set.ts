import { activeSet, isUsable, pendingSet, type SetState } from "../../custody/register.ts";
import { showPassword } from "../reading/recover-guided.ts";
import { backOut } from "./rotate-back-out.ts";
import { giveUp } from "./rotate-check.ts";
import { deleteFiles } from "./rotate-files.ts";
import { record, recover, saySteps } from "./rotate-recover.ts";
import type { Sitting, Turn } from "./sitting.ts";

/** Shows the password to whoever sets it in the tenant. */
export async function setPassword(sitting: Sitting): Promise<Turn> {
  const set = pendingSet(sitting.state().register, sitting.options.account)!;
  await deleteFiles(sitting, set);
  const active = activeSet(sitting.state().register, set.account);
  sitting.say(
    active === undefined
      ? "Once the password is shown it counts as set, until a sign-in is confirmed or it is backed out."
      : `Once the password is shown the tenant may hold it or that of set ${active.set}, until a sign-in is confirmed.`,
  );
  sitting.say("Only the lead, the administrator and the witness stay at this screen.");
  const choice = await sitting.choose({
    g: "go on: the steps to set the password, then the password",
    ...(set.backedOut === undefined ? {} : { x: `give set ${set.set} up: another one is issued` }),
    q: "leave the ceremony here: nothing was set",
  });
  if (choice === "q") return "leave";
  if (choice === "x") return giveUp(sitting, set);
  const by = await sitting.needPerson("Who sets it in the tenant (the administrator)");
  await saySteps(sitting, set);
  return showTo(sitting, set, by);
}

/** Slips for whoever sets the password: the first ones that suffice. */
function subsetForFirst(set: SetState): number[] {
  const numbers = set.slips.filter(isUsable).map(({ slip }) => slip);
  return numbers.slice(0, set.threshold);
}

/** Recovers, has it written down, and shows the password as often as it is asked for. */
async function showTo(sitting: Sitting, set: SetState, by: string): Promise<Turn> {
  const recovered = await recover(sitting, set, subsetForFirst(set));
  try {
    if (!record(sitting, set, recovered.slips, by, true)) return "leave";
    await showPassword(sitting.terminal, recovered.secret, set, recovered.note);
  } finally {
    recovered.secret.fill(0);
  }
  const choice = await sitting.choose({
    y: "it is set in the tenant",
    a: "show the password again",
    b: "the tenant refuses it: back out",
    q: "leave the ceremony here; the register knows that it may be set",
  });
  if (choice === "a") return showTo(sitting, set, by);
  if (choice === "b") return backOut(sitting, set);
  return choice === "y" ? "go on" : "leave";
}

/** Shows the steps and the password once more, to whoever sets it again. */
export async function setAgain(sitting: Sitting, set: SetState): Promise<Turn> {
  const by = await sitting.needPerson("Who sets it in the tenant", set.begun!.actor);
  await saySteps(sitting, set);
  return showTo(sitting, set, by);
}
