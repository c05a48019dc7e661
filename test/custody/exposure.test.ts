import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HolderPlan } from "../../src/custody/rules.ts";
import { exposureOf, type Exposure, type Place } from "../../src/custody/exposure.ts";
import type { Book } from "./book.ts";
import { HOLDERS, commitment, issue, opened, perform, steps } from "./book.ts";

const PEOPLE = ["Ada", "Bea", "Cy", "Dan", "Eve", "Flo"];
const SAFES = {
  "Safe A": "Vienna",
  "Safe B": "Graz",
  "Safe C": "Linz",
  "Safe D": "Vienna",
} as const;

/** One set in use, with these holders. */
function held(
  holders: readonly HolderPlan[],
  threshold: number,
  scheme: "concat" | "shamir",
): Book {
  const book = opened().put({ kind: "location-added", location: "Safe D", site: "Vienna" });
  const slips = holders.map(({ custodian, alternate, location }, i) => ({
    ...{ custodian, location, commitment: commitment("K7Q2", i + 1) },
    ...(alternate === undefined ? {} : { alternate }),
  }));
  const strength =
    scheme === "shamir"
      ? { whole: 190, afterOne: 190, afterAllButOne: 190 }
      : { whole: 190, afterOne: 120.5, afterAllButOne: 60.25 };
  book.put(
    issue({ set: "K7Q2", account: "bg-1", generation: 1, threshold, scheme, strength, slips }),
  );
  for (let slip = 1; slip <= slips.length; slip++)
    book.put({ kind: "slip-checked", slip: { set: "K7Q2", slip } });
  const used = Array.from({ length: threshold }, (_, i) => i + 1);
  const others = used.map((slip) => (threshold === slips.length ? slip : slip + 1));
  return book.put(
    { kind: "setting-begun", set: "K7Q2", slips: used, actor: "Ada" },
    {
      ...{ kind: "password-recovered", set: "K7Q2", purpose: "ceremony", actor: "Bea" },
      slips: others,
    },
    { kind: "sign-in-confirmed", set: "K7Q2", actor: "Bea", slips: others },
  );
}

const one = (book: Book): Exposure => exposureOf(book.register, "bg-1")[0]!;
const names = (places: readonly Place[]): string[] => places.map(({ name }) => name);

/** The name of a loss, whoever of the people is named first. */
const sameName = (name: string): string => name.split(" with ").toSorted().join(" with ");
const pairName = (pair: readonly string[]): string => pair.map(sameName).toSorted().join(" + ");

interface Held {
  readonly custodian: string;
  readonly alternate: string | undefined;
  readonly location: keyof typeof SAFES;
}

/** Which losses lose the password: each by itself, and two that do not. Every one is tried. */
function fatalLosses(
  slips: readonly Held[],
  threshold: number,
  gone: readonly string[],
): { readonly alone: Set<string>; readonly together: Set<string> } {
  const peopleOf = ({ custodian, alternate }: Held): string[] =>
    [...new Set([custodian, alternate ?? custodian])]
      .filter((person) => !gone.includes(person))
      .toSorted();
  const losses = new Set(
    slips.flatMap((slip) => [
      slip.location,
      `the site ${SAFES[slip.location]}`,
      ...(peopleOf(slip).length === 0 ? [] : [peopleOf(slip).join(" with ")]),
    ]),
  );
  /** Whether too few can be fetched when all that is named here is lost. */
  const isLost = (lost: readonly string[]): boolean => {
    const away = new Set(lost.flatMap((name) => name.split(" with ")));
    const fetched = slips.filter(
      (slip) =>
        !away.has(slip.location) &&
        !away.has(`the site ${SAFES[slip.location]}`) &&
        peopleOf(slip).some((person) => !away.has(person)),
    );
    return fetched.length < threshold;
  };
  if (isLost([])) return { alone: new Set(), together: new Set() };
  const alone = [...losses].filter((loss) => isLost([loss]));
  const rest = [...losses].filter((loss) => !alone.includes(loss));
  const together = rest.flatMap((first) =>
    rest.filter((second) => isLost([first, second])).map((second) => pairName([first, second])),
  );
  return { alone: new Set(alone), together: new Set(together) };
}

/** Every pair that the sentences name. */
function saidPairs(sentences: readonly string[]): string[] {
  return sentences.flatMap((sentence) => {
    const said = /^The loss of (.*) together with the loss of (.*) would make/.exec(sentence);
    if (said === null) return [];
    const [firsts, seconds] = [said[1]!.split(" or "), said[2]!.split(" or ")];
    return firsts.flatMap((first) => seconds.map((second) => pairName([first, second])));
  });
}

describe("exposure", () => {
  it("of two of three, well spread, says that nothing alone matters and which pairs do", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    const { losses, pairs, thefts, sentences } = one(book);
    expect(losses).toEqual([]);
    expect(thefts).toEqual([]);
    // Of three groups of a safe, a site and two people, any two from different groups.
    expect(pairs.length).toBe(27);
    expect(sentences).toEqual([
      `No single loss of a safe, a site or a custodian with the alternate would make the password unrecoverable.`,
      `The loss of Safe A or the site Vienna or Ada with Dan together with the loss of Safe B or the site Graz or Bea with Eve would make the password unrecoverable.`,
      `The loss of Safe A or the site Vienna or Ada with Dan together with the loss of Safe C or the site Linz or Cy with Flo would make the password unrecoverable.`,
      `The loss of Safe B or the site Graz or Bea with Eve together with the loss of Safe C or the site Linz or Cy with Flo would make the password unrecoverable.`,
      `No single theft from a safe, a site or by a person would reveal the password or weaken it.`,
    ]);
  });

  it("of a password cut in two says what each loss and each theft costs", () => {
    const book = held(
      [
        { custodian: "Ada", alternate: "Dan", location: "Safe A" },
        { custodian: "Bea", alternate: "Eve", location: "Safe D" },
      ],
      2,
      "concat",
    );
    const { losses, pairs, thefts, sentences } = one(book);
    expect(names(losses)).toEqual([
      ...["Safe A", "Safe D", "the site Vienna", "Ada with Dan", "Bea with Eve"],
    ]);
    expect(pairs).toEqual([]);
    expect(thefts.find(({ place }) => place.name === "the site Vienna")).toMatchObject({
      ...{ reveals: true, bitsLeft: 0, bitsBefore: 190 },
    });
    expect(thefts.find(({ place }) => place.name === "Dan")).toMatchObject({
      ...{ reveals: false, bitsLeft: 60.25 },
    });
    expect(sentences).toContain(
      "Whoever opens Safe A would see a part of the password, and its strength would fall from 190 to 60 bits.",
    );
    expect(sentences).toContain("Whoever opens the site Vienna could recover the password.");
  });

  it("of two groups of people takes along what somebody of each held", () => {
    const book = held(
      [
        { custodian: "Ada", alternate: "Bea", location: "Safe A" },
        { custodian: "Bea", alternate: "Cy", location: "Safe B" },
        { custodian: "Cy", alternate: "Ada", location: "Safe C" },
        { custodian: "Dan", alternate: "Eve", location: "Safe D" },
        { custodian: "Flo", alternate: "Dan", location: "Safe B" },
      ],
      3,
      "shamir",
    );
    const { losses, pairs, sentences } = one(book);
    expect(losses).toEqual([]);
    expect(pairs.map(names)).toContainEqual(["Ada with Bea", "Bea with Cy"]);
    // Safe A has the same slip as Ada with Bea, and takes along nothing that Cy has.
    expect(pairs.map(names)).not.toContainEqual(["Safe A", "Bea with Cy"]);
    expect(sentences).toContain(
      "The loss of Ada with Bea together with the loss of Bea with Cy would make the password unrecoverable.",
    );
  });

  it("counts who has left as nobody who fetches a slip, and as a thief all the same", () => {
    const book = held(
      [
        { custodian: "Ada", alternate: "Dan", location: "Safe A" },
        { custodian: "Bea", alternate: "Dan", location: "Safe B" },
        { custodian: "Cy", alternate: "Flo", location: "Safe C" },
      ],
      2,
      "shamir",
    );
    book.put({ kind: "custodian-gone", custodian: "Ada" });
    const { losses, pairs, sentences } = one(book);
    expect(names(losses)).toEqual(["Bea with Dan"]);
    expect(pairs.map(names)).toContainEqual(["Dan", "Cy with Flo"]);
    expect(sentences[0]).toBe("The loss of Bea with Dan would make the password unrecoverable.");
    book.put({ kind: "slip-compromised", slip: { set: "K7Q2", slip: 3 } });
    expect(names(one(book).thefts.map(({ place }) => place))).toContain("Ada");
  });

  it("does not count on a slip whose holders have all left", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    for (const custodian of ["Ada", "Dan"]) book.put({ kind: "custodian-gone", custodian });
    const { losses, usable, sentences } = one(book);
    expect(usable).toEqual([2, 3]);
    expect(sentences[0]).toBe("Nobody is there to fetch slip 1: Ada and Dan have left.");
    expect(names(losses)).toEqual([
      ...["Safe B", "Safe C", "the site Graz", "the site Linz", "Bea with Eve", "Cy with Flo"],
    ]);
    for (const custodian of ["Bea", "Eve"]) book.put({ kind: "custodian-gone", custodian });
    expect(one(book)).toMatchObject({ usable: [3], losses: [], pairs: [] });
    expect(one(book).sentences[2]).toBe(
      "The password can't be recovered as things are: 1 of 2 slips needed can be fetched.",
    );
    for (const slip of [2, 3]) book.put({ kind: "slip-damaged", slip: { set: "K7Q2", slip } });
    expect(one(book).sentences).toContain(
      "The password can't be recovered any more: 1 of 2 slips needed are left.",
    );
  });

  it("counts a lost slip as gone and as seen", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip: 1 } });
    const { losses, thefts, sentences, usable } = one(book);
    expect(usable).toEqual([2, 3]);
    expect(names(losses)).toEqual([
      ...["Safe B", "Safe C", "the site Graz", "the site Linz", "Bea with Eve", "Cy with Flo"],
    ]);
    expect(thefts.filter(({ reveals }) => reveals).map(({ place }) => place.name)).toEqual([
      ...["Safe B", "Safe C", "the site Graz", "the site Linz", "Bea", "Eve", "Cy", "Flo"],
    ]);
    expect(sentences.join("\n")).toMatch(/1 of the 2 slips that open set K7Q2 is lost/);
    book.put({ kind: "slip-damaged", slip: { set: "K7Q2", slip: 2 } });
    expect(one(book).losses).toEqual([]);
    expect(one(book).sentences[0]).toMatch(/can't be recovered any more: 1 of 2/);
  });

  it("counts a slip that was found again as there, and as seen", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    const slip = { set: "K7Q2", slip: 1 };
    book.put({ kind: "slip-lost", slip });
    const loss = book.register.n;
    book.put({ kind: "slip-found", slip });
    const { losses, thefts, usable } = one(book);
    expect(usable).toEqual([1, 2, 3]);
    expect(losses).toEqual([]);
    expect(thefts.filter(({ reveals }) => reveals).map(({ place }) => place.name)).toContain("Bea");
    book.put({ kind: "trigger-assessed", trigger: loss, reason: "miscounted", witness: "Wim" });
    expect(one(book).thefts).toEqual([]);
  });

  it("counts a slip as not seen whose loss was judged to be none before it was found", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    const slip = { set: "K7Q2", slip: 1 };
    book.put({ kind: "slip-lost", slip });
    const judged = { kind: "trigger-assessed", reason: "miscounted", witness: "Wim" } as const;
    book.put({ ...judged, trigger: book.register.n }, { kind: "slip-found", slip });
    expect(one(book).thefts).toEqual([]);
    // Another loss is judged by itself.
    book.put({ kind: "slip-lost", slip });
    const second = book.register.n;
    book.put({ kind: "slip-found", slip });
    expect(one(book).thefts).not.toEqual([]);
    book.put({ ...judged, trigger: second });
    expect(one(book).thefts).toEqual([]);
  });

  it("says exactly what is left by which fragments are missing", () => {
    const { register } = held(
      HOLDERS.map((holder) => ({ ...holder })),
      3,
      "concat",
    );
    const set = register.sets.get("K7Q2")!;
    const parts = { afterSlip: [96, 103, 103], onlySlip: [54, 48, 48] };
    Object.assign(set, { strength: { whole: 151, afterOne: 96, afterAllButOne: 48, ...parts } });
    const left = (name: string): number | undefined =>
      exposureOf(register, "bg-1")[0]!.thefts.find(({ place }) => place.name === name)?.bitsLeft;
    expect([left("Safe A"), left("Safe B"), left("Safe C")]).toEqual([96, 103, 103]);
    set.slips[1]!.compromised = set.issued;
    expect([left("Safe A"), left("Safe B"), left("Safe C")]).toEqual([48, undefined, 54]);
  });

  it("is of both sets while either may be in the tenant", () => {
    const book = opened();
    perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
    book.put(issue({ set: "M0XA", account: "bg-1", generation: 2 }), ...steps.check("M0XA"));
    book.put(...steps.begin("M0XA"));
    expect(exposureOf(book.register, "bg-1").map(({ set }) => set)).toEqual(["M0XA", "K7Q2"]);
    expect(exposureOf(book.register, "bg-2")).toEqual([]);
  });

  it("agrees with trying every loss and theft, for up to 16 slips", () => {
    const holder = fc.record({
      custodian: fc.constantFrom(...PEOPLE),
      alternate: fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
      location: fc.constantFrom(...(Object.keys(SAFES) as (keyof typeof SAFES)[])),
    });
    const plan = fc
      .array(holder, { minLength: 2, maxLength: 16 })
      .chain((holders) =>
        fc.tuple(fc.constant(holders), fc.integer({ min: 2, max: holders.length })),
      );
    fc.assert(
      fc.property(plan, fc.subarray(PEOPLE, { maxLength: 3 }), ([holders, threshold], gone) => {
        const book = held(holders, threshold, "shamir");
        for (const custodian of gone) book.put({ kind: "custodian-gone", custodian });
        const { losses, pairs, thefts, sentences } = one(book);
        const { alone, together } = fatalLosses(holders, threshold, gone);
        expect(new Set(names(losses).map(sameName))).toEqual(alone);
        expect(new Set(pairs.map((pair) => pairName(names(pair))))).toEqual(together);
        expect(new Set(saidPairs(sentences))).toEqual(together);
        const thieves = PEOPLE.filter(
          (person) =>
            holders.filter(
              ({ custodian, alternate }) => custodian === person || alternate === person,
            ).length >= threshold,
        );
        const revealed = thefts.filter(({ reveals }) => reveals);
        expect(
          new Set(
            names(revealed.map(({ place }) => place).filter(({ kind }) => kind === "people")),
          ),
        ).toEqual(new Set(thieves));
        for (const { place } of revealed)
          if (place.kind !== "people")
            expect(
              holders.filter(({ location }) =>
                [location, `the site ${SAFES[location]}`].includes(place.name),
              ).length,
            ).toBeGreaterThanOrEqual(threshold);
      }),
      { numRuns: 200 },
    );
  });
});
