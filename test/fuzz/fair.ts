import { BreakglassError } from "../../src/core/errors.ts";

/** Whether an error is a fair answer to any input: one of ours, in one line, and no defect of ours. */
export function isFair(error: unknown): boolean {
  return (
    error instanceof BreakglassError && error.code !== "internal" && !error.message.includes("\n")
  );
}

/** Runs something that may give a fair error for an answer. */
export function fair(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isFair(error)) throw error;
  }
}
