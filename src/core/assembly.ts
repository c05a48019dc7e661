import { sameBytes } from "./bytes.ts";
import { combinations, product } from "./choose.ts";
import { BreakglassError } from "./errors.ts";
import { setName, sameSet, slipName, type SetHeader, type Slip } from "./slip.ts";
import { joinSlips } from "./split.ts";
import { TEST_SET, isTestSlip } from "./test-slip.ts";

/** Joins tried while looking for slips that fit together. */
const JOINS_MAX = 1000;

/** What adding a slip changed. */
export type Added = "new" | "same again" | "conflict";

/** What is known of one set: only names and numbers, nothing of its content. */
export interface SetState extends SetHeader {
  /** Such as `K7Q2`. */
  readonly name: string;
  /** Indexes given, ascending. */
  readonly have: readonly number[];
  /** Indexes of which two different slips were given. */
  readonly conflicts: readonly number[];
  /** How many more are needed. */
  readonly need: number;
}

/** A secret that was put together, and the slips that had to be left out for it. */
export interface Recovered {
  readonly secret: Uint8Array;
  /** Slips that it came from: all that were given and fit. */
  readonly slips: readonly Slip[];
  /** Slips given that do not fit the others: altered, or of another making. */
  readonly misfits: readonly Slip[];
}

/**
 * Slips as they come in, grouped by the set they say they belong to. It never takes the first slip
 * for the truth: slips that contradict each other are all kept, and the digest decides.
 */
export class Assembly {
  readonly #groups: Slip[][] = [];

  /**
   * Adds a slip; one that was given before with the same content changes nothing.
   *
   * @throws BreakglassError `misfit` for the void test page, which belongs to no password
   */
  add(slip: Slip): { readonly added: Added; readonly set: SetState } {
    if (isTestSlip(slip))
      throw new BreakglassError(
        "misfit",
        `this is the void test page (${TEST_SET}), and no slip of any password`,
        "leave it out, and take the slips from the safes",
      );
    let group = this.#groups.find((other) => sameSet(other[0]!, slip));
    if (group === undefined) this.#groups.push((group = []));
    const rivals = group.filter((other) => other.index === slip.index);
    const known = rivals.some((other) => sameBytes(other.payload, slip.payload));
    if (!known) group.push(slip);
    const added = known ? "same again" : rivals.length > 0 ? "conflict" : "new";
    return { added, set: stateOf(group) };
  }

  /** Every set of which a slip was given, in the order of their first slips. */
  get sets(): SetState[] {
    return this.#groups.map(stateOf);
  }

  /**
   * Puts the secret together.
   *
   * @param name the set to take where slips of several were given
   * @throws BreakglassError `mixed-sets`, `too-few`, `wrong-result` or `conflict`
   */
  recover(name?: string): Recovered {
    const wanted = this.#groups.filter(
      (group) => name === undefined || setName(group[0]!.setId) === name,
    );
    if (wanted.length > 1) throw mixedSets(wanted.map(stateOf));
    const [group] = wanted;
    if (group === undefined)
      throw new BreakglassError(
        "too-few",
        name === undefined ? "no slip was given" : `no slip of set ${name} was given`,
        "give slips of one set, as many as its slips say",
      );
    const state = stateOf(group);
    if (state.need > 0) throw tooFew(state);
    const ordered = group.toSorted((a, b) => a.index - b.index);
    return joinConsistent(ordered, state);
  }

  /** Overwrites what the slips hold; the assembly is empty afterwards. */
  wipe(): void {
    for (const slip of this.#groups.flat()) slip.payload.fill(0);
    this.#groups.length = 0;
  }
}

function stateOf(group: readonly Slip[]): SetState {
  const { setId, scheme, blinded, threshold, total } = group[0]!;
  const given = group.map((slip) => slip.index).toSorted((a, b) => a - b);
  const have = [...new Set(given)];
  return {
    ...{ setId, scheme, blinded, threshold, total },
    name: setName(setId),
    have,
    conflicts: have.filter((index) => given.indexOf(index) !== given.lastIndexOf(index)),
    need: Math.max(0, threshold - have.length),
  };
}

/** Slips that the digest holds for, and what they give. */
interface Fit {
  readonly secret: Uint8Array;
  readonly slips: readonly Slip[];
}

/**
 * Tries all slips together, then all but one, and so on down to the threshold, until the digest
 * holds; so the fewest possible are called misfits. These must not give another password.
 */
function joinConsistent(group: readonly Slip[], state: SetState): Recovered {
  let joins = 0;
  const fitting = (choices: Iterable<readonly Slip[]>): Fit[] => {
    const found: Fit[] = [];
    for (const slips of choices) {
      if (++joins > JOINS_MAX) break;
      const secret = joinSlips(slips);
      if (secret !== undefined) found.push({ secret, slips });
    }
    return found;
  };
  let fits: Fit[] = [];
  for (let size = state.have.length; size >= state.threshold && fits.length === 0; size--)
    fits = fitting(choicesOf(group, size));
  const [first] = fits;
  if (first === undefined) throw wrongResult(state);
  const misfits = group.filter((slip) => !fits.some(({ slips }) => slips.includes(slip)));
  const rivals = misfits.flatMap((slip) => {
    const others = group.filter(({ index }) => index !== slip.index);
    return fitting(choicesOf(others, state.threshold - 1, slip));
  });
  const problem = contradiction(fits, rivals, state);
  for (const { secret } of [...fits.slice(1), ...rivals]) secret.fill(0);
  if (problem === undefined)
    return {
      secret: first.secret,
      slips: group.filter((slip) => !misfits.includes(slip)),
      misfits,
    };
  first.secret.fill(0);
  throw problem;
}

/** Every way to choose slips of `size` different indexes, and `always` before them. */
function* choicesOf(group: readonly Slip[], size: number, ...always: Slip[]): Generator<Slip[]> {
  const indexes = [...new Set(group.map((slip) => slip.index))];
  for (const chosen of combinations(indexes, size)) {
    const rivals = chosen.map((index) => group.filter((slip) => slip.index === index));
    for (const slips of product(rivals)) yield [...always, ...slips];
  }
}

/** What makes it impossible to choose between slips that fit. */
function contradiction(
  fits: readonly Fit[],
  rivals: readonly Fit[],
  state: SetState,
): BreakglassError | undefined {
  if ([...fits, ...rivals].some(({ secret }) => !sameBytes(secret, fits[0]!.secret)))
    return new BreakglassError(
      "conflict",
      `the slips of set ${state.name} give more than one password: some of them were forged`,
      "treat the set as compromised; compare each slip with the register (breakglass check)",
    );
  const fitting = [...new Set(fits.flatMap(({ slips }) => slips))];
  const doubtful = fitting.find((slip) =>
    fitting.some((other) => other !== slip && other.index === slip.index),
  );
  return doubtful === undefined
    ? undefined
    : new BreakglassError(
        "conflict",
        `two different papers say that they are ${slipName(doubtful)}, and both fit the others`,
        "compare both with the register (breakglass check), and give only the one that was issued",
      );
}

function wrongResult(state: SetState): BreakglassError {
  const all = state.have.length === state.total;
  return new BreakglassError(
    "wrong-result",
    `the slips of set ${state.name} do not give the password back: one of them was altered`,
    state.scheme === "concat" || all
      ? "compare each slip with the register (breakglass check); use the other account's slips"
      : `add another slip of set ${state.name}, so that the one that does not fit can be named`,
  );
}

function tooFew(state: SetState): BreakglassError {
  const missing = Array.from({ length: state.total }, (_, i) => i + 1).filter(
    (index) => !state.have.includes(index),
  );
  return new BreakglassError(
    "too-few",
    `set ${state.name} needs ${state.threshold} slips, and ${state.have.length} ${state.have.length === 1 ? "is" : "are"} here: slip ${state.have.join(", ")}`,
    `fetch ${state.need} more: slip ${missing.join(state.need === missing.length ? " and " : " or ")}`,
  );
}

function mixedSets(states: readonly SetState[]): BreakglassError {
  const complete = states.filter((state) => state.need === 0);
  const words = states.map(
    (state) => `${state.name} (${state.have.length} of ${state.threshold} needed)`,
  );
  return new BreakglassError(
    "mixed-sets",
    complete.length > 1
      ? `${complete.length} complete sets were given: ${complete.map((state) => state.name).join(", ")}`
      : `slips of different sets were given: ${words.join(", ")}`,
    complete.length > 1
      ? "try the one of the higher generation first: choose it with --set"
      : `give slips of one set, or choose one with --set ${(complete[0] ?? states[0])!.name}`,
  );
}

/** The error for slips that had to be left out, where nobody is there to be asked. */
export function misfitError(misfits: readonly Slip[]): BreakglassError {
  const names = misfits.map(slipName).join(", ");
  return new BreakglassError(
    "misfit",
    `${names} ${misfits.length === 1 ? "does" : "do"} not fit the other slips of the set: altered, or not of this set`,
    "leave out what does not fit; keep that paper as evidence, and treat the set as compromised",
  );
}
