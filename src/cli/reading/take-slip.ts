import type { Assembly } from "../../core/assembly.ts";
import type { SlipReading } from "../../core/reader.ts";
import { slipName } from "../../core/slip.ts";
import { readingNotes } from "../../core/verdict.ts";
import { say } from "../system/output.ts";
import { needWords } from "./wording.ts";

/**
 * Adds a slip and says what that makes.
 *
 * @returns what was said
 */
export function takeSlip(assembly: Assembly, reading: SlipReading, where: string): string[] {
  const { added, set } = assembly.add(reading.slip);
  const name = slipName(reading.slip);
  const news = readingNotes(reading).map((note) => `${name}: ${note}`);
  if (added === "same again") {
    reading.slip.payload.fill(0);
    news.push(`${where}: ${name} was given before; it counts once`);
  }
  if (added === "conflict")
    news.push(
      `${where}: ${name} was given before with other content; one of the two is not genuine`,
    );
  news.push(needWords(set));
  for (const line of news) say(line);
  return news;
}
