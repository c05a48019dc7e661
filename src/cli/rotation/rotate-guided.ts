import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { nextStep, stepLine, type StepName } from "../../custody/lifecycle/standing.ts";
import { oneLine, sayText } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { needPrivateScreen } from "../terminal/private-screen.ts";
import { BACK, GoneBack } from "../terminal/questions.ts";
import { commandsOf } from "./sitting-commands.ts";
import { Sitting, type SittingOptions, type Turn } from "./sitting.ts";
import { withoutCommands } from "./without-commands.ts";

type Lead = (sitting: Sitting) => Promise<Turn>;

/** Loaded when they are led: what the one needs, nobody should wait for before another. */
const STEPS: Readonly<Partial<Record<StepName, () => Promise<Lead>>>> = {
  check: async () => (await import("./rotate-check.ts")).checkSlip,
  recover: async () => (await import("./rotate-set.ts")).setPassword,
  confirm: async () => (await import("./rotate-confirm.ts")).confirmSignIn,
  seal: async () => (await import("./rotate-seal.ts")).sealSlips,
  destroy: async () => (await import("./rotate-seal.ts")).destroySlips,
  abandon: async () => (await import("./rotate-check.ts")).abandonSet,
  "back out": async () => (await import("./rotate-back-out.ts")).giveUpSetting,
};

/** What is wanted once a sitting has ended. */
export type Wish = "leave" | "issue another set";

/**
 * Leads through a rotation from where the register says it stands: each step is done, or the
 * sitting ends, and the next one goes on from there.
 */
export async function leadRotation(options: SittingOptions, clock: Clock): Promise<Wish> {
  const { account } = options;
  const sitting = new Sitting(options, clock);
  const before = sitting.state().journal.head.n;
  try {
    needPrivateScreen(sitting.terminal);
    sitting.say("breakglass doctor, run in this terminal before, says if it is fit for a ceremony");
    sitting.say(`${BACK} at a question goes back to the choice before it; Ctrl-C leaves`);
    for (;;) {
      const { where, holds, next } = nextStep(sitting.state().register, account);
      sitting.say();
      sitting.say(`== ${where}`);
      sitting.say(`   the tenant holds ${holds}`);
      if (next === undefined) break;
      const lead = STEPS[next.step];
      if (lead === undefined) {
        // It is not done here, as what another account waits for: whoever does it needs its command.
        sitting.say(`   next: ${stepLine(next)}`);
        break;
      }
      // Whether the password is set yet is asked in that step itself.
      if (next.step !== "confirm") sitting.say(`   next: ${withoutCommands(next.what)}`);
      sitting.say();
      const turn = await ledOrTold(sitting, await lead());
      if (turn === "leave") break;
    }
    const another = sitting.hasGivenUp && (await wantsAnother(sitting));
    const { journal, register } = sitting.state();
    const commands = commandsOf(journal.entries.slice(before), account);
    if (commands.length > 0) sitting.say("what was done, each step by a command of its own:");
    // Each in one row, to be copied, however long: a row that ends within it would end the command.
    for (const command of commands) sayText(`  ${oneLine(command)}\n`);
    if (another) return "issue another set";
    if (nextStep(register, account).next !== undefined)
      sitting.say(`to go on from here at any time: ${COMMANDS.rotate(account)}`);
    sitting.say(`the minutes of what was done: ${COMMANDS.minutes(account)}`);
    return "leave";
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

async function wantsAnother(sitting: Sitting): Promise<boolean> {
  const choice = await sitting.choose({
    i: "issue another set now",
    q: "leave the ceremony here; another set is issued later",
  });
  return choice === "i";
}

/** What goes wrong in a step is told, and does not end the sitting; who goes back begins the step anew. */
async function ledOrTold(sitting: Sitting, lead: Lead): Promise<Turn> {
  try {
    return await lead(sitting);
  } catch (error) {
    if (error instanceof GoneBack) return "go on";
    sitting.tell(() => {
      throw error;
    });
    return sitting
      .choose({ g: "go on", q: "leave the ceremony here" })
      .then((choice) => (choice === "g" ? "go on" : "leave"));
  }
}
