import type { RandomBytes } from "../../core/random.ts";
import { issue } from "../issuing/issue.ts";
import type { IssueOptions } from "../issuing/issue-plan.ts";
import type { Clock } from "../system/system.ts";

/** `breakglass issue`, and the ceremony that follows: a first set has the same one as a rotation. */
export async function issueAndLead(
  options: IssueOptions,
  random: RandomBytes,
  clock: Clock,
): Promise<void> {
  const issued = await issue(options, random, clock);
  if (issued === undefined) return;
  const { leadCeremony } = await import("./lead-ceremony.ts");
  await leadCeremony(issued.told.account!, issued.told, issued.files, { random, clock });
}
