import type { PolicyChange } from "../../custody/policy.ts";
import type { DeedOptions } from "../journal/deed.ts";
import { answer } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { registerOf, write } from "./entity.ts";
import { policyOf, type PolicyOptions } from "./policy-options.ts";

/** `breakglass policy`: shows the settings, or changes those that are given. */
export async function policy(options: DeedOptions & PolicyOptions, clock: Clock): Promise<void> {
  const change = policyOf(options);
  if (Object.keys(change).length > 0)
    await write(options, clock, `the policy: ${changeText(change)}`, (deed) => ({
      ...{ kind: "policy-changed", ...deed },
      policy: change,
    }));
  const { policy: settings } = await registerOf(options);
  for (const [name, value] of Object.entries(settings))
    answer(`${name.padEnd(16)} ${String(value)}\n`);
}

function changeText(change: PolicyChange): string {
  return Object.entries(change)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
