import { Assembly } from "../../core/assembly.ts";
import type { Slip } from "../../core/slip.ts";
import type { SetState } from "../../custody/register.ts";
import { recoverAt } from "../reading/recover-guided.ts";
import type { About } from "../reading/set-news.ts";
import { notAsIssued, notIssuedError, recordRecovery } from "../reading/recover-record.ts";
import type { settingSteps } from "./rotate-steps.ts";
import type { Sitting } from "./sitting.ts";

/** What was recovered in a sitting. */
export interface RecoveredHere {
  readonly secret: Uint8Array;
  readonly slips: readonly number[];
  /** What is to be known before it is shown. */
  readonly note: readonly string[];
}

/** Slips of a set, for somebody who recovers it; those that are missing can be added. */
function assemblyOf(sitting: Sitting, slips: readonly number[]): Assembly {
  const assembly = new Assembly();
  // An assembly is wiped by whoever recovers: the slips here stay for the next one.
  for (const slip of sitting.slips)
    if (slips.includes(slip.index)) assembly.add({ ...slip, payload: slip.payload.slice() });
  return assembly;
}

/** Which slips a password comes from, where some of them are not typed for it. */
function originNote(used: readonly number[], taken: readonly number[]): string[] {
  const before = used.filter((slip) => taken.includes(slip));
  if (before.length === 0) return [];
  const all = `It is from ${slipsText(used)}`;
  return [
    before.length === used.length
      ? `${all}, as they were typed at the checks of this sitting.`
      : `${all}; ${before.join(", ")} as typed at the checks of this sitting.`,
  ];
}

/** Which slips are wanted here: others are for the second person. */
function wantedText({ set }: SetState, slips: readonly number[]): About {
  return (sets) => {
    const have = sets.find(({ name }) => name === set)?.have ?? [];
    const missing = slips.filter((slip) => !have.includes(slip));
    const text = `${slipsText(missing)} ${missing.length === 1 ? "is" : "are"} wanted here`;
    return Promise.resolve(missing.length === 0 ? [] : [[text]]);
  };
}

function slipsText(slips: readonly number[]): string {
  return `slip${slips.length === 1 ? "" : "s"} ${slips.join(", ")}`;
}

function numberOf({ index }: Slip): number {
  return index;
}

/** Slips that were checked in this sitting are taken; others are typed. */
export async function recover(
  sitting: Sitting,
  set: SetState,
  slips: readonly number[],
): Promise<RecoveredHere> {
  const assembly = assemblyOf(sitting, slips);
  const taken = assembly.sets.flatMap(({ have }) => have);
  try {
    const recovered = await recoverAt(sitting.terminal, assembly, {
      wanted: set.set,
      acceptCorrections: false,
      noOthers: true,
      about: wantedText(set, slips),
    });
    const others = notAsIssued(sitting.options.folder, recovered.slips);
    if (others.length > 0) {
      recovered.secret.fill(0);
      throw notIssuedError(others);
    }
    const used = recovered.slips.map(numberOf);
    return { ...{ secret: recovered.secret, slips: used }, note: originNote(used, taken) };
  } finally {
    assembly.wipe();
  }
}

/** Has a recovery written down; if the register refuses it, that is told. */
export function record(
  sitting: Sitting,
  set: SetState,
  slips: readonly number[],
  by: string,
  toSet = false,
): boolean {
  const { folder } = sitting.options;
  let written = false;
  sitting.tell(() => {
    const recovery = { folder, set: set.set, slips, toSet, purpose: "ceremony" as const };
    written = recordRecovery({ ...recovery, options: { by }, clock: sitting.clock });
  });
  return written;
}

/** What the steps are read with takes longer to load than all else here. */
export async function saySteps(...what: Parameters<typeof settingSteps>): Promise<void> {
  const steps = await import("./rotate-steps.ts");
  await steps.settingSteps(...what);
}
