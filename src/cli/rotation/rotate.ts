import { BreakglassError } from "../../core/errors.ts";
import type { RandomBytes } from "../../core/random.ts";
import { looseEnd, nextStep, stepText } from "../../custody/lifecycle.ts";
import {
  isOnPaper,
  pendingSet,
  setsOf,
  type Register,
  type SetState,
} from "../../custody/register.ts";
import type { IssueOptions } from "../issuing/issue-plan.ts";
import { issue } from "../issuing/issue.ts";
import { compareAnchor, requireSince } from "../journal/compare-anchor.ts";
import { openRegister, type OpenRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { answer, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import { askAccount } from "../terminal/ask-account.ts";
import { asked } from "../terminal/asked.ts";
import { askFor } from "../terminal/questions.ts";

export interface RotateOptions extends IssueOptions {
  /** From the newest slip of the account. */
  readonly anchor?: string;
}

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
  const state = openRegister(folder);
  const account = await askAccount(state.register, given);
  let files: readonly string[] = [];
  if (await isToIssue(state.register, account, guided)) {
    await askAnchor(state, account, options.anchor);
    files = await issue({ ...options, account }, random, clock);
  }
  if (guided) {
    asked.length = 0; // each step names its own command
    const { leadRotation } = await import("./rotate-guided.ts");
    const { by, witness, templates } = options;
    await leadRotation({ folder, account, by, witness, templates, files }, clock);
    return;
  }
  const { register } = openRegister(folder);
  const { where, holds, next, backOut } = nextStep(register, account);
  const step = ({ what, command }: NonNullable<typeof next>): string =>
    command === undefined ? what : `${what}: ${command}`;
  answer(`stands  ${where}\ntenant  holds ${holds}\n`);
  if (next !== undefined) answer(`next    ${step(next)}\n`);
  if (backOut !== undefined) answer(`or back ${step(backOut)}\n`);
}

/**
 * A set that is under way is finished first, and so are the loose ends of the last rotation; but for
 * a loss, after which a person may choose.
 *
 * @throws BreakglassError `refused` if there are some, and nobody is led through them
 */
async function isToIssue(register: Register, account: string, guided: boolean): Promise<boolean> {
  if (pendingSet(register, account) !== undefined) return false;
  const loose = looseEnd(register, account);
  if (loose !== undefined) {
    if (guided) return false;
    throw new BreakglassError("refused", loose.where, `first ${stepText(loose.next)}`);
  }
  const { where, next } = nextStep(register, account);
  if (!guided || (next?.step !== "seal" && next?.step !== "destroy")) return true;
  say(where);
  for (;;) {
    const typed = await askFor(
      "ACCOUNT",
      "g to go on with these, i to issue another set",
      undefined,
    );
    if (typed === "g" || typed === "i") return typed === "i";
  }
}

/** An old copy of the register, put back by mistake or on purpose, does not know the newest slip. */
async function askAnchor(
  { register, journal }: OpenRegister,
  account: string,
  given: string | undefined,
): Promise<void> {
  const newest = newestOnPaper(register, account);
  if (newest === undefined) return;
  if (given === undefined && hasTerminal()) {
    say(
      "the anchor on the newest slip, its ceremony's script or the minutes tells whether this is",
    );
    say("the right copy of the register, and was not rewritten");
  }
  for (;;)
    try {
      const typed = await askFor("--anchor", "Register anchor (such as 18-2700...)", given);
      requireSince(compareAnchor(journal, typed), newest);
      break;
    } catch (error) {
      if (given !== undefined || !(error instanceof BreakglassError) || !hasTerminal()) throw error;
      if (error.code === "interrupted") throw error;
      reportError(error);
      say("compare what was typed with the paper first; Ctrl-C leaves");
    }
  say("the register agrees with the anchor on the slip");
}

/** The newest set of which a slip is still there; nothing else has an anchor of it. */
function newestOnPaper(register: Register, account: string): SetState | undefined {
  return setsOf(register, account).findLast(({ slips }) => slips.some(isOnPaper));
}
