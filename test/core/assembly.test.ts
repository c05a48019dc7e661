import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Assembly, misfitError, type Recovered } from "../../src/core/assembly.ts";
import { BreakglassError } from "../../src/core/errors.ts";
import { slipName, type Slip } from "../../src/core/slip.ts";
import { concat, makeSet, nameOf, USUAL_PASSWORD } from "../vectors/scenario.ts";

const secret = new TextEncoder().encode(USUAL_PASSWORD);

function gather(...slips: readonly Slip[]): Assembly {
  const assembly = new Assembly();
  for (const slip of slips) assembly.add(slip);
  return assembly;
}

function alter(slip: Slip, place = -1): Slip {
  return { ...slip, payload: slip.payload.with(place, slip.payload.at(place)! ^ 1) };
}

function failure(run: () => Recovered): BreakglassError {
  try {
    run();
  } catch (error) {
    if (error instanceof BreakglassError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** What comes out of some slips, in a form that does not depend on the order of equals. */
function outcome(slips: readonly Slip[]): unknown {
  try {
    const { secret: found, misfits } = gather(...slips).recover();
    return {
      secret: [...found],
      misfits: misfits.map((slip) => `${slip.index}: ${slip.payload.join()}`).sort(),
    };
  } catch (error) {
    if (error instanceof BreakglassError) return error.code;
    throw error;
  }
}

describe("slips that are given one after the other", () => {
  const slips = makeSet("assembly", { threshold: 3, total: 5 });

  it("are counted, until there are enough", () => {
    const assembly = new Assembly();
    expect(assembly.add(slips[4]!)).toMatchObject({
      added: "new",
      set: { name: nameOf(slips), have: [5], need: 2, conflicts: [], threshold: 3, total: 5 },
    });
    expect(assembly.add(slips[1]!).set).toMatchObject({ have: [2, 5], need: 1 });
    expect(failure(() => assembly.recover()).code).toBe("too-few");
    expect(failure(() => assembly.recover()).hint).toMatch(/\b1\b.*\b1\D+3\D+4\b/);
    expect(assembly.add(slips[2]!).set).toMatchObject({ have: [2, 3, 5], need: 0 });
    expect(assembly.recover()).toMatchObject({ secret, misfits: [] });
    expect(assembly.sets).toHaveLength(1);
  });

  it("count once, however often one is given", () => {
    const assembly = gather(slips[0]!, slips[1]!);
    const again = { ...slips[0]!, payload: slips[0]!.payload.slice() };
    expect(assembly.add(again)).toMatchObject({
      added: "same again",
      set: { have: [1, 2], need: 1 },
    });
    expect(failure(() => assembly.recover()).code).toBe("too-few");
  });

  it("are all kept where two say that they are the same slip", () => {
    const assembly = gather(slips[0]!, slips[1]!);
    expect(assembly.add(alter(slips[1]!))).toMatchObject({
      added: "conflict",
      set: { have: [1, 2], conflicts: [2], need: 1 },
    });
  });

  it("are forgotten when they are wiped", () => {
    const mine = makeSet("wiped").map((slip) => ({ ...slip, payload: slip.payload.slice() }));
    const assembly = gather(...mine);
    assembly.wipe();
    expect(assembly.sets).toEqual([]);
    expect(mine.every((slip) => slip.payload.every((byte) => byte === 0))).toBe(true);
    expect(failure(() => assembly.recover()).code).toBe("too-few");
  });
});

describe("an altered slip", () => {
  it("among as many as are needed makes a wrong result, whichever it is", () => {
    for (const header of [{}, { threshold: 3, total: 5 }, concat(2), concat(3)]) {
      const slips = makeSet("needed", header);
      const needed = slips.slice(0, slips[0]!.threshold);
      for (const [i, slip] of needed.entries()) {
        const error = failure(() => gather(...needed.with(i, alter(slip))).recover());
        expect(error.code).toBe("wrong-result");
      }
    }
  });

  it("among one more than needed is named, whichever it is", () => {
    for (const header of [{}, { threshold: 3, total: 5 }, { threshold: 2, total: 16 }]) {
      const slips = makeSet("named", header);
      const given = slips.slice(0, slips[0]!.threshold + 1);
      for (const [i, slip] of given.entries()) {
        const bad = alter(slip);
        expect(gather(...given.with(i, bad)).recover()).toMatchObject({ secret, misfits: [bad] });
        expect(misfitError([bad]).message).toContain(slipName(bad));
      }
    }
  });

  it("is told from the right one of the same number, in either order", () => {
    for (const header of [{}, concat(2)]) {
      const [one, two] = makeSet("told apart", header);
      const bad = alter(two!);
      for (const order of [
        [one!, two!, bad],
        [bad, two!, one!],
      ])
        expect(gather(...order).recover()).toMatchObject({ secret, misfits: [bad] });
    }
  });

  it("of sixteen is found within bounds", () => {
    const slips = makeSet("sixteen", { threshold: 8, total: 16, password: "x" });
    const bad = [alter(slips[0]!), alter(slips[9]!, 1)];
    const given = slips.with(0, bad[0]!).with(9, bad[1]!);
    const found = { secret: new TextEncoder().encode("x"), misfits: bad };
    expect(gather(...given).recover()).toMatchObject(found);
  });

  it("of many of the same number does not keep the search from ending", () => {
    const slips = makeSet("hostile", { threshold: 16, total: 16, password: "x" });
    const rivals = [1, 2, 3].flatMap((n) => slips.map((slip) => alter(slip, -n)));
    const hostile = rivals.concat(slips.map((slip) => alter(slip, -4)));
    expect(failure(() => gather(...hostile).recover()).code).toBe("wrong-result");
  });
});

describe("slips that contradict each other", () => {
  it("are a conflict where the digest can't tell them apart", () => {
    for (const header of [{ blinded: true }, concat(2)]) {
      const [one, two] = makeSet("blind altered", header);
      const error = failure(() => gather(one!, two!, alter(two!, 0)).recover());
      expect(error.code).toBe("conflict");
      expect(error.message).toContain(slipName(two!));
    }
  });

  it("are a conflict where others give another password, even if most agree", () => {
    const setId = 7;
    const mine = makeSet("mine", { setId, total: 5 });
    const theirs = makeSet("theirs", { setId, total: 5, password: "kR7#mX2-vQ9-" });
    for (const split of [2, 3]) {
      const given = [...mine.slice(0, split), ...theirs.slice(split)];
      expect(failure(() => gather(...given).recover()).code).toBe("conflict");
    }
    const foreign = { secret, misfits: [theirs[4]!] };
    expect(gather(...mine.slice(0, 4), theirs[4]!).recover()).toMatchObject(foreign);
  });
});

describe("slips of several sets", () => {
  const here = makeSet("here");
  const there = makeSet("there", { password: "another one" });

  it("are never mixed, and one set can be chosen", () => {
    const both = gather(here[0]!, there[0]!, here[1]!, there[1]!);
    expect(both.sets.map(({ name, need }) => [name, need])).toEqual([
      [nameOf(here), 0],
      [nameOf(there), 0],
    ]);
    expect(failure(() => both.recover()).code).toBe("mixed-sets");
    expect(both.recover(nameOf(here)).secret).toEqual(secret);
    expect(new TextDecoder().decode(both.recover(nameOf(there)).secret)).toBe("another one");
    expect(failure(() => both.recover("ZZZZ")).code).toBe("too-few");
    const one = gather(here[0]!, there[0]!, here[1]!);
    expect(failure(() => one.recover()).hint).toContain(nameOf(here));
    expect(failure(() => one.recover(nameOf(there))).code).toBe("too-few");
  });

  it("are told apart by every field of the header", () => {
    const others = makeSet("here", { total: 4 });
    expect(failure(() => gather(here[0]!, others[1]!).recover()).code).toBe("mixed-sets");
  });
});

describe("the order in which slips are given", () => {
  it("does not matter", () => {
    const setId = 9;
    const five = makeSet("order", { setId, threshold: 3, total: 5, blinded: true });
    const rogue = makeSet("rogue", {
      setId,
      threshold: 3,
      total: 5,
      blinded: true,
      password: "kR7#mX2-vQ9-",
    });
    const pool = [
      ...five,
      ...rogue.slice(0, 3),
      alter(five[0]!),
      alter(five[1]!, 0),
      alter(five[4]!, 12),
      makeSet("stranger")[0]!,
    ];
    const some = fc.uniqueArray(fc.constantFrom(...pool.keys()), { minLength: 1, maxLength: 8 });
    const shuffled = some.chain((chosen) =>
      fc.tuple(
        fc.constant(chosen),
        fc.shuffledSubarray(chosen, { minLength: chosen.length, maxLength: chosen.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const given = (order: readonly number[]): Slip[] => order.map((i) => pool[i]!);
        expect(outcome(given(other))).toEqual(outcome(given(one)));
      }),
      { numRuns: 150 },
    );
  });
});
