import { bytesToHex } from "@noble/hashes/utils.js";
import { BreakglassError } from "../../core/errors.ts";
import { setName, slipCommitment, type Slip } from "../../core/slip.ts";
import { PIN_FLOOR_BITS } from "../../core/strength.ts";
import type { EventOf } from "../../custody/events.ts";
import { anchor } from "../../custody/journal.ts";
import {
  holderProblems,
  strengthProblem,
  type Problem,
  type SetPlan,
} from "../../custody/rules.ts";
import { deedOf, given, type DeedFields } from "../journal/deed.ts";
import { appendEvents, openRegister, type OpenRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { say } from "../system/output.ts";
import { isoDate, type Clock } from "../system/system.ts";
import type { Register } from "../../custody/register.ts";
import { issueDefaults } from "./issue-defaults.ts";
import type { IssueDefaults, IssueOptions, IssuePlan } from "./issue-plan.ts";
import type { Secret, Strengthened } from "./secret.ts";

/** What the register has to do with a set that is being issued. */
export class IssueRecord {
  readonly #options: IssueOptions;
  readonly #folder: string;
  readonly #clock: Clock;
  #state: OpenRegister;
  #deed: ((now: Date) => DeedFields) | undefined;
  #overridden: Omit<EventOf<"rule-overridden">, keyof DeedFields>[] = [];

  /** @throws BreakglassError `register` if there is none */
  constructor(options: IssueOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#folder = registerFolder(options.register === false ? undefined : options.register);
    this.#state = openRegister(this.#folder);
    for (const note of this.#state.notes) say(`note: ${note}`);
  }

  /** Shaped like any anchor, to see whether it fits the page. */
  readonly trialAnchor = `100000-${"0".repeat(30)}`;

  /**
   * What the register says where a flag does not.
   *
   * @throws BreakglassError `refused` if the account is not there
   */
  defaults(account: string): IssueDefaults {
    return issueDefaults(this.#state.register, account);
  }

  /** As it was when the command began. */
  get register(): Register {
    return this.#state.register;
  }

  /** Every rule of the policy that holders break. */
  holderProblems(plan: SetPlan): Problem[] {
    const { register } = this.#state;
    return holderProblems(plan, register.policy, register);
  }

  /** Whether the secret is weaker than the policy allows. */
  strengthProblem(plan: IssuePlan, { strength, kind }: Strengthened): Problem | undefined {
    if (plan.acceptWeak) return undefined;
    const { policy } = this.#state.register;
    const minimumBits = kind === "pin" ? PIN_FLOOR_BITS : policy.minimumBits;
    return strengthProblem(strength, { ...policy, minimumBits });
  }

  /** Whether the register has a set of this name. */
  knows(set: string): boolean {
    return this.#state.register.sets.has(set);
  }

  /**
   * Holds the plan against the policy.
   *
   * @param by who leads
   *
   * @throws BreakglassError `refused` for a broken rule that is not overridden
   */
  prepare(plan: IssuePlan, secret: Secret, by: string | undefined): void {
    const { witness, note } = this.#options;
    this.#deed = deedOf({ ...given({ witness, note, by }) });
    const weak = this.strengthProblem(plan, secret);
    const problems: Problem[] = [
      ...this.holderProblems({ threshold: plan.split.threshold, slips: plan.holders }),
      ...(weak === undefined ? [] : [weak]),
    ];
    for (const { severity, what } of problems) if (severity === "warn") say(`warning: ${what}`);
    const broken = problems.filter(({ severity }) => severity === "refuse");
    const reason = this.#options.override;
    if (broken.length > 0 && reason === undefined)
      throw new BreakglassError(
        "refused",
        broken.map(({ what }) => what).join("; "),
        `${remedyOf(broken)}, or say why it must be so: --override "REASON" (it is written into the register)`,
      );
    for (const { rule, what } of broken) {
      say(`overridden: ${what}`);
      this.#overridden.push({
        kind: "rule-overridden",
        rule,
        reason: reason!,
        account: plan.account,
      });
    }
  }

  #deedNow(): DeedFields {
    return this.#deed!(this.#clock());
  }

  /**
   * Writes that the set was issued, before its first page is made.
   *
   * @returns the anchor for its slips
   */
  issued(slips: readonly Slip[], plan: IssuePlan, { strength }: Secret): string {
    const [first] = slips as [Slip, ...Slip[]];
    const event: Omit<EventOf<"set-issued">, keyof DeedFields> = {
      kind: "set-issued",
      set: setName(first.setId),
      account: plan.account,
      generation: plan.generation,
      scheme: first.scheme,
      blinded: first.blinded,
      threshold: first.threshold,
      replaceBy: isoDate(plan.replaceBy),
      slips: slips.map((slip, i) => ({
        commitment: bytesToHex(slipCommitment(slip)),
        ...plan.holders[i]!,
      })),
      ...given({ strength }),
      ...(plan.alsoNeeded.length > 0 ? { alsoNeeded: plan.alsoNeeded } : {}),
    };
    const issued = appendEvents(this.#folder, () => {
      const deed = this.#deedNow();
      return [...this.#overridden, event].map((each) => ({ ...each, ...deed }));
    });
    return anchor(issued.journal.head);
  }

  /** Writes that some slips were printed, each into a file or by a printer. */
  printed(slips: readonly Slip[], to: "file" | "printer", note?: string): void {
    appendEvents(this.#folder, () => {
      const deed = this.#deedNow();
      const remark = [deed.note, note].filter((part) => part !== undefined).join("; ");
      return slips.map(({ setId, index }) => ({
        ...{ kind: "slip-printed", ...deed, to },
        ...(remark === "" ? {} : { note: remark }),
        slip: { set: setName(setId), slip: index },
      }));
    });
  }

  /** Writes that the set will never be set, since its slips did not all come out. */
  failed(set: string): void {
    try {
      appendEvents(this.#folder, () => [
        {
          ...{ kind: "set-abandoned", ...this.#deedNow(), set },
          reason: "its slips did not all come out",
        },
      ]);
    } catch {
      say(`the register still says that set ${set} was issued: breakglass record abandoned ${set}`);
    }
  }
}

function remedyOf(broken: readonly Problem[]): string {
  return broken.every(({ rule }) => rule === "minimum-strength")
    ? "take a stronger secret"
    : "name others (--custodian, --alternate, --location: for every slip, in order)";
}
