import { BreakglassError } from "../../core/errors.ts";
import { COMMANDS } from "../../custody/commands.ts";
import { looseEnd, nextStep, stepText } from "../../custody/lifecycle/standing.ts";
import { spelledAs } from "../../custody/names.ts";
import {
  isOnPaper,
  pendingSet,
  setsOf,
  type Register,
  type SetState,
} from "../../custody/register.ts";
import type { IssueForm } from "../issuing/issue-form.ts";
import type { IssueOptions } from "../issuing/issue-plan.ts";
import { compareAnchor, requireSince } from "../journal/compare-anchor.ts";
import type { OpenRegister } from "../journal/journal-file.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { oneLine, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import { askAccount } from "../terminal/ask-account.ts";
import type { Step } from "../terminal/in-turn.ts";
import { askAtTerminal, askFor } from "../terminal/questions.ts";

export interface RotateOptions extends IssueOptions {
  /** From the newest slip of the account. */
  readonly anchor?: string;
}

/** What is to be known before a rotation begins or goes on. */
export class RotationStart {
  readonly #state: OpenRegister;
  readonly #options: RotateOptions;
  readonly #guided: boolean;
  readonly #clock: Clock;
  account: string | undefined;
  /** The set that is to be issued, if one is. */
  form: IssueForm | undefined;
  /** Whether to issue another set although the last rotation has loose ends. */
  #another: boolean | undefined;
  #compared = false;

  constructor(
    state: OpenRegister,
    given: string | undefined,
    options: RotateOptions,
    guided: boolean,
    clock: Clock,
    /** Whether another set is issued in the same sitting, in which the register was compared. */
    again = false,
  ) {
    this.#state = state;
    this.#options = options;
    this.#guided = guided;
    this.#clock = clock;
    if (again) {
      this.#another = true;
      this.#compared = true;
    }
    if (given !== undefined && given.trim() !== "")
      this.account = spelledAs(given, state.register.accounts.keys());
  }

  /** Everything that is to be said, in the order in which it is asked for. */
  async steps(): Promise<Step[]> {
    const { register } = this.#state;
    const account: Step = {
      isSaid: () => this.account !== undefined,
      ask: async () => {
        this.account = await askAccount(register, undefined, true);
      },
      unsay: () => {
        this.account = undefined;
        this.form = undefined;
        this.#compared = false;
      },
    };
    if (this.account === undefined) return [account];
    this.#compareGiven();
    const loose = this.#looseEnds(this.account);
    const another: Step = {
      isSaid: () => loose === undefined || this.#another !== undefined,
      ask: async () => {
        const why = await this.#whyReplace(this.account!);
        if (why !== undefined) say(why);
        say(loose!);
        const question =
          why === undefined
            ? "g to finish these first, i to issue another set now"
            : "i to issue another set now, which is recommended, or g to finish these first";
        const typed = await askAtTerminal(question, {
          ...{ known: [], back: true },
          judge: (answer) => ["g", "i"].includes(answer) || "type g or i",
        });
        this.#another = typed === "i";
      },
      unsay: () => {
        this.#another = undefined;
      },
    };
    if (!another.isSaid()) return [account, another];
    if (loose === undefined ? this.#isToGoOn(this.account) : this.#another === false)
      return [account, another];
    const anchor: Step = {
      isSaid: () => this.#compared || newestOnPaper(register, this.account!) === undefined,
      ask: async () => this.#askAnchor(),
      unsay: () => {
        this.#compared = false;
      },
    };
    if (!anchor.isSaid()) return [account, another, anchor];
    this.form ??= await this.#newForm(this.account);
    return [account, another, anchor, ...this.form.steps()];
  }

  async #newForm(account: string): Promise<IssueForm> {
    // A rotation that goes on does not wait for what issues another set.
    const { IssueForm } = await import("../issuing/issue-form.ts");
    const { IssueRecord } = await import("../issuing/issue-record.ts");
    const told = { ...this.#options, account };
    return new IssueForm(told, this.#clock, new IssueRecord(told, this.#clock));
  }

  /**
   * A set that is under way is finished first, and so are the loose ends of the last rotation.
   *
   * @throws BreakglassError `refused` if there are some, and nobody is led through them
   */
  #isToGoOn(account: string): boolean {
    const { register } = this.#state;
    if (pendingSet(register, account) !== undefined) return true;
    const loose = looseEnd(register, account);
    if (loose !== undefined && !this.#guided)
      throw new BreakglassError("refused", loose.where, `first ${stepText(loose.next)}`);
    return loose !== undefined;
  }

  /** After a loss they may wait: what they are, if somebody can be asked. */
  #looseEnds(account: string): string | undefined {
    if (!this.#guided || this.#isToGoOn(account)) return undefined;
    const { where, next } = nextStep(this.#state.register, account);
    return next?.step === "seal" || next?.step === "destroy" ? where : undefined;
  }

  /** What is told where a rotation is due and the loose ends of the last one come first. */
  async afterwards(): Promise<string | undefined> {
    const { register } = this.#state;
    const account = this.account!;
    if (pendingSet(register, account) !== undefined || looseEnd(register, account) === undefined)
      return undefined;
    const why = await this.#whyReplace(account);
    return (
      why &&
      `${why}; what the last rotation left comes first, and then: ${COMMANDS.rotate(account)}`
    );
  }

  /** Why another set is due now, and since when, if one is. */
  async #whyReplace(account: string): Promise<string | undefined> {
    // A rotation that goes on does not wait for what says all that is due.
    const { due } = await import("../../custody/schedule/schedule.ts");
    const causes = due(this.#state.register, this.#clock()).filter(
      ({ id, severity, account: whose }) =>
        whose === account &&
        /^(?:rotation|trigger|recoverable):/.test(id) &&
        (severity === "due" || severity === "overdue"),
    );
    // What happened says more than that the day has come.
    const found = causes.find(({ id }) => !id.startsWith("rotation:")) ?? causes[0];
    const since = found?.since ?? found?.until;
    return found && since && oneLine(`due since ${since.slice(0, 10)}: ${found.what}`);
  }

  /** What is given is compared, even where nobody would be asked for it. */
  #compareGiven(): void {
    const { anchor } = this.#options;
    if (this.#compared || anchor === undefined) return;
    this.#agrees(anchor);
  }

  /** An old copy of the register, put back by mistake or on purpose, does not know the newest slip. */
  async #askAnchor(): Promise<void> {
    if (hasTerminal()) {
      say(
        "the anchor on minutes since the newest slip was issued, or on that slip, tells whether this is the right copy of the register, and was not rewritten",
      );
    }
    for (;;)
      try {
        this.#agrees(
          await askFor("--anchor", "Register anchor (such as 18-2700...)", undefined, {
            back: true,
          }),
        );
        return;
      } catch (error) {
        if (!(error instanceof BreakglassError) || !hasTerminal()) throw error;
        if (error.code === "interrupted") throw error;
        reportError(error);
        say("compare what was typed with the paper first; Ctrl-C leaves");
      }
  }

  #agrees(anchor: string): void {
    const { journal, register } = this.#state;
    const known = compareAnchor(journal, anchor);
    const newest = newestOnPaper(register, this.account!);
    if (newest !== undefined) requireSince(known, newest);
    this.#compared = true;
    say("the register agrees with the anchor on the slip");
  }
}

/** The newest set of which a slip is still there; nothing else has an anchor of it. */
function newestOnPaper(register: Register, account: string): SetState | undefined {
  return setsOf(register, account).findLast(({ slips }) => slips.some(isOnPaper));
}
