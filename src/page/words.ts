import { BreakglassError, type ErrorCode } from "../core/errors.ts";

/** What to do, where the hint that comes with an error speaks of the command line. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  "corrections-needed": "Compare these places with the paper.",
  "mixed-sets": "Look at the four symbols at the top of each slip, and give slips of one set.",
  conflict:
    "Give only the slip that was issued: compare both with the register, and treat the set as compromised.",
  "wrong-result":
    "If there is another slip of this set, give it too: then the one that does not fit can be named. Otherwise use the other account's slips.",
  misfit: "Keep that paper as evidence, and treat the set as compromised.",
};

/** A message of the core, which begins small and has no full stop, as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!:]$/.test(text) ? "" : "."}`;
}

/** What is wrong, and what to do, in sentences. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** An expected error in the page's words; anything else is passed on. */
export function faultOf(error: unknown): Fault {
  const fault = scanFaultOf(error);
  return { ...fault, hint: HINTS[fault.code] ?? fault.hint };
}

/** The same for an error of the scanner, whose hints speak of pictures and not of a command line. */
export function scanFaultOf(error: unknown): Fault {
  if (!(error instanceof BreakglassError)) throw error;
  return { code: error.code, message: sentence(error.message), hint: sentence(error.hint) };
}
