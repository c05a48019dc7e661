import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combinations } from "../../src/core/choose.ts";
import { joinShamir } from "../../src/core/shamir.ts";
import { slipBody, type SetHeader, type Slip } from "../../src/core/slip.ts";
import {
  SUBSETS_MAX,
  drawSetId,
  joinSlips,
  proveSplit,
  splitSecret,
} from "../../src/core/split.ts";
import { digestOf } from "../vectors/forge.ts";
import { seeded } from "./seeded.ts";
import { chiSquare, chiSquareLimit, tally } from "./statistics.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function split(secret: Uint8Array, header: Partial<SetHeader> = {}, seed = "split"): Slip[] {
  const usual = {
    setId: 0x12345,
    scheme: "shamir",
    blinded: false,
    threshold: 2,
    total: 3,
  } as const;
  return splitSecret(secret, { ...usual, ...header }, seeded(seed));
}

function tamper(slip: Slip, place = -1): Slip {
  return { ...slip, payload: slip.payload.with(place, slip.payload.at(place)! ^ 1) };
}

const headers: [string, Partial<SetHeader>][] = [
  ["2 of 3", {}],
  ["2 of 3, blinded", { blinded: true }],
  ["3 of 5", { threshold: 3, total: 5 }],
  ["2 of 16", { total: 16 }],
  ["16 of 16", { threshold: 16, total: 16 }],
  ["two parts", { scheme: "concat", blinded: true, threshold: 2, total: 2 }],
  ["three parts", { scheme: "concat", blinded: true, threshold: 3, total: 3 }],
];

describe("a secret", () => {
  it.each(headers)("comes back from enough slips and not from fewer: %s", (_, header) => {
    const secret = bytes("p\u00e4ssword \u{1f511}");
    const slips = split(secret, header);
    const { threshold, total } = slips[0]!;
    expect(slips.map(({ index }) => index)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    for (const some of combinations(slips, threshold))
      expect(joinSlips(some.toReversed())).toEqual(secret);
    for (const few of combinations(slips, threshold - 1)) expect(joinSlips(few)).toBeUndefined();
    expect(joinSlips(slips)).toEqual(secret);
  });

  it("has 1 to 256 bytes", () => {
    for (const length of [1, 256]) {
      const secret = seeded("length")(length);
      expect(joinSlips(split(secret).slice(1))).toEqual(secret);
    }
    for (const length of [0, 257])
      expect(() => split(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
  });

  it("is refused if a slip was altered, or is of another set", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...headers.slice(0, 3), ...headers.slice(5)),
        fc.nat(),
        ([, header], n) => {
          const slips = split(bytes("password"), header);
          const { threshold, blinded } = slips[0]!;
          const place = (blinded ? 10 : 0) + (n % slipBody(slips[0]!).length);
          const altered = [
            tamper(slips[0]!, Math.min(place, slips[0]!.payload.length - 1)),
            ...slips.slice(1),
          ];
          expect(joinSlips(altered.slice(0, threshold))).toBeUndefined();
          const moved = slips.map((slip) => ({ ...slip, setId: slip.setId ^ 1 }));
          expect(joinSlips(moved.slice(0, threshold))).toBeUndefined();
        },
      ),
    );
  });

  it("is shared with its digest before it, in the digest's own words", () => {
    const parts = split(bytes("password"), headers[6]![1]).map((slip) => slipBody(slip));
    const digest = [0, 1, 2, 3].map((k) => parts.reduce((sum, part) => sum ^ part[k]!, 0));
    const wanted = Uint8Array.from(digestOf(0x12345, bytes("password")));
    expect(Uint8Array.from(digest)).toEqual(wanted);
    // Among shares it is in what they share, so that fewer than are needed say nothing of it either.
    for (const [, header] of headers.slice(0, 5)) {
      const slips = split(bytes("password"), header);
      const shares = slips.map((slip) => ({ index: slip.index, body: slipBody(slip) }));
      const whole = joinShamir(shares.slice(-slips[0]!.threshold));
      expect(whole).toEqual(Uint8Array.from([...wanted, ...bytes("password")]));
      for (const { body } of shares) expect(body).toHaveLength(whole.length);
    }
  });

  it("has a fresh blind on every slip", () => {
    const slips = [
      ...split(bytes("a"), { blinded: true }),
      ...split(bytes("a"), { blinded: true }, "other"),
    ];
    const blinds = slips.map((slip) => slip.payload.subarray(0, 10).join());
    expect(new Set(blinds).size).toBe(slips.length);
  });
});

describe("a split is proven", () => {
  it("by every subset of threshold size", () => {
    const secret = bytes("password");
    for (const [total, threshold, subsets] of [
      [3, 2, 3],
      [5, 3, 10],
      [16, 2, 120],
      [16, 16, 1],
    ] as const)
      expect(proveSplit(split(secret, { total, threshold }), secret, seeded("prove"))).toBe(
        subsets,
      );
  });

  it("by a sample in which every slip occurs where there are more", () => {
    const secret = bytes("p");
    const slips = split(secret, { total: 16, threshold: 4 });
    expect(proveSplit(slips, secret, seeded("prove"))).toBe(SUBSETS_MAX);
    for (let i = 0; i < 16; i++)
      expect(() => proveSplit(slips.with(i, tamper(slips[i]!)), secret, seeded("prove"))).toThrow(
        expect.objectContaining({ code: "internal" }),
      );
  });

  it("unless a slip is wrong, whichever, or the secret is another", () => {
    const secret = bytes("password");
    for (const [, header] of headers.slice(0, 3)) {
      const slips = split(secret, header);
      for (const [i, slip] of slips.entries())
        expect(() => proveSplit(slips.with(i, tamper(slip)), secret, seeded("prove"))).toThrow(
          expect.objectContaining({ code: "internal" }),
        );
      expect(() => proveSplit(slips, bytes("Password"), seeded("prove"))).toThrow();
    }
  });
});

describe("a set id", () => {
  it("is uniform in its 20 bits", () => {
    const random = seeded("set id");
    const ids = Array.from({ length: 20_000 }, () => drawSetId(random));
    for (const shift of [0, 5, 10, 15])
      expect(
        chiSquare(
          tally(
            ids.map((id) => (id >> shift) & 31),
            32,
          ),
        ),
      ).toBeLessThan(chiSquareLimit(32));
    expect(Math.max(...ids)).toBeLessThan(2 ** 20);
  });
});
