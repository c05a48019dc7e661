import type { Assembly } from "../../core/assembly.ts";
import { BreakglassError } from "../../core/errors.ts";
import type { SlipReading } from "../../core/reader.ts";
import { setName, slipName, type Slip } from "../../core/slip.ts";
import { readingNotes } from "../../core/verdict.ts";
import { say } from "../system/output.ts";
import { readGivenSlip, type SlipInput } from "./slip-input.ts";
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

/** @throws BreakglassError `mixed-sets` for a slip of another set than the only one that is asked for */
export function needSet(slip: Slip, only: string | undefined): void {
  if (only === undefined || setName(slip.setId) === only) return;
  slip.payload.fill(0);
  throw new BreakglassError(
    "mixed-sets",
    `this is ${slipName(slip)}, and slips of set ${only} are asked for`,
    `lay it aside, and take a slip of set ${only}`,
  );
}

/** How slips are taken from files. */
export interface TakingFiles {
  readonly acceptCorrections: boolean;
  /** The set that is asked for, if slips of others are refused. */
  readonly only?: string | undefined;
  /** Told what can't be read, after which the others are read all the same. */
  readonly tell: (error: BreakglassError) => void;
}

/**
 * Adds all slips that a file holds.
 *
 * @param index the file's place in the input, from 0
 * @returns what was said
 */
export async function takeFile(
  input: SlipInput,
  index: number,
  assembly: Assembly,
  { acceptCorrections, only, tell }: TakingFiles,
): Promise<string[]> {
  const news: string[] = [];
  const goOn = async (read: () => void | Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof BreakglassError)) throw error;
      tell(error);
    }
  };
  await goOn(async () => {
    for (const slip of await input.slips(index))
      await goOn(() => {
        const reading = readGivenSlip(slip, { acceptCorrections });
        needSet(reading.slip, only);
        news.push(...takeSlip(assembly, reading, slip.where));
      });
  });
  return news;
}
