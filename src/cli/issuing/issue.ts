import type { RandomBytes } from "../../core/random.ts";
import type { Clock } from "../system/system.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { askAccount } from "../terminal/ask-account.ts";
import { askAnyAccount } from "../terminal/ask-any-account.ts";
import { wasAsked } from "../terminal/asked.ts";
import { askFirst, inTurn } from "../terminal/in-turn.ts";
import type { IssueOptions } from "./issue-plan.ts";
import type { IssueRecord } from "./issue-record.ts";

/** A set that was issued, for whoever leads through what follows. */
export interface IssuedSet {
  /** As the flags of `issue` would have said it. */
  readonly told: IssueOptions;
  /** The files with its slips. */
  readonly files: readonly string[];
}

/**
 * `breakglass issue`: makes a password and prints it onto the slips of a new set. It never shows
 * the password: that comes from the paper. In a register the set stands before its first page is
 * made.
 *
 * @param clock tells the time, of which the slips carry the date in UTC
 * @returns the set, if it is in a register and a person at the terminal was asked for it: whoever is asked what a set
 *   is to be is led on, too
 */
export async function issue(
  options: IssueOptions,
  random: RandomBytes,
  clock: Clock,
): Promise<IssuedSet | undefined> {
  // Nobody waits for what the other questions need before the first one.
  const asksFirst = (options.account ?? "").trim() === "" && hasTerminal();
  const account = asksFirst
    ? await askFirst(async () => accountFor(options.register))
    : options.account;
  const { IssueForm } = await import("./issue-form.ts");
  const told = { ...options, ...(account === undefined ? {} : { account }) };
  const form = new IssueForm(told, clock, await recordOf(options, clock));
  await inTurn(() => form.steps(), asksFirst);
  // Fonts and all that makes pages take longer to load than a person waits for the first question.
  const { makeSet } = await import("./make-set.ts");
  const mayLead = form.record !== undefined && options.json !== true && wasAsked();
  // Nobody waits for it before the first question.
  const isLed = mayLead && (await import("../terminal/private-screen.ts")).hasPrivateScreen();
  const files = await makeSet(form, random, { accountIsFixed: false, isLed });
  return isLed ? { told: form.told, files } : undefined;
}

/** The account that somebody chooses from the register, or names for a set that is in none. */
async function accountFor(register: IssueOptions["register"]): Promise<string> {
  if (register === false) return askAnyAccount();
  const { peekRegister } = await import("../journal/journal-file.ts");
  return askAccount(peekRegister(registerFolder(register)).register, undefined, true);
}

async function recordOf(options: IssueOptions, clock: Clock): Promise<IssueRecord | undefined> {
  if (options.register === false) return undefined;
  const { IssueRecord } = await import("./issue-record.ts");
  return new IssueRecord(options, clock);
}
