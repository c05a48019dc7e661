import { BreakglassError } from "../core/errors.ts";
import { unprintable, type Fonts } from "./fonts.ts";
import { looksLikeCode } from "./wording.ts";

/** What a slip says about itself besides its code. */
export interface SlipDetails {
  readonly organisation: string | undefined;
  readonly account: string;
  readonly generation: number;
  /** YYYY-MM-DD, like `replaceBy`. */
  readonly issued: string;
  readonly replaceBy: string;
  /** The policy keeps the password: the date is the one by which the sign-in is tried. */
  readonly stays?: boolean;
  readonly custodian: string;
  readonly alternate: string;
  readonly location: string;
  /** Kinds of things, such as "FIDO2 key" and "PIN"; printed on discreet slips too, so no serials. */
  readonly alsoNeeded: readonly string[];
  /** The register's anchor, or undefined if the slip is in no register. */
  readonly anchor: string | undefined;
}

const MAX_VALUE = 200;

/**
 * A value as it will be printed: with accents composed and without blanks around it.
 *
 * @param what the value is, such as "the custodian's name"
 * @throws BreakglassError `usage` unless it can be printed, on one or more lines, as it should be
 */
export function checkValue(what: string, value: string, fonts: Fonts): string {
  const composed = value.normalize("NFC").trim();
  if (composed === "") throw valueError(`${what} is empty`, "give a value for it");
  if (composed.length > MAX_VALUE)
    throw valueError(`${what} has more than ${MAX_VALUE} characters`, "shorten it");
  const char = unprintable(composed, fonts, ["regular", "bold"]);
  if (char !== undefined)
    throw valueError(
      `${what} has a character (${char}) that the slip's fonts can't print`,
      "write it in Latin, Greek or Cyrillic letters, on one line",
    );
  if (looksLikeCode(composed))
    throw valueError(
      `${what} looks like a part of the code, with its number and bracket`,
      "write it without the bracket",
    );
  return composed;
}

/** A value that does not fit its place on the slip. */
export function tooLong(what: string): BreakglassError {
  return valueError(`${what} is too long for the slip`, "shorten it");
}

function valueError(message: string, hint: string): BreakglassError {
  return new BreakglassError("usage", message, hint);
}
