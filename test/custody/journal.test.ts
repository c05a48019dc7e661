import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakglassError } from "../../src/core/errors.ts";
import {
  EMPTY_HEAD,
  hashesHold,
  anchor,
  appendEntry,
  judgeAnchor,
  parseAnchor,
  readJournal,
  readUnhashed,
  verifyJournal,
} from "../../src/custody/journal.ts";
import { ALL_KINDS, type Entry } from "../../src/custody/events.ts";
import { POLICY_FIELDS } from "../../src/custody/policy.ts";
import { anyEvent } from "./arbitrary.ts";
import { eventIn, issue, journalOf, nodeHash, opened, type Happening } from "./book.ts";

const sample = opened().put({
  kind: "exception-noted",
  problem: "T\u00fcr klemmt \u{1f511}",
}).bytes;
const read = (bytes: Uint8Array): ReturnType<typeof readJournal> => readJournal(bytes, nodeHash);
const whole = read(sample);
/** Where each line begins, and the end of the file. */
const starts = [0, ...[...sample.entries()].filter(([, byte]) => byte === 10).map(([i]) => i + 1)];

function problemOf(bytes: Uint8Array): BreakglassError {
  try {
    read(bytes);
  } catch (error) {
    if (error instanceof BreakglassError) return error;
    throw error;
  }
  throw new Error("the journal was taken for sound");
}

describe("a journal", () => {
  it("reads back what was written, and begins empty", () => {
    expect(read(Buffer.alloc(0))).toEqual({ entries: [], head: EMPTY_HEAD });
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        const { entries, head, torn } = read(journalOf(events));
        expect(entries.map(eventIn)).toEqual(events);
        expect(entries.map(({ n }) => n)).toEqual(events.map((_, i) => i + 1));
        expect(head.n).toBe(events.length);
        expect(torn).toBeUndefined();
      }),
    );
  });

  it("is the same read in two parts, and with its hashes apart", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 12 }), fc.nat(), (events, at) => {
        const bytes = journalOf(events);
        const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([i]) => i + 1);
        const cut = [0, ...ends][at % (ends.length + 1)]!;
        const entries: Entry[] = [];
        const each = (entry: Entry): void => void entries.push(entry);
        const first = verifyJournal(bytes.subarray(0, cut), nodeHash, each);
        const last = verifyJournal(bytes.subarray(cut), nodeHash, each, first.head);
        expect({ entries, ...last }).toEqual(read(bytes));
        const whole = entries.splice(0);
        expect(readUnhashed(bytes, each)).toEqual(last.head);
        expect(entries).toEqual(whole);
        let lines = 0;
        expect(hashesHold(bytes, nodeHash, () => lines++)).toBe(true);
        expect(lines).toBe(whole.length);
      }),
    );
  });

  it("is verified by what is read and by its hashes together: each changed byte", () => {
    for (const [place] of sample.entries())
      for (const bit of [1, 0x20]) {
        const bytes = Uint8Array.from(sample);
        bytes[place]! ^= bit;
        const isRead = (): boolean => {
          try {
            return readUnhashed(bytes, () => undefined).n > 0;
          } catch {
            return false;
          }
        };
        const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
        const isSound = isRead() && hashesHold(whole, nodeHash, () => undefined);
        expect(isSound && whole.length === bytes.length, `byte ${place}`).toBe(false);
      }
  });

  it("takes no line that would be too long to be read", () => {
    const long = "\u{20ac}".repeat(300);
    const lineOf = (needed: number, letters: number): string => {
      // So many letters, over four texts of at most 300.
      const [actor, witness, note, account] = [0, 1, 2, 3].map((i) =>
        "x".repeat(1 + Math.min(299, Math.max(0, letters - 299 * i))),
      ) as [string, string, string, string];
      const event = opened().event({
        ...issue({ set: "K7Q2", account, generation: 1, actor, witness, note }),
        alsoNeeded: Array.from({ length: needed }, () => long),
        slips: Array.from({ length: 16 }, () => ({
          ...{ commitment: "00".repeat(16), custodian: long, alternate: long, location: long },
        })),
      } as Happening);
      return appendEntry(EMPTY_HEAD, event, nodeHash).line;
    };
    const longest = 100_000 + "\n".length;
    const needed = 1 + Math.floor((longest - Buffer.byteLength(lineOf(1, 0))) / 903);
    const letters = longest - Buffer.byteLength(lineOf(needed, 0));
    const fits = lineOf(needed, letters);
    expect(Buffer.byteLength(fits)).toBe(longest);
    expect(read(Buffer.from(fits)).head.n).toBe(1);
    expect(() => lineOf(needed, letters + 1)).toThrow(/too long for the journal/);
  });

  it("cut anywhere inside a line is torn there, and nothing is dropped", () => {
    for (let end = 0; end < sample.length; end++) {
      if (starts.includes(end)) continue;
      const start = starts.findLast((at) => at <= end)!;
      const { entries, head, torn } = read(sample.subarray(0, end));
      expect(entries.length).toBe(starts.indexOf(start));
      expect(head.hash).toBe(entries.at(-1)?.hash ?? EMPTY_HEAD.hash);
      expect(Buffer.from(torn!.bytes)).toEqual(sample.subarray(start, end));
      expect(torn!.whole).toBe(starts.includes(end + 1));
    }
  });

  it("cut at a line's end is found to be older by an anchor", () => {
    const printed = parseAnchor(anchor(whole.head));
    expect(judgeAnchor(whole, printed)).toEqual({ verdict: "holds", unprotected: 0 });
    for (const end of starts.slice(0, -1)) {
      const cut = read(sample.subarray(0, end));
      expect(cut.torn).toBeUndefined();
      expect(judgeAnchor(cut, printed).verdict).toBe("older copy");
    }
  });

  it("with any byte changed is refused, the line named", () => {
    for (let place = 0; place < sample.length; place++) {
      const original = sample[place]!;
      const line = starts.findLastIndex((at) => at <= place) + 1;
      const values = [
        original ^ 1,
        original ^ 0x20,
        original ^ 0x80,
        0,
        0x0a,
        0x0d,
        0x20,
        0x22,
        0x30,
        0xff,
      ];
      for (const value of new Set(values)) {
        if (value === original) continue;
        const changed = Buffer.from(sample);
        changed[place] = value;
        if (place === sample.length - 1) {
          // The last line end: what it ended is a tail now, apart from the entries.
          expect(read(changed).torn?.whole).toBe(false);
          continue;
        }
        const error = problemOf(changed);
        expect(error.code).toBe("register");
        expect(error.message).toContain(`line ${line} of`);
      }
    }
  });

  it("with a line taken out, doubled or put elsewhere is refused", () => {
    const lines = starts.slice(0, -1).map((start, i) => sample.subarray(start, starts[i + 1]));
    const without = lines.toSpliced(3, 1);
    expect(problemOf(Buffer.concat(without)).message).toContain("line 4 ");
    expect(problemOf(Buffer.concat(lines.toSpliced(3, 0, lines[3]!))).message).toContain("line 5 ");
    expect(problemOf(Buffer.concat([...without, lines[3]!])).message).toContain("line 4 ");
  });

  it("with line ends of another system is refused with that reason", () => {
    const error = problemOf(Buffer.from(sample.toString("utf8").replaceAll("\n", "\r\n")));
    expect(error.message).toContain("line end of another system");
  });

  it("takes no event that is not what it says, whoever hashed it", () => {
    for (const [event, problem] of [
      [
        { kind: "process-reviewed", at: "2026-01-01T09:00:00Z", actor: "Ada", password: "x" },
        "belong",
      ],
      [{ kind: "process-reviewed", actor: "Ada" }, '"at"'],
      [[], "number|record|lacks|field"],
    ] as const) {
      const hashed = JSON.stringify({ n: 1, ...event, prev: EMPTY_HEAD.hash }).slice(0, -1);
      const line = `${hashed},"hash":"${nodeHash(Buffer.from(hashed))}"}\n`;
      expect(problemOf(Buffer.from(line)).message).toMatch(new RegExp(`line 1 .*(${problem})`));
    }
  });

  it("keeps events of a later version", () => {
    const hashed = `{"n":1,"kind":"moon-rose","at":"2026-01-01T09:00:00Z","actor":"Ada","phase":7,"prev":"${EMPTY_HEAD.hash}"`;
    const line = `${hashed},"hash":"${nodeHash(Buffer.from(hashed))}"}\n`;
    expect(read(Buffer.from(line)).entries).toMatchObject([
      { n: 1, kind: "later", name: "moon-rose", fields: { phase: 7 } },
    ]);
  });

  it("refuses an event that does not belong into it before it is written", () => {
    const event = opened().event({ kind: "process-reviewed", note: "a\nb" });
    expect(() => appendEntry(EMPTY_HEAD, event, nodeHash)).toThrow(BreakglassError);
  });
});

describe("an anchor", () => {
  it("reads back, however it was typed", () => {
    const text = anchor(whole.head);
    expect(text).toMatch(/^\d+-[0-9a-f]{30}$/);
    expect(parseAnchor(` ${text.toUpperCase().replace("-", " - ")} `)).toEqual(parseAnchor(text));
    for (const wrong of [
      "",
      "12",
      "0-" + "a".repeat(30),
      "1-" + "a".repeat(29),
      "1-" + "g".repeat(30),
    ])
      expect(() => parseAnchor(wrong)).toThrow(BreakglassError);
  });

  it("tells how many entries it does not protect", () => {
    whole.entries.forEach((entry, i) => {
      const judged = judgeAnchor(whole, parseAnchor(anchor(entry)));
      expect(judged).toEqual({ verdict: "holds", unprotected: whole.entries.length - i - 1 });
    });
  });

  it("takes a slip of the finger for one, and never for what holds", () => {
    const { n, digits } = parseAnchor(anchor(whole.entries[1]!));
    const verdict = (typed: string, number = n): string =>
      judgeAnchor(whole, { n: number, digits: typed }).verdict;
    const other = (digit: string): string => (digit === "f" ? "0" : "f");
    const wrong = (...places: number[]): string =>
      [...digits].map((digit, i) => (places.includes(i) ? other(digit) : digit)).join("");
    for (let place = 0; place < digits.length; place++)
      expect(verdict(wrong(place))).toBe("digits mistyped");
    expect(verdict(wrong(3, 29))).toBe("digits mistyped");
    expect(verdict(wrong(3, 17, 29))).toBe("rewritten");
    const place = [...digits].findIndex((digit, i) => i > 0 && digit !== digits[i - 1]);
    const [before, after] = [digits[place - 1]!, digits[place]!];
    const exchanged = digits.slice(0, place - 1) + after + before + digits.slice(place + 1);
    expect(exchanged).not.toBe(digits);
    expect(verdict(exchanged)).toBe("digits mistyped");
    // The digits are right, and the number is not: of another entry, or of none.
    expect(verdict(digits, 1)).toBe("number mistyped");
    expect(verdict(digits, 4711)).toBe("number mistyped");
    expect(verdict(wrong(0), 4711)).toBe("older copy");
  });

  it("finds a history that was written again, however well", () => {
    const events = whole.entries.map(eventIn);
    const forged = events.with(2, { ...events[2]!, actor: "Mallory" });
    const rewritten = read(journalOf(forged));
    expect(rewritten.entries.length).toBe(whole.entries.length);
    whole.entries.forEach((entry, i) => {
      const { verdict } = judgeAnchor(rewritten, parseAnchor(anchor(entry)));
      expect(verdict).toBe(i < 2 ? "holds" : "rewritten");
    });
  });
});

describe("journal-format.md", () => {
  const document = readFileSync(new URL("../../docs/journal-format.md", import.meta.url), "utf8");

  it("has an example that is a journal, and its anchor", () => {
    const example = /^```jsonl\n(.*?)^```$/ms.exec(document)![1]!;
    const journal = read(Buffer.from(example));
    expect(journal.torn).toBeUndefined();
    expect(document).toContain(`\`${anchor(journal.head)}\``);
    expect(document).toContain(`\`${anchor(journal.entries[0]!)}\``);
  });

  it("names every kind of event and every setting", () => {
    for (const name of [...ALL_KINDS, ...Object.keys(POLICY_FIELDS)])
      expect(document).toContain(`\`${name}\``);
  });
});
