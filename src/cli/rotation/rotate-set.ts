import type { Slip } from "../../core/slip.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import { secondPersonProblem, subsetForSecond } from "../../custody/lifecycle/subsets.ts";
import { wayBack } from "../../custody/lifecycle/way-back.ts";
import {
  activeSet,
  isRecoverable,
  isUsable,
  pendingSet,
  type SetState,
} from "../../custody/register.ts";
import type { DeedFields } from "../journal/deed.ts";
import { recoverAt, showPassword } from "../reading/recover-guided.ts";
import { notAsIssued, notIssuedError, recordRecovery } from "../reading/recover-record.ts";
import { parseSlips } from "../system/options.ts";
import { giveUp } from "./rotate-check.ts";
import type { settingSteps } from "./rotate-steps.ts";
import { deleteFiles } from "./rotate-files.ts";
import type { Sitting, Turn } from "./sitting.ts";
import { refText } from "../../custody/slip-ref.ts";

/** Shows the password to whoever sets it in the tenant. */
export async function setPassword(sitting: Sitting): Promise<Turn> {
  const set = pendingSet(sitting.state().register, sitting.options.account)!;
  await deleteFiles(sitting, set);
  const active = activeSet(sitting.state().register, set.account);
  sitting.say(
    active === undefined
      ? "Once the password is shown it counts as set, until a sign-in is confirmed or it is backed out."
      : `Once the password is shown the tenant may hold it or that of set ${active.set}, until a sign-in is confirmed.`,
  );
  sitting.say("Only the lead, the administrator and the witness stay at this screen.");
  const choice = await sitting.choose({
    g: "go on: the steps to set the password, then the password",
    ...(set.backedOut === undefined ? {} : { x: `give set ${set.set} up: another one is issued` }),
    q: "leave the ceremony here: nothing was set",
  });
  if (choice === "q") return "leave";
  if (choice === "x") return giveUp(sitting, set);
  const by = await sitting.needPerson("Who sets it in the tenant (the administrator)");
  await saySteps(sitting, set);
  return showTo(sitting, set, by);
}

/** Slips for whoever sets the password: the first ones that suffice. */
function subsetForFirst(set: SetState): number[] {
  const numbers = set.slips.filter(isUsable).map(({ slip }) => slip);
  return numbers.slice(0, set.threshold);
}

/** Recovers, has it written down, and shows the password as often as it is asked for. */
async function showTo(sitting: Sitting, set: SetState, by: string): Promise<Turn> {
  const recovered = await recover(sitting, set, subsetForFirst(set));
  try {
    if (!record(sitting, set, recovered.slips, by, true)) return "leave";
    await showPassword(sitting.terminal, recovered.secret, set, recovered.note);
  } finally {
    recovered.secret.fill(0);
  }
  const choice = await sitting.choose({
    y: "it is set in the tenant",
    a: "show the password again",
    b: "the tenant refuses it: back out",
    q: "leave the ceremony here; the register knows that it may be set",
  });
  if (choice === "a") return showTo(sitting, set, by);
  if (choice === "b") return backOut(sitting, set);
  return choice === "y" ? "go on" : "leave";
}

interface RecoveredHere {
  readonly secret: Uint8Array;
  readonly slips: readonly number[];
  /** What is to be known before it is shown. */
  readonly note: readonly string[];
}

function numberOf({ index }: Slip): number {
  return index;
}

/** Slips that were checked in this sitting are taken; others are typed. */
async function recover(
  sitting: Sitting,
  set: SetState,
  slips: readonly number[],
): Promise<RecoveredHere> {
  const assembly = sitting.assemblyOf(slips);
  const taken = assembly.sets.flatMap(({ have }) => have);
  const note =
    taken.length === 0
      ? []
      : [`It is from slips ${taken.join(", ")}, as they were typed at the checks of this sitting.`];
  try {
    const recovered = await recoverAt(sitting.terminal, assembly, {
      wanted: set.set,
      acceptCorrections: false,
      noOthers: true,
    });
    const others = notAsIssued(sitting.options.folder, recovered.slips);
    if (others.length > 0) {
      recovered.secret.fill(0);
      throw notIssuedError(others);
    }
    return { ...{ secret: recovered.secret, note }, slips: recovered.slips.map(numberOf) };
  } finally {
    assembly.wipe();
  }
}

function record(
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

/** A second person signs in, from other slips. */
export async function confirmSignIn(sitting: Sitting): Promise<Turn> {
  const set = pendingSet(sitting.state().register, sitting.options.account)!;
  const { begun } = set;
  const others =
    set.threshold < set.slips.length ? ", from other slips" : ", from the same slips once more";
  sitting.say(
    `${begun!.actor} recovered the password from slips ${begun!.slips.join(", ")} to set it.`,
  );
  if (set.failed !== undefined)
    sitting.say("A sign-in with it failed: have it set again first (a), or back out (b).");
  sitting.say(`Now a second person recovers it${others}, and signs in on another computer.`);
  const choice = await sitting.choose({
    r: "recover it here for the second person",
    e: "it was recovered elsewhere, and the second person has tried to sign in",
    a: "set it (again): show the steps and the password",
    b: "back out: have another password set, and give this set up",
    q: "leave the ceremony here",
  });
  switch (choice) {
    case "r":
      return secondPerson(sitting, set);
    case "e": {
      const by = await sitting.needPerson("Who signed in");
      const slips = parseSlips(await sitting.need("From which slips (such as 1,3)"));
      // First, since a recovery that confirms nothing is not to be written down as one that does.
      if (!mayConfirm(sitting, set, by, slips)) return "go on";
      return record(sitting, set, slips, by) ? outcome(sitting, set, by, slips) : "go on";
    }
    case "a": {
      const by = await sitting.needPerson("Who sets it in the tenant", begun!.actor);
      await saySteps(sitting, set);
      return showTo(sitting, set, by);
    }
    case "b":
      return backOut(sitting, set);
    default:
      return "leave";
  }
}

/** Whether a sign-in from these slips could be confirmed; what stands in the way is said. */
function mayConfirm(
  sitting: Sitting,
  set: SetState,
  by: string,
  slips: readonly number[],
): boolean {
  const refused = secondPersonProblem(by, slips, set, sitting.state().register);
  if (refused === undefined) return true;
  sitting.say(refused.refusal);
  sitting.say(`  ${refused.hint}`);
  return false;
}

async function secondPerson(sitting: Sitting, set: SetState): Promise<Turn> {
  const by = await sitting.needPerson("Who signs in (the second person)");
  const slips = subsetForSecond(set);
  if (!mayConfirm(sitting, set, by, slips)) return "go on";
  await saySteps(sitting, set, "signIn");
  return showToSecond(sitting, set, by);
}

/** Recovers, has it written down, and shows the password as often as it is asked for. */
async function showToSecond(sitting: Sitting, set: SetState, by: string): Promise<Turn> {
  const recovered = await recover(sitting, set, subsetForSecond(set));
  try {
    // Other slips may have been typed than were meant.
    if (!mayConfirm(sitting, set, by, recovered.slips)) return "go on";
    if (!record(sitting, set, recovered.slips, by)) return "leave";
    await showPassword(sitting.terminal, recovered.secret, set, recovered.note);
  } finally {
    recovered.secret.fill(0);
  }
  return outcome(sitting, set, by, recovered.slips, async () => showToSecond(sitting, set, by));
}

function confirmed({ set }: SetState, slips: readonly number[], deed: DeedFields): CustodyEvent {
  return { kind: "sign-in-confirmed", ...deed, set, slips };
}

/** Whether somebody was alerted to the sign-in, as to anybody else's. */
async function alert(sitting: Sitting): Promise<void> {
  const { account } = sitting.options;
  const choice = await sitting.choose({
    y: "the alert for this sign-in has arrived",
    l: "later: it may take half an hour",
  });
  if (choice === "l") {
    sitting.say(`once it was seen: ${COMMANDS.recordAccount("alert-seen", account)}`);
    return;
  }
  const by = await sitting.needPerson("Who saw it");
  sitting.write(by, (deed) => ({ kind: "alert-seen", ...deed, account }));
}

/**
 * Whether the sign-in held.
 *
 * @param again shows the password once more, if it was shown here
 */
async function outcome(
  sitting: Sitting,
  set: SetState,
  by: string,
  slips: readonly number[],
  again?: () => Promise<Turn>,
): Promise<Turn> {
  const choice = await sitting.choose({
    y: `${by} signed in and did one administrative task`,
    n: "the sign-in failed; no more than two attempts",
    ...(again === undefined ? {} : { a: "show the password again" }),
    q: "leave the ceremony here",
  });
  if (choice === "a" && again !== undefined) return again();
  if (choice === "q") return "leave";
  if (choice === "y") {
    if (sitting.write(by, (deed) => confirmed(set, slips, deed))) await alert(sitting);
  } else {
    const reason = await sitting.need("What did the sign-in say");
    sitting.write(by, (deed) => ({
      ...{ kind: "sign-in-failed", ...deed, set: set.set, slips, reason },
    }));
  }
  return "go on";
}

/** Too few slips are left of the set that is being set. */
export async function giveUpSetting(sitting: Sitting): Promise<Turn> {
  const { account } = sitting.options;
  return backOut(sitting, pendingSet(sitting.state().register, account)!);
}

/** Sets the earlier password again, from its slips, and has that written down. */
async function backOut(sitting: Sitting, set: SetState): Promise<Turn> {
  const { to: earlier, open } = wayBack(set, sitting.state().register);
  if (earlier !== undefined && !open) {
    sitting.say(`Set ${earlier.set} can't be recovered any more: there is no way but on.`);
    return "go on";
  }
  const sure = await sitting.choose({
    b:
      earlier === undefined
        ? "back out: the account keeps a password that is on no slip, or an administrator sets one"
        : `back out: the password of set ${earlier.set} is set again, from its slips`,
    ...(isRecoverable(set) ? { n: "no, go on with this set" } : { q: "leave the ceremony here" }),
  });
  if (sure === "q") return "leave";
  if (sure === "n") return "go on";
  const by = await sitting.needPerson("Who sets the password");
  if (earlier !== undefined) {
    sitting.say(`Fetch ${earlier.threshold} slips of set ${earlier.set} from their safes:`);
    for (const slip of earlier.slips.filter(isUsable))
      sitting.say(`  ${refText(slip)}  ${slip.location}, ${slip.custodian}`);
    await saySteps(sitting, earlier);
    const recovered = await recover(sitting, earlier, []);
    try {
      if (!record(sitting, earlier, recovered.slips, by)) return "leave";
      await showPassword(sitting.terminal, recovered.secret, earlier);
    } finally {
      recovered.secret.fill(0);
    }
  }
  const choice = await sitting.choose({
    y: "that password is in the tenant, and a sign-in with it held",
    q: "leave the ceremony here",
  });
  if (choice === "q") return "leave";
  const restored = earlier === undefined ? {} : { restored: earlier.set };
  const written = sitting.write(by, (deed) => ({
    ...{ kind: "set-backed-out", ...deed, set: set.set, ...restored },
  }));
  return written ? "go on" : "leave";
}

/** What the steps are read with takes longer to load than all else here. */
async function saySteps(...what: Parameters<typeof settingSteps>): Promise<void> {
  const steps = await import("./rotate-steps.ts");
  await steps.settingSteps(...what);
}
