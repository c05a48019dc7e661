import { BreakglassError } from "../../core/errors.ts";

/** What is said of a slip of the finger in the place of a bag's serial, which stays in the register. */
export const NO_SERIAL =
  "that is no bag's serial, which has a digit at least; copy it from the bag";

/** Whether it can be what is printed on a bag: a single letter is an answer to some other question. */
export function isBagSerial(typed: string): boolean {
  return /\p{Nd}/u.test(typed);
}

/** Takes what was given for `--bag`. */
export function parseBag(given: string): string {
  if (isBagSerial(given)) return given;
  throw new BreakglassError(
    "usage",
    "--bag is no bag's serial, which has a digit at least",
    "copy what is printed on the bag: --bag 004711",
  );
}
