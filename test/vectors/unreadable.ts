import type { ErrorCode } from "../../src/core/errors.ts";
import { encodeSlip, type Slip } from "../../src/core/slip.ts";
import {
  blur,
  change,
  double,
  drop,
  mistype,
  put,
  rowsOf,
  swap,
  typed,
  typedSlip,
  without,
  type Rows,
} from "../core/typed.ts";
import {
  checkOf,
  contentOf,
  forge,
  forgeLine,
  forgeLines,
  streamOf,
  type Stream,
} from "./forge.ts";
import { concat, makeSet, type Scenario } from "./scenario.ts";

/** What holds a slip that can't be read. */
export function unreadable(): Scenario[] {
  return [
    ...documents(),
    ...missing(),
    ...misplaced(),
    ...illegible(),
    ...unasked(),
    ...ambiguous(),
    ...forged(),
    ...mixedUp(),
  ];
}

/**
 * A scenario in which the first slip of a set is given with mistakes, and then the second as it
 * is, so that nothing but the first stands in the way of the password.
 */
function bad(
  expect: ErrorCode,
  name: string,
  comment: string,
  how: (rows: Rows, slip: Slip) => string,
  more: { set?: Parameters<typeof makeSet>[1]; accept?: boolean } = {},
): Scenario {
  const [first, second] = makeSet(name, more.set);
  return {
    ...{ name, comment, expect, acceptCorrections: more.accept ?? false },
    documents: [how(rowsOf(encodeSlip(first!)), first!), typedSlip(second!)],
  };
}

/** A scenario in which the first slip is typed, one line otherwise. */
function badLine(
  expect: ErrorCode,
  name: string,
  comment: string,
  label: string,
  how: (symbols: string) => string,
  accept = false,
): Scenario {
  return bad(expect, name, comment, (rows) => typed(change(rows, label, how)), { accept });
}

function documents(): Scenario[] {
  const text = (name: string, comment: string, document: string): Scenario => {
    return { name, comment, documents: [document], expect: "no-slip" };
  };
  const [slip] = makeSet("no-slip");
  const { lines, qr } = encodeSlip(slip!);
  return [
    text("no-slip-empty", "an empty document", ""),
    text("no-slip-prose", "text without a code line", "Dear custodian,\nsee line 1 (above).\n"),
    text(
      "no-slip-binary",
      "bytes that are no text",
      "\0\x01\x7fELF\0\0\ufffd\ufffd\0BG:\0 1\0) \n",
    ),
    text("no-slip-unnumbered", "the symbols without numbers", `${lines.join("\n")}\n`),
    text(
      "no-slip-numbers",
      "numbers that no line has",
      ["0", "01", "30", "-1", "1.", "\u0661", "s1", "1 2"]
        .map((n) => `${n}) ${lines[0]}\n`)
        .join(""),
    ),
    text("no-slip-qr-inside-word", "BG after a letter or digit is no QR text", `X${qr}\n1${qr}\n`),
    text("no-slip-qr-number", "no number after BG, and three digits", "BG:00\nBG001:00\n"),
    text("no-slip-long-row", "a row of more than 2,048 characters", `${qr}${" ".repeat(2048)}\n`),
    {
      name: "input-too-large",
      comment: "65 slips in one document",
      documents: ["BG1:?\n".repeat(65)],
      expect: "input-too-large",
    },
  ];
}

function missing(): Scenario[] {
  const code: ErrorCode = "line-missing";
  return [
    bad(code, "line-missing-last", "the last line is cut off, and the spare line with it", (rows) =>
      typed(without(rows, String(rows.length - 1), "S")),
    ),
    bad(code, "line-missing-first", "line 1 is cut off, and there is no spare line", (rows) =>
      typed(without(rows, "1", "S")),
    ),
    bad(code, "line-missing-qr", "a QR text is cut off after a line", (_, slip) =>
      encodeSlip(slip).qr.slice(0, -21),
    ),
    bad(code, "line-missing-lost", "a line is given as lost, and there is no spare line", (rows) =>
      typed(
        without(
          change(rows, "2", () => "????"),
          "S",
        ),
      ),
    ),
    bad(code, "line-missing-lost-qr", "a line of a QR text is given as lost", (_, slip) =>
      encodeSlip(slip).qr.replace(/:[^:]{20}:/, ":????????????????????:"),
    ),
    bad(code, "line-missing-spare-lost", "a line and the spare line are given as lost", (rows) =>
      typed(
        change(
          change(rows, "2", () => "?"),
          "S",
          () => "?",
        ),
      ),
    ),
    bad(
      code,
      "line-missing-two-lost",
      "two lines are lost, and the spare line can bring back one",
      (rows) =>
        typed(
          change(
            change(rows, "1", () => "?"),
            "3",
            () => "?",
          ),
        ),
      { accept: true },
    ),
    bad(
      code,
      "line-missing-only-spare",
      "a spare line before line 1 is a slip of its own",
      (rows) => typed([rows.at(-1)!, ...rows.slice(0, -1)]),
      { accept: true },
    ),
    bad(
      code,
      "line-missing-over-page",
      "on a new page a line that is not the very next begins a new slip",
      (rows) => `${typed(rows.slice(0, 1))}\f${typed(rows.slice(2))}`,
    ),
    bad(
      code,
      "line-missing-qr-between",
      "a QR text between the lines ends a slip",
      (rows, slip) => `${typed(rows.slice(0, 2))}${encodeSlip(slip).qr}\n${typed(rows.slice(2))}`,
    ),
  ];
}

function misplaced(): Scenario[] {
  const code: ErrorCode = "line-misplaced";
  const other = (rows: Rows, label: string): string =>
    rows.find((row) => row.label === label)!.symbols;
  return [
    bad(code, "line-misplaced-swapped", "lines 2 and 3 each under the other's number", (rows) =>
      typed(
        change(
          change(rows, "2", () => other(rows, "3")),
          "3",
          () => other(rows, "2"),
        ),
      ),
    ),
    bad(code, "line-misplaced-typo", "line 3 under the number 2, with a wrong symbol", (rows) =>
      typed(change(rows, "2", () => mistype(other(rows, "3"), [12]))),
    ),
    bad(code, "line-misplaced-spare", "the spare line as line 2", (rows) =>
      typed(change(rows, "2", () => other(rows, "S"))),
    ),
    bad(code, "line-misplaced-as-spare", "line 1 as spare line, where line 3 is lost", (rows) =>
      typed(
        change(
          change(rows, "S", () => other(rows, "1")),
          "3",
          () => "?",
        ),
      ),
    ),
    bad(code, "line-misplaced-beyond", "line 3 under the number 2, and no line 3", (rows) =>
      typed(
        without(
          change(rows, "2", () => other(rows, "3")),
          "3",
          "S",
        ),
      ),
    ),
    bad(code, "line-misplaced-qr", "lines of a QR text in another order", (_, slip) => {
      const [head, one, two, ...rest] = encodeSlip(slip).qr.split(":");
      return [head, two, one, ...rest].join(":");
    }),
  ];
}

function illegible(): Scenario[] {
  const code: ErrorCode = "line-unreadable";
  const line = (name: string, comment: string, how: (symbols: string) => string): Scenario =>
    bad(code, name, comment, (rows) => typed(without(change(rows, "2", how), "S")), {
      accept: true,
    });
  return [
    line("line-unreadable-five-illegible", "five symbols of a line can't be read", (s) =>
      blur(s, [0, 4, 8, 12, 16]),
    ),
    line("line-unreadable-three-wrong", "three wrong symbols", (s) => mistype(s, [0, 3, 11], 3)),
    line("line-unreadable-erasures", "three illegible symbols and one wrong", (s) =>
      blur(mistype(s, [1], 4), [5, 6, 7]),
    ),
    line("line-unreadable-short", "two symbols are missing", (s) => s.slice(2)),
    line("line-unreadable-long", "two symbols are too many", (s) => `${s}00`),
    line("line-unreadable-empty", "a number with nothing after it", () => ""),
    line("line-unreadable-dropped-and-wrong", "one symbol dropped, one wrong", (s) =>
      mistype(drop(s, 4), [12]),
    ),
    line("line-unreadable-binary", "NUL and other characters that are no symbols", (s) =>
      s.replace(/^.{5}/, "\0\x1f\u00e9\ufffd\u{1f511}"),
    ),
    line("line-unreadable-no-symbols", "marks that are neither symbols nor ?", () => "* * *"),
    bad(code, "line-unreadable-qr-empty", "a QR text without lines", () => "BG1:"),
  ];
}

function unasked(): Scenario[] {
  const code: ErrorCode = "corrections-needed";
  return [
    badLine(code, "corrections-needed-wrong", "one wrong symbol", "1", (s) => mistype(s, [9])),
    badLine(code, "corrections-needed-parity", "one wrong symbol of parity", "3", (s) =>
      mistype(s, [18]),
    ),
    badLine(code, "corrections-needed-swapped", "two neighbours swapped", "2", (s) => swap(s, 5)),
    badLine(code, "corrections-needed-dropped", "one symbol left out", "3", (s) => drop(s, 13)),
    badLine(code, "corrections-needed-doubled", "one symbol twice", "1", (s) => double(s, 2)),
    badLine(code, "corrections-needed-letter-u", "U, which is no symbol", "2", (s) =>
      put(s, 10, "U"),
    ),
    badLine(
      code,
      "corrections-needed-mark",
      "a mark that is no symbol was given wrongly, beside two that can't be read",
      "2",
      (s) => put(blur(s, [1, 2]), 3, "#"),
    ),
    bad(
      code,
      "corrections-needed-spare",
      "a line is lost, and the spare line has a wrong symbol",
      (rows) =>
        typed(
          change(
            change(rows, "2", () => "?"),
            "S",
            (s) => mistype(s, [7]),
          ),
        ),
    ),
    bad(code, "corrections-needed-qr", "a QR text with a wrong symbol", (_, slip) =>
      encodeSlip(slip).qr.replace(/.$/, (s) => mistype(s, [0])),
    ),
    bad(code, "corrections-needed-left-out", "a line was left out; the spare line has it", (rows) =>
      typed(without(rows, "2")),
    ),
    badLine(
      code,
      "corrections-needed-unreadable",
      "a line that can't be read; the spare line has it",
      "2",
      (s) => s.slice(2),
    ),
    badLine(
      code,
      "corrections-needed-miscorrected",
      "three wrong symbols look like another line with two; only the spare line shows it",
      "2",
      (s) => mistype(s, [0, 1, 2], 3),
    ),
    badLine(
      code,
      "corrections-needed-illegible",
      "four illegible symbols and a wrong one: filled in, the check does not hold",
      "2",
      (s) => mistype(blur(s, [0, 1, 2, 3]), [9]),
    ),
  ];
}

/** Two slips that share line 1, so that one's spare line turns the last line of the other into its own. */
function ambiguous(): Scenario[] {
  const twin = (slip: Slip): Slip => {
    const payload = slip.payload.map((byte, i) => (i < slip.payload.length - 1 ? byte : byte ^ 1));
    return { ...slip, payload };
  };
  const ofTwins =
    (how: (symbols: string) => string) =>
    (rows: Rows, slip: Slip): string =>
      typed(change(change(rows, "3", how), "S", () => encodeSlip(twin(slip)).spare));
  return [
    bad(
      "ambiguous",
      "ambiguous-wrong",
      "a symbol of the last line is wrong; mended, it gives one slip, and the spare line another",
      ofTwins((s) => mistype(s, [6])),
      { accept: true },
    ),
    bad(
      "ambiguous",
      "ambiguous-illegible",
      "the same with symbols that can't be read",
      ofTwins((s) => blur(s, [2, 3])),
    ),
  ];
}

/** Slips whose parity and check fit, and that break a rule. */
function forged(): Scenario[] {
  const rule = (
    expect: ErrorCode,
    name: string,
    comment: string,
    how: (slip: Slip) => Partial<Stream>,
    set: Parameters<typeof makeSet>[1] = {},
  ): Scenario => {
    const slips = makeSet(name, set);
    const documents = slips.slice(0, Math.max(2, slips[0]!.threshold)).map((slip, i) => {
      const code = forge(slip, how(slip));
      return i % 2 === 0 ? typed(rowsOf(code)) : `${code.qr}\n`;
    });
    return { name, comment, documents, expect };
  };
  const structure = (
    name: string,
    comment: string,
    how: (slip: Slip) => Partial<Stream>,
    set?: Parameters<typeof makeSet>[1],
  ): Scenario => rule("structure", `structure-${name}`, comment, how, set);
  const cutTo =
    (length: number) =>
    (slip: Slip): Partial<Stream> => ({
      payload: Uint8Array.from({ length }, (_, i) => slip.payload[i % slip.payload.length]!),
      length,
    });
  return [
    structure("threshold-1", "a threshold of 1", () => ({ threshold: 1 })),
    structure("threshold-1-of-1", "one slip that is all", () => ({ threshold: 1, total: 1 })),
    structure("threshold-above-total", "4 of 3", () => ({ threshold: 4 })),
    structure("index-beyond-total", "slip 9 of 3", () => ({ index: 9 })),
    structure("concat-total", "a concatenation in four parts", () => ({ threshold: 4, total: 4 }), {
      ...concat(3),
    }),
    structure("concat-threshold", "two of three parts", () => ({ threshold: 2 }), concat(3)),
    structure(
      "concat-unblinded",
      "a concatenation without a blind",
      ({ payload }) => ({ blinded: 0, payload: payload.slice(10), length: payload.length - 10 }),
      concat(2),
    ),
    structure("reserved-low", "the lower reserved bit is 1", () => ({ reserved: 1 })),
    structure("reserved-high", "the upper reserved bit is 1", () => ({ reserved: 2 })),
    structure("padding", "a bit after the payload is 1", ({ payload }) => ({
      padding: "1".padStart((5 - ((payload.length * 8) % 5)) % 5, "0"),
    })),
    structure("payload-long", "271 bytes of payload", cutTo(271)),
    structure("body-short", "four bytes of body", cutTo(4)),
    structure("body-short-blinded", "a blind and four bytes", cutTo(14), { blinded: true }),
    structure("payload-empty", "no payload", cutTo(0)),
    rule("version", "version-2", "the first symbol says version 2", () => ({ version: 2 })),
    rule("version", "version-0", "the first symbol says version 0", () => ({ version: 0 })),
    bad("version", "version-qr", "a QR text that begins with BG2", (_, slip) =>
      encodeSlip(slip).qr.replace("BG1", "BG2"),
    ),
    bad(
      "version",
      "version-qr-symbol",
      "a QR text that begins with BG1, with version 3",
      (_, slip) => forge(slip, { version: 3 }).qr,
    ),
    bad(
      "version",
      "version-later",
      "of version 2 only line 1 need have the form known here",
      (_, slip) => {
        const first = contentOf({ ...streamOf(slip), version: 2 }).slice(0, 16);
        return `1) ${forgeLine(1, first)}\n2) 0000 0000\n3) 0\n`;
      },
    ),
    bad(
      "line-count",
      "line-count-more",
      "a line more than the slip has, and fit for its place",
      (rows) =>
        typed([...without(rows, "S"), { label: "4", symbols: forgeLine(4, Array(16).fill(7)) }]),
    ),
    bad(
      "line-count",
      "line-count-check",
      "a check that is a line longer than the least",
      (_, slip) => {
        const content = contentOf(streamOf(slip));
        return forgeLines([...content, ...checkOf(content), ...Array<number>(16).fill(0)]).qr;
      },
    ),
    bad("line-count", "line-count-30", "a QR text of 30 lines", (_, slip) => {
      const symbols = Array<number>(30 * 16).fill(3);
      const content = contentOf(streamOf(slip));
      return forgeLines([...content, ...symbols.slice(content.length)]).qr;
    }),
    bad(
      "check-failed",
      "check-failed-payload",
      "a bit of the payload altered, parity made to fit",
      (_, slip) => {
        const content = contentOf(streamOf(slip));
        const altered = content.map((symbol, i) => (i === 12 ? symbol ^ 1 : symbol));
        return typed(rowsOf(forgeLines([...altered, ...checkOf(content)])));
      },
    ),
    bad("check-failed", "check-failed-check", "the last symbol of the check altered", (_, slip) => {
      const content = contentOf(streamOf(slip));
      const check = checkOf(content);
      return forgeLines([...content, ...check.slice(0, -1), check.at(-1)! ^ 16]).qr;
    }),
  ];
}

/** Lines that are fine by themselves and do not belong together. */
function mixedUp(): Scenario[] {
  const slips = makeSet("check-failed-mixed-lines");
  const [one, two] = slips.map((slip) => rowsOf(encodeSlip(slip)));
  const again = makeSet("line-repeated").map((slip) => rowsOf(encodeSlip(slip)));
  return [
    {
      name: "check-failed-mixed-lines",
      comment: "line 1 of one slip, the others of another; line by line nothing is wrong",
      documents: [typed([...one!.slice(0, 1), ...two!.slice(1)]), typedSlip(slips[2]!)],
      expect: "check-failed",
    },
    {
      name: "line-missing-repeated",
      comment: "a line given again begins a new slip",
      documents: [typed([...again[0]!.slice(0, 2), ...again[0]!.slice(1)]), typed(again[1]!)],
      expect: "line-missing",
    },
  ];
}
