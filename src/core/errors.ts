/**
 * What can go wrong, in the words of the slip format and the command line. Exit statuses are
 * attached to these at the edge of the program, not here.
 */
export type ErrorCode =
  // the input is not what it should be
  | "usage"
  | "input-too-large"
  | "refused"
  // one slip can't be read
  | "no-slip"
  | "line-missing"
  | "line-misplaced"
  | "line-unreadable"
  | "corrections-needed"
  | "check-failed"
  | "ambiguous"
  | "line-count"
  | "version"
  | "structure"
  | "picture"
  // several slips don't make a password
  | "too-few"
  | "conflict"
  | "mixed-sets"
  | "misfit"
  | "wrong-result"
  // the record of who holds what
  | "register"
  // the world around
  | "file"
  | "printer"
  | "no-terminal"
  | "interrupted"
  | "internal";

/**
 * The one error this program throws on purpose.
 *
 * Neither `message` nor `hint` ever holds a password, a fragment, a share symbol or a typed line:
 * a slip is named by its public name, a place on it by position.
 */
export class BreakglassError extends Error {
  override readonly name = "BreakglassError";
  readonly code: ErrorCode;
  /** One line that says what to do next. */
  readonly hint: string;

  /**
   * @param code the failure class
   * @param message one line that says what is wrong
   * @param hint one line that says what to do
   */
  constructor(code: ErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
