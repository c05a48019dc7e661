import { encodeSlip } from "../../src/core/slip.ts";
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
import { concat, makeSet, nameOf, USUAL_PASSWORD, type Scenario } from "./scenario.ts";

const qr = (slip: Parameters<typeof encodeSlip>[0]): string => `${encodeSlip(slip).qr}\n`;

/** What gives the password back. */
export function readable(): Scenario[] {
  return [...schemes(), ...passwords(), ...spellings(), ...mended(), ...several()];
}

/** A scenario whose slips are all that is in its documents. */
function good(
  name: string,
  comment: string,
  slips: ReturnType<typeof makeSet>,
  documents: readonly string[],
  more: Partial<Scenario> = {},
): Scenario {
  return { name, comment, documents, expect: "password", password: USUAL_PASSWORD, slips, ...more };
}

function schemes(): Scenario[] {
  const two = makeSet("shamir-2of3-typed").filter(({ index }) => index !== 2);
  const five = makeSet("shamir-3of5-qr", { threshold: 3, total: 5 });
  const three = [five[4]!, five[1]!, five[2]!];
  const all = makeSet("shamir-16of16-qr", { threshold: 16, total: 16 });
  const many = makeSet("shamir-2of16-mixed", { threshold: 2, total: 16 });
  const ends = [many[15]!, many[0]!];
  const halves = makeSet("concat-2-typed", concat(2));
  const long = "Stra\u00dfe\u20acuro-\u{1f511}";
  const thirds = makeSet("concat-3-qr", { ...concat(3), password: long }).toReversed();
  return [
    good("shamir-2of3-typed", "two of three slips, typed as printed", two, two.map(typedSlip)),
    good("shamir-3of5-qr", "three of five slips, in no order, as QR texts", three, three.map(qr)),
    good("shamir-16of16-qr", "sixteen of sixteen slips, in one document", all, [
      all.map(qr).join(""),
    ]),
    good(
      "shamir-2of16-mixed",
      "the first and the last of sixteen slips, one typed and one as a QR text, in one document",
      ends,
      [qr(ends[0]!) + typedSlip(ends[1]!)],
    ),
    good("concat-2-typed", "both parts of a concatenation, typed", halves, halves.map(typedSlip)),
    good(
      "concat-3-qr",
      "a concatenation in three parts, last first, cut at code points of several bytes",
      thirds,
      thirds.map(qr),
      { password: long },
    ),
  ];
}

function passwords(): Scenario[] {
  const cases: [name: string, comment: string, password: string, blinded?: boolean][] = [
    [
      "password-composed",
      "U+00E9, and e with U+0301: both stay as they are",
      "caf\u00e9 cafe\u0301",
    ],
    ["password-blanks", "blanks before and after, and a final line end, belong to it", "  a b\t\n"],
    ["password-one-byte", "the shortest password", "x"],
    [
      "password-256-bytes",
      "the longest password, blinded: 29 lines",
      "0123456789abcdef".repeat(16),
      true,
    ],
    ["password-pin", "a PIN, blinded", "83520461", true],
    ["password-nul", "a NUL and a byte order mark belong to the password", "\ufeffa\0b"],
  ];
  return cases.map(([name, comment, password, blinded = false]) => {
    const slips = makeSet(name, { password, blinded }).slice(0, 2);
    return good(name, comment, slips, slips.map(typedSlip), { password });
  });
}

/** The same symbols, written in other ways. */
function spellings(): Scenario[] {
  const loose = makeSet("symbols-look-alikes").slice(0, 2);
  const blanks = makeSet("symbols-blanks").slice(0, 2);
  const gaps = [
    ..." \t\u00a0\u00ad\u2003\u200b\u200c\u200d\u2060\u3000\ufeff-\u2010\u2012\u2015\u2212",
  ];
  const spread = (symbols: string): string =>
    [...symbols].map((symbol, i) => symbol + gaps[i % gaps.length]!).join("");
  const pages = makeSet("document-pages").slice(1);
  const [paged, whole] = pages.map((slip) => rowsOf(encodeSlip(slip)));
  const words = makeSet("document-commentary").slice(0, 2);
  const scanned = makeSet("qr-in-words").slice(0, 2);
  return [
    good(
      "symbols-look-alikes",
      "lower case, no groups, O and o for 0, I, i, L and l for 1",
      loose,
      loose.map((slip) => {
        const ones = "IiLl";
        let n = 0;
        return rowsOf(encodeSlip(slip))
          .map(({ label, symbols }) => `${label.toLowerCase()})${symbols.toLowerCase()}\n`)
          .map((row) => row.replace(/\).*/, (text) => text.replaceAll("0", "o").replace("o", "O")))
          .map((row) => row.replace(/\).*/, (text) => text.replaceAll("1", () => ones[n++ % 4]!)))
          .join("");
      }),
    ),
    good(
      "symbols-blanks",
      "blanks and hyphens of every kind between symbols and before numbers and brackets",
      blanks,
      blanks.map((slip) =>
        rowsOf(encodeSlip(slip))
          .map(({ label, symbols }) => `\u3000\t${label}\u00a0 ) ${spread(symbols)}\n`)
          .join(""),
      ),
    ),
    good(
      "document-pages",
      "form feeds: a slip goes on over the page with its very next line, and the next slip follows",
      pages,
      [
        `${typed(paged!.slice(0, 2))}page 1\f\npage 2\n${typed(paged!.slice(2))}`.concat(
          `\f${typed(whole!)}`,
        ),
      ],
    ),
    good(
      "document-commentary",
      "CR LF, CR and U+2028 end rows; other rows, among them numbers of no line, are commentary",
      words,
      [
        `Breakglass slip 1\r\n1. not a line\r\n${typedSlip(words[0]!).replaceAll("\n", "\r\n0) 0000\r\n\r\n")}` +
          `30) 0000 0000\r\n01) 0000\r\n#1) 0000\r\n${typedSlip(words[1]!).replaceAll("\n", "\r").replace("\r", "\u2028")}`,
      ],
    ),
    good("qr-in-words", "a QR text among a scanner's words, in lower case", scanned, [
      `QR-Code:${qr(scanned[0]!).toLowerCase()}(2) ${qr(scanned[1]!).trim()}  \n`,
    ]),
  ];
}

/** Slips with mistakes that can be put right. */
function mended(): Scenario[] {
  const lost = makeSet("lost-line").slice(0, 2);
  const first = makeSet("lost-first-line").slice(0, 2);
  const faint = makeSet("illegible-symbols").slice(0, 2);
  const slip = makeSet("corrections-accepted").slice(0, 2);
  const v = makeSet("letter-u-accepted").slice(0, 2);
  const three = makeSet("three-wrong-with-spare").slice(0, 2);
  const one = makeSet("first-line-wrong-with-spare").slice(0, 2);
  const left = makeSet("line-left-out-accepted").slice(0, 2);
  const foreign = makeSet("spare-of-another-slip").slice(0, 2);
  const rows = (slips: typeof lost, i: number): Rows => rowsOf(encodeSlip(slips[i]!));
  const accept = { acceptCorrections: true };
  return [
    good("lost-line", "line 2 is given as lost; the spare line brings it back", lost, [
      typed(change(rows(lost, 0), "2", () => "?")),
      typed(change(rows(lost, 1), "2", () => "????????????????????")),
    ]),
    good("lost-first-line", "line 1 is lost, so the length is known only from the others", first, [
      typed(change(rows(first, 0), "1", () => "????")),
      typedSlip(first[1]!),
    ]),
    good("illegible-symbols", "four symbols in each line can't be read", faint, [
      typed(rows(faint, 0).map((row) => ({ ...row, symbols: blur(row.symbols, [0, 5, 6, 19]) }))),
      typed(rows(faint, 1).map((row) => ({ ...row, symbols: blur(row.symbols, [2, 3, 17, 18]) }))),
    ]),
    good(
      "corrections-accepted",
      "a dropped, a doubled, two swapped and two wrong symbols, and one wrong beside two illegible",
      slip,
      [
        typed(
          change(
            change(
              change(rows(slip, 0), "1", (s) => drop(s, 7)),
              "2",
              (s) => double(s, 11),
            ),
            "3",
            (s) => mistype(s, [2, 19]),
          ),
        ),
        typed(
          change(
            change(rows(slip, 1), "1", (s) => swap(s, 3)),
            "3",
            (s) => blur(mistype(s, [4]), [9, 12]),
          ),
        ),
      ],
      accept,
    ),
    good(
      "letter-u-accepted",
      "U, which is no symbol, in typed lines and in a QR text",
      v,
      v.map((one, i) =>
        i === 0
          ? typed(change(rows(v, 0), "2", (s) => put(s, 6, "U")))
          : qr(one).replace(/.(?=.{9}\n$)/, "u"),
      ),
      accept,
    ),
    good(
      "three-wrong-with-spare",
      "three wrong symbols in one line, and four in another: the spare line replaces each",
      three,
      [
        typed(change(rows(three, 0), "2", (s) => mistype(s, [1, 8, 13]))),
        typed(change(rows(three, 1), "3", (s) => mistype(s, [0, 2, 10, 18], 5))),
      ],
      accept,
    ),
    good(
      "first-line-wrong-with-spare",
      "three wrong symbols in line 1 look like two in a line 1 of version 7",
      one,
      [typed(change(rows(one, 0), "1", (s) => mistype(s, [0, 1, 2], 6))), typedSlip(one[1]!)],
      accept,
    ),
    good(
      "line-left-out-accepted",
      "a line was left out, and the spare line was given",
      left,
      [typed(without(rows(left, 0), "2")), typed(without(rows(left, 1), "1"))],
      accept,
    ),
    good(
      "spare-of-another-slip",
      "a spare line that does not belong is not needed, and nothing is changed",
      foreign,
      [
        typed(change(rows(foreign, 0), "S", () => encodeSlip(foreign[1]!).spare)),
        typed(change(rows(foreign, 1), "S", (s) => mistype(s, [1, 2, 3, 4, 5, 6]))),
      ],
    ),
  ];
}

/** More slips than needed. */
function several(): Scenario[] {
  const all = makeSet("all-slips");
  const twice = makeSet("same-slip-twice");
  const given = [twice[0]!, twice[0]!, twice[2]!, twice[2]!];
  const here = makeSet("set-chosen");
  const there = makeSet("set-chosen/other", { password: "another password" });
  return [
    good("all-slips", "all slips, one more than needed", all, all.map(typedSlip)),
    good("same-slip-twice", "each slip typed and as a QR text", given, [
      qr(given[0]!) + typedSlip(given[1]!),
      typedSlip(given[2]!) + qr(given[3]!),
    ]),
    good(
      "set-chosen",
      "two complete sets, of which one is asked for",
      [there[0]!, here[0]!, here[2]!, there[1]!],
      [there[0]!, here[0]!, here[2]!, there[1]!].map(typedSlip),
      { set: nameOf(here) },
    ),
  ];
}
