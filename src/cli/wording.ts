import type { SetState } from "../core/assembly.ts";
import { fillsOnly, lineName, placeName } from "../core/line.ts";
import type { Correction, SlipReading } from "../core/reader.ts";

/** What was changed to read a slip, by places only. */
export function correctionWords(corrections: readonly Correction[]): string[] {
  return corrections.flatMap(({ line, edits }) =>
    edits.length === 0
      ? [`${lineName(line)} (taken from the spare line)`]
      : edits
          .filter((edit) => !fillsOnly([edit]))
          .map((edit) => `${placeName(line, edit.place)} (${edit.kind})`),
  );
}

/** What a person should know of how a slip was read. */
export function readingNotes({ corrections, restored, spare }: SlipReading): string[] {
  const overruled = corrections.filter((correction) => correction.edits.length === 0);
  const lost = restored.filter((line) => !overruled.some((correction) => correction.line === line));
  return [
    ...correctionWords(corrections).map((words) => `corrected: ${words}`),
    ...lost.map((line) => `${lineName(line)} was lost, and came back from the spare line`),
    ...(spare === "differs" ? ["the spare line does not agree with the others"] : []),
  ];
}

/** What a set has and still needs. */
export function needWords({ name, have, threshold, need, total }: SetState): string {
  const slips = `set ${name}: slip ${have.join(", ")} of ${total} here`;
  if (need === 0) return `${slips}, which is enough`;
  return `${slips}; ${need} more needed (${threshold} in all)`;
}
