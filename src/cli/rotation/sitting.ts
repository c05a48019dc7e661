import { BreakglassError } from "../../core/errors.ts";
import type { Slip } from "../../core/slip.ts";
import type { CustodyEvent } from "../../custody/events.ts";
import { canBeName, isSameName, spelledAs } from "../../custody/names.ts";
import { activeSet, pendingSet } from "../../custody/register.ts";
import { deedOf, type DeedFields } from "../journal/deed.ts";
import { openRegister, type OpenRegister } from "../journal/journal-file.ts";
import { peopleIn } from "../journal/people.ts";
import { oneLine } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import { BACK, GoneBack, NO_NAME, numbered } from "../terminal/questions.ts";
import { Terminal } from "../terminal/terminal.ts";

/** More names than this are not offered: the list would be longer than the question is worth. */
const OFFERED_MAX = 12;

/** Whether the sitting goes on with what is next, or ends here. */
export type Turn = "go on" | "leave";

/** What a sitting begins with. */
export interface SittingOptions {
  readonly folder: string;
  readonly account: string;
  /** Who leads the ceremony and who watches it, if they were named. */
  readonly by?: string | undefined;
  readonly witness?: string | undefined;
  readonly templates?: string | undefined;
  /** Files with slips that were written in this sitting. */
  readonly files: readonly string[];
}

/**
 * A ceremony from when its people sit down until they leave, at one terminal: who is there, and the
 * slips that were checked, which need not be typed again. What was done is in the register, so the
 * next sitting goes on from there.
 */
export class Sitting {
  readonly terminal = new Terminal();
  readonly options: SittingOptions;
  /** Slips that were typed from paper and are those that were issued. */
  readonly slips: Slip[] = [];
  readonly clock: Clock;
  /** Whether a set was given up, in whose place another one is to be issued. */
  hasGivenUp = false;
  /** Who was named in this sitting, whether or not anything of theirs was written. */
  readonly #met = new Set<string>();
  #lead: string | undefined;
  #witness: string | undefined;

  /** @throws BreakglassError `no-terminal` */
  constructor(options: SittingOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
    this.#lead = options.by;
    this.#witness = options.witness;
  }

  /** The time. */
  get now(): Date {
    return this.clock();
  }

  /** The register as it is now. */
  state(): OpenRegister {
    return openRegister(this.options.folder);
  }

  /** Says something. */
  say(text = ""): void {
    this.terminal.say(text);
  }

  /**
   * Asks for a line; Enter takes what is usual.
   *
   * @throws GoneBack
   */
  async ask(question: string, usual = ""): Promise<string> {
    const hint = usual === "" ? "" : ` [${oneLine(usual)}]`;
    const typed = await this.terminal.askWords(`${question}${hint}: `);
    if (typed === BACK) throw new GoneBack();
    return typed === "" ? usual : typed;
  }

  /**
   * Asks until something is said.
   *
   * @throws GoneBack
   */
  async need(question: string, usual?: string): Promise<string> {
    for (;;) {
      const said = await this.ask(question, usual);
      if (said !== "") return said;
      this.say("say something; Ctrl-C leaves");
    }
  }

  /**
   * Asks for a person. One whom the register knows can be said by a number; any other is to be typed twice, since a
   * name stays in the register as it was written.
   *
   * @throws GoneBack
   */
  async needPerson(question: string, usual?: string, except?: string): Promise<string> {
    const known = [...new Set([...peopleIn(this.state()), ...this.#met])];
    const able = known.filter((person) => person !== except);
    const offered = usual === undefined ? able.slice(0, OFFERED_MAX) : [];
    for (const row of numbered(offered)) this.say(row);
    for (let before: string | undefined; ;) {
      const said = await this.need(question, usual);
      const isNumber = /^\d+$/.test(said);
      const person = isNumber ? offered[Number(said) - 1] : spelledAs(said, known);
      if (person === undefined) {
        this.say("there is no such number here: type the name");
        continue;
      }
      if (!canBeName(person, known)) {
        this.say(NO_NAME);
        continue;
      }
      if (known.includes(person) || person === usual || person === before) {
        this.#met.add(person);
        // A number next to the one that was meant would go unnoticed.
        if (isNumber) this.say(oneLine(person));
        return person;
      }
      if (before !== undefined) this.say(`that is not what was typed before, ${oneLine(before)}`);
      this.say(`${oneLine(person)} is not in the register yet: type it once more if it is right`);
      before = person;
    }
  }

  /** Asks for one of some letters; pasted lines do not answer. */
  async choose<K extends string>(choices: Readonly<Partial<Record<K, string>>>): Promise<K> {
    const keys = Object.keys(choices) as K[];
    for (const key of keys) this.say(`  ${key}  ${choices[key]!}`);
    for (;;) {
      const typed = (await this.terminal.pause(`${keys.join(", ")}? `)).trim().toLowerCase();
      const key = keys.find((each) => each === typed);
      if (key !== undefined) return key;
      this.say("type one of these letters, then Enter; Ctrl-C leaves");
    }
  }

  /**
   * Who leads, asked once.
   *
   * @throws GoneBack
   */
  async lead(): Promise<string> {
    return (this.#lead ??= await this.needPerson("Who leads the ceremony", this.#before("actor")));
  }

  /**
   * Who watches it, asked until it is another person than who leads.
   *
   * @throws GoneBack
   */
  async witness(): Promise<string> {
    const lead = await this.lead();
    for (;;) {
      const witness = (this.#witness ??= await this.#askWitness(lead));
      if (!isSameName(lead, witness)) return witness;
      this.say(`${oneLine(witness)} leads, and nobody is a witness to what they do themselves`);
      this.#witness = undefined;
    }
  }

  async #askWitness(lead: string): Promise<string> {
    try {
      return await this.needPerson("Who is the witness", this.#before("witness"), lead);
    } catch (error) {
      // Who leads was the question before, unless it was said by a flag.
      if (error instanceof GoneBack) this.#lead = this.options.by;
      throw error;
    }
  }

  /** Who led, or watched, the ceremony of this account that goes on, in a sitting before this one. */
  #before(who: "actor" | "witness"): string | undefined {
    const { register, journal } = this.state();
    const set =
      pendingSet(register, this.options.account) ?? activeSet(register, this.options.account);
    if (set === undefined) return undefined;
    if (who === "actor") return set.issued.actor;
    const since = journal.entries.slice(set.issued.n);
    return since.findLast((entry) => "slip" in entry && typeof entry.witness === "string")?.witness;
  }

  /**
   * Writes an event down as done by somebody now; if the register refuses it, that is told.
   *
   * @returns whether it is written
   */
  async write(by: string, event: (deed: DeedFields) => CustodyEvent): Promise<boolean> {
    // Nobody waits before the first question for what writes its answer down.
    const { appendEvents } = await import("../journal/journal-append.ts");
    return this.tell(() => {
      const deed = deedOf({ by });
      const { journal } = appendEvents(this.options.folder, () => [event(deed(this.now))]);
      this.say(`written down as entry ${journal.head.n}`);
    });
  }

  /** Does something, and tells what went wrong if that was to be expected. */
  tell(run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (!(error instanceof BreakglassError) || error.code === "interrupted") throw error;
      reportError(error);
      return false;
    }
  }

  /** Ends the sitting, and wipes its slips. */
  close(): void {
    for (const slip of this.slips) slip.payload.fill(0);
    this.terminal.close();
  }
}

/** An answer, or undefined if who was asked goes back, where the step is not to be begun anew for that. */
export async function unlessBack(answer: Promise<string>): Promise<string | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GoneBack) return undefined;
    throw error;
  }
}
