import { wayBack } from "../../custody/lifecycle/way-back.ts";
import { isRecoverable, isUsable, pendingSet, type SetState } from "../../custody/register.ts";
import { refText } from "../../custody/slip-ref.ts";
import { showPassword } from "../reading/recover-guided.ts";
import { record, recover, saySteps } from "./rotate-recover.ts";
import type { Sitting, Turn } from "./sitting.ts";

/** Too few slips are left of the set that is being set. */
export async function giveUpSetting(sitting: Sitting): Promise<Turn> {
  const { account } = sitting.options;
  return backOut(sitting, pendingSet(sitting.state().register, account)!);
}

/** Sets the earlier password again, from its slips, and has that written down. */
export async function backOut(sitting: Sitting, set: SetState): Promise<Turn> {
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
  const written = await sitting.write(by, (deed) => ({
    ...{ kind: "set-backed-out", ...deed, set: set.set, ...restored },
  }));
  return written ? "go on" : "leave";
}
