import { BreakglassError } from "../../core/errors.ts";
import { choicesOf, missingFields, wrongField, type CustodyEvent } from "../../custody/events.ts";
import type { Register } from "../../custody/register.ts";
import { deedOf, flagError, given } from "../journal/deed.ts";
import { flagOf } from "../journal/event-flags.ts";
import type { PeekedRegister } from "../journal/journal-bytes.ts";
import { peopleIn } from "../journal/people.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import type { Clock } from "../system/system.ts";
import { Answer } from "../terminal/answer.ts";
import { asVerdict } from "../terminal/as-verdict.ts";
import { takeBack } from "../terminal/asked.ts";
import type { Step } from "../terminal/in-turn.ts";
import { askFor, type Verdict } from "../terminal/questions.ts";
import { askEvent } from "./ask-event.ts";
import { extrasOf, type Extra } from "./record-extras.ts";
import {
  refuseClosedEntry,
  refuseFilesHere,
  refuseMistyped,
  refuseNothing,
  refuseOneForSeveral,
} from "./record-guards.ts";
import { QUESTIONS, whoQuestion } from "./record-questions.ts";
import { askSubject, readSubjects } from "./record-subject.ts";
import { RECORDABLE, type About, type RecordOptions, type Recordable } from "./recordable.ts";

/** What is to be recorded, as far as it is said. */
export class RecordForm {
  readonly #folder: string;
  readonly #known: () => PeekedRegister;
  readonly #options: RecordOptions;
  readonly #clock: Clock;
  #what: string | undefined;
  #subjects: readonly string[];
  #abouts: readonly About[] | undefined;
  /** By the field that they say. */
  readonly #answers = new Map<string, Answer>();

  /**
   * @param folder the register's
   * @param known the register as far as it is known now, for what questions need
   * @param what the event, as the command line calls it
   * @param subjects what it is about, as given
   */
  constructor(
    folder: string,
    known: () => PeekedRegister,
    what: string,
    subjects: readonly string[],
    options: RecordOptions,
    clock: Clock,
  ) {
    this.#folder = folder;
    this.#known = known;
    this.#what = what;
    this.#subjects = subjects;
    this.#options = options;
    this.#clock = clock;
  }

  get #register(): Register {
    return this.#known().register;
  }

  /** The event, as the command line calls it. */
  get what(): string {
    return this.#what!;
  }

  /** How it becomes an event of the register. */
  get recordable(): Recordable {
    return RECORDABLE[this.what]!;
  }

  /** What it is about, as it was said. */
  get subjects(): readonly string[] {
    return this.#subjects;
  }

  /**
   * What it is about; several for slips alone.
   *
   * @throws BreakglassError `usage` or `refused` if it can't be about that
   */
  get abouts(): readonly About[] {
    return (this.#abouts ??= this.#readAbouts());
  }

  /** What is said by flags and answers. */
  get told(): RecordOptions {
    const answered = [...this.#answers].map(([field, { value }]) => [
      field,
      field === "account" && value !== undefined ? [value] : value,
    ]);
    return { ...this.#options, ...given(Object.fromEntries(answered) as RecordOptions) };
  }

  /** Everything that is to be said, in the order in which it is asked for. */
  steps(): Step[] {
    const event: Step = {
      isSaid: () => this.#what !== undefined,
      ask: async () => {
        this.#what = await askEvent(this.#folder);
      },
      unsay: () => {
        this.#what = undefined;
        takeBack("EVENT");
        this.#forgetDetails();
      },
    };
    if (this.#what === undefined) return [event];
    const about: Step = {
      isSaid: () =>
        this.#subjects.length > 0 || this.recordable.subject === "nothing" || !hasTerminal(),
      ask: async () => {
        refuseNothing(this.what, this.#register);
        this.#subjects = await askSubject(this.what, this.recordable.subject, this.#register);
      },
      unsay: () => {
        this.#subjects = [];
        takeBack("ABOUT");
        this.#forgetDetails();
      },
    };
    if (!about.isSaid()) return [event, about];
    const { abouts } = this;
    const by = this.#answer("by", "--by", async () =>
      askFor("--by", whoQuestion(this.what), undefined, {
        known: peopleIn(this.#known()),
        back: true,
      }),
    );
    if (!by.isSaid()) return [event, about, by];
    const extras = hasTerminal() ? this.#extras(abouts) : [];
    return [event, about, by, ...extras.map((extra) => this.#extraStep(extra)), ...this.#missing()];
  }

  #readAbouts(): readonly About[] {
    const { what, recordable } = this;
    const abouts = readSubjects(recordable.subject, this.#subjects);
    if (what === "files-deleted") refuseFilesHere(abouts[0]!);
    if (recordable.subject === "number" && hasTerminal())
      refuseClosedEntry(what, abouts[0]!, this.#register);
    refuseOneForSeveral(abouts, this.#options);
    return abouts;
  }

  /** Another event, or one about something else, asks for other things. */
  #forgetDetails(): void {
    this.#answers.clear();
    this.#abouts = undefined;
  }

  #answer(
    field: string,
    flag: string,
    ask: () => Promise<string | undefined>,
    isOptional = false,
  ): Answer {
    const known = this.#answers.get(field);
    if (known !== undefined) return known;
    const said = this.#options[field as keyof RecordOptions];
    const answer = new Answer(flag, typeof said === "string" ? said : undefined, ask, isOptional);
    this.#answers.set(field, answer);
    return answer;
  }

  #extras(abouts: readonly About[]): Extra[] {
    const isAsked = (this.#options.by ?? "").trim() === "";
    const { what } = this;
    const told = (): RecordOptions => this.told;
    return extrasOf({ what, abouts, options: this.#options, told, isAsked }, this.#register);
  }

  #extraStep({ field, isOptional, ask }: Extra): Step {
    return this.#answer(field, flagOf(field), ask, isOptional);
  }

  /** Every field without which the event could not be written. */
  #missing(): Step[] {
    const event = this.#event(this.#options);
    return missingFields(event).map((field) => {
      const flag = flagOf(field);
      const known = choicesOf(event.kind, field);
      return this.#answer(field, flag, async () => {
        if (known.length > 0 && !hasTerminal())
          throw new BreakglassError(
            "usage",
            `${flag} is missing`,
            `give ${flag} one of: ${known.join(", ")}`,
          );
        return askFor(flag, QUESTIONS[field] ?? flag, undefined, {
          ...{ known, closed: known.length > 0, back: true },
          judge: (typed) => this.#judge(field, typed),
        });
      });
    });
  }

  /** Whether a field can hold what was typed. */
  #judge(field: string, typed: string): Verdict {
    return asVerdict(() => {
      const event = this.#event({ ...this.told, [field]: typed });
      const found = wrongField(event);
      if (found?.name === field) throw flagError(flagOf(field), found.wrong);
      if (event.kind === "password-recovered" && field === "slips")
        refuseMistyped(event, this.#register);
    });
  }

  #event(options: RecordOptions): CustodyEvent {
    const told = { ...options, by: this.told.by! };
    return this.recordable.event(
      this.abouts[0]!,
      told,
      deedOf(told)(this.#clock()),
    ) as CustodyEvent;
  }
}
