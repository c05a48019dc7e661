import { leftovers } from "../../custody/lifecycle/standing.ts";
import { activeSet } from "../../custody/register.ts";
import { NO_SERIAL, isBagSerial } from "../system/bag-serial.ts";
import { deleteFiles } from "./rotate-files.ts";
import type { Sitting, Turn } from "./sitting.ts";
import { refText } from "../../custody/slip-ref.ts";

/** Has every slip of the new set put into its bag. */
export async function sealSlips(sitting: Sitting): Promise<Turn> {
  const { account } = sitting.options;
  const { register } = sitting.state();
  const active = activeSet(register, account);
  if (active !== undefined) await deleteFiles(sitting, active);
  sitting.say("Each custodian folds the slip print inside, sleeves it and seals the bag.");
  // Asked between two serials, a serial would be taken for a name.
  const by = await sitting.lead();
  const witness = await sitting.witness();
  let later = 0;
  for (const { set, slip, custodian } of leftovers(register, account).unsealed) {
    const name = refText({ set, slip });
    // What is refused, a serial that another bag has, is asked for again.
    for (let written = false; !written;) {
      const bag = await sitting.ask(`Serial of the bag of ${name}, ${custodian} (Enter: later)`);
      if (bag === "") {
        later++;
        break;
      }
      if (!isBagSerial(bag)) {
        sitting.say(NO_SERIAL);
        continue;
      }
      written = await sitting.write(by, (deed) => ({
        ...{ kind: "slip-sealed", ...deed, witness, slip: { set, slip }, bag },
      }));
    }
  }
  if (later > 0) sitting.say(`${later} of its slips ${later === 1 ? "is" : "are"} not sealed yet.`);
  return later > 0 ? "leave" : "go on";
}

/** Has every old slip destroyed that is here. */
export async function destroySlips(sitting: Sitting): Promise<Turn> {
  const { old } = leftovers(sitting.state().register, sitting.options.account);
  sitting.say("These slips open nothing any more. Each is shredded before a witness.");
  let later = 0;
  for (const { set, slip, custodian, location, sealed } of old) {
    const name = refText({ set, slip });
    const bag = sealed?.bag === undefined ? "" : `, bag ${sealed.bag}`;
    sitting.say(`${name}: ${custodian}, ${location}${bag}`);
    const choice = await sitting.choose({
      d: "it was shredded before the witness just now",
      l: "later: it is not here",
    });
    if (choice === "l") later++;
    else {
      const by = await sitting.lead();
      const witness = await sitting.witness();
      const written = await sitting.write(by, (deed) => ({
        ...{ kind: "slip-destroyed", ...deed, witness, slip: { set, slip } },
      }));
      if (!written) later++;
    }
  }
  return later > 0 ? "leave" : "go on";
}
