import type { SlipDraft } from "../../core/document.ts";
import { BreakglassError } from "../../core/errors.ts";
import type { SlipSource } from "../../scan/read-code.ts";

/** A slip as it was given, and where. */
export interface GivenSlip {
  /** Undefined for a QR code that begins like a slip's, and is none. */
  readonly draft: SlipDraft | undefined;
  /** Such as `slips.txt`, or `slip 2 in slips.txt` where there are more. */
  readonly where: string;
  readonly from: SlipSource;
}

/** Runs something, and names the place in what it throws. */
export function inContext<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw named(where, error);
  }
}

/** An error with the place where it happened before its message. */
export function named(where: string, error: unknown): unknown {
  if (!(error instanceof BreakglassError) || error.message.includes(where)) return error;
  return new BreakglassError(error.code, `${where}: ${error.message}`, error.hint);
}
