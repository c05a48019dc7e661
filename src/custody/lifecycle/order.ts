import type { CustodyEvent } from "../events.ts";
import { setsOf, type Deed, type Register, type SetState } from "../register.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { waitsForNewer } from "./standing.ts";
import { ownRecovery } from "./subsets.ts";
import { restoredAgain } from "./way-back.ts";
import { refText } from "../slip-ref.ts";

/** What somebody dates can't be earlier than what it follows; to the minute, as times are given. */
export function orderProblem(event: CustodyEvent, register: Register): Refusal | undefined {
  if (event.recorded === undefined || register.opened === undefined) return undefined;
  // People were trained and things tested before there was a register; no set was issued before.
  const isOfSets = "set" in event || "slip" in event || event.kind === "account-retired";
  const before: readonly Before[] = [
    [isOfSets ? register.opened : undefined, "the register was opened"],
    ...followed(event, register),
  ];
  for (const [deed, what] of before)
    if (deed !== undefined && event.at.slice(0, 16) < deed.at.slice(0, 16))
      return refuse(
        `--at ${event.at} is too early: ${what} at ${deed.at}`,
        "give the time when it happened, in UTC; leave --at out if that was just now",
      );
  return undefined;
}

type Before = readonly [deed: Deed | undefined, what: string];

/** What was before an event, as far as the register knows. */
function followed(event: CustodyEvent, register: Register): Before[] {
  if (event.kind === "exception-closed")
    return [[register.exceptions.get(event.exception), "it was noted"]];
  if (event.kind === "trigger-assessed")
    return [[register.triggers.get(event.trigger), "it happened"]];
  if ("slip" in event) {
    const set = register.sets.get(event.slip.set);
    return set === undefined
      ? []
      : [[set.issued, "the set was issued"], ...ofSlip(event, set, register)];
  }
  const set = "set" in event ? register.sets.get(event.set) : undefined;
  return set === undefined
    ? []
    : [[set.issued, "the set was issued"], ...ofSet(event, set, register)];
}

function ofSlip({ kind }: CustodyEvent, set: SetState, register: Register): Before[] {
  if (kind === "slip-sealed") return [[set.confirmed, "the sign-in was confirmed"]];
  if (kind !== "slip-destroyed") return [];
  return [
    [set.superseded ?? set.abandoned, "the set was given up"],
    [
      waitsForNewer(set, register) ? firstSealed(set, register) : undefined,
      "the new slips were sealed",
    ],
  ];
}

/** When every slip of a newer set lay sealed, the first time: what is sealed again later changes nothing. */
export function firstSealed(
  { account, generation }: SetState,
  register: Register,
): Deed | undefined {
  const newer = setsOf(register, account).filter((set) => set.generation > generation);
  const [first] = newer
    .flatMap(({ allSealed }) => allSealed ?? [])
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return first;
}

function ofSet(event: CustodyEvent, set: SetState, register: Register): Before[] {
  const shown: Before = [set.setters[0], "the password was shown to be set"];
  switch (event.kind) {
    case "setting-begun":
      return set.slips.map((slip) => [slip.checked, `${refText(slip)} was checked`]);
    case "password-recovered":
    case "sign-in-failed":
      return [shown];
    case "sign-in-confirmed":
      return set.stage === "setting"
        ? [shown, [ownRecovery(event, set), `${event.actor} recovered it`]]
        : [[set.confirmed, "the first sign-in was confirmed"]];
    case "set-backed-out":
      return [shown, [restoredAgain(set, register), "the earlier password was recovered"]];
    case "set-abandoned":
      return [[set.backedOut, "it was backed out"]];
    default:
      return [];
  }
}
