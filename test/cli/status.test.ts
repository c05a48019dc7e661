import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { opened, perform, type Book } from "../custody/book.ts";
import { breakglass } from "./breakglass.ts";

/** Two accounts with a set each. */
function performed(): Book {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  perform(book, { set: "M0XA", account: "bg-2", generation: 1 });
  return book;
}

/** What `status` says of a register. */
function status(book: Book, ...more: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "status-"));
  writeFileSync(join(folder, "journal.jsonl"), book.bytes);
  return breakglass(["status", "--register", folder, ...more]).stdout;
}

test("an account whose password can't be recovered any more is not shown with days left", () => {
  const book = performed();
  for (const slip of [1, 2]) book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip } });
  const head = /^bg-1: .*/m.exec(status(book))?.[0];
  expect(head).toBe(
    "bg-1: set K7Q2, generation 1, can't be recovered any more: 1 of its slips is left, and 2 are needed",
  );
  expect(status(book)).toMatch(/^bg-2: set M0XA, generation 1, -?\d+ days (left|overdue)/m);
  const [{ accounts }] = JSON.parse(status(book, "--json")) as [{ accounts: object[] }];
  expect(accounts[0]).toMatchObject({ active: "K7Q2", recoverable: false });
  expect(accounts[0]).not.toHaveProperty("daysLeft");
  expect(accounts[0]).not.toHaveProperty("replaceBy");
  expect(accounts[1]).toMatchObject({ recoverable: true, replaceBy: "2026-04-01" });
});
