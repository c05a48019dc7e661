import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALPHABETS,
  bitsUnseen,
  foldEntra,
  forbiddenNames,
  generate,
  passphraseRecipe,
  passwordRecipe,
  pinRecipe,
  recipeBits,
  type Recipe,
  type Token,
} from "../../src/core/password.ts";
import { seeded } from "./seeded.ts";
import { chiSquare, chiSquareLimit, tally } from "./statistics.ts";

const UPPER = 1;
const LOWER = 2;
const DIGIT = 4;
const SYMBOL = 8;
const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/];

function token(text: string): Token {
  const classes = CLASSES.reduce((sum, pattern, i) => sum | (pattern.test(text) ? 1 << i : 0), 0);
  return { text, classes };
}

/** A recipe over a few texts at each place. */
function small(
  positions: readonly (readonly string[])[],
  required = 0,
  names: string[] = [],
): Recipe {
  const choices = positions.map((texts) => texts.map(token));
  return { kind: "password", positions: choices, required, names };
}

/** Every draw of a recipe that passes, one by one. */
function enumerate({ positions, required, names }: Recipe): string[] {
  let draws: Token[] = [{ text: "", classes: 0 }];
  for (const choice of positions)
    draws = draws.flatMap(({ text, classes }) =>
      choice.map((next) => ({ text: text + next.text, classes: classes | next.classes })),
    );
  return draws
    .filter(({ classes }) => (classes & required) === required)
    .map(({ text }) => text)
    .filter((text) => !names.some((name) => foldEntra(text).includes(name)));
}

function draw(recipe: Recipe, count: number, seed: string): string[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => new TextDecoder().decode(generate(recipe, random)));
}

describe("a generated password", () => {
  const drawn = draw(passwordRecipe("entra", 24, []), 3000, "password");

  it("has its length, its alphabet and every class", () => {
    for (const text of drawn) {
      expect(text).toHaveLength(24);
      expect([...text].every((char) => ALPHABETS.entra.includes(char))).toBe(true);
      for (const pattern of CLASSES) expect(text).toMatch(pattern);
    }
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("has no look-alikes and no dead keys", () => {
    expect(ALPHABETS.entra).not.toMatch(/[0Oo1lI|^`~"'\\]/);
    expect(new Set(ALPHABETS.entra).size).toBe(ALPHABETS.entra.length);
    expect(ALPHABETS.entra.replace(/[A-Za-z0-9]/g, "")).toBe("!#%&*+-=?@_");
  });

  it("has every character of a class equally often at every place", () => {
    for (let place = 0; place < 24; place++)
      for (const pattern of CLASSES) {
        const members = [...ALPHABETS.entra].filter((char) => pattern.test(char));
        const here = drawn.map((text) => text.charAt(place)).filter((char) => pattern.test(char));
        const counts = tally(
          here.map((char) => members.indexOf(char)),
          members.length,
        );
        expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(members.length));
      }
  });

  it("is uniform over all that pass the rules, not only over what was mended", () => {
    const recipes = [
      small(
        [
          ["a", "B", "2", "+"],
          ["a", "B", "2", "+"],
          ["a", "B", "2", "+"],
          ["a", "B", "2", "+"],
        ],
        UPPER | LOWER | DIGIT,
      ),
      small(
        [
          ["a", "b", "C"],
          ["a", "b", "C"],
          ["a", "b", "C"],
        ],
        UPPER,
        ["ab"],
      ),
    ];
    for (const recipe of recipes) {
      const passing = enumerate(recipe);
      const counts = tally(
        draw(recipe, 10_000, "small").map((text) => passing.indexOf(text)),
        passing.length,
      );
      expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(passing.length));
    }
  });

  it("has all its PIN's digits uniform", () => {
    const pins = draw(pinRecipe("digits", 6, []), 5000, "pin");
    for (let place = 0; place < 6; place++)
      expect(
        chiSquare(
          tally(
            pins.map((pin) => Number(pin.charAt(place))),
            10,
          ),
        ),
      ).toBeLessThan(chiSquareLimit(10));
    expect(draw(pinRecipe("letters", 8, []), 50, "letters").join("")).toMatch(/^[a-km-np-z]+$/);
  });

  it("is not waited for where nothing can pass", () => {
    expect(() => draw(small([["a"]], UPPER), 1, "never")).toThrow(
      expect.objectContaining({ code: "internal" }),
    );
  });

  it("has a length that is allowed", () => {
    const usage: unknown = expect.objectContaining({ code: "usage" });
    for (const length of [7, 257, 8.5, NaN])
      expect(() => passwordRecipe("entra", length, [])).toThrow(usage);
    for (const length of [3, 64]) expect(() => pinRecipe("digits", length, [])).toThrow(usage);
    for (const words of [2, 26]) expect(() => passphraseRecipe(["abc"], words, [])).toThrow(usage);
  });
});

describe("a passphrase", () => {
  it("has a capital, words, hyphens and a digit, and leaves out words with a hyphen", () => {
    const recipe = passphraseRecipe(["apple", "t-shirt", "zoo"], 4, []);
    for (const text of draw(recipe, 50, "phrase"))
      expect(text).toMatch(/^(Apple|Zoo)-((apple|zoo)-){2}(apple|zoo)[2-9]$/);
    expect(recipeBits(recipe)).toBeCloseTo(4 + 3, 10);
  });
});

describe("names", () => {
  it("are those of account and tenant, folded, of four characters and more", () => {
    const names = forbiddenNames("bg-1@contoso.onmicrosoft.com", "C0ntoso Gro$$ Ltd");
    expect(names.sort()).toEqual(["bg-l", "contoso", "contosogrossltd", "gross"].sort());
    expect(forbiddenNames("admin.backup@example.org", undefined).sort()).toEqual(
      ["admin", "admin.backup", "backup", "example"].sort(),
    );
  });

  it("are found as Entra folds them", () => {
    expect(foldEntra("C0NT0$O@1")).toBe("contosoal");
    const recipe = small(Array<string[]>(4).fill([..."aA@bB"]), 0, ["ab"]);
    for (const text of draw(recipe, 500, "folded")) expect(text).not.toMatch(/[aA@][bB]/);
  });
});

describe("the bits of a recipe", () => {
  const texts = fc.uniqueArray(
    fc.constantFrom("a", "b", "A", "B", "2", "0", "@", "+", "ab", "bA", "a-b"),
    { minLength: 1, maxLength: 5 },
  );
  const name = fc.string({ unit: fc.constantFrom(..."abo-2"), minLength: 1, maxLength: 3 });
  const anyRecipe = fc
    .tuple(
      fc.array(texts, { minLength: 1, maxLength: 5 }),
      fc.nat(15),
      fc.array(name, { maxLength: 3 }),
    )
    .map(([positions, required, names]) => small(positions, required, names));

  it("are those of a count of all draws that pass", () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const passing = enumerate(recipe).length;
        if (passing === 0) expect(recipeBits(recipe)).toBe(-Infinity);
        else expect(recipeBits(recipe)).toBeCloseTo(Math.log2(passing), 9);
      }),
      { numRuns: 500 },
    );
  });

  it("of a password are those of inclusion and exclusion", () => {
    const sizes = { [UPPER]: 24, [LOWER]: 24, [DIGIT]: 8, [SYMBOL]: 11 };
    for (const length of [8, 24, 60]) {
      let share = 0;
      for (let absent = 0; absent < 16; absent++) {
        const left = Object.entries(sizes).filter(([bit]) => (absent & Number(bit)) === 0);
        const characters = left.reduce((sum, [, size]) => sum + size, 0);
        const sign = (4 - left.length) % 2 === 0 ? 1 : -1;
        share += sign * (characters / ALPHABETS.entra.length) ** length;
      }
      const expected = length * Math.log2(ALPHABETS.entra.length) + Math.log2(share);
      expect(recipeBits(passwordRecipe("entra", length, []))).toBeCloseTo(expected, 9);
    }
  });

  it("that are unseen are the same for the unseen part alone, and never below zero", () => {
    const recipe = passwordRecipe("entra", 24, []);
    expect(bitsUnseen(recipe, 12)).toBe(recipeBits(passwordRecipe("entra", 12, [])));
    expect(bitsUnseen(recipe, 3)).toBe(0);
    expect(bitsUnseen(pinRecipe("digits", 6, []), 2)).toBeCloseTo(Math.log2(100), 9);
  });

  it("of an unseen part are no more than any seen part leaves", () => {
    const recipe = small(Array<string[]>(5).fill([..."aB2+c"]), UPPER | LOWER | DIGIT);
    const all = enumerate(recipe);
    for (let unseen = 0; unseen <= 5; unseen++) {
      const left = new Map<string, number>();
      for (const text of all) {
        const seen = text.slice(unseen);
        left.set(seen, (left.get(seen) ?? 0) + 1);
      }
      expect(bitsUnseen(recipe, unseen)).toBeLessThanOrEqual(
        Math.log2(Math.min(...left.values())) + 1e-9,
      );
    }
  });
});
