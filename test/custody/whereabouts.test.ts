import { expect, it } from "vitest";
import { whereabouts, whereaboutsText } from "../../src/custody/whereabouts.ts";
import { issue, opened, perform, steps, type Book } from "./book.ts";

function rows({ register }: Book): string[] {
  return whereaboutsText(whereabouts(register, "bg-1"));
}

/** It as it is read: blanks that rows are not broken at look like others. */
function told(book: Book): string {
  return rows(book).join("\n").replaceAll("\u00a0", " ");
}

function performed(): Book {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  return book;
}

it("says in which safe each slip lies, in which bag, and whom to call for it", () => {
  const book = performed().put(
    { kind: "custodian-changed", custodian: "Dan", phone: "+43 1 234 567" },
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", location: "Safe B", custodian: "Bea" },
    { kind: "item-added", item: "Key 2", type: "FIDO2 key", account: "bg-2", location: "Safe C" },
  );
  expect(told(book)).toBe(
    `
set K7Q2, 2 of these 3 slips:
  K7Q2/1  Safe A, Vienna, bag K7Q2-1: Ada, or Dan (+43 1 234 567)
  K7Q2/2  Safe B, Graz, bag K7Q2-2: Bea, or Eve
  K7Q2/3  Safe C, Linz, bag K7Q2-3: Cy, or Flo
and for the sign-in:
  FIDO2 key Key 1  Safe B, Graz: Bea`.trim(),
  );
});

it("says of a slip in no bag that it was never sealed, or since when it lies open", () => {
  const book = opened();
  const set = "K7Q2";
  book.put(issue({ set, account: "bg-1", generation: 1 }), ...steps.print(set));
  book.put(...steps.check(set), ...steps.begin(set), ...steps.confirm(set));
  const slip = (number: number): { set: string; slip: number } => ({ set, slip: number });
  expect(told(book)).toContain("K7Q2/1  Safe A, Vienna, not sealed yet: Ada, or Dan\n");
  book.put(...steps.seal(set), { kind: "slip-sealed", slip: slip(3), note: "no serial" });
  expect(told(book)).toContain("K7Q2/3  Safe C, Linz: Cy, or Flo");
  book.on("2026-02-01").put({ kind: "slip-opened", slip: slip(1), reason: "audit" });
  book.put({ kind: "password-recovered", set, slips: [2], purpose: "emergency" });
  book.on("2026-02-03").put({ kind: "slip-lost", slip: slip(3) });
  book.on("2026-02-05").put({ kind: "slip-found", slip: slip(3) });
  expect(told(book)).toContain(
    "K7Q2/1  Safe A, Vienna, opened 2026-02-01, not sealed again: Ada, or Dan\n",
  );
  expect(told(book)).toContain("Safe B, Graz, opened 2026-02-01, not sealed again: Bea, or Eve\n");
  expect(told(book)).toContain("Safe C, Linz, found again 2026-02-05, not sealed: Cy");
  book.put({ kind: "slip-sealed", slip: slip(1), bag: "B 7" });
  expect(told(book)).toContain("K7Q2/1  Safe A, Vienna, bag B 7: Ada, or Dan\n");
});

it("names who has left last, and says so, and which safe is no longer used", () => {
  const book = performed().put(
    { kind: "custodian-changed", custodian: "Ada", phone: "1234" },
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", location: "Safe A", custodian: "Ada" },
    { kind: "custodian-gone", custodian: "Ada" },
    { kind: "custodian-gone", custodian: "Eve" },
  );
  book.put({ kind: "location-gone", location: "Safe A" });
  expect(told(book)).toContain(
    "K7Q2/1  Safe A (no longer used), Vienna, bag K7Q2-1: Dan, or Ada (1234) (left)\n",
  );
  expect(told(book)).toContain("K7Q2/2  Safe B, Graz, bag K7Q2-2: Bea, or Eve (left)\n");
  expect(told(book)).toMatch(/Key 1 {2}Safe A \(no longer used\), Vienna: Ada \(1234\) \(left\)$/);
});

it("has no row broken within a phone number, nor between it and the name", () => {
  const book = performed().put({
    ...{ kind: "custodian-changed", custodian: "Dan", phone: "+43 1 234 567" },
  });
  const [row] = rows(book).filter((line) => line.includes("Dan"));
  expect(row!.split(" ").at(-1)).toBe("Dan\u00a0(+43\u00a01\u00a0234\u00a0567)");
});

it("has those first that are good, and leaves out what is no more", () => {
  const book = performed().put(
    { kind: "slip-opened", slip: { set: "K7Q2", slip: 1 }, reason: "test", witness: "Wim" },
    { kind: "slip-damaged", slip: { set: "K7Q2", slip: 1 } },
  );
  expect(told(book)).toMatch(/3 slips:\n {2}K7Q2\/2 .*\n {2}K7Q2\/3 .*\n {2}K7Q2\/1 .*; damaged\n/);
  book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip: 2 } });
  expect(told(book)).toMatch(/2 slips:\n {2}K7Q2\/3 .*\n {2}K7Q2\/1 .*; damaged\n/);
  book.put({ kind: "slip-lost", slip: { set: "K7Q2", slip: 3 } });
  expect(told(book)).toContain(
    "set K7Q2 can't be recovered: 1 of its slips is left, and 2 are needed",
  );
});

it("says of what else is needed that its last test failed, until it passes one", () => {
  const book = performed().put(
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", location: "Safe B", custodian: "Bea" },
    { kind: "item-tested", item: "Key 1", result: "failed" },
  );
  expect(told(book)).toMatch(/\n {2}FIDO2 key Key 1 {2}Safe B, Graz: Bea; its last test failed$/);
  book.put({ kind: "item-tested", item: "Key 1", result: "passed" });
  expect(told(book)).toMatch(/Safe B, Graz: Bea$/);
});

it("names the slips of a key's PIN among what the sign-in needs", () => {
  const book = opened().put({
    ...{ kind: "account-added", account: "pin-1", secret: "pin", belongsTo: "bg-1" },
  });
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, alsoNeeded: ["FIDO2 key", "PIN"] });
  expect(told(book)).toMatch(/\n {2}PIN {2}place unknown$/);
  perform(book, { set: "42SY", account: "pin-1", generation: 1, alsoNeeded: [] });
  expect(told(book).split("\nand for the sign-in:\n")[1]).toBe(
    `
  PIN pin-1: set 42SY, 2 of these 3 slips:
    42SY/1  Safe A, Vienna, bag 42SY-1: Ada, or Dan
    42SY/2  Safe B, Graz, bag 42SY-2: Bea, or Eve
    42SY/3  Safe C, Linz, bag 42SY-3: Cy, or Flo
  FIDO2 key  place unknown`.slice(1),
  );
  book.put({ kind: "account-retired", account: "pin-1" });
  expect(told(book)).not.toContain("42SY");
});

it("names the slips of a PIN and the keys of an account whose password is on no slip", () => {
  const book = opened().put(
    { kind: "account-added", account: "pin-1", secret: "pin", belongsTo: "bg-1" },
    { kind: "item-added", item: "Key 1", type: "FIDO2 key", account: "bg-1", location: "Safe B" },
  );
  perform(book, { set: "42SY", account: "pin-1", generation: 1, alsoNeeded: [] });
  expect(told(book)).toBe(
    `
for the sign-in:
  PIN pin-1: set 42SY, 2 of these 3 slips:
    42SY/1  Safe A, Vienna, bag 42SY-1: Ada, or Dan
    42SY/2  Safe B, Graz, bag 42SY-2: Bea, or Eve
    42SY/3  Safe C, Linz, bag 42SY-3: Cy, or Flo
  FIDO2 key Key 1  Safe B, Graz`.trim(),
  );
});

it("names both sets while it is not known which one the tenant holds, and what the slips ask for", () => {
  const book = performed();
  const next = "9ZZW";
  book.put(issue({ set: next, account: "bg-1", generation: 2, alsoNeeded: ["smart card"] }));
  expect(told(book)).not.toContain(next);
  book.put(...steps.print(next), ...steps.check(next), ...steps.begin(next));
  expect(told(book)).toMatch(/^set 9ZZW, 2 of .*(\n {2}9ZZW.*){3}\nor else set K7Q2, 2 of /);
  expect(told(book)).toMatch(/\nand for the sign-in:\n {2}smart card {2}place unknown$/);
});

it("names a set, too, whose password an emergency showed before it was set", () => {
  const book = performed();
  const next = "9ZZW";
  const shown = { kind: "password-recovered", set: next, purpose: "emergency" } as const;
  book.put(issue({ set: next, account: "bg-1", generation: 2 }), ...steps.print(next));
  book.put({ ...shown, slips: [1, 2] });
  expect(told(book)).toMatch(/^set K7Q2, 2 of .*(\n {2}K7Q2.*){3}\nor else set 9ZZW, 2 of /);
});

it("has nothing to say of an account with no password on slips", () => {
  expect(told(opened())).toBe("");
});
