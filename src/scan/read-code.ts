import { readDocument, type SlipDraft } from "../core/document.ts";
import { BreakglassError, type ErrorCode } from "../core/errors.ts";
import { readSlip, type SlipReading } from "../core/reader.ts";

/** What a slip was read from: a text, a code in a picture, or one on a page that a program drew. */
export type SlipSource = "text" | "picture" | "drawn page";

/** What has to be said of a slip that is checked, by what it was read from. */
export const SOURCE_NOTES: Readonly<Record<SlipSource, readonly string[]>> = {
  text: [],
  picture: ["only its QR code was read, and not the lines printed beside it"],
  "drawn page": ["this proves the file, and not the paper: print it, and check what was printed"],
};

/** A code's text as a slip; undefined if it is none, or has more in it than one. */
export function draftOfCode(text: string): SlipDraft | undefined {
  try {
    const [draft, ...more] = readDocument(text);
    return draft?.version !== undefined && more.length === 0 ? draft : undefined;
  } catch (error) {
    if (error instanceof BreakglassError) return undefined;
    throw error;
  }
}

/**
 * Reads the slip of a code that was seen in a picture. What such a code says was read as it was
 * printed, so comparing symbols with the paper will not help.
 *
 * @param draft of {@link draftOfCode}
 * @throws BreakglassError as {@link readSlip} does; but for another version it says that the code
 *   is none of a slip
 */
export function readCode(
  draft: SlipDraft | undefined,
  options: { acceptCorrections: boolean },
): SlipReading {
  if (draft === undefined) throw notOfSlip("structure", "more or something else stands in it");
  try {
    return readSlip(draft, options);
  } catch (error) {
    if (!(error instanceof BreakglassError) || error.code === "version") throw error;
    throw notOfSlip(error.code, error.message);
  }
}

function notOfSlip(code: ErrorCode, why: string): BreakglassError {
  return new BreakglassError(
    code,
    `the QR code begins like a slip's, and is none: ${why}`,
    "take a picture of the slip's own code, or type the code lines printed beside it",
  );
}
