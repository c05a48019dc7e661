import { BreakglassError } from "../../core/errors.ts";
import { spelledAs } from "../../custody/names.ts";
import type { IssueDefaults, IssueOptions } from "./issue-plan.ts";

/** The flags that say who is to hold the slips, and where. */
export type HolderOptions = Pick<IssueOptions, "custodian" | "alternate" | "location">;

/** What is known of a slip's holder before anybody is asked. */
export interface KnownHolder {
  readonly custodian: string | undefined;
  readonly location: string | undefined;
  /** The alternate that goes with a custodian for this slip. */
  readonly alternateOf: (custodian: string) => string | undefined;
}

/**
 * Who is to hold each slip, by the flags, or else as in the set before.
 *
 * @throws BreakglassError `usage` if a flag was given more often than there are slips
 */
export function knownHolders(
  options: HolderOptions,
  total: number,
  {
    holders: earlier,
    alternateOf,
    known,
  }: Pick<IssueDefaults, "holders" | "alternateOf" | "known">,
): KnownHolder[] {
  const spelled = (name: string | undefined, names: readonly string[]): string | undefined =>
    name === undefined ? undefined : spelledAs(name.trim(), names);
  for (const [flag, given] of [
    ["--custodian", options.custodian ?? []],
    ["--alternate", options.alternate ?? []],
    ["--location", options.location ?? []],
  ] as const)
    if (given.length > total)
      throw new BreakglassError(
        "usage",
        `${flag} was given ${given.length} times for ${total} slips`,
        `give ${flag} once for every slip, in order`,
      );
  return Array.from({ length: total }, (_, i) => {
    const before = earlier.length === total ? earlier[i] : undefined;
    return {
      custodian: spelled(options.custodian?.[i], known.custodians) ?? before?.custodian,
      location: spelled(options.location?.[i], known.locations) ?? before?.location,
      alternateOf: (custodian): string | undefined =>
        spelled(options.alternate?.[i], known.custodians) ??
        (custodian === before?.custodian ? before.alternate : alternateOf(custodian)),
    };
  });
}
