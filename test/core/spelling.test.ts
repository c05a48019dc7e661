import { describe, expect, it } from "vitest";
import { spellText } from "../../src/core/spelling.ts";

const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

describe("a character in words", () => {
  it("is another for every printable ASCII character, in any ear", () => {
    const words = PRINTABLE.map((char) => spellText(char)[0]!.words);
    expect(new Set(words.map((word) => word.toLowerCase().replace(/[^a-z]/g, ""))).size).toBe(95);
    expect(words.every((word) => /^[A-Za-z -]+$/.test(word))).toBe(true);
  });

  it("says its case, and what kind it is", () => {
    const said = (text: string): string[] => spellText(text).map(({ words }) => words);
    expect(said("Rk0+")).toEqual(["capital Romeo", "small kilo", "digit zero", "plus sign"]);
    expect(said(" -_")).toEqual(["blank", "hyphen", "underscore"]);
  });

  it("is its code point where there is no word for it", () => {
    expect(spellText("\u00e9e\u0301\u{1f511}\n")).toEqual([
      { char: "\u00e9", words: "U+00E9" },
      { char: "e", words: "small echo" },
      { char: "\u0301", words: "U+0301" },
      { char: "\u{1f511}", words: "U+1F511" },
      { char: "\n", words: "U+000A" },
    ]);
    // Letters that fold to ASCII ones are not these.
    for (const char of ["\u212a", "\u017f", "\uff21", "\u0660"])
      expect(spellText(char)[0]!.words).toMatch(/^U\+/);
  });
});
