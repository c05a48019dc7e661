import { BreakglassError } from "./errors.ts";
import { lineName } from "./line.ts";
import { correctionPlaces, type SlipReading } from "./reader.ts";
import { slipName, type Slip } from "./slip.ts";

/** What a person should know of how a slip was read. */
export function readingNotes(reading: SlipReading): string[] {
  const { corrections, restored, illegible, spare } = reading;
  const overruled = corrections.filter((correction) => correction.edits.length === 0);
  const lost = restored.filter((line) => !overruled.some((correction) => correction.line === line));
  return [
    ...corrections.flatMap(correctionPlaces).map((place) => `corrected: ${place}`),
    ...(illegible > 0
      ? [`${illegible} illegible ${illegible === 1 ? "symbol" : "symbols"} filled in`]
      : []),
    ...lost.map((line) => `${lineName(line)} was lost, and came back from the spare line`),
    ...(spare === "mistyped" || spare === "differs" ? ["the spare line is not as printed"] : []),
  ];
}

/** Whether everything on the paper could be read: what was mistyped is no flaw of the paper. */
export function isWhole({ restored, illegible }: SlipReading): boolean {
  return restored.length === 0 && illegible === 0;
}

/**
 * A wrong spare line is a flaw of the slip, or of the typing, though nothing is lost yet.
 *
 * @param acceptCorrections whether a spare line that was only mistyped is good enough
 * @throws BreakglassError `corrections-needed`
 */
export function requireSpare({ slip, spare }: SlipReading, acceptCorrections: boolean): void {
  if (spare === "differs" || (spare === "mistyped" && !acceptCorrections))
    throw new BreakglassError(
      "corrections-needed",
      `${slipName(slip)} can be read, but its spare line (S) is not as printed`,
      "compare the spare line with the paper and mend it; if the paper says the same, replace the slip",
    );
}

/** How many slips recover, and by which scheme. */
export function kindWords({ scheme, threshold, total }: Slip): string {
  const name = scheme === "shamir" ? "Shamir" : "concatenation";
  const needed = threshold === total ? `all ${total} slips` : `any ${threshold} of ${total} slips`;
  return `${name}, ${needed} recover`;
}

/** What the spare line says. */
export function spareWords({ spare, restored }: SlipReading): string {
  if (spare === "absent") return "not given";
  return restored.length > 0 ? "used for a lost line" : spare;
}
