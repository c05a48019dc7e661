import {
  heldSets,
  holdersOf,
  isLeft,
  isRecoverable,
  isUsable,
  type Register,
  type SetState,
  type SlipState,
} from "./register.ts";

/**
 * A safe, a site, or people. People are lost when nobody is left who can fetch what they hold: a
 * custodian together with the alternate, or who of the two has not left. They are a thief when one
 * of them alone turns against us, and that can be who has left, too.
 */
export interface Place {
  readonly kind: "safe" | "site" | "people";
  /** As it stands in a sentence. */
  readonly name: string;
  /** The numbers of the slips that it takes along. */
  readonly slips: readonly number[];
}

/** What a theft means. */
interface Theft {
  readonly place: Place;
  /** Whether the slips seen then are enough to recover the password. */
  readonly reveals: boolean;
  /** Bits left, if it does not; undefined if nobody knows. */
  readonly bitsLeft: number | undefined;
  /** Bits before it; undefined if nobody knows. */
  readonly bitsBefore: number | undefined;
}

/** What would become of one set that the tenant holds or may hold. */
export interface Exposure {
  readonly account: string;
  readonly set: string;
  readonly generation: number;
  /** Slips that can be counted on now: good, and somebody is there who can fetch them. */
  readonly usable: readonly number[];
  readonly threshold: number;
  /** Each alone makes the password unrecoverable. Empty if it already is. */
  readonly losses: readonly Place[];
  /** Both together do, and neither alone. */
  readonly pairs: readonly (readonly [Place, Place])[];
  /** Every theft that reveals the password or leaves it weaker than before. */
  readonly thefts: readonly Theft[];
  /** The same, as sentences for a risk register, below a heading that names account and set. */
  readonly sentences: readonly string[];
}

/** What the loss or theft of safes, sites and people would mean for every account, exactly. */
export function exposures(register: Register): Exposure[] {
  return [...register.accounts.values()]
    .filter(({ retired }) => retired === undefined)
    .flatMap(({ account }) => exposureOf(register, account));
}

/** The same for one account: one for each set that the tenant holds or may hold. */
export function exposureOf(register: Register, account: string): Exposure[] {
  return heldSets(register, account).map((set) => judge(set, register));
}

/** Slips as a bit each. */
type Mask = number;

function maskOf(slips: readonly { readonly slip: number }[]): Mask {
  return slips.reduce((mask, { slip }) => mask | (1 << (slip - 1)), 0);
}

function size(mask: Mask): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

interface Threat extends Place {
  readonly mask: Mask;
  /** Who is lost with it. */
  readonly people: readonly string[];
}

function threat(
  kind: Place["kind"],
  name: string,
  slips: readonly { slip: number }[],
  people: readonly string[] = [],
): Threat {
  return { kind, name, slips: slips.map(({ slip }) => slip), mask: maskOf(slips), people };
}

function placeOf({ kind, name, slips }: Threat): Place {
  return { kind, name, slips };
}

/** Each value once, in the order of their first mention. */
function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined);
}

function judge(set: SetState, register: Register): Exposure {
  const { account, threshold, generation } = set;
  const left = set.slips.filter(isLeft);
  const hereOf = (slip: SlipState): string[] =>
    holdersOf(slip).filter((person) => register.custodians.get(person)?.gone === undefined);
  const fetched = left.filter((slip) => hereOf(slip).length > 0);
  const usable = fetched.filter(isUsable);
  const siteOf = (location: string): string | undefined => register.locations.get(location)?.site;
  const safes = unique(left.map(({ location }) => location)).map((name) =>
    threat(
      "safe",
      name,
      left.filter(({ location }) => location === name),
    ),
  );
  const sites = unique(left.map(({ location }) => siteOf(location))).map((name) =>
    threat(
      "site",
      `the site ${name}`,
      left.filter(({ location }) => siteOf(location) === name),
    ),
  );
  const heldWithin = (group: readonly string[]): SlipState[] =>
    fetched.filter((slip) => hereOf(slip).every((person) => group.includes(person)));
  const lostPeople = unique(fetched.map((slip) => JSON.stringify(hereOf(slip).toSorted()))).map(
    (key) => {
      const group = JSON.parse(key) as string[];
      const named = fetched.find((slip) => JSON.stringify(hereOf(slip).toSorted()) === key)!;
      return threat("people", hereOf(named).join(" with "), heldWithin(group), group);
    },
  );
  const thieves = unique(left.flatMap(holdersOf)).map((name) =>
    threat(
      "people",
      name,
      left.filter((slip) => holdersOf(slip).includes(name)),
    ),
  );

  const have = maskOf(usable);
  const survives = (lost: Mask): boolean => size(have & ~lost) >= threshold;
  const recoverable = survives(0);
  const perils = [...safes, ...sites, ...lostPeople];
  const fatal = recoverable ? perils.filter(({ mask }) => !survives(mask)) : [];
  const harmless = recoverable ? perils.filter((peril) => !fatal.includes(peril)) : [];
  // Two groups of people take along, too, what was held by somebody of each.
  const bothLost = (one: Threat, other: Threat): Mask =>
    one.mask | other.mask | maskOf(heldWithin([...one.people, ...other.people]));
  const pairs = harmless.flatMap((one, i) =>
    harmless
      .slice(i + 1)
      .flatMap((other) => (survives(bothLost(one, other)) ? [] : [[one, other] as const])),
  );

  // Whoever has a slip that is lost or compromised has seen it, or had it until it was found.
  const seen = maskOf(
    set.slips.filter(({ lost, found, compromised }) => lost ?? found ?? compromised),
  );
  const before = bitsAfter(set, seen);
  const thefts = [...safes, ...sites, ...thieves].flatMap((thief) => {
    const known = seen | thief.mask;
    const bitsLeft = bitsAfter(set, known);
    const reveals = size(known) >= threshold && size(seen) < threshold;
    const weaker = bitsLeft !== undefined && before !== undefined && bitsLeft < before;
    const unclear = bitsLeft === undefined && set.scheme === "concat" && known !== seen;
    return reveals || weaker || unclear
      ? [{ place: placeOf(thief), reveals, bitsLeft: reveals ? 0 : bitsLeft, bitsBefore: before }]
      : [];
  });
  const found = {
    ...{ account, set: set.set, generation, threshold },
    usable: usable.map(({ slip }) => slip),
    losses: fatal.map(placeOf),
    pairs: pairs.map(([one, other]) => [placeOf(one), placeOf(other)] as const),
    thefts,
  };
  const unfetched = left.filter((slip) => isUsable(slip) && !fetched.includes(slip));
  return {
    ...found,
    sentences: [...unfetched.map(unfetchedSentence), ...sentencesOf(found, set, size(seen))],
  };
}

/** Bits left when some slips are seen; undefined if nobody knows. */
function bitsAfter({ strength, scheme, threshold }: SetState, seen: Mask): number | undefined {
  const many = size(seen);
  if (many >= threshold) return 0;
  if (strength === undefined) return undefined;
  if (many === 0 || scheme === "shamir") return strength.whole;
  // A concatenation has at most three parts, so that one was seen, or all but one.
  const all = (1 << threshold) - 1;
  const exact =
    many === 1 ? strength.afterSlip?.[numberOf(seen)] : strength.onlySlip?.[numberOf(all & ~seen)];
  return exact ?? (many === threshold - 1 ? strength.afterAllButOne : strength.afterOne);
}

/** The place of a single slip, from 0. */
function numberOf(slip: Mask): number {
  return Math.log2(slip);
}

function unfetchedSentence(slip: SlipState): string {
  const left = holdersOf(slip);
  return `Nobody is there to fetch slip ${slip.slip}: ${left.join(" and ")} ${left.length === 1 ? "has" : "have"} left.`;
}

function sentencesOf(
  { usable, threshold, losses, pairs, thefts }: Omit<Exposure, "sentences">,
  set: SetState,
  seen: number,
): string[] {
  const sentences: string[] = [];
  const say = (sentence: string): void =>
    void sentences.push(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);

  if (!isRecoverable(set))
    say(
      `the password can't be recovered any more: ${set.slips.filter(isUsable).length} of ${threshold} slips needed are left`,
    );
  else if (usable.length < threshold)
    say(
      `the password can't be recovered as things are: ${usable.length} of ${threshold} slips needed can be fetched`,
    );
  else {
    for (const { name } of losses) say(`the loss of ${name} would make the password unrecoverable`);
    if (losses.length === 0)
      say(
        `no single loss of a safe, a site or a custodian with the alternate would make the password unrecoverable`,
      );
    for (const [one, other] of pairNames(pairs, usable, threshold))
      say(
        `the loss of ${one} together with the loss of ${other} would make the password unrecoverable`,
      );
    if (pairs.length === 0 && losses.length === 0)
      say(`no two such losses together would make the password unrecoverable`);
  }
  if (seen > 0)
    say(
      seen >= threshold
        ? `enough slips of set ${set.set} are or were lost, or are compromised, for the password to be known to others`
        : `${seen} of the ${threshold} slips that open set ${set.set} ${seen === 1 ? "is" : "are"} lost or compromised already, or ${seen === 1 ? "was" : "were"} lost for a time`,
    );
  for (const { place, reveals, bitsLeft, bitsBefore } of thefts) {
    const theft = place.kind === "people" ? `${place.name} alone` : `whoever opens ${place.name}`;
    if (reveals) say(`${theft} could recover the password`);
    else if (bitsLeft === undefined)
      say(`${theft} would see a part of the password; how much strength is left is unknown`);
    else
      say(
        `${theft} would see a part of the password, and its strength would fall from ${Math.floor(bitsBefore!)} to ${Math.floor(bitsLeft)} bits`,
      );
  }
  if (thefts.length === 0 && seen < threshold)
    say(
      `no single theft from a safe, a site or by a person would reveal the password or weaken it`,
    );
  return sentences;
}

/**
 * Pairs in words. Places that take along the same slips are named together, unless a pair of people
 * takes along more than each of the two: that is so of no other pair.
 */
function pairNames(
  pairs: Exposure["pairs"],
  usable: readonly number[],
  threshold: number,
): (readonly [string, string])[] {
  const isSum = ([one, other]: Exposure["pairs"][number]): boolean =>
    usable.filter((slip) => !one.slips.includes(slip) && !other.slips.includes(slip)).length <
    threshold;
  const others = pairs.filter((pair) => !isSum(pair));
  return [
    ...groupPairs(pairs.filter(isSum)),
    ...others.map(([one, other]) => [one.name, other.name] as const),
  ];
}

/** Pairs in words: places that take along the same slips are named together. */
function groupPairs(pairs: Exposure["pairs"]): [string, string][] {
  const names = new Map<string, string[]>();
  const key = ({ slips }: Place): string => slips.join();
  for (const place of pairs.flat()) {
    const known = names.get(key(place)) ?? [];
    if (!known.includes(place.name)) names.set(key(place), [...known, place.name]);
  }
  const groups = unique(
    pairs.map(([one, other]) => JSON.stringify([key(one), key(other)].toSorted())),
  );
  return groups.map((group) => {
    const [one, other] = JSON.parse(group) as [string, string];
    return [names.get(one)!.join(" or "), names.get(other)!.join(" or ")];
  });
}
