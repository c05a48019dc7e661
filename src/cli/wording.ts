import type { SetState } from "../core/assembly.ts";
import { lineName } from "../core/line.ts";
import { correctionPlaces, type SlipReading } from "../core/reader.ts";

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

/** What a set has and still needs. */
export function needWords({ name, have, threshold, need, total }: SetState): string {
  const slips = `set ${name}: ${have.length === 1 ? "slip" : "slips"} ${have.join(", ")} of ${total}`;
  return need === 0 ? `${slips}: enough` : `${slips}: ${need} more needed (${threshold} in all)`;
}

/** Whether everything on the paper could be read: what was mistyped is no flaw of the paper. */
export function isWhole({ restored, illegible }: SlipReading): boolean {
  return restored.length === 0 && illegible === 0;
}
