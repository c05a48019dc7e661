import type { RandomBytes } from "../../core/random.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { nextStep, stepLine } from "../../custody/lifecycle/standing.ts";
import type { IssueOptions } from "../issuing/issue-plan.ts";
import { given } from "../journal/deed.ts";
import { openRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { warnOfCoreDumps } from "../system/core-dumps.ts";
import { afterWriting } from "../system/interrupt.ts";
import { answer, say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { closeLine } from "../terminal/asked.ts";
import { inTurn } from "../terminal/in-turn.ts";
import { RotationStart } from "./rotation-start.ts";

/** What went before, in the same run. */
interface Before {
  /** Whether the account was asked for. */
  readonly wasAsked?: boolean;
  /** Whether it was said that core dumps are on. */
  readonly isWarned?: boolean;
}

/**
 * Asks what is not said yet, and makes the set that is to be issued.
 *
 * @param isLed whether people are led on to what follows
 * @returns the files with its slips; none if a rotation goes on
 */
export async function begin(
  start: RotationStart,
  random: RandomBytes,
  isLed: boolean,
  { wasAsked = false, isWarned = false }: Before,
): Promise<readonly string[]> {
  await inTurn(() => start.steps(), wasAsked);
  if (start.form === undefined) {
    // Slips are typed in what follows, and the password is shown.
    if (isLed && !isWarned) warnOfCoreDumps();
    const afterwards = isLed ? await start.afterwards() : undefined;
    if (afterwards !== undefined) say(afterwards);
    return [];
  }
  // Fonts and all that makes pages take longer to load than a person waits for the first question.
  const { makeSet } = await import("../issuing/make-set.ts");
  return makeSet(start.form, random, { accountIsFixed: true, isLed, isWarned });
}

/**
 * Leads people through a ceremony at this terminal, from where the register says it stands; and
 * through another one, where the set that was issued is given up.
 *
 * @param told what was said for the set
 * @param files that were written with its slips
 */
export async function leadCeremony(
  account: string,
  told: IssueOptions,
  files: readonly string[],
  { random, clock }: { readonly random: RandomBytes; readonly clock: Clock },
): Promise<void> {
  closeLine(); // each step has its own command
  const folder = registerFolder(told.register === false ? undefined : told.register);
  const { leadRotation } = await import("./rotate-guided.ts");
  for (let written = files; ;) {
    const { by, witness, templates } = told;
    const wish = await leadRotation(
      { folder, account, by, witness, templates, files: written },
      clock,
    );
    if (wish === "leave") return;
    const next = given({ ...told, generation: undefined });
    const start = new RotationStart(openRegister(folder), account, next, true, clock, true);
    written = await afterWriting(
      `what was done before is in the register; go on from there: ${COMMANDS.rotate(account)}`,
      async () => begin(start, random, true, { isWarned: true }),
    );
  }
}

/** Says where a rotation stands and what comes next, to whoever is not led through it. */
export function tellWhereItStands(folder: string, account: string): void {
  const { where, holds, next, backOut } = nextStep(openRegister(folder).register, account);
  answer(`stands  ${where}\ntenant  holds ${holds}\n`);
  if (next !== undefined) answer(`next    ${stepLine(next)}\n`);
  if (backOut !== undefined) answer(`or back ${stepLine(backOut)}\n`);
}
