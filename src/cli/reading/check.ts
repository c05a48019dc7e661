import { BreakglassError } from "../../core/errors.ts";
import type { SlipReading } from "../../core/reader.ts";
import { checkWord, setName, slipName, type Slip } from "../../core/slip.ts";
import { isGenuineTestSlip, isTestSlip } from "../../core/test-slip.ts";
import { isWhole, kindWords, readingNotes, requireSpare, spareWords } from "../../core/verdict.ts";
import { parseRef, type SlipRef } from "../../custody/events.ts";
import { SOURCE_NOTES } from "../../scan/read-code.ts";
import type { DeedOptions } from "../journal/deed.ts";
import { hasRegister, registerFolder } from "../journal/register-folder.ts";
import { warnOfCoreDumps } from "../system/core-dumps.ts";
import { EXIT_STATUS } from "../system/exit-status.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { answer, answerInRows, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import { noteAnswer, noteFile, noteTypedSlip, restateArguments } from "../terminal/asked.ts";
import { askAtTerminal } from "../terminal/questions.ts";
import { Terminal } from "../terminal/terminal.ts";
import { typeSlip, type TypingOptions } from "../terminal/typing.ts";
import type { CheckRecord } from "./check-record.ts";
import { inContext, type GivenSlip } from "./given-slip.ts";
import { SlipInput, readGivenSlip } from "./slip-input.ts";
import { CHECK_WORD_GOES } from "./wording.ts";
import { refText } from "../../custody/slip-ref.ts";

/** Exit status for a slip that can still be read, but is not as it should be. */
const DAMAGED = EXIT_STATUS["check-failed"];

export interface CheckOptions extends DeedOptions {
  readonly acceptCorrections?: boolean;
  readonly json?: boolean;
}

/**
 * `breakglass check`: judges each slip alone, and says nothing about the secret. Slips are never
 * joined here.
 *
 * @returns the exit status: that of the last slip that is not intact, or 0
 */
export async function check(
  given: readonly string[],
  options: CheckOptions,
  clock: Clock,
): Promise<number> {
  warnOfCoreDumps();
  const expected = given.flatMap((name) => parseRef(name) ?? []);
  const files = given.filter((name) => parseRef(name) === undefined);
  if (files.length === 0) {
    restateArguments([]);
    return checkTyped(options, await registerOf(await askWho(options), clock), expected);
  }
  const checks = new Checks(options, await registerOf(options, clock));
  const input = new SlipInput(files);
  for (const i of files.keys()) await checks.file(input, i, expected);
  return checks.end();
}

/** Slips that are judged one after the other. */
class Checks {
  readonly #options: CheckOptions;
  readonly #record: CheckRecord | undefined;
  readonly #results: unknown[] = [];
  #status = 0;

  constructor(options: CheckOptions, record: CheckRecord | undefined) {
    this.#options = options;
    this.#record = record;
  }

  /**
   * Judges every slip in a file; what is wrong with one of them is told, and the others are judged all the same.
   *
   * @param i the file's place in the input, from 0
   * @param expected the slips that it may be; none: any
   */
  async file(input: SlipInput, i: number, expected: readonly SlipRef[]): Promise<void> {
    let given: GivenSlip[] = [];
    try {
      given = await input.slips(i);
    } catch (error) {
      this.#tell(error, input.nameOf(i));
    }
    for (const slip of given)
      try {
        this.#given(slip, expected);
      } catch (error) {
        this.#tell(error, slip.where);
      }
  }

  /** Judges a slip that was typed. */
  typed(reading: SlipReading): void {
    requireSpare(reading, true);
    const says = registerSays(this.#record, reading.slip, true);
    this.#answer("typed", reading, readingNotes(reading), says);
    if (!isTestSlip(reading.slip)) say(`the check word: ${CHECK_WORD_GOES}`);
  }

  /** @returns the exit status */
  end(): number {
    if (this.#options.json === true) answer(`${JSON.stringify(this.#results, null, 2)}\n`);
    return this.#status;
  }

  #given(given: GivenSlip, expected: readonly SlipRef[]): void {
    const { where, from } = given;
    const acceptCorrections = this.#options.acceptCorrections === true;
    const reading = readGivenSlip(given, { acceptCorrections });
    try {
      const { setId, index } = reading.slip;
      const isExpected = expected.some(({ set, slip }) => set === setName(setId) && slip === index);
      if (expected.length > 0 && !isExpected) throw notNamed(reading.slip, where);
      inContext(where, () => requireSpare(reading, acceptCorrections));
      const says = registerSays(this.#record, reading.slip, from !== "drawn page");
      this.#answer(where, reading, [...readingNotes(reading), ...SOURCE_NOTES[from]], says);
    } finally {
      reading.slip.payload.fill(0);
    }
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
    if (!isWhole(reading)) this.#status = DAMAGED;
  }

  #tell(error: unknown, where: string): void {
    if (!(error instanceof BreakglassError)) throw error;
    this.#status = EXIT_STATUS[error.code];
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

/** The answer of somebody who wants nothing written into the register. */
const NOBODY = "-";

/** A check that is written down settles what is due, so who checks is asked before anything is typed. */
async function askWho(options: CheckOptions): Promise<CheckOptions> {
  if (options.by !== undefined || !hasTerminal() || !hasRegister(registerFolder(options.register)))
    return options;
  const by = await askAtTerminal(`Who checks it, for the register (${NOBODY}: not written down)`);
  if (by === NOBODY) return options;
  noteAnswer("--by", by);
  return { ...options, by };
}

/** The register that is named, or lies here; without one a slip is judged by itself. */
async function registerOf(options: CheckOptions, clock: Clock): Promise<CheckRecord | undefined> {
  const folder = registerFolder(options.register);
  if (options.register === undefined && options.by === undefined && !hasRegister(folder))
    return undefined;
  const { CheckRecord } = await import("./check-record.ts");
  const record = new CheckRecord(folder, options, clock);
  for (const note of record.notes) say(`note: ${note}`);
  return record;
}

/** Slips typed one after the other, or files that are named in their place; those that were named must be these. */
async function checkTyped(
  options: CheckOptions,
  record: CheckRecord | undefined,
  expected: readonly SlipRef[],
): Promise<number> {
  const terminal = new Terminal();
  const checks = new Checks(options, record);
  try {
    for (const ref of expected.length === 0 ? [undefined] : expected) {
      if (ref !== undefined) terminal.say(`slip ${refText(ref)}`);
      const options: TypingOptions & { readonly takesFiles: true } = {
        ...{ wantSpare: true, takesFiles: true },
        ...(ref === undefined ? {} : { expected: ref }),
      };
      const given = await terminal.alternate(() => typeSlip(terminal, options));
      if (given === undefined) throw nothingTyped();
      if ("file" in given) {
        noteFile(given.file);
        await checks.file(new SlipInput([given.file]), 0, ref === undefined ? [] : [ref]);
        continue;
      }
      noteTypedSlip();
      const { slip } = given;
      try {
        if (ref !== undefined && (setName(slip.setId) !== ref.set || slip.index !== ref.slip))
          throw new BreakglassError(
            "misfit",
            `this is ${slipName(slip)}, and ${refText(ref)} was to be checked`,
            "take the right slip, or leave the name out",
          );
        checks.typed(given);
      } finally {
        slip.payload.fill(0);
      }
    }
    return checks.end();
  } finally {
    terminal.close();
  }
}

function notNamed(slip: Slip, where: string): BreakglassError {
  return new BreakglassError(
    "misfit",
    `${where}: this is ${slipName(slip)}, and not one that was named`,
    "give the right slip, or leave the names out",
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

function nothingTyped(): BreakglassError {
  return new BreakglassError(
    "no-slip",
    "no slip was typed, so none was checked",
    "run the command again when you have the slip",
  );
}
