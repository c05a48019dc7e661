import { isLeft, type Register, type SlipState } from "../../custody/register.ts";
import { refText } from "../../custody/slip-ref.ts";

/** The slips that an event of this kind can be about: what is found was lost, and else a slip is still somewhere. */
export function slipsFor(what: string | undefined, { sets }: Register): string[] {
  return [...sets.values()].flatMap(({ slips }) =>
    slips.filter(what === "found" ? isLost : isLeft).map(refText),
  );
}

function isLost({ lost }: SlipState): boolean {
  return lost !== undefined;
}
