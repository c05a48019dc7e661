import { pendingSet } from "../../custody/register.ts";
import type { Sitting, Turn } from "./sitting.ts";

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
  // What follows is loaded when it is chosen: nobody should wait for it before the choice.
  switch (choice) {
    case "r":
      return (await import("./rotate-sign-in.ts")).secondPerson(sitting, set);
    case "e":
      return (await import("./rotate-sign-in.ts")).signedInElsewhere(sitting, set);
    case "a":
      return (await import("./rotate-set.ts")).setAgain(sitting, set);
    case "b":
      return (await import("./rotate-back-out.ts")).backOut(sitting, set);
    default:
      return "leave";
  }
}
