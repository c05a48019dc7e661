import { BreakglassError } from "../../core/errors.ts";
import type { Verdict } from "./questions.ts";

/** What a check that throws says of an answer, to be said at its question. */
export function asVerdict(check: () => void): Verdict {
  try {
    check();
    return true;
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    return `${error.message}; ${error.hint}`;
  }
}
