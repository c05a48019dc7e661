import { BreakglassError } from "../../core/errors.ts";
import type { SlipReading } from "../../core/reader.ts";
import { checkWord, setName, slipName, type Slip } from "../../core/slip.ts";
import { isGenuineTestSlip, isTestSlip } from "../../core/test-slip.ts";
import { isWhole, kindWords, readingNotes, requireSpare, spareWords } from "../../core/verdict.ts";
import { parseRef, refText, type SlipRef } from "../../custody/events.ts";
import { SOURCE_NOTES } from "../../scan/read-code.ts";
import type { DeedOptions } from "../journal/deed.ts";
import { hasRegister, registerFolder } from "../journal/register-folder.ts";
import { EXIT_STATUS } from "../system/exit-status.ts";
import { inputName } from "../system/input.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { answer, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import type { Clock } from "../system/system.ts";
import { noteAnswer, noteTypedSlip, restateArguments } from "../terminal/asked.ts";
import { askAtTerminal } from "../terminal/questions.ts";
import { Terminal } from "../terminal/terminal.ts";
import { typeSlip } from "../terminal/typing.ts";
import type { CheckRecord } from "./check-record.ts";
import { inContext, type GivenSlip } from "./given-slip.ts";
import { SlipInput, readGivenSlip } from "./slip-input.ts";

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
  const expected = given.flatMap((name) => parseRef(name) ?? []);
  const files = given.filter((name) => parseRef(name) === undefined);
  if (files.length === 0) {
    restateArguments([]);
    return checkTyped(options, await registerOf(await askWho(options), clock), expected);
  }
  const record = await registerOf(options, clock);
  const acceptCorrections = options.acceptCorrections === true;
  let status = 0;
  const results: unknown[] = [];
  /** Reports what is wrong with one of them, so that the others are judged all the same. */
  const reportAndGoOn = (error: unknown, where: string): void => {
    if (!(error instanceof BreakglassError)) throw error;
    status = EXIT_STATUS[error.code];
    if (options.json === true)
      results.push({ where, intact: false, failure: error.code, message: error.message });
    else reportError(error);
  };
  const isExpected = ({ setId, index }: Slip): boolean =>
    expected.length === 0 ||
    expected.some(({ set, slip }) => set === setName(setId) && slip === index);
  const input = new SlipInput(files);
  for (const [i, file] of files.entries()) {
    let given: GivenSlip[] = [];
    try {
      given = await input.slips(i);
    } catch (error) {
      reportAndGoOn(error, inputName(file, i + 1));
    }
    for (const slip of given) {
      const { where, from } = slip;
      try {
        const reading = readGivenSlip(slip, { acceptCorrections });
        try {
          if (!isExpected(reading.slip)) throw notNamed(reading.slip, where);
          inContext(where, () => requireSpare(reading, acceptCorrections));
          const says = registerSays(record, reading.slip, from !== "drawn page");
          const notes = [...readingNotes(reading), ...SOURCE_NOTES[from]];
          if (options.json === true)
            results.push({ where, ...verdict(reading, notes), register: says });
          else answer(verdictText(reading, notes, says));
          if (!isWhole(reading)) status = DAMAGED;
        } finally {
          reading.slip.payload.fill(0);
        }
      } catch (error) {
        reportAndGoOn(error, where);
      }
    }
  }
  if (options.json === true) answer(`${JSON.stringify(results, null, 2)}\n`);
  return status;
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

/** Slips typed one after the other; those that were named must be these. */
async function checkTyped(
  options: CheckOptions,
  record: CheckRecord | undefined,
  expected: readonly SlipRef[],
): Promise<number> {
  const terminal = new Terminal();
  let status = 0;
  const results: unknown[] = [];
  try {
    for (const ref of expected.length === 0 ? [undefined] : expected) {
      if (ref !== undefined) terminal.say(`slip ${refText(ref)}`);
      const reading = await terminal.alternate(() =>
        typeSlip(terminal, { wantSpare: true, ...(ref === undefined ? {} : { expected: ref }) }),
      );
      if (reading === undefined) throw nothingTyped();
      noteTypedSlip();
      const { slip } = reading;
      try {
        if (ref !== undefined && (setName(slip.setId) !== ref.set || slip.index !== ref.slip))
          throw new BreakglassError(
            "misfit",
            `this is ${slipName(slip)}, and ${refText(ref)} was to be checked`,
            "take the right slip, or leave the name out",
          );
        requireSpare(reading, true);
        const says = registerSays(record, slip, true);
        const notes = readingNotes(reading);
        if (options.json === true)
          results.push({ where: "typed", ...verdict(reading, notes), register: says });
        else answer(verdictText(reading, notes, says));
        if (!isWhole(reading)) status = DAMAGED;
      } finally {
        slip.payload.fill(0);
      }
    }
    if (options.json === true) answer(`${JSON.stringify(results, null, 2)}\n`);
    return status;
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
