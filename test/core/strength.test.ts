import { describe, expect, it } from "vitest";
import {
  ALPHABETS,
  PASSWORD_LENGTH,
  passwordRecipe,
  pinRecipe,
  recipeBits,
  type Recipe,
} from "../../src/core/password.ts";
import { needsBlind, requireStrength, strengthOf, type Strength } from "../../src/core/strength.ts";

const password = (length: number): Recipe => passwordRecipe("entra", length, []);
const refused: unknown = expect.objectContaining({ code: "refused" });

describe("strength", () => {
  it("is whole with Shamir, however many slips but one are seen", () => {
    const recipe = password(24);
    const whole = recipeBits(recipe);
    expect(strengthOf(recipe, 24, "shamir", 2)).toEqual({
      whole,
      afterOne: whole,
      afterAllButOne: whole,
    });
    expect(whole).toBeGreaterThan(140);
    expect(whole).toBeLessThan(24 * Math.log2(ALPHABETS.entra.length));
  });

  it("is what the unseen fragments have by themselves with a concatenation", () => {
    // 25 characters in 3 parts: 9, 8 and 8, so after one 16 are left, after two 8.
    const { afterOne, afterAllButOne } = strengthOf(password(25), 25, "concat", 3);
    expect(afterOne).toBe(recipeBits(password(16)));
    expect(afterAllButOne).toBe(recipeBits(password(8)));
    // By which of them: the longer one comes first.
    expect(strengthOf(password(25), 25, "concat", 2)).toMatchObject({
      afterSlip: [recipeBits(password(12)), recipeBits(password(13))],
      onlySlip: [recipeBits(password(13)), recipeBits(password(12))],
    });
    const halves = strengthOf(password(24), 24, "concat", 2);
    expect(halves.afterOne).toBe(recipeBits(password(12)));
    expect(halves.afterAllButOne).toBe(halves.afterOne);
  });

  it("is refused under 64 bits after one slip", () => {
    const weakest = Array.from({ length: PASSWORD_LENGTH.max - 8 }, (_, i) => i + 8).find(
      (length) => strengthOf(password(length), length, "concat", 2).afterOne >= 64,
    )!;
    expect(() =>
      requireStrength(strengthOf(password(weakest), weakest, "concat", 2), "password"),
    ).not.toThrow();
    const weaker = weakest - 1;
    expect(() =>
      requireStrength(strengthOf(password(weaker), weaker, "concat", 2), "password"),
    ).toThrow(refused);
    expect(weakest).toBeGreaterThan(20);
    expect(weakest).toBeLessThanOrEqual(24);
  });

  it("of a password is enough from 64 bits, and not below", () => {
    const left = (afterOne: number): Strength => ({ whole: 200, afterOne, afterAllButOne: 0 });
    expect(() => requireStrength(left(64), "password")).not.toThrow();
    expect(() => requireStrength(left(63.99), "password")).toThrow(refused);
    expect(() => requireStrength(left(63.99), "passphrase")).toThrow(refused);
  });

  it("of a PIN is enough from 13 bits", () => {
    const pin = (length: number): Strength =>
      strengthOf(pinRecipe("digits", length, []), length, "shamir", 2);
    expect(pin(4).whole).toBeCloseTo(13.2877, 4);
    expect(() => requireStrength(pin(4), "pin")).not.toThrow();
    expect(() => requireStrength(pin(4), "password")).toThrow(refused);
    expect(() => requireStrength({ ...pin(4), afterOne: 12.99 }, "pin")).toThrow(refused);
  });

  it("of an imported secret is unknown, and refused", () => {
    expect(() => requireStrength(undefined, "password")).toThrow(refused);
  });
});

describe("a blind", () => {
  it("is needed unless a share is of a generated secret of 100 bits or more that is no PIN", () => {
    const bits = (whole: number): Strength => ({ whole, afterOne: whole, afterAllButOne: whole });
    expect(needsBlind("shamir", bits(100), "password")).toBe(false);
    expect(needsBlind("shamir", bits(99.9), "passphrase")).toBe(true);
    expect(needsBlind("shamir", undefined, "password")).toBe(true);
    expect(needsBlind("shamir", bits(150), "pin")).toBe(true);
    expect(needsBlind("concat", bits(150), "password")).toBe(true);
  });
});
