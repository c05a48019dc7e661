import { describe, expect, it } from "vitest";
import { uniform } from "../../src/core/random.ts";
import { seeded } from "./seeded.ts";
import { chiSquare, chiSquareLimit, tally } from "./statistics.ts";

describe("a number below a limit", () => {
  it.each([1, 2, 3, 10, 66, 100])("is uniform below %i", (limit) => {
    const random = seeded(`uniform ${limit}`);
    const drawn = Array.from({ length: 20_000 }, () => uniform(limit, random));
    expect(Math.max(...drawn)).toBe(limit - 1);
    if (limit > 1) expect(chiSquare(tally(drawn, limit))).toBeLessThan(chiSquareLimit(limit));
  });

  it("is drawn again where smaller ones would be likelier", () => {
    const draws = [0xffff, 0xfff0, 0xea60, 0xea5f];
    const random = (): Uint8Array => {
      const next = draws.shift()!;
      return Uint8Array.of(next >> 8, next & 255);
    };
    // 65,536 = 2 x 30,000 + 5,536: draws of 60,000 and more are thrown away.
    expect(uniform(30_000, random)).toBe(59_999 % 30_000);
    expect(draws).toEqual([]);
    expect(uniform(65_536, () => Uint8Array.of(255, 255))).toBe(65_535);
  });

  it("is not waited for where the source repeats itself", () => {
    expect(() => uniform(30_000, () => Uint8Array.of(255, 255))).toThrow(
      expect.objectContaining({ code: "internal" }),
    );
  });
});
