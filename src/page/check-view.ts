import type { SlipReading } from "../core/reader.ts";
import { checkWord, slipName } from "../core/slip.ts";
import { isWhole, kindWords, readingNotes, spareWords } from "../core/verdict.ts";
import { SOURCE_NOTES, type SlipSource } from "../scan/read-code.ts";
import { element } from "./dom.ts";
import { notice } from "./notice.ts";
import { sentence } from "./words.ts";

/**
 * What a slip that was checked alone is found to be, and what that says of the paper; nothing of
 * what is on it.
 */
export function verdict(reading: SlipReading, from: SlipSource): HTMLElement {
  const { slip } = reading;
  const whole = isWhole(reading);
  const facts: readonly (readonly [string, string])[] = [
    ["Kind", sentence(kindWords(slip))],
    ["Spare line", sentence(spareWords(reading))],
    ...readingNotes(reading).map((note): [string, string] => ["Note", sentence(note)]),
  ];
  const made = notice(
    whole && from !== "drawn page" ? "good" : "careful",
    `${slipName(slip)} ${whole ? "is intact." : "can be read, but is damaged: replace it."}`,
    ...SOURCE_NOTES[from].map(sentence),
    element(
      "p",
      { class: "check-word" },
      "Check word ",
      element("strong", { class: "code" }, checkWord(slip)),
    ),
    "Write it into the table on the slip, and tell it to whoever keeps the register. It gives nothing away.",
    element(
      "dl",
      { class: "facts" },
      ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
  );
  made.dataset["intact"] = String(whole);
  return made;
}
