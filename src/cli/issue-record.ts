import { bytesToHex } from "@noble/hashes/utils.js";
import { BreakglassError } from "../core/errors.ts";
import { setName, slipCommitment, type Slip } from "../core/slip.ts";
import { PIN_FLOOR_BITS } from "../core/strength.ts";
import { COMMANDS } from "../custody/commands.ts";
import type { CustodyEvent } from "../custody/events.ts";
import { anchor } from "../custody/journal.ts";
import { holderProblems, strengthProblem, type Problem } from "../custody/rules.ts";
import { deedOf, given, type DeedFields } from "./deed.ts";
import type { IssueDefaults, IssueOptions, IssuePlan } from "./issue-options.ts";
import { appendEvents, openRegister, type OpenRegister } from "./journal-file.ts";
import { registerFolder } from "./register-folder.ts";
import { say } from "./output.ts";
import { askFor } from "./questions.ts";
import type { Secret } from "./secret.ts";
import { isoDate } from "./system.ts";

/** What the register has to do with a set that is being issued. */
export class IssueRecord {
  readonly #options: IssueOptions;
  readonly #folder: string;
  readonly #now: Date;
  #state: OpenRegister;
  #deed: DeedFields | undefined;
  #overridden: CustodyEvent[] = [];

  /** @throws BreakglassError `register` if there is none */
  constructor(options: IssueOptions, now: Date) {
    this.#options = options;
    this.#now = now;
    this.#folder = registerFolder(options.register === false ? undefined : options.register);
    this.#state = openRegister(this.#folder);
    for (const note of this.#state.notes) say(`note: ${note}`);
  }

  /** Shaped like any anchor, to see whether it fits the page. */
  readonly trialAnchor = `100000-${"0".repeat(30)}`;

  /**
   * What the register says where a flag does not: the set before, and the policy.
   *
   * @throws BreakglassError `refused` if the account is not there: nothing else is asked for then
   */
  defaults(account: string): IssueDefaults {
    const { accounts, custodians, policy } = this.#state.register;
    const known = accounts.get(account);
    if (known === undefined || known.retired !== undefined)
      throw new BreakglassError(
        "refused",
        "this account is not in the register, or was retired",
        `add it first: ${COMMANDS.addAccount()}`,
      );
    const before = known.sets.findLast(({ abandoned }) => abandoned === undefined);
    const generations = known.sets.map(({ generation }) => generation);
    return {
      split:
        before === undefined
          ? "2of3"
          : splitText(before.scheme, before.threshold, before.slips.length),
      secret: known.secret,
      generation: Math.max(0, ...generations) + 1,
      rotationDays: policy.rotationDays,
      pageSize: policy.pageSize,
      organisation: policy.organisation,
      holders: (before?.slips ?? []).map(({ custodian, alternate = "", location }) => ({
        ...{ custodian, alternate, location },
      })),
      alternateOf: (custodian) => custodians.get(custodian)?.alternate,
      alsoNeeded: before?.alsoNeeded ?? [],
    };
  }

  /** Whether the register has a set of this name. */
  knows(set: string): boolean {
    return this.#state.register.sets.has(set);
  }

  /**
   * Holds the plan against the policy.
   *
   * @throws BreakglassError `refused` for a broken rule that is not overridden
   */
  async prepare(plan: IssuePlan, secret: Secret): Promise<void> {
    const by = await askFor("--by", "Who leads the ceremony", this.#options.by);
    this.#deed = deedOf(
      { ...given({ witness: this.#options.witness, note: this.#options.note }), by },
      this.#now,
    );
    const { register } = this.#state;
    const weak = this.#weakness(plan, secret);
    const problems: Problem[] = [
      ...holderProblems(
        { threshold: plan.split.threshold, slips: plan.holders },
        register.policy,
        register,
      ),
      ...(weak === undefined ? [] : [weak]),
    ];
    for (const { severity, what } of problems) if (severity === "warn") say(`warning: ${what}`);
    const broken = problems.filter(({ severity }) => severity === "refuse");
    const reason = this.#options.override;
    if (broken.length > 0 && reason === undefined)
      throw new BreakglassError(
        "refused",
        broken.map(({ what }) => what).join("; "),
        'change it, or say why it must be so: --override "REASON" (it is written into the register)',
      );
    for (const { rule, what } of broken) {
      say(`overridden: ${what}`);
      this.#overridden.push({
        kind: "rule-overridden",
        ...this.#deed,
        rule,
        reason: reason!,
        account: plan.account,
      });
    }
  }

  #weakness(plan: IssuePlan, secret: Secret): Problem | undefined {
    if (plan.acceptWeak) return undefined;
    const { policy } = this.#state.register;
    const minimumBits = secret.kind === "pin" ? PIN_FLOOR_BITS : policy.minimumBits;
    return strengthProblem(secret.strength, { ...policy, minimumBits });
  }

  /**
   * Writes that the set was issued, before its first page is made.
   *
   * @returns the anchor for its slips
   */
  issued(slips: readonly Slip[], plan: IssuePlan, { strength }: Secret): string {
    const [first] = slips as [Slip, ...Slip[]];
    const event: CustodyEvent = {
      kind: "set-issued",
      ...this.#deed!,
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
    const issued = appendEvents(this.#folder, () => [...this.#overridden, event]);
    return anchor(issued.journal.head);
  }

  /** Writes that some slips were printed, each into a file or by a printer. */
  printed(slips: readonly Slip[], to: "file" | "printer", note?: string): void {
    const remark = [this.#deed!.note, note].filter((part) => part !== undefined).join("; ");
    appendEvents(this.#folder, () =>
      slips.map(({ setId, index }) => ({
        ...{ kind: "slip-printed", ...this.#deed!, to },
        ...(remark === "" ? {} : { note: remark }),
        slip: { set: setName(setId), slip: index },
      })),
    );
  }

  /** Writes that the set will never be set, since its slips did not all come out. */
  failed(set: string): void {
    try {
      appendEvents(this.#folder, () => [
        { kind: "set-abandoned", ...this.#deed!, set, reason: "its slips did not all come out" },
      ]);
    } catch {
      say(`the register still says that set ${set} was issued: breakglass record abandoned ${set}`);
    }
  }
}

function splitText(scheme: Slip["scheme"], threshold: number, total: number): string {
  return scheme === "concat" ? `concat:${total}` : `${threshold}of${total}`;
}
