import { needsFiles } from "../../custody/lifecycle/paper.ts";
import { abandonedText } from "../../custody/lifecycle/standing.ts";
import { pendingSet, type SetState, type SlipState } from "../../custody/register.ts";
import { oneLine } from "../system/output.ts";
import { deleteFiles, filesOf } from "./rotate-files.ts";
import type { Sitting, Turn } from "./sitting.ts";
import { refText } from "../../custody/slip-ref.ts";

/** Has the next slip of the pending set checked from paper, by its custodian. */
export async function checkSlip(sitting: Sitting): Promise<Turn> {
  const set = pendingSet(sitting.state().register, sitting.options.account)!;
  const slip = set.slips.find(({ checked }) => checked === undefined)!;
  if (set.slips.every(({ checked }) => checked === undefined)) {
    if (set.files !== undefined)
      sitting.say("Print every slip now, one after the other; each custodian takes theirs.");
    sitting.say("Each custodian comes to this keyboard alone, and types what is on the paper.");
  }
  sitting.say(`${refText(slip)} is ${holderText(slip)}. Everybody else looks away.`);
  const choice = await sitting.choose({
    t: `type ${refText(slip)} from the paper`,
    d: "the paper is damaged, not complete, or not there",
    q: "leave the ceremony here",
  });
  if (choice === "q") return "leave";
  if (choice === "d") return spoil(sitting, slip);
  const by = await sitting.needPerson("Who checks it", slip.custodian);
  // Nobody waits before the choice for what reads slips.
  const { readFromPaper } = await import("./read-from-paper.ts");
  try {
    const checked = await readFromPaper(sitting, set, slip, by);
    if (checked !== undefined) sitting.slips.push(checked);
  } catch (error) {
    // Whatever is wrong with what was typed: it can be typed again, or the paper given up.
    sitting.tell(() => {
      throw error;
    });
  }
  return "go on";
}

function holderText({ custodian, alternate }: SlipState): string {
  return `for ${custodian}${alternate === undefined ? "" : ` (alternate ${alternate})`}`;
}

/** A slip that is no good before it is ever sealed ends its set, unless only the paper is bad. */
async function spoil(sitting: Sitting, { set, slip }: SlipState): Promise<Turn> {
  const name = refText({ set, slip });
  const file = filesOf(sitting, set).find((path) => path.includes(`${set}-slip-${slip}-of-`));
  const { register } = sitting.state();
  const fate = abandonedText(register.sets.get(set)!, register);
  sitting.say(
    `If ${name} is given up, so is the whole set ${set}: ${fate}, and another set is issued.`,
  );
  const choice = await sitting.choose({
    ...(file === undefined ? {} : { p: `only the paper is bad: ${name} is printed again` }),
    b: "back: type it (again)",
    x: `give up ${name}, and set ${set} with it`,
  });
  if (choice === "b") return "go on";
  if (choice === "p") {
    const lead = await sitting.lead();
    const witness = await sitting.witness();
    const note = "printed again: the page before was bad, and is shredded";
    const written = await sitting.write(lead, (deed) => ({
      ...{ kind: "slip-printed", ...deed, witness, note, slip: { set, slip }, to: "printer" },
    }));
    if (!written) return "go on";
    sitting.say(`Shred the bad page before the witness, and print ${oneLine(file!)} again.`);
    await sitting.terminal.pause("Enter when the new page is there, to be checked. ");
    return "go on";
  }
  const reason = await sitting.need("What is wrong with it");
  await sitting.write(await sitting.lead(), (deed) => ({
    ...{ kind: "slip-damaged", ...deed, slip: { set, slip }, reason },
  }));
  return "go on";
}

/** Has a set given up that can't be finished. */
export async function abandonSet(sitting: Sitting): Promise<Turn> {
  const { register } = sitting.state();
  const set = pendingSet(register, sitting.options.account)!;
  sitting.say(`Set ${set.set} can't be used; the password in the tenant stays as it is.`);
  const choice = await sitting.choose({
    a: `abandon set ${set.set}: ${abandonedText(set, register)}, and another set is issued`,
    q: "leave the ceremony here",
  });
  if (choice === "q") return "leave";
  return giveUp(sitting, set);
}

/** Gives a set up whose password is not in the tenant, and sees to its files. */
export async function giveUp(sitting: Sitting, set: SetState): Promise<Turn> {
  const reason = await sitting.need("Why", "its slips are not all as printed");
  const written = await sitting.write(await sitting.lead(), (deed) => ({
    ...{ kind: "set-abandoned", ...deed, set: set.set, reason },
  }));
  if (!written) return "leave";
  sitting.hasGivenUp = true;
  if (!needsFiles(set, sitting.state().register))
    await deleteFiles(sitting, set, `Set ${set.set} is given up`);
  else if (set.files !== undefined)
    sitting.say(
      `The slip files of set ${set.set} are kept, too: too few of its slips were checked from paper. They can go once a sign-in with another set was confirmed.`,
    );
  return "go on";
}
