import type { SetState } from "../../core/assembly.ts";

/** What is done with a check word. */
export const CHECK_WORD_GOES =
  "read it aloud, and write it into the table on the slip, and into the script if there is one";

/** What a set has and still needs. */
export function needWords({ name, have, threshold, need, total }: SetState): string {
  const slips = `set ${name}: ${have.length === 1 ? "slip" : "slips"} ${have.join(", ")} of ${total}`;
  return need === 0 ? `${slips}: enough` : `${slips}: ${need} more needed (${threshold} in all)`;
}
