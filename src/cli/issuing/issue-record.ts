import { bytesToHex } from "@noble/hashes/utils.js";
import { BreakglassError } from "../../core/errors.ts";
import { setName, slipCommitment, type Slip } from "../../core/slip.ts";
import { PIN_FLOOR_BITS } from "../../core/strength.ts";
import type { EventOf } from "../../custody/events.ts";
import { text } from "../../custody/fields.ts";
import { anchor } from "../../custody/journal.ts";
import { unfinishedProblem } from "../../custody/lifecycle/set-guards.ts";
import type { Register } from "../../custody/register.ts";
import {
  holderProblems,
  replaceByProblem,
  strengthProblem,
  type HolderProblem,
  type Problem,
  type SetPlan,
} from "../../custody/rules.ts";
import { isoDate } from "../../custody/times.ts";
import { checkFlag, deedOf, given, type DeedFields } from "../journal/deed.ts";
import { appendEvents } from "../journal/journal-append.ts";
import { openRegister, type OpenRegister } from "../journal/journal-file.ts";
import { registerFolder } from "../journal/register-folder.ts";
import { say } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
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
  #overridden: Omit<EventOf<"rule-overridden">, keyof DeedFields | "set">[] = [];

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
   * @throws BreakglassError `refused` if the account is not there, or can't have another set yet:
   *   nothing else is asked for then
   */
  defaults(account: string): IssueDefaults {
    const { register } = this.#state;
    const defaults = issueDefaults(register, account);
    const refused = unfinishedProblem(register, account);
    if (refused !== undefined) throw new BreakglassError("refused", refused.refusal, refused.hint);
    return defaults;
  }

  /** As it was when the command began. */
  get register(): Register {
    return this.#state.register;
  }

  /** Every rule of the policy that holders break. */
  holderProblems(plan: SetPlan): HolderProblem[] {
    const { register } = this.#state;
    return holderProblems(plan, register.policy, register);
  }

  /**
   * Whether the secret is weaker than the policy allows. The register wants to know why: that a
   * secret may be weak is not enough.
   */
  strengthProblem({ strength, kind }: Strengthened): Problem | undefined {
    const { policy } = this.#state.register;
    const minimumBits = kind === "pin" ? PIN_FLOOR_BITS : policy.minimumBits;
    return strengthProblem(strength, { ...policy, minimumBits });
  }

  /** Whether the set is to be replaced later than the policy wants. */
  replaceByProblem({ replaceBy }: IssuePlan): Problem | undefined {
    const { policy } = this.#state.register;
    return replaceByProblem(isoDate(replaceBy), isoDate(this.#clock()), policy);
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
    checkFlag("--override", text, this.#options.override);
    this.#overridden = [];
    const { witness, note } = this.#options;
    this.#deed = deedOf({ ...given({ witness, note, by }) });
    const problems: Problem[] = [
      ...this.holderProblems({ threshold: plan.split.threshold, slips: plan.holders }),
      ...[this.strengthProblem(secret), this.replaceByProblem(plan)].filter(
        (problem) => problem !== undefined,
      ),
    ];
    for (const { severity, what } of problems) if (severity === "warn") say(`careful: ${what}`);
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
      const overridden = this.#overridden.map((each) => ({ ...each, set: event.set }));
      return [...overridden, event].map((each) => ({ ...each, ...deed }));
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
  const remedies = broken.map(({ rule }) => {
    if (rule === "minimum-strength") return "take a stronger secret";
    if (rule === "replace-by") return "name an earlier day (--replace-by)";
    return "name others (--custodian, --alternate, --location: for every slip, in order)";
  });
  return [...new Set(remedies)].join(", ");
}
