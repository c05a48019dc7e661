import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import {
  blur,
  change,
  drop,
  mistype,
  rowsOf,
  swap,
  typed,
  typedSlip,
  without,
} from "../core/typed.ts";
import { concat, makeSet } from "../vectors/scenario.ts";

/** The password of every sample set. */
export const SAMPLE_PASSWORD = "kR7#mX2-vQ9+";

/** A slip whose share, or fragment, was changed, and whose check was made to fit. */
function altered(slip: Slip): Slip {
  const payload = Uint8Array.from(slip.payload);
  payload[payload.length - 1]! ^= 1;
  return { ...slip, payload };
}

/**
 * Writes text files with slips, by name: those of one set whole and with mistakes, of another set,
 * and of a concatenation. They are the same at every run.
 */
export function writeSampleSlips(folder: string): void {
  const [one, two, three] = makeSet("sample") as [Slip, Slip, Slip];
  const [otherOne, otherTwo] = makeSet("another sample") as [Slip, Slip];
  const [left, right] = makeSet("sample in two", concat(2)) as [Slip, Slip];
  const rows = rowsOf(encodeSlip(one));
  const files: Readonly<Record<string, string>> = {
    "one.txt": typedSlip(one),
    "two.txt": typedSlip(two),
    "three.txt": typedSlip(three),
    "one-qr.txt": `${encodeSlip(one).qr}\n`,
    "two-and-three.txt": typedSlip(two) + typedSlip(three),
    "other-one.txt": typedSlip(otherOne),
    "other-one-qr.txt": `${encodeSlip(otherOne).qr}\n`,
    "other-two.txt": typedSlip(otherTwo),
    "left.txt": typedSlip(left),
    "right.txt": typedSlip(right),
    "right-altered.txt": typedSlip(altered(right)),
    "two-altered.txt": typedSlip(altered(two)),
    "typo.txt": typed(change(rows, "2", (line) => mistype(line, [4]))),
    "swapped.txt": typed(change(rows, "2", (line) => swap(line, 9))),
    "dropped.txt": typed(change(rows, "3", (line) => drop(line, 6))),
    "garbled.txt": typed(change(rows, "2", (line) => mistype(line, [1, 5, 9, 13], 7))),
    "illegible.txt": typed(change(rows, "1", (line) => blur(line, [2, 3, 11, 19]))),
    "letter-u.txt": typed(change(rows, "2", (line) => `U${line.slice(1)}`)),
    "lost.txt": typed(change(rows, "2", () => "?")),
    "lost-without-spare.txt": typed(
      without(
        change(rows, "2", () => "?"),
        "S",
      ),
    ),
    "left-out.txt": typed(without(rows, "3")),
    "misplaced.txt": typed(change(rows, "2", () => rows[0]!.symbols)),
    "spare-wrong.txt": typed(change(rows, "S", (line) => mistype(line, [0]))),
    "cut-qr.txt": `${encodeSlip(one).qr.slice(0, -21)}\n`,
    "notes.txt": "The safe is on the second floor.\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
