import { BreakglassError } from "../../core/errors.ts";
import { judgeAnchor, parseAnchor, type Anchor, type Journal } from "../../custody/journal.ts";
import type { SetState } from "../../custody/register.ts";

/** An anchor from paper that a journal agrees with. */
export interface Compared {
  readonly paper: Anchor;
  /** Later entries, which it says nothing of. */
  readonly unprotected: number;
}

/**
 * Holds a journal against an anchor as it was typed from paper.
 *
 * @throws BreakglassError `usage` if it is none, or most likely mistyped, `register` if the journal is
 *   another than the paper knows
 */
export function compareAnchor(journal: Journal, typed: string): Compared {
  const paper = parseAnchor(typed);
  const { verdict, unprotected } = judgeAnchor(journal, paper);
  if (verdict === "older copy")
    throw new BreakglassError(
      "register",
      `this register ends at entry ${journal.head.n}, and the paper knows entry ${paper.n}: it is an older copy`,
      "find the newer copy; do not write into this one",
    );
  if (verdict === "rewritten")
    throw new BreakglassError(
      "register",
      `entry ${paper.n} of this register is not the one that the paper knows: it was rewritten`,
      "compare what was typed with the paper; if it is so, keep this file and the paper as evidence, and compare with other copies",
    );
  // What is right is not said: it is to be read from the paper, or nothing was compared.
  if (verdict !== "holds")
    throw new BreakglassError(
      "usage",
      verdict === "number mistyped"
        ? `these digits are those of another entry than ${paper.n}: most likely its number was mistyped`
        : `this is the anchor of entry ${paper.n} but for one or two digits: most likely it was mistyped`,
      "read it from the paper again; nothing says that the register was rewritten",
    );
  return { paper, unprotected };
}

/**
 * Refuses an anchor from before a set was issued: it fits any copy of the register since then, older
 * ones too.
 *
 * @throws BreakglassError `refused`
 */
export function requireSince({ paper }: Compared, { set, generation, issued }: SetState): void {
  if (paper.n < issued.n)
    throw new BreakglassError(
      "refused",
      `this anchor is of entry ${paper.n}, and set ${set} (generation ${generation}) was issued later, as entry ${issued.n}`,
      `take the anchor from a slip of set ${set}, or from minutes that were printed since`,
    );
}
