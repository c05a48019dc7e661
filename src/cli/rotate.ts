import { BreakglassError } from "../core/errors.ts";
import type { RandomBytes } from "../core/random.ts";
import { judgeAnchor, parseAnchor } from "../custody/journal.ts";
import { nextStep } from "../custody/lifecycle.ts";
import { pendingSet, type Register } from "../custody/register.ts";
import type { IssueOptions } from "./issue-options.ts";
import { issue } from "./issue.ts";
import { openRegister, type OpenRegister } from "./journal-file.ts";
import { registerFolder } from "./register-folder.ts";
import { answer, say } from "./output.ts";
import { askFor } from "./questions.ts";
import type { Clock } from "./system.ts";

export interface RotateOptions extends IssueOptions {
  /** From the newest slip of the account. */
  readonly anchor?: string;
}

/**
 * `breakglass rotate`: issues the next generation with the same split and holders; or, if one is
 * under way, says where it stands and what comes next.
 */
export async function rotate(
  account: string,
  options: RotateOptions,
  random: RandomBytes,
  clock: Clock,
): Promise<void> {
  const folder = registerFolder(options.register === false ? undefined : options.register);
  const state = openRegister(folder);
  if (pendingSet(state.register, account) === undefined) {
    await compareAnchor(state, account, options.anchor);
    await issue({ ...options, account }, random, clock);
  }
  const { register } = openRegister(folder);
  const { where, holds, next, backOut } = nextStep(register, account);
  const step = ({ what, command }: NonNullable<typeof next>): string =>
    command === undefined ? what : `${what}: ${command}`;
  answer(`stands  ${where}\ntenant  holds ${holds}\n`);
  if (next !== undefined) answer(`next    ${step(next)}\n`);
  if (backOut !== undefined) answer(`or back ${step(backOut)}\n`);
}

/** An old copy of the register, put back by mistake or on purpose, does not know the newest slip. */
async function compareAnchor(
  state: OpenRegister,
  account: string,
  given: string | undefined,
): Promise<void> {
  if (!hasSlips(state.register, account)) return;
  const typed = await askFor("--anchor", "Register anchor on the account's newest slip", given);
  const { verdict } = judgeAnchor(state.journal, parseAnchor(typed));
  if (verdict === "holds") {
    say("the register agrees with the anchor on the slip");
    return;
  }
  throw new BreakglassError(
    "register",
    verdict === "older copy"
      ? "this register is an older copy: it ends before the slip was printed"
      : "this register was rewritten: it does not agree with the anchor on the slip",
    "find the right copy of the register before anything is rotated",
  );
}

function hasSlips({ accounts }: Register, account: string): boolean {
  return (accounts.get(account)?.sets.length ?? 0) > 0;
}
