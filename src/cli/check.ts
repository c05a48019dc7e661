import { BreakglassError } from "../core/errors.ts";
import { readSlip, type SlipReading } from "../core/reader.ts";
import { checkWord, setName, slipName } from "../core/slip.ts";
import { EXIT_STATUS } from "./exit-status.ts";
import { inputName } from "./input.ts";
import { answer } from "./output.ts";
import { reportError } from "./report-error.ts";
import { givenSlips, inContext, type GivenSlip } from "./slip-input.ts";
import { Terminal } from "./terminal.ts";
import { typeSlip } from "./typing.ts";
import { readingNotes } from "./wording.ts";

export interface CheckOptions {
  readonly acceptCorrections?: boolean;
  readonly json?: boolean;
}

/**
 * `breakglass check`: judges each slip alone, and says nothing about the secret. Slips are never
 * joined here.
 *
 * @returns the exit status: that of the last slip that is not intact, or 0
 */
export async function check(files: readonly string[], options: CheckOptions): Promise<number> {
  if (files.length === 0) return checkTyped(options);
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
  for (const file of files) {
    let given: GivenSlip[] = [];
    try {
      given = givenSlips(file);
    } catch (error) {
      reportAndGoOn(error, inputName(file));
    }
    for (const { draft, where } of given)
      try {
        const reading = inContext(where, () => readSlip(draft, { acceptCorrections }));
        inContext(where, () => requireSpare(reading, acceptCorrections));
        if (options.json === true) results.push({ where, ...verdict(reading) });
        else answer(verdictText(reading));
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

async function checkTyped(options: CheckOptions): Promise<number> {
  const terminal = new Terminal();
  try {
    const reading = await terminal.alternate(() => typeSlip(terminal, { wantSpare: true }));
    if (reading === undefined) return 0;
    requireSpare(reading, true);
    answer(
      options.json === true
        ? `${JSON.stringify([{ where: "typed", ...verdict(reading) }], null, 2)}\n`
        : verdictText(reading),
    );
    reading.slip.payload.fill(0);
    return 0;
  } finally {
    terminal.close();
  }
}

function verdict(reading: SlipReading): object {
  const { slip } = reading;
  return {
    intact: true,
    slip: slipName(slip),
    set: setName(slip.setId),
    index: slip.index,
    total: slip.total,
    threshold: slip.threshold,
    scheme: slip.scheme,
    checkWord: checkWord(slip),
    spareLine: reading.spare,
    notes: readingNotes(reading),
  };
}

function verdictText(reading: SlipReading): string {
  const { slip } = reading;
  const scheme = slip.scheme === "shamir" ? "Shamir" : "concatenation";
  const all = slip.threshold === slip.total;
  const needed = all ? `all ${slip.total} slips` : `any ${slip.threshold} of ${slip.total} slips`;
  return [
    `${slipName(slip)}: intact`,
    `  check word  ${checkWord(slip)}`,
    `  kind        ${scheme}, ${needed} recover`,
    `  spare line  ${reading.spare === "absent" ? "not given" : reading.spare}`,
    ...readingNotes(reading).map((note) => `  note        ${note}`),
    "",
  ].join("\n");
}
