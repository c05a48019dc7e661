import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { opened, perform, type Book } from "../custody/book.ts";
import { needs } from "../tools.ts";
import { breakglass } from "./breakglass.ts";
import { ACCOUNT, checked } from "./ceremony-room.ts";

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
  const torn = performed();
  for (const slip of [1, 2]) torn.put({ kind: "slip-damaged", slip: { set: "K7Q2", slip } });
  expect(/^bg-1: .*/m.exec(status(torn))?.[0]).toMatch(
    /can be recovered only with damaged slips: /,
  );
  expect(status(book)).toMatch(/^bg-2: set M0XA, generation 1, -?\d+ days (left|overdue)/m);
  const [{ accounts }] = JSON.parse(status(book, "--json")) as [{ accounts: object[] }];
  expect(accounts[0]).toMatchObject({ active: "K7Q2", recoverable: false });
  expect(accounts[0]).not.toHaveProperty("daysLeft");
  expect(accounts[0]).not.toHaveProperty("replaceBy");
  expect(accounts[1]).toMatchObject({ recoverable: true, replaceBy: "2026-04-01" });
});

test("the days that are left count what happened: a loss at once, other things after the grace", () => {
  const book = performed();
  const head = (): string | undefined => /^bg-1: .*/m.exec(status(book))?.[0];
  const [day] = book.now.split("T") as [string];
  expect(head()).toMatch(/^bg-1: set K7Q2, generation 1, .* \(2026-04-01\)$/);
  book.put({ kind: "staff-changed", change: "an administrator left", accounts: ["bg-1", "bg-2"] });
  const grace = new Date(Date.parse(day) + 7 * 86_400_000).toISOString().slice(0, 10);
  expect(head()).toContain(`(${grace})`);
  book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip: 1 } });
  expect(head()).toMatch(new RegExp(`^bg-1: .* days overdue \\(${day}\\)$`));
  const [{ accounts }] = JSON.parse(status(book, "--json")) as [{ accounts: object[] }];
  expect(accounts).toMatchObject([{ replaceBy: day }, { replaceBy: grace }]);
});

test.skipIf(needs("pdftotext"))(
  "what becomes due with an entry is said with it, by when, and what settles it",
  () => {
    const { cwd, set, run } = checked();
    const by = ["--by", "Sample Lead"];
    const record = (...args: string[]): string => run("record", ...args, ...by).stderr;
    expect(
      record("staff-changed", "an administrator left").replace(/\d{4}-\d\d-\d\d/, "DATE"),
    ).toBe(
      `due by DATE: the password of ${ACCOUNT} is to be replaced: staff changed (an administrator left): breakglass rotate ${ACCOUNT}\n`,
    );
    expect(record("recovered", set, "--slips", "1,2", "--purpose", "ceremony")).toBe("");
    expect(record("recovered", set, "--slips", "2,3", "--purpose", "emergency")).toMatch(
      /^due by .*: the password was used in an emergency: breakglass rotate .*\n$/,
    );
    const shown = run("recover", "--stdout", "slip1.txt", "slip2.txt", "--purpose", "emergency");
    expect(shown.stderr).toMatch(
      /\nreplace this password when the emergency is over, by \d{4}-\d\d-\d\d: breakglass rotate /,
    );
    expect(record("lost", `${set}/1`, `${set}/2`)).toBe(
      `due now: the password of ${ACCOUNT} is to be replaced: slip ${set}/1 was lost; 1 of 3 slips is left, 2 are needed: breakglass rotate ${ACCOUNT}; 1 more: breakglass status\n`,
    );
    expect(record("found", `${set}/1`)).toBe("");
    const gone = breakglass(["custodian", "gone", "Sample Three", ...by], { cwd });
    expect(gone.stderr).toMatch(/^due by .*: Sample Three left: breakglass rotate .*; \d more: /);
  },
);
