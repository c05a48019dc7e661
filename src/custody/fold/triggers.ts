import { openContradictions, setsInUse } from "../register.ts";
import {
  accountOf,
  addTrigger,
  latest,
  odd,
  type Appliers,
  type EntityKind,
  type SetKind,
} from "./context.ts";
import { isNoLoss, withSlip } from "./sets.ts";

/** What asks for something to be done, and what settles it. */
export const TRIGGERS: Omit<Appliers, EntityKind | SetKind> = {
  "staff-changed": ({ change, accounts }, { register, deed }) =>
    addTrigger(register, deed, "staff", `staff changed (${change})`, {
      sets: setsInUse(register, deed.at, accounts),
    }),
  "subscriptions-changed": ({ change, accounts }, { register, deed }) =>
    addTrigger(register, deed, "subscriptions", `subscriptions changed (${change})`, {
      sets: setsInUse(register, deed.at, accounts),
    }),
  "trigger-assessed": ({ trigger, account, reason }, { register, deed }) => {
    const known = register.triggers.get(trigger);
    if (known === undefined) {
      odd({ register, deed }, `entry ${trigger} is no trigger`);
      return;
    }
    const accounts =
      account === undefined ? known.sets.map((set) => register.sets.get(set)?.account) : [account];
    for (const name of accounts)
      if (name !== undefined) known.assessed.set(name, { ...deed, reason });
    const { slip } = known;
    if (known.kind === "lost" && slip !== undefined)
      withSlip(slip, { register, deed }, (state, set) => {
        if (isNoLoss(slip, set, register)) state.found = undefined;
      });
  },
  "alert-seen": ({ account }, context) => {
    const known = accountOf(account, context);
    if (known !== undefined) known.alertSeen = latest(known.alertSeen, context.deed, context);
  },
  "drill-held": ({ type, accounts, result }, { register, deed }) =>
    void register.drills.push({ ...deed, type, result, ...(accounts && { accounts }) }),
  "process-reviewed": (_, context) =>
    void (context.register.reviewed = latest(context.register.reviewed, context.deed, context)),
  "people-trained": ({ people }, context) => {
    const { register, deed } = context;
    for (const person of people) {
      const known = register.custodians.get(person);
      if (known === undefined)
        odd({ register, deed }, `${person} was trained, and is not in the register`);
      else known.trained = latest(known.trained, deed, context);
    }
  },
  "exception-noted": ({ problem, remedy, account }, { register, deed }) =>
    void register.exceptions.set(deed.n, {
      ...{ ...deed, problem, remedy, account },
      closed: remedy === undefined ? undefined : deed,
    }),
  "exception-closed": ({ exception, remedy }, { register, deed }) => {
    const known = register.exceptions.get(exception);
    const contradictions = openContradictions(register, exception);
    if (contradictions.length > 0 && (known === undefined || known.closed !== undefined)) {
      for (const contradiction of contradictions) {
        contradiction.closed = deed;
        contradiction.remedy = remedy;
      }
      return;
    }
    if (known === undefined) {
      odd({ register, deed }, `entry ${exception} is no exception`);
      return;
    }
    known.remedy = remedy;
    known.closed = deed;
  },
  "rule-overridden": ({ rule, reason, account, set }, { register, deed }) =>
    void register.overrides.push({
      ...{ ...deed, rule, reason },
      ...(account === undefined ? {} : { account }),
      ...(set === undefined ? {} : { set }),
    }),
};
