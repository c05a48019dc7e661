import { textWidth, type FontRole } from "./fonts.ts";
import type { TextItem } from "./page.ts";
import { leading, line, type Paper } from "./sheet.ts";
import { ascent, type Part } from "./table.ts";

/** A stretch of text in one font. */
export interface Run {
  readonly text: string;
  readonly font: FontRole;
}

/** Fixed-pitch letters look larger than others of their size. */
const MONO_SIZE = 0.92;

function sizeOf(font: FontRole, size: number): number {
  return font.startsWith("mono") ? size * MONO_SIZE : size;
}

/** Between two parts of a word, in millimetres. */
const TOUCH = 0.1;

/** What is never taken apart at the end of a line: parts without a blank between, and code. */
type Word = readonly Run[];

function wordsOf(runs: readonly Run[]): Word[] {
  const words: Run[][] = [[]];
  for (const { text, font } of runs)
    (font === "mono" ? [text] : text.split(" ")).forEach((part, i) => {
      if (i > 0) words.push([]);
      if (part !== "") words.at(-1)!.push({ text: part, font });
    });
  return words.filter((word) => word.length > 0);
}

/** A text in several fonts over as many lines as it needs. */
export function richPart(paper: Paper, runs: readonly Run[], width: number, size: number): Part {
  const lines = layLines(paper, runs, width, size);
  return {
    height: lines.length * leading(size),
    draw: (x, top) =>
      lines.flatMap((items, i) =>
        items.map((item) => ({
          ...item,
          x: x + item.x,
          baseline: top + ascent(size) + i * leading(size),
        })),
      ),
  };
}

/** Words of one font that follow on each other are one item, so that they are read out as one. */
function layLines(paper: Paper, runs: readonly Run[], width: number, size: number): TextItem[][] {
  const blank = textWidth(" ", paper.fonts, "regular", size);
  const measure = ({ text, font }: Run): number =>
    textWidth(text, paper.fonts, font, sizeOf(font, size));
  const lines: TextItem[][] = [[]];
  let end = 0;
  for (const word of wordsOf(runs)) {
    const long = word.reduce((sum, part) => sum + measure(part), 0);
    const fresh = lines.at(-1)!.length === 0;
    if (!fresh && end + blank + long > width) {
      lines.push([]);
      end = 0;
    } else if (!fresh) end += blank;
    for (const [i, { text, font }] of word.entries()) {
      const before = lines.at(-1)!.at(-1);
      if (i === 0 && before?.font === font && font !== "mono") {
        const longer = line(paper, `${before.text} ${text}`, before.x, 0, {
          ...{ font, size: before.size },
        });
        lines.at(-1)!.splice(-1, 1, longer);
        end = longer.x + longer.width;
      } else {
        const item = line(paper, text, end, 0, { font, size: sizeOf(font, size) });
        lines.at(-1)!.push(item);
        end += item.width + TOUCH;
      }
    }
  }
  return lines;
}
