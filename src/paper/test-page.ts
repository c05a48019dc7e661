import * as v from "valibot";
import { TEST_SET, testSlip } from "../core/test-slip.ts";
import type { Fonts } from "./fonts.ts";
import type { Block, Item, Page } from "./page.ts";
import { rule } from "./sheet.ts";
import { slipPages, type SlipLayout } from "./slip-page.ts";
import { languageTag, parseTemplate, steps, text, type Wording } from "./wording.ts";

const schema = v.strictObject(
  {
    language: languageTag,
    title: text(),
    owner: text(),
    name: text(),
    notice: text(),
    none: text(),
    testHeading: text(),
    testSteps: steps(),
    nothingSecret: text(),
    codeHeading: text(),
    afterHeading: text(),
    afterSteps: steps(),
  },
  "must be an object",
);

/** What the test page says where a slip says something else. */
export type TestPageWording = Readonly<v.InferOutput<typeof schema>> & {
  /** The file it came from, for messages. */
  readonly file: string;
};

/** @throws BreakglassError `usage`, naming file and key */
export function parseTestPage(file: string, json: string, fonts: Fonts): TestPageWording {
  return { ...parseTemplate(schema, file, json, fonts, ["regular", "bold"]), file };
}

/**
 * The void test page: laid out and printed like a slip, so that what can be read on it can be read
 * on a slip, with VOID in large letters across it.
 *
 * @param date of printing, YYYY-MM-DD
 * @throws BreakglassError `usage` if the wording does not fit
 */
export function testPages(words: TestPageWording, layout: SlipLayout, date: string): Page[] {
  const wording: Wording = {
    ...layout.wording,
    title: words.title,
    slip: words.name,
    neededSome: words.notice,
    recoverHeading: words.testHeading,
    recoverSteps: words.testSteps,
    generations: words.nothingSecret,
    secretHeading: words.codeHeading,
    checkHeading: words.afterHeading,
    checkSteps: words.afterSteps,
    notRecorded: words.none,
    file: words.file,
  };
  const details = {
    ...{ organisation: words.owner, account: words.none, generation: 0, alsoNeeded: [] },
    ...{ custodian: words.none, alternate: words.none, location: words.none, anchor: undefined },
    ...{ issued: date, replaceBy: date },
  };
  const [page, ...more] = slipPages(testSlip(), details, { ...layout, wording });
  return [{ ...page!, blocks: [...page!.blocks, voidBlock(page!)] }, ...more];
}

/** What the page's file is called, and its title. */
export const TEST_PAGE_NAME = `${TEST_SET}-test-page`;

/** Letters in strokes from corner to corner of a box that is one wide and one high. */
const LETTERS: readonly (readonly (readonly [number, number])[])[] = [
  [
    [0, 0],
    [0.5, 1],
    [1, 0],
  ],
  [
    [0.3, 0],
    [0.7, 0],
    [1, 0.3],
    [1, 0.7],
    [0.7, 1],
    [0.3, 1],
    [0, 0.7],
    [0, 0.3],
    [0.3, 0],
  ],
  [
    [0.5, 0],
    [0.5, 1],
  ],
  [
    [0, 0],
    [0.6, 0],
    [1, 0.3],
    [1, 0.7],
    [0.6, 1],
    [0, 1],
    [0, 0],
  ],
];

/** In points. */
const STROKE = 10;

/** VOID below the code and over the table, where a slip has room: drawn, so that no reader takes it for text of the slip. */
function voidBlock({ width, height }: Page): Block {
  const third = height / 3;
  const places = [
    { top: third * 2 - 40, size: 34 },
    { top: height - 47, size: 36 },
  ];
  return { tag: "Artifact", items: places.flatMap(({ top, size }) => voidItems(width, top, size)) };
}

function voidItems(pageWidth: number, top: number, size: number): Item[] {
  const letter = 26;
  const gap = 16;
  const left = (pageWidth - LETTERS.length * letter - (LETTERS.length - 1) * gap) / 2;
  return LETTERS.flatMap((strokes, i) => {
    const x = left + i * (letter + gap);
    const at = ([right, down]: readonly [number, number]): [number, number] => [
      x + right * letter,
      top + down * size,
    ];
    return strokes.slice(1).map((end, k) => rule(...at(strokes[k]!), ...at(end), STROKE));
  });
}
