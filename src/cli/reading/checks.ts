import { BreakglassError } from "../../core/errors.ts";
import type { SlipReading } from "../../core/reader.ts";
import { checkWord, setName, slipName, type Slip } from "../../core/slip.ts";
import { isGenuineTestSlip, isTestSlip } from "../../core/test-slip.ts";
import { isWhole, kindWords, readingNotes, requireSpare, spareWords } from "../../core/verdict.ts";
import { COMMANDS } from "../../custody/commands.ts";
import type { SlipRef } from "../../custody/events.ts";
import { refText } from "../../custody/slip-ref.ts";
import { SOURCE_NOTES } from "../../scan/read-code.ts";
import type { DeedOptions } from "../journal/deed.ts";
import { EXIT_STATUS } from "../system/exit-status.ts";
import { answer, answerInRows, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { CheckRecord } from "./check-record.ts";
import { inContext, type GivenSlip } from "./given-slip.ts";
import { readGivenSlip, type SlipInput } from "./slip-input.ts";
import { CHECK_WORD_GOES } from "./wording.ts";

/** Exit status for a slip that can still be read, but is not as it should be. */
const DAMAGED = EXIT_STATUS["check-failed"];

export interface CheckOptions extends DeedOptions {
  readonly acceptCorrections?: boolean;
  readonly json?: boolean;
}

/** A slip that was not as it should be. */
interface Fault {
  readonly status: number;
  /** What could not be read of it, or was wrong with the file that came in its place, if it is still to come. */
  readonly unread?: BreakglassError;
}

/** A slip that is none of those that were expected. */
interface Stray {
  readonly where: string;
  readonly error: BreakglassError;
  readonly isRepeated: boolean;
}

/** Slips that are judged one after the other. */
export class Checks {
  readonly #options: CheckOptions;
  readonly #named: readonly SlipRef[];
  readonly #results: unknown[] = [];
  #faults: Fault[] = [];
  /** The names of all slips that were expected and could be read. */
  readonly #read = new Set<string>();
  record: CheckRecord | undefined;

  /** @param named the slips that the command line names, all of which are to be read */
  constructor(
    options: CheckOptions,
    record: CheckRecord | undefined,
    named: readonly SlipRef[] = [],
  ) {
    this.#options = options;
    this.#named = named;
    this.record = record;
  }

  /** What could not be read, and was not read from elsewhere since. */
  get unread(): BreakglassError[] {
    return this.#faults.flatMap(({ unread }) => unread ?? []);
  }

  /**
   * Judges every slip in a file; what is wrong with one of them is told, and the others are judged all the same.
   *
   * @param i the file's place in the input, from 0
   * @param expected the slips that it may be; none: any
   * @param wasAsked whether it was named at a question, which is put again until a slip answers it
   * @returns whether one of the slips that were expected could be read
   */
  async file(
    input: SlipInput,
    i: number,
    expected: readonly SlipRef[],
    wasAsked = false,
  ): Promise<boolean> {
    let given: GivenSlip[] = [];
    try {
      given = await input.slips(i);
    } catch (error) {
      this.#tell(error, input.nameOf(i), true);
    }
    const acceptCorrections = this.#options.acceptCorrections === true;
    const strays: Stray[] = [];
    let isAnswered = false;
    for (const slip of given) {
      let reading: SlipReading | undefined;
      try {
        reading = readGivenSlip(slip, { acceptCorrections });
        if (isOneOf(reading.slip, expected)) {
          isAnswered = true;
          this.#given(slip, reading);
        } else strays.push(this.#stray(reading.slip, slip.where));
      } catch (error) {
        this.#tell(error, slip.where, reading === undefined);
      } finally {
        reading?.slip.payload.fill(0);
      }
    }
    // A slip that was read before does no harm beside the one that is asked for.
    for (const { where, error, isRepeated } of strays)
      if (!isAnswered || !isRepeated) this.#tell(error, where, wasAsked && !isAnswered);
    return isAnswered;
  }

  /** Whether any slip could be read. */
  get hasRead(): boolean {
    return this.#read.size > 0;
  }

  /** Whether a slip that was expected was read before. */
  wasRead(ref: SlipRef): boolean {
    return this.#read.has(refText(ref));
  }

  /**
   * Judges a slip that was typed, or pasted as the text of its QR code.
   *
   * @param expected the slips that it may be; none: any
   * @returns false for another one, after which the question is put again
   */
  typed(reading: SlipReading, expected: readonly SlipRef[]): boolean {
    if (!isOneOf(reading.slip, expected)) {
      const { error, where } = this.#stray(reading.slip, "typed");
      this.#tell(error, where, true);
      return false;
    }
    this.#read.add(nameOf(reading.slip));
    requireSpare(reading, true);
    const says = registerSays(this.record, reading.slip, true);
    this.#answer("typed", reading, readingNotes(reading), says);
    if (!isTestSlip(reading.slip)) say(`the check word: ${CHECK_WORD_GOES}`);
    return true;
  }

  /** Forgets what could not be read but for the first few, since the rest was read from elsewhere. */
  makeGood(left: number): void {
    const others = new Set(this.unread.slice(left));
    this.#faults = this.#faults.filter(({ unread }) => unread === undefined || !others.has(unread));
  }

  /**
   * Says what was named and could not be read: whoever names slips wants each of them checked.
   *
   * @returns the exit status
   */
  end(): number {
    const status = this.#faults.at(-1)?.status;
    for (const [name, ref] of new Map(this.#named.map((each) => [refText(each), each])))
      if (!this.wasRead(ref)) this.#tell(notRead(ref), name, false);
    if (this.#options.json === true) answer(`${JSON.stringify(this.#results, null, 2)}\n`);
    return status ?? this.#faults.at(-1)?.status ?? 0;
  }

  #given({ where, from }: GivenSlip, reading: SlipReading): void {
    this.#read.add(nameOf(reading.slip));
    const acceptCorrections = this.#options.acceptCorrections === true;
    inContext(where, () => requireSpare(reading, acceptCorrections));
    const says = registerSays(this.record, reading.slip, from !== "drawn page");
    this.#answer(where, reading, [...readingNotes(reading), ...SOURCE_NOTES[from]], says);
  }

  #stray(slip: Slip, where: string): Stray {
    const isRepeated = this.#read.has(nameOf(slip));
    return { where, isRepeated, error: (isRepeated ? readBefore : notNamed)(slip, where) };
  }

  #answer(
    where: string,
    reading: SlipReading,
    notes: readonly string[],
    says: string | undefined,
  ): void {
    if (this.#options.json === true)
      this.#results.push({ where, ...verdict(reading, notes), register: says });
    else answerInRows(verdictText(reading, notes, says));
    if (!isWhole(reading)) this.#faults.push({ status: DAMAGED });
  }

  #tell(error: unknown, where: string, isUnread: boolean): void {
    if (!(error instanceof BreakglassError)) throw error;
    this.#faults.push({ status: EXIT_STATUS[error.code], ...(isUnread ? { unread: error } : {}) });
    if (this.#options.json === true)
      this.#results.push({ where, intact: false, failure: error.code, message: error.message });
    else reportError(error);
  }
}

/**
 * What the register says of a slip; it knows nothing of the void test page.
 *
 * @throws BreakglassError `misfit`
 */
function registerSays(
  record: CheckRecord | undefined,
  slip: Slip,
  onPaper: boolean,
): string | undefined {
  if (!isTestSlip(slip)) return record?.judge(slip, onPaper);
  if (isGenuineTestSlip(slip)) return undefined;
  throw new BreakglassError(
    "misfit",
    "this says that it is the void test page, and is not what breakglass prints on it",
    "throw it away, and print another: breakglass print-test",
  );
}

/** Whether a slip is one of those that were named, if any were. */
function isOneOf(slip: Slip, expected: readonly SlipRef[]): boolean {
  return expected.length === 0 || expected.some((ref) => refText(ref) === nameOf(slip));
}

/** A slip as it is named on a command line. */
function nameOf({ setId, index }: Slip): string {
  return refText({ set: setName(setId), slip: index });
}

function notNamed(slip: Slip, where: string): BreakglassError {
  return new BreakglassError(
    "misfit",
    `${where}: this is ${slipName(slip)}, and not one that was named`,
    "give the right slip, or leave the names out",
  );
}

function notRead(ref: SlipRef): BreakglassError {
  return new BreakglassError(
    "no-slip",
    `slip ${refText(ref)} was named, and not read`,
    `add a file that holds it, or type it: ${COMMANDS.check(ref)}`,
  );
}

function readBefore(slip: Slip, where: string): BreakglassError {
  return new BreakglassError(
    "misfit",
    `${where}: this is ${slipName(slip)}, which was read before`,
    "give the slip that is asked for",
  );
}

function verdict(reading: SlipReading, notes: readonly string[]): object {
  const { slip } = reading;
  return {
    intact: isWhole(reading),
    slip: slipName(slip),
    set: setName(slip.setId),
    index: slip.index,
    total: slip.total,
    threshold: slip.threshold,
    scheme: slip.scheme,
    checkWord: checkWord(slip),
    spareLine: reading.spare,
    notes,
    ...(isTestSlip(slip) ? { testPage: true } : {}),
  };
}

function verdictText(
  reading: SlipReading,
  notes: readonly string[],
  register: string | undefined,
): string {
  const { slip } = reading;
  if (isTestSlip(slip)) return testPageText(reading, notes);
  return [
    `${slipName(slip)}: ${isWhole(reading) ? "intact" : "can be read, but is damaged: replace it"}`,
    `  check word  ${checkWord(slip)}`,
    `  kind        ${kindWords(slip)}`,
    `  spare line  ${spareWords(reading)}`,
    ...(register === undefined ? [] : [`  register    ${register}`]),
    ...notes.map((note) => `  note        ${note}`),
    "",
  ].join("\n");
}

/** The test page was read: so the printer prints, and whatever read it reads. */
function testPageText(reading: SlipReading, notes: readonly string[]): string {
  return [
    `${slipName(reading.slip)}: the void test page, ${isWhole(reading) ? "read as it is printed" : "read with losses: see to printer or scanner"}`,
    "  kind        no slip: it belongs to no password, and may be thrown away",
    `  spare line  ${spareWords(reading)}`,
    ...notes.map((note) => `  note        ${note}`),
    "",
  ].join("\n");
}
