import { expect, test } from "vitest";
import { readJournal } from "../../src/custody/journal.ts";
import { ceremonyBegin } from "../../src/custody/minutes-range.ts";
import { issue, nodeHash, opened, perform, steps, type Book, type Happening } from "./book.ts";

/** What the minutes of the account begin with. */
function begin(book: Book): { readonly kind: string; readonly set?: string } | undefined {
  const { entries } = readJournal(book.bytes, nodeHash);
  const n = ceremonyBegin(entries, book.register, "bg-1");
  return n === undefined ? undefined : entries[n - 1];
}

const account = "bg-1";

test("nothing begins before a set was issued", () => {
  expect(begin(opened())).toBeUndefined();
});

test("a ceremony begins with its set, or with the rule that was overridden for it", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account, generation: 1 });
  expect(begin(book)).toMatchObject({ kind: "set-issued", set: "K7Q2" });
  const reason: Happening = { kind: "rule-overridden", rule: "replace-by", reason: "x", account };
  book.on("2026-02-01").put(reason);
  perform(book, { set: "9ZZW", account, generation: 2 });
  expect(begin(book)).toMatchObject({ kind: "rule-overridden" });
});

test("a set that was abandoned belongs to the ceremony of the next one", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account, generation: 1 });
  book.on("2026-02-01").put(issue({ set: "9ZZW", account, generation: 2 }));
  book.put({ kind: "set-abandoned", set: "9ZZW", reason: "a misprint" });
  perform(book, { set: "TT4T", account, generation: 3 });
  expect(begin(book)).toMatchObject({ kind: "set-issued", set: "9ZZW" });
  // Once it is over, the next one is told without it.
  book.put(...steps.destroy("K7Q2")).on("2026-05-01");
  perform(book, { set: "4YR1", account, generation: 4 });
  expect(begin(book)).toMatchObject({ kind: "set-issued", set: "4YR1" });
});

test("the emergency that called for a new password is told with its ceremony", () => {
  const book = opened();
  perform(book, { set: "K7Q2", account, generation: 1 });
  const emergency = { kind: "password-recovered", purpose: "emergency", slips: [1, 2] } as const;
  book.on("2026-02-01").put({ ...emergency, set: "K7Q2" });
  perform(book.on("2026-02-03"), { set: "9ZZW", account, generation: 2 });
  expect(begin(book)).toMatchObject({ kind: "password-recovered", set: "K7Q2" });
});
