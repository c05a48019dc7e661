import { COMMANDS } from "../commands.ts";
import { firstSealed } from "../lifecycle/order.ts";
import { isPaperKnown, needsFiles } from "../lifecycle/paper.ts";
import { leftovers, nextStep, replaceCommand, waitsForNewer } from "../lifecycle/standing.ts";
import {
  activeSet,
  isLater,
  isLeft,
  isRecoverable,
  liesOpen,
  pendingSet,
  type AccountState,
  type Deed,
  type Register,
  type SetState,
  type SlipState,
} from "../register.ts";
import { refText } from "../slip-ref.ts";
import { isoTime } from "../times.ts";
import { rotationUntil } from "./account-lines.ts";
import { recurring, within, Duties, slipPlace, validated, type DueDate } from "./duty.ts";
import { holderRemarks, termRemarks } from "./rule-remarks.ts";

/** What an account asks for that is in use: a set, its rotation, sign-ins, alerts, and paper that is in order. */
export function accountDuties(account: AccountState, register: Register, found: Duties): void {
  const { policy } = register;
  const name = account.account;
  const active = activeSet(register, name);
  const pending = pendingSet(register, name);
  if (pending !== undefined) pendingDuties(pending, register, found);
  if (active === undefined) {
    if (pending === undefined)
      found.date({
        ...{ id: `rotation:${name}`, account: name },
        what: `${name} has no password on slips`,
        command: replaceCommand(register, name, COMMANDS.issue(name)),
        ...within(account.added, policy.graceDays),
      });
    return;
  }
  const place = { account: name, set: active.set };
  const rotation = rotationUntil(active, register);
  if (rotation !== undefined)
    found.date({
      ...{ id: `rotation:${name}`, ...place },
      what: `the password of ${name} is to be replaced (set ${active.set}, generation ${active.generation})`,
      command: replaceCommand(register, name),
      until: isoTime(new Date(rotation)),
    });
  found.date({
    ...{ id: `sign-in:${name}`, ...place },
    ...(active.failed === undefined
      ? {
          what: `the sign-in of ${name} is to be tried`,
          ...recurring(active.signedIn ?? active.issued, policy.validationDays),
        }
      : {
          what: `a sign-in of ${name} failed on ${active.failed.at.slice(0, 10)}, and is to be tried again, or its password replaced`,
          alternative: replaceCommand(register, name),
          ...within(active.failed, policy.graceDays),
        }),
    command: COMMANDS.confirm(name),
  });
  if (account.secret === "password")
    found.date({
      ...{ id: `alert:${name}`, ...place },
      what:
        account.alertSeen === undefined
          ? `nobody has seen that a sign-in of ${name} raises an alert`
          : `the alert on a sign-in of ${name} is to be seen again`,
      command: COMMANDS.recordAccount("alert-seen", name),
      ...validated(account.alertSeen, active.confirmed ?? active.issued, policy),
    });
  if (account.secret === "password" && !hasSecondFactor(account, active, register))
    found.note({
      ...{ id: `second-factor:${name}`, ...place },
      what: `the register knows of no second factor for ${name}, such as a FIDO2 key, and admin centres ask for one`,
      command: COMMANDS.addItem(name),
    });
  drillDuty(account, register, found);
  activeDuties(active, rotation, register, found);
}

/** A full drill that failed is held again: nobody knows yet whether an emergency would go better. */
function drillDuty(
  { account, added, secret }: AccountState,
  { drills, policy }: Register,
  found: Duties,
): void {
  // One that names no account is held with every password.
  const own = drills.filter(
    ({ type, accounts }) =>
      type === "full" && (accounts?.includes(account) ?? secret === "password"),
  );
  const [last] = own.toSorted((a, b) => Number(isLater(b, a)) - Number(isLater(a, b)));
  if (last?.result !== "failed" || isLater(added, last)) return;
  found.date({
    ...{ id: `drill:${account}`, account },
    what: `the full drill of ${account} on ${last.at.slice(0, 10)} failed, and is to be held again`,
    ...{ command: COMMANDS.drillScript(account), alternative: COMMANDS.recordDrill(account) },
    ...within(last, policy.graceDays),
  });
}

/** Whether anything is on record that a sign-in could need beside the password: an item, a PIN on slips, or a word on the slips. */
function hasSecondFactor(
  { account }: AccountState,
  { alsoNeeded }: SetState,
  { items, accounts }: Register,
): boolean {
  return (
    alsoNeeded.length > 0 ||
    [...items.values()].some((item) => item.account === account && item.gone === undefined) ||
    [...accounts.values()].some(
      ({ belongsTo, retired }) => belongsTo === account && retired === undefined,
    )
  );
}

function activeDuties(
  set: SetState,
  rotation: number | undefined,
  register: Register,
  found: Duties,
): void {
  const { policy } = register;
  const { account } = set;
  const place = { account, set: set.set };
  for (const slip of set.slips) {
    if (!isLeft(slip)) continue;
    const checked = recurring(slip.checked ?? set.issued, policy.checkDays);
    // A rotation that comes no later brings a new slip, which is checked then.
    if (rotation === undefined || Date.parse(checked.until) < rotation)
      found.date({
        ...{ id: `check:${refText(slip)}`, ...slipPlace(set, slip) },
        what: `${refText(slip)} is to be checked by ${slip.custodian}`,
        command: COMMANDS.recordSlip("checked", slip),
        ...checked,
      });
    unsealedDuty(slip, set, register, found);
  }
  if (!isRecoverable(set))
    found.date({
      ...{ id: `recoverable:${account}`, ...place },
      what: `the password of ${account} can't be recovered any more: too few slips of set ${set.set} are left`,
      command: COMMANDS.rotate(account),
      ...within(lastLoss(set), 0),
    });
  holderRemarks(set, register, found);
  termRemarks(set, register, found);
}

/** A slip that lies open: since it was opened, or found again, or else since the set was active. */
function unsealedDuty(slip: SlipState, set: SetState, { policy }: Register, found: Duties): void {
  const open = liesOpen(slip);
  if (open === undefined) return;
  found.date({
    ...{ id: `sealed:${refText(slip)}`, ...slipPlace(set, slip) },
    what:
      open.how === "opened"
        ? `${refText(slip)} was opened and not sealed again`
        : `${refText(slip)} is not sealed`,
    command: COMMANDS.recordSlip("sealed", slip),
    ...within(open.since ?? set.confirmed ?? set.issued, policy.graceDays),
  });
}

function lastLoss(set: SetState): Deed {
  const losses = set.slips.flatMap(({ destroyed, lost, damaged }) =>
    [destroyed, lost, damaged].filter((deed) => deed !== undefined),
  );
  return losses.reduce((last, deed) => (deed.at > last.at ? deed : last), set.issued);
}

/**
 * A ceremony that was begun: it goes on for the days of grace, and is overdue then. From the moment
 * the password is shown to be set it is due.
 */
function pendingDuties(set: SetState, register: Register, found: Duties): void {
  const { where, holds, next } = nextStep(register, set.account);
  const start = set.stage === "setting" ? (set.begun ?? set.issued) : set.issued;
  const duty = {
    ...{ id: `ceremony:${set.account}`, account: set.account, set: set.set },
    what: `${where}; the tenant holds ${holds}`,
    ...(next?.command === undefined ? {} : { command: next.command }),
    ...within(start, register.policy.graceDays),
  };
  // Which password the tenant holds is not to stay open for a day.
  if (set.stage === "setting") found.date(duty);
  else found.going.push(duty);
  holderRemarks(set, register, found);
}

/** Old slips that are not destroyed, and files of slips that are not deleted. */
export function leftoverDuties(account: AccountState, register: Register, found: Duties): void {
  const { graceDays } = register.policy;
  const { old, kept } = leftovers(register, account.account);
  const freedBy = freeing(account.account, register);
  for (const slip of [...old, ...kept]) {
    const set = register.sets.get(slip.set)!;
    const ended = set.superseded ?? set.abandoned ?? set.issued;
    const free = waitsForNewer(set, register) ? firstSealed(set, register) : set.cleared;
    found.date({
      ...{ id: `destroy:${refText(slip)}`, ...slipPlace(set, slip) },
      what: `${refText(slip)} is of ${set.stage === "abandoned" ? "an abandoned" : "an old"} set (generation ${set.generation}) and not destroyed yet${kept.includes(slip) ? `, since it is kept until ${freedBy.until}` : ""}`,
      command: kept.includes(slip) ? freedBy.command : COMMANDS.recordSlip("destroyed", slip),
      ...within(laterOf(ended, free), graceDays),
    });
  }
  for (const set of account.sets)
    if (set.files !== undefined && !needsFiles(set, register))
      found.date({
        ...{ id: `files:${set.set}`, account: set.account, set: set.set },
        what: `the slip files of set ${set.set} are not deleted yet`,
        command: COMMANDS.recordSet("files-deleted", set.set),
        ...filesTerm(set, set.files, graceDays),
      });
}

/** What comes before old slips are destroyed that are kept: the new set is sealed, or one that can be recovered is made. */
function freeing(
  account: string,
  register: Register,
): { readonly until: string; readonly command: string } {
  const active = activeSet(register, account);
  const [loose] = leftovers(register, account).unsealed;
  if (active !== undefined && isRecoverable(active) && loose !== undefined)
    return {
      until: `every slip of the new set ${active.set} is sealed`,
      command: COMMANDS.recordSlip("sealed", loose),
    };
  return {
    until: "a new set that can be recovered is sealed",
    command: COMMANDS.rotate(account),
  };
}

/** What was not to be done before another deed counts from that one on. */
function laterOf(one: Deed, other: Deed | undefined): Deed {
  return other !== undefined && isLater(other, one) ? other : one;
}

/** Until every slip was checked, one may have to be printed again. */
function filesTerm(
  set: SetState,
  written: Deed,
  graceDays: number,
): Pick<DueDate, "since" | "until"> {
  const free = isPaperKnown(set) ? undefined : set.cleared;
  const { since, until } = within(laterOf(written, free), graceDays);
  return set.stage === "issued" ? { until } : { since, until };
}
