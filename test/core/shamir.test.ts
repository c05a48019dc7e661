import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import secrets from "secrets.js-grempe";
import { describe, expect, it } from "vitest";
import { execFileSync } from "../child.ts";
import { combinations } from "../../src/core/choose.ts";
import type { RandomBytes } from "../../src/core/random.ts";
import { joinShamir, splitShamir, type Share } from "../../src/core/shamir.ts";
import { needs } from "../tools.ts";
import { seeded } from "./seeded.ts";
import { chiSquare, chiSquareLimit, poissonTail, tally } from "./statistics.ts";

/** Secrets with their threshold and total, of many lengths and bytes. */
const anySplit = fc
  .record({
    secret: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    total: fc.integer({ min: 2, max: 8 }),
    threshold: fc.nat(),
    seed: fc.string({ unit: "grapheme-ascii", maxLength: 8 }),
  })
  .map(({ secret, total, threshold, seed }) => ({
    ...{ secret, total, threshold: 2 + (threshold % (total - 1)), random: seeded(seed) },
  }));

function sharesOf({
  secret,
  threshold,
  total,
  random,
}: {
  secret: Uint8Array;
  threshold: number;
  total: number;
  random: RandomBytes;
}): Share[] {
  return splitShamir(secret, threshold, total, random).map((body, i) => ({ index: i + 1, body }));
}

describe("shares", () => {
  it("give the secret back from every subset of threshold size and more, and from no smaller", () => {
    fc.assert(
      fc.property(anySplit, (split) => {
        const shares = sharesOf(split);
        const { secret, threshold, total } = split;
        for (let size = threshold; size <= total; size++)
          for (const some of combinations(shares, size))
            expect(joinShamir(some.toReversed())).toEqual(secret);
        // A byte of what too few give is right once in 256, so only long secrets say something.
        if (secret.length >= 16 && threshold > 2)
          for (const few of combinations(shares, threshold - 1))
            expect(joinShamir(few)).not.toEqual(secret);
      }),
      { numRuns: 25 },
    );
  });

  it("of the longest secret and the largest set", () => {
    const secret = seeded("longest")(260);
    const shares = sharesOf({ secret, threshold: 16, total: 16, random: seeded("sixteen") });
    expect(joinShamir(shares)).toEqual(secret);
    for (let i = 0; i < 16; i++) expect(joinShamir(shares.toSpliced(i, 1))).not.toEqual(secret);
  });

  it("are points of one polynomial: any of them follows from the threshold", () => {
    // x = index: 2 shares (1, a) and (2, b) put 3 at a fixed combination, the same for every byte.
    const [one, two, three] = splitShamir(Uint8Array.of(0, 0), 2, 3, seeded("line"));
    one!.forEach((byte, i) => expect(byte ^ two![i]!).toBe(three![i]));
  });

  it("are not split or joined out of range", () => {
    const random = seeded("range");
    const secret = Uint8Array.of(1, 2, 3);
    for (const [threshold, total] of [
      [1, 3],
      [0, 2],
      [4, 3],
      [2, 256],
    ] as const)
      expect(() => splitShamir(secret, threshold, total, random)).toThrow();
    expect(() => splitShamir(new Uint8Array(0), 2, 3, random)).toThrow();
    const [one, two] = sharesOf({ secret, threshold: 2, total: 3, random });
    const wrong: Share[][] = [
      [],
      [one!],
      [one!, one!],
      [one!, { index: 0, body: two!.body }],
      [one!, { index: 256, body: two!.body }],
      [one!, { index: 2, body: two!.body.slice(1) }],
      [
        { index: 1, body: new Uint8Array(0) },
        { index: 2, body: new Uint8Array(0) },
      ],
    ];
    for (const shares of wrong) expect(() => joinShamir(shares)).toThrow();
  });

  it("are right even after a split whose random source failed", () => {
    const split = {
      secret: Uint8Array.of(7, 8, 9),
      threshold: 2,
      total: 2,
      random: seeded("after"),
    };
    expect(() =>
      sharesOf({
        ...split,
        random: () => {
          throw new Error("no entropy");
        },
      }),
    ).toThrow("no entropy");
    expect(joinShamir(sharesOf(split))).toEqual(split.secret);
  });
});

const SPLITS = 1500;
const SECRET = Uint8Array.from({ length: 7 }, (_, i) => i * 37);

/** What would show that shares say something of the secret: nothing, for honest randomness. */
function leaks(threshold: number, total: number, random: RandomBytes): string[] {
  const found: string[] = [];
  const splits = Array.from({ length: SPLITS }, () =>
    splitShamir(SECRET, threshold, total, random),
  );
  for (let slip = 0; slip < total; slip++)
    SECRET.forEach((byte, place) => {
      const values = splits.map((bodies) => bodies[slip]![place]!);
      const equal = values.filter((value) => value === byte).length;
      const at = `slip ${slip + 1}, byte ${place}`;
      if (poissonTail(SPLITS / 256, equal) < 1e-11) found.push(`${at} equals the secret's`);
      if (chiSquare(tally(values, 256)) > chiSquareLimit(256)) found.push(`${at} is not uniform`);
    });
  const all = splits.flatMap((bodies) => bodies.flatMap((body) => [...body]));
  if (chiSquare(tally(all, 256)) > chiSquareLimit(256)) found.push("not uniform in all");
  return found;
}

describe("the bytes of a share", () => {
  it.each([
    [2, 3],
    [3, 5],
  ])("are uniform and have nothing of the secret, %i of %i", (threshold, total) => {
    expect(leaks(threshold, total, seeded(`uniform ${threshold}`))).toEqual([]);
  });

  it("would show a random source that is zero, or has short numbers", () => {
    expect(leaks(2, 2, (length) => new Uint8Array(length))).not.toEqual([]);
    const short = seeded("short");
    expect(leaks(2, 2, (length) => short(length).map((byte) => byte & 15))).not.toEqual([]);
  });
});

describe.skipIf(needs("gfsplit", "gfcombine"))("libgfshare", () => {
  const inFolder = (run: (folder: string) => void): void => {
    const folder = mkdtempSync(join(tmpdir(), "breakglass-shamir-"));
    try {
      run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const number = (index: number): string => String(index).padStart(3, "0");

  it("joins what is split here", () => {
    fc.assert(
      fc.property(anySplit, (split) =>
        inFolder((folder) => {
          const files = sharesOf(split).map(({ index, body }) => {
            writeFileSync(join(folder, `slip.${number(index)}`), body);
            return `slip.${number(index)}`;
          });
          const some = files.slice(-split.threshold);
          execFileSync("gfcombine", ["-o", "secret", ...some], { cwd: folder });
          expect(Uint8Array.from(readFileSync(join(folder, "secret")))).toEqual(split.secret);
        }),
      ),
      { numRuns: 40 },
    );
  });

  it("splits what is joined here", () => {
    fc.assert(
      fc.property(anySplit, ({ secret, threshold, total: atLeast }) =>
        inFolder((folder) => {
          const total = Math.max(atLeast, threshold + 1); // gfsplit makes no set of which all are needed
          writeFileSync(join(folder, "secret"), secret);
          const size = ["-m", String(total), "-n", String(threshold)];
          execFileSync("gfsplit", [...size, "secret", "slip"], { cwd: folder });
          const shares = readdirSync(folder)
            .filter((file) => file.startsWith("slip."))
            .map((file) => ({
              index: Number(file.slice(-3)),
              body: Uint8Array.from(readFileSync(join(folder, file))),
            }));
          expect(shares).toHaveLength(total);
          for (const some of [shares.slice(0, threshold), shares.slice(-threshold)])
            expect(joinShamir(some)).toEqual(secret);
        }),
      ),
      { numRuns: 40 },
    );
  });
});

describe("secrets.js", () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

  it("joins what is split here", () => {
    fc.assert(
      fc.property(anySplit, (split) => {
        // Eight bits, the index, then the values; ahead of them its marker, shared as itself.
        const shares = sharesOf(split).map(
          ({ index, body }) => `8${hex(Uint8Array.of(index, 1, ...body))}`,
        );
        const joined = secrets.combine(shares.slice(0, split.threshold));
        expect(joined).toBe(hex(split.secret));
      }),
      { numRuns: 50 },
    );
  });

  it("splits what is joined here", () => {
    fc.assert(
      fc.property(anySplit, ({ secret, threshold, total }) => {
        const shares = secrets.share(hex(secret), total, threshold, 0).map((text) => ({
          index: parseInt(text.slice(1, 3), 16),
          body: Uint8Array.from(Buffer.from(text.slice(-2 * secret.length), "hex")),
        }));
        expect(joinShamir(shares.slice(-threshold))).toEqual(secret);
      }),
      { numRuns: 50 },
    );
  });
});
