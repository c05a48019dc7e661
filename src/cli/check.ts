import { BreakglassError } from "../core/errors.ts";
import { readSlip, type SlipReading } from "../core/reader.ts";
import { checkWord, setName, slipName, type Slip } from "../core/slip.ts";
import { isGenuineTestSlip, isTestSlip } from "../core/test-slip.ts";
import { parseRef, refText, type SlipRef } from "../custody/events.ts";
import type { CheckRecord } from "./check-record.ts";
import type { DeedOptions } from "./deed.ts";
import { EXIT_STATUS } from "./exit-status.ts";
import { inputName } from "./input.ts";
import { answer, say } from "./output.ts";
import { hasRegister, registerFolder } from "./register-folder.ts";
import { reportError } from "./report-error.ts";
import { givenSlips, inContext, type GivenSlip } from "./slip-input.ts";
import { Terminal } from "./terminal.ts";
import { typeSlip } from "./typing.ts";
import { isWhole, readingNotes } from "./wording.ts";

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
  now: Date,
): Promise<number> {
  const expected = given.flatMap((name) => parseRef(name) ?? []);
  const files = given.filter((name) => parseRef(name) === undefined);
  const record = await registerOf(options, now);
  if (files.length === 0) return checkTyped(options, record, expected);
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
  for (const [i, file] of files.entries()) {
    let given: GivenSlip[] = [];
    try {
      given = givenSlips(file, i + 1);
    } catch (error) {
      reportAndGoOn(error, inputName(file, i + 1));
    }
    for (const { draft, where } of given)
      try {
        const reading = inContext(where, () => readSlip(draft, { acceptCorrections }));
        inContext(where, () => requireSpare(reading, acceptCorrections));
        const says = registerSays(record, reading.slip);
        if (options.json === true) results.push({ where, ...verdict(reading), register: says });
        else answer(verdictText(reading, says));
        if (!isWhole(reading)) status = DAMAGED;
        reading.slip.payload.fill(0);
      } catch (error) {
        reportAndGoOn(error, where);
      }
  }
  if (options.json === true) answer(`${JSON.stringify(results, null, 2)}\n`);
  return status;
}

/** A wrong spare line is a flaw of the slip, or of the typing, though nothing is lost yet. */
function requireSpare({ slip, spare }: SlipReading, acceptCorrections: boolean): void {
  if (spare === "differs" || (spare === "mistyped" && !acceptCorrections))
    throw new BreakglassError(
      "corrections-needed",
      `${slipName(slip)} can be read, but its spare line (S) is not as printed`,
      "compare the spare line with the paper and mend it; if the paper says the same, replace the slip",
    );
}

/**
 * What the register says of a slip; it knows nothing of the void test page.
 *
 * @throws BreakglassError `misfit`
 */
function registerSays(record: CheckRecord | undefined, slip: Slip): string | undefined {
  if (!isTestSlip(slip)) return record?.judge(slip);
  if (isGenuineTestSlip(slip)) return undefined;
  throw new BreakglassError(
    "misfit",
    "this says that it is the void test page, and is not what breakglass prints on it",
    "throw it away, and print another: breakglass print-test",
  );
}

/** The register that is named, or lies here; without one a slip is judged by itself. */
async function registerOf(options: CheckOptions, now: Date): Promise<CheckRecord | undefined> {
  const folder = registerFolder(options.register);
  if (options.register === undefined && options.by === undefined && !hasRegister(folder))
    return undefined;
  const { CheckRecord } = await import("./check-record.ts");
  const record = new CheckRecord(folder, options, now);
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
  try {
    for (const ref of expected.length === 0 ? [undefined] : expected) {
      if (ref !== undefined) terminal.say(`slip ${refText(ref)}`);
      const reading = await terminal.alternate(() => typeSlip(terminal, { wantSpare: true }));
      if (reading === undefined) throw nothingTyped();
      const { slip } = reading;
      if (ref !== undefined && (setName(slip.setId) !== ref.set || slip.index !== ref.slip))
        throw new BreakglassError(
          "misfit",
          `this is ${slipName(slip)}, and ${refText(ref)} was to be checked`,
          "take the right slip, or leave the name out",
        );
      requireSpare(reading, true);
      const says = registerSays(record, slip);
      answer(
        options.json === true
          ? `${JSON.stringify([{ where: "typed", ...verdict(reading), register: says }], null, 2)}\n`
          : verdictText(reading, says),
      );
      slip.payload.fill(0);
      if (!isWhole(reading)) status = DAMAGED;
    }
    return status;
  } finally {
    terminal.close();
  }
}

function verdict(reading: SlipReading): object {
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
    notes: readingNotes(reading),
    ...(isTestSlip(slip) ? { testPage: true } : {}),
  };
}

function verdictText(reading: SlipReading, register: string | undefined): string {
  const { slip } = reading;
  if (isTestSlip(slip)) return testPageText(reading);
  const scheme = slip.scheme === "shamir" ? "Shamir" : "concatenation";
  const all = slip.threshold === slip.total;
  const needed = all ? `all ${slip.total} slips` : `any ${slip.threshold} of ${slip.total} slips`;
  return [
    `${slipName(slip)}: ${isWhole(reading) ? "intact" : "can be read, but is damaged: replace it"}`,
    `  check word  ${checkWord(slip)}`,
    `  kind        ${scheme}, ${needed} recover`,
    `  spare line  ${spareWords(reading)}`,
    ...(register === undefined ? [] : [`  register    ${register}`]),
    ...readingNotes(reading).map((note) => `  note        ${note}`),
    "",
  ].join("\n");
}

/** The test page was read: so the printer prints, and whatever read it reads. */
function testPageText(reading: SlipReading): string {
  return [
    `${slipName(reading.slip)}: the void test page, ${isWhole(reading) ? "read as it is printed" : "read with losses: see to printer or scanner"}`,
    "  kind        no slip: it belongs to no password, and may be thrown away",
    `  spare line  ${spareWords(reading)}`,
    ...readingNotes(reading).map((note) => `  note        ${note}`),
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

function spareWords({ spare, restored }: SlipReading): string {
  if (spare === "absent") return "not given";
  return restored.length > 0 ? "used for a lost line" : spare;
}
