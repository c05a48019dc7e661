import type { ErrorCode } from "../../core/errors.ts";

/** Exit status of every command, by what went wrong. */
export const EXIT_STATUS: Readonly<Record<ErrorCode, number>> = {
  internal: 1,
  usage: 2,
  "no-terminal": 2,
  "input-too-large": 3,
  "no-slip": 3,
  "line-missing": 3,
  "line-misplaced": 3,
  "line-unreadable": 3,
  "corrections-needed": 3,
  "check-failed": 3,
  ambiguous: 3,
  "line-count": 3,
  version: 3,
  structure: 3,
  picture: 3,
  "too-few": 4,
  conflict: 5,
  "mixed-sets": 5,
  misfit: 5,
  "wrong-result": 6,
  register: 7,
  refused: 8,
  file: 9,
  printer: 9,
  interrupted: 130,
};

/** Exit statuses that are no failure of a command: something is due, or overdue. */
export const EXIT_DUE = 10;
export const EXIT_OVERDUE = 11;
