import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { nextStep, type StepName } from "../../custody/lifecycle.ts";
import type { Clock } from "../system/system.ts";
import { needPrivateScreen } from "../terminal/private-screen.ts";
import { abandonSet, checkSlip } from "./rotate-check.ts";
import { destroySlips, sealSlips } from "./rotate-seal.ts";
import { confirmSignIn, giveUpSetting, setPassword } from "./rotate-set.ts";
import { Sitting, type SittingOptions, type Turn } from "./sitting.ts";

const STEPS: Readonly<Partial<Record<StepName, (sitting: Sitting) => Promise<Turn>>>> = {
  check: checkSlip,
  recover: setPassword,
  confirm: confirmSignIn,
  seal: sealSlips,
  destroy: destroySlips,
  abandon: abandonSet,
  "back out": giveUpSetting,
};

/**
 * Leads through a rotation from where the register says it stands: each step is done, or the
 * sitting ends, and the next one goes on from there.
 */
export async function leadRotation(options: SittingOptions, clock: Clock): Promise<void> {
  const { account } = options;
  const sitting = new Sitting(options, clock);
  try {
    needPrivateScreen(sitting.terminal);
    for (;;) {
      const { where, holds, next, backOut } = nextStep(sitting.state().register, account);
      sitting.say();
      sitting.say(`== ${where}`);
      sitting.say(`   the tenant holds ${holds}`);
      const lead = next && STEPS[next.step];
      if (next === undefined || lead === undefined) break;
      sitting.say(`   next: ${next.what}`);
      if (next.command !== undefined) sitting.say(`   by itself: ${next.command}`);
      if (backOut?.command !== undefined && backOut.command !== next.command)
        sitting.say(`   or back: ${backOut.command}`);
      sitting.say();
      if ((await ledOrTold(sitting, lead)) === "leave") break;
    }
    sitting.say(`to go on from here at any time: ${COMMANDS.rotate(account)}`);
    sitting.say(`the minutes of what was done: ${COMMANDS.minutes(account)}`);
  } catch (error) {
    if (!(error instanceof BreakglassError) || error.code !== "interrupted") throw error;
    throw new BreakglassError(
      "interrupted",
      "interrupted; what was done is in the register",
      `go on from there: ${COMMANDS.rotate(account)}`,
    );
  } finally {
    sitting.close();
  }
}

/** What goes wrong in a step is told, and does not end the sitting. */
async function ledOrTold(
  sitting: Sitting,
  lead: (sitting: Sitting) => Promise<Turn>,
): Promise<Turn> {
  try {
    return await lead(sitting);
  } catch (error) {
    sitting.tell(() => {
      throw error;
    });
    return sitting
      .choose({ g: "go on", q: "leave the ceremony here" })
      .then((choice) => (choice === "g" ? "go on" : "leave"));
  }
}
