import { readDocument, type SlipDraft } from "../core/document.ts";
import { BreakglassError } from "../core/errors.ts";
import { inputName, readText } from "./input.ts";

/** A slip as it was given, and where. */
export interface GivenSlip {
  readonly draft: SlipDraft;
  /** Such as `slips.txt`, or `slip 2 in slips.txt` where there are more. */
  readonly where: string;
}

/**
 * All slips in a text file, in order.
 *
 * @param file a path; `-` is standard input
 * @param place among the files that were named, from 1
 * @throws BreakglassError `file`, `input-too-large` or `no-slip`, naming the file
 */
export function givenSlips(file: string, place: number): GivenSlip[] {
  const name = inputName(file, place);
  const drafts = inContext(name, () => readDocument(readText(file, name)));
  return drafts.map((draft, i) => ({
    draft,
    where: drafts.length > 1 ? `slip ${i + 1} in ${name}` : name,
  }));
}

/** Runs something, and names the place in what it throws. */
export function inContext<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof BreakglassError) || error.message.includes(where)) throw error;
    throw new BreakglassError(error.code, `${where}: ${error.message}`, error.hint);
  }
}
