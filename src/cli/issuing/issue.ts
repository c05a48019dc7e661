import type { RandomBytes } from "../../core/random.ts";
import type { Clock } from "../system/system.ts";
import { inTurn } from "../terminal/in-turn.ts";
import { IssueForm } from "./issue-form.ts";
import type { IssueOptions } from "./issue-plan.ts";

/**
 * `breakglass issue`: makes a password and prints it onto the slips of a new set. It never shows
 * the password: that comes from the paper. In a register the set stands before its first page is
 * made.
 *
 * @param clock tells the time, of which the slips carry the date in UTC
 */
export async function issue(
  options: IssueOptions,
  random: RandomBytes,
  clock: Clock,
): Promise<void> {
  const form = new IssueForm(options, clock);
  await inTurn(() => form.steps());
  // Fonts and all that makes pages take longer to load than a person waits for the first question.
  const { makeSet } = await import("./make-set.ts");
  await makeSet(form, random, false);
}
