import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeSlip } from "../../src/core/slip.ts";
import { textWidth } from "../../src/paper/fonts.ts";
import {
  pageItems,
  printedCode,
  printedFragment,
  type Item,
  type Page,
} from "../../src/paper/page.ts";
import { slipPages, type SlipLayout } from "../../src/paper/slip-page.ts";
import {
  a4,
  anySlip,
  concatSlip,
  details,
  failure,
  fonts,
  letter,
  longDetails,
  shamirSlip,
} from "./samples.ts";

const MM_PER_POINT = 25.4 / 72;

interface Box {
  readonly item: Item;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where an item leaves ink, and for a QR code the white it needs around it. */
function boxOf(item: Item): Box {
  if (item.kind === "text") {
    const size = item.size * MM_PER_POINT;
    return {
      item,
      left: item.x,
      top: item.baseline - 0.76 * size,
      right: item.x + item.width,
      bottom: item.baseline + 0.24 * size,
    };
  }
  if (item.kind === "rule") {
    const half = (item.weight * MM_PER_POINT) / 2;
    return {
      item,
      left: item.x1,
      top: item.y1 - half,
      right: item.x2,
      bottom: item.y2 + half,
    };
  }
  const quiet = (item.size / item.side) * 4;
  return {
    item,
    left: item.x - quiet,
    top: item.y - quiet,
    right: item.x + item.size + quiet,
    bottom: item.y + item.size + quiet,
  };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function overlaps(page: Page): [Item, Item][] {
  const boxes = pageItems([page]).map(boxOf);
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      // the rules of a table meet
      .filter((b) => !(a.item.kind === "rule" && b.item.kind === "rule") && overlap(a, b))
      .map((b): [Item, Item] => [a.item, b.item]),
  );
}

function isSecret(item: Item): boolean {
  return item.kind === "qr" || (item.kind === "text" && item.role !== undefined);
}

const anyLayout: fc.Arbitrary<SlipLayout> = fc.constantFrom(
  a4,
  letter,
  { ...a4, discreet: "Blue" },
  { ...letter, discreet: "Blue" },
);
const anyDetails = fc.constantFrom(details, longDetails);
const anyPages = fc
  .tuple(anySlip, anyDetails, anyLayout)
  .map(([slip, details, layout]) => slipPages(slip, details, layout));

describe("the pages of any slip", () => {
  test("hold its code and its fragment, and nothing else that looks like them", () => {
    fc.assert(
      fc.property(anySlip, anyLayout, (slip, layout) => {
        const pages = slipPages(slip, details, layout);
        expect(printedCode(pages)).toEqual(encodeSlip(slip));
        const fragment = printedFragment(pages);
        const bytes = fragment === undefined ? undefined : Buffer.from(fragment);
        expect(bytes?.toString("hex")).toBe(
          slip.scheme === "concat"
            ? Buffer.from(slip.payload.subarray(14)).toString("hex")
            : undefined,
        );
      }),
    );
  });

  test("have no two items on top of each other", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const page of pages) expect(overlaps(page)).toEqual([]);
      }),
    );
  });

  test("keep a margin of 8 mm, and 4 modules of white around the code", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const page of pages)
          for (const box of pageItems([page]).map(boxOf)) {
            expect(box.left).toBeGreaterThanOrEqual(8);
            expect(box.top).toBeGreaterThanOrEqual(8);
            expect(box.right).toBeLessThanOrEqual(page.width - 8);
            expect(box.bottom).toBeLessThanOrEqual(page.height - 8);
          }
      }),
    );
  });

  test("have all that is secret between the folds", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const page of pages)
          for (const box of pageItems([page]).filter(isSecret).map(boxOf)) {
            expect(box.top).toBeGreaterThan(page.height / 3 + 1);
            expect(box.bottom).toBeLessThan((page.height * 2) / 3 - 1);
          }
      }),
    );
  });

  test("have a QR code of 40 mm and 0.55 mm a module at least", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const item of pageItems(pages))
          if (item.kind === "qr") {
            expect(item.size).toBeGreaterThanOrEqual(40);
            expect(item.size / item.side).toBeGreaterThanOrEqual(0.55);
          }
      }),
    );
  });

  test("have no other text at the height of a line of code", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const page of pages) {
          const texts = pageItems([page]).filter((item) => item.kind === "text");
          const code = texts.filter((item) => item.role === "code" || item.role === "spare");
          for (const line of code) {
            const { top, bottom } = boxOf(line);
            const beside = texts.map(boxOf).filter((box) => box.top < bottom && top < box.bottom);
            expect(beside.map((box) => box.item)).toEqual([line]);
          }
        }
      }),
    );
  });

  test("give every text the width that its font needs", () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        for (const item of pageItems(pages))
          if (item.kind === "text") {
            const width = textWidth(item.text, fonts, item.font, item.size, item.spacing);
            expect(item.width).toBeCloseTo(width, 9);
          }
      }),
    );
  });
});

function textsOf(pages: readonly Page[]): string[] {
  return pageItems(pages).flatMap((item) => (item.kind === "text" ? [item.text] : []));
}

describe("number of pages", () => {
  test.each([
    ["24 characters", shamirSlip(28)],
    ["24 characters, blinded", shamirSlip(28, { blinded: true })],
    ["64 characters", shamirSlip(68)],
    ["a fragment of 16", concatSlip("abcdefghijklmnop")],
    ["a fragment of 16 with blanks", concatSlip("abcdefgh ijklmno")],
  ])("one for %s", (_, slip) => {
    expect(slipPages(slip, details, a4)).toHaveLength(1);
    expect(slipPages(slip, details, letter)).toHaveLength(1);
  });

  test("a code too long for the first page moves to the next ones", () => {
    const pages = slipPages(shamirSlip(270), details, a4);
    expect(pages.map((page) => pageItems([page]).some(isSecret))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(textsOf(pages.slice(0, 1))).toContain(a4.wording.secretElsewhere);
    pages.forEach((page, i) => {
      expect(textsOf([page]).join("\n")).toContain(`page ${i + 1} of 4`);
      expect(textsOf([page]).join("\n")).toContain("slip 2 of 3");
    });
  });
});

describe("how many slips are needed, in words", () => {
  test.each([
    [{ threshold: 2, total: 3 }, "any two of these three slips recover the password"],
    [{ threshold: 7, total: 16 }, "any seven of these sixteen slips recover the password"],
    [{ threshold: 3, total: 3 }, "all three slips are needed to recover the password"],
    [{ threshold: 2, total: 2 }, "both slips are needed to recover the password"],
  ])("%o", (fields, sentence) => {
    expect(textsOf(slipPages(shamirSlip(28, fields), details, a4)).join(" ")).toContain(sentence);
  });
});

describe("a slip says", () => {
  const texts = textsOf(slipPages(shamirSlip(28), details, a4));

  test.each([
    "Sample Bank AG",
    "bg-1@contoso.onmicrosoft.com",
    "KQQ2  slip 2 of 3",
    "4",
    "2026-11-23",
    "2027-02-21",
    "Anna Keller",
    "Bernd Ohm",
    "Head office, vault 2, safe B",
    "FIDO2 key, PIN",
    "not recorded",
    "Two generations here? Try the higher complete set first, then the lower; two attempts only.",
    "Old bag no.",
    "New bag no.",
  ])("%s", (text) => {
    expect(texts).toContain(text);
  });

  test("the register's anchor, once there is one", () => {
    const pages = slipPages(shamirSlip(28), { ...details, anchor: "7 00112233" }, a4);
    expect(textsOf(pages)).toContain("7 00112233");
    expect(textsOf(pages)).not.toContain("not recorded");
  });
});

test("a discreet slip says nothing of owner, account, people, places and serials", () => {
  const pages = slipPages(shamirSlip(28), details, { ...a4, discreet: "Blue" });
  const texts = textsOf(pages).join("\n");
  expect(texts).toContain("Blue");
  expect(texts).toContain("KQQ2  slip 2 of 3");
  expect(texts).not.toMatch(
    /Sample|contoso|Keller|Ohm|vault|Account|Custodian|Alternate|Safe|Witness|bag\b.*serial|Old bag|New bag|Who/,
  );
});

describe("a fragment", () => {
  test("has every character numbered and spelled", () => {
    const texts = textsOf(slipPages(concatSlip("Rk0+"), details, a4));
    const start = texts.indexOf("1");
    expect(texts.slice(texts.indexOf("R") - 1, texts.indexOf("R") + 2)).toEqual([
      "1",
      "R",
      "capital Romeo",
    ]);
    expect(start).toBeGreaterThan(0);
    expect(texts).toEqual(expect.arrayContaining(["small kilo", "digit zero", "plus sign"]));
  });

  test("shows blanks and says what stands for them", () => {
    const texts = textsOf(slipPages(concatSlip("a b"), details, a4));
    expect(texts).toContain("\u2423");
    expect(texts.join(" ")).toContain("The sign \u2423 stands for a blank.");
  });

  test("names characters that can't be told apart or drawn", () => {
    const odd = "\u4e2d\u2423\u0301\u05d0\u0000\u{1f511}";
    const pages = slipPages(concatSlip(odd), details, a4);
    expect(textsOf(pages)).toEqual(
      expect.arrayContaining(["U+4E2D", "U+2423", "U+0301", "U+05D0", "U+0000", "U+1F511"]),
    );
    expect(printedFragment(pages)).toBe(odd);
  });

  test("that is not text is refused without showing it", () => {
    const slip = { ...concatSlip("abc"), payload: new Uint8Array(20).fill(0xff) };
    expect(() => slipPages(slip, details, a4)).toThrow(
      failure("refused", /^this slip's part of the password is not text, so it can't be printed/),
    );
  });
});
