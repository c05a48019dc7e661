import { expect, it } from "vitest";
import { anchor, judgeAnchor, parseAnchor, readJournal } from "../../src/custody/journal.ts";
import { nextStep } from "../../src/custody/lifecycle/standing.ts";
import { foldRegister } from "../../src/custody/fold/fold.ts";
import { accountLines } from "../../src/custody/schedule/account-lines.ts";
import { due } from "../../src/custody/schedule/schedule.ts";
import { nodeHash, issue, opened, perform, steps, type Book, type Happening } from "./book.ts";

/** What `status` would say at this moment, as severity and id. */
function status(book: Book): string[] {
  return due(book.register, book.date()).map(({ severity, id }) => `${severity} ${id}`);
}

/** Everything that comes round every quarter, besides the rotations. */
function quarter(book: Book): void {
  book.put(
    { kind: "process-reviewed" },
    { kind: "people-trained", people: present(book) },
    { kind: "alert-seen", account: "bg-1" },
    { kind: "alert-seen", account: "bg-2" },
  );
}

function present(book: Book): string[] {
  return [...book.register.custodians.values()]
    .filter(({ gone }) => gone === undefined)
    .map(({ custodian }) => custodian);
}

const active = (book: Book): (string | undefined)[] =>
  accountLines(book.register, book.date()).map(({ active: set }) => set);

it("a life of two accounts, from the first issue on", () => {
  const book = opened();
  expect(status(book)).toEqual([
    ...["due rotation:bg-1", "due rotation:bg-2", "due process", "due training:Ada"],
  ]);

  // The first sets.
  perform(book, { set: "A001", account: "bg-1", generation: 1 });
  const firstAnchor = anchor({
    n: book.register.n,
    hash: readJournal(book.bytes, nodeHash).head.hash,
  });
  perform(book, { set: "B001", account: "bg-2", generation: 1 });
  quarter(book);
  expect(status(book)).toEqual([]);
  expect(active(book)).toEqual(["A001", "B001"]);

  // First quarter: both rotated, old slips destroyed.
  book.on("2026-03-25");
  expect(status(book)).toContain("soon rotation:bg-1");
  perform(book, { set: "A002", account: "bg-1", generation: 2 });
  expect(status(book)).toContain("due destroy:A001/1");
  book.put(...steps.destroy("A001"));
  perform(book, { set: "B002", account: "bg-2", generation: 2 });
  book.put(...steps.destroy("B001"));
  quarter(book);
  expect(status(book)).toEqual([]);
  expect(book.register.sets.get("A001")!.stage).toBe("destroyed");

  // A drill: every custodian checks an own slip alone; then one with a sign-in.
  book
    .on("2026-05-04")
    .put(
      ...steps.check("A002"),
      { kind: "drill-held", type: "check", result: "passed" },
      { kind: "slip-opened", slip: { set: "B002", slip: 1 }, reason: "drill", actor: "Ada" },
      { kind: "slip-opened", slip: { set: "B002", slip: 2 }, reason: "drill", actor: "Bea" },
      { kind: "password-recovered", set: "B002", purpose: "drill", slips: [1, 2], actor: "Bea" },
      { kind: "sign-in-confirmed", set: "B002", slips: [1, 2], actor: "Bea" },
      { kind: "drill-held", type: "full", accounts: ["bg-2"], minutes: 40, result: "passed" },
    );
  expect(status(book)).toEqual(["due sealed:B002/1", "due sealed:B002/2"]);
  book.put(...steps.seal("B002", "later").slice(0, 2));
  expect(status(book)).toEqual([]);

  // A custodian leaves; Gus takes over.
  book.on("2026-05-20").put({ kind: "custodian-gone", custodian: "Cy" });
  const departure = book.register.n;
  expect(status(book)).toEqual(
    [
      ...[`trigger:${departure}:bg-1`, `trigger:${departure}:bg-2`],
      ...["combination:Safe C", "custodian:A002/3", "custodian:B002/3"],
    ].map((id) => `due ${id}`),
  );
  book.put(
    { kind: "custodian-added", custodian: "Gus", alternate: "Flo" },
    { kind: "people-trained", people: ["Gus"] },
    { kind: "combination-changed", location: "Safe C" },
  );
  const slips = [
    { custodian: "Ada", alternate: "Dan", location: "Safe A", commitment: "a".repeat(32) },
    { custodian: "Bea", alternate: "Eve", location: "Safe B", commitment: "b".repeat(32) },
    { custodian: "Gus", alternate: "Flo", location: "Safe C", commitment: "c".repeat(32) },
  ];
  book.on("2026-05-22");
  perform(book, { set: "A003", account: "bg-1", generation: 3, slips });
  book.put(...steps.destroy("A002"));
  expect(status(book)).toEqual([`due trigger:${departure}:bg-2`, `due custodian:B002/3`]);
  book.put({ kind: "slip-moved", slip: { set: "B002", slip: 3 }, custodian: "Gus" });
  book.put({
    ...{ kind: "trigger-assessed", trigger: departure, account: "bg-2" },
    reason: "Cy never opened Safe C alone",
  });
  expect(status(book)).toEqual([]);

  // Second rotation of bg-2, and a slip lost within the week: replaced at once.
  book.on("2026-06-15");
  perform(book, { set: "B003", account: "bg-2", generation: 3, slips });
  book.put(...steps.destroy("B002"));
  quarter(book);
  book
    .on("2026-06-19")
    .put({ kind: "slip-lost", slip: { set: "B003", slip: 2 }, reason: "not in its bag" });
  const loss = book.register.n;
  expect(status(book)).toEqual([`overdue trigger:${loss}:bg-2`]);
  perform(book, { set: "B004", account: "bg-2", generation: 4, slips });
  book.put(...steps.destroy("B003").filter((_, i) => i !== 1));
  expect(status(book)).toEqual([]);
  expect(book.register.sets.get("B003")!.stage).toBe("destroyed");

  // A rotation is interrupted when the new password was about to be set, and backed out.
  book.on("2026-08-10");
  book.put(issue({ set: "A004", account: "bg-1", generation: 4, slips }), ...steps.print("A004"));
  expect(status(book)).toContain("in progress ceremony:bg-1");
  book.put(...steps.check("A004"), ...steps.begin("A004"));
  book.put({ kind: "sign-in-failed", set: "A004", reason: "portal error" });
  expect(nextStep(book.register, "bg-1")).toMatchObject({
    holds:
      "generation 3 or 4: a sign-in with 4 failed on 2026-08-10, try 3 first (set A003, then set A004)",
    where: "set A004 (generation 4): its password was shown to be set, and a sign-in failed",
  });
  book.put(
    { kind: "password-recovered", set: "A003", purpose: "ceremony", slips: [1, 3], actor: "Ada" },
    { kind: "set-backed-out", set: "A004", restored: "A003" },
    { kind: "sign-in-confirmed", set: "A003", slips: [1, 3], actor: "Bea" },
    { kind: "set-abandoned", set: "A004", reason: "portal down, another day" },
  );
  expect(active(book)).toEqual(["A003", "B004"]);
  expect(status(book).filter((line) => !line.startsWith("soon"))).toEqual([
    ...[1, 2, 3].map((slip) => `due destroy:A004/${slip}`),
    // From these the old password was recovered.
    ...[1, 3].map((slip) => `due sealed:A003/${slip}`),
  ]);
  const again = steps.seal("A003", "new").filter((_, i) => i !== 1);
  book.put(...again, ...steps.destroy("A004"));

  // The same rotation, interrupted while it is checked, and resumed the day after.
  book.on("2026-08-12").put(issue({ set: "A005", account: "bg-1", generation: 5, slips }));
  book.put(...steps.print("A005"), ...steps.check("A005").slice(0, 1));
  book.on("2026-08-13");
  expect(nextStep(book.register, "bg-1")).toMatchObject({
    where: "set A005 (generation 5): 1 of 3 slips checked from paper",
    next: { command: "breakglass check A005/2" },
    holds: "generation 3 (set A003)",
  });
  book.put(...steps.check("A005").slice(1), ...steps.begin("A005"));
  // And once more, when it may be set already: whoever resumes recovers it again.
  book.put({ kind: "setting-begun", set: "A005", slips: [1, 3], actor: "Cy" });
  book.put(...steps.confirm("A005"), ...steps.seal("A005"), ...steps.destroy("A003"));
  quarter(book);
  expect(status(book)).toEqual([]);

  // An emergency at night, from paper alone, written down two days later.
  book.on("2026-08-20").put(
    ...[1, 2].map((slip): Happening => ({
      ...{ kind: "slip-opened", slip: { set: "A005", slip }, reason: "tenant locked out" },
      ...{ at: "2026-08-18T01:10:00Z", recorded: book.now, actor: "Ada", witness: "Bea" },
    })),
    {
      ...{ kind: "password-recovered", set: "A005", purpose: "emergency", slips: [1, 2] },
      ...{ at: "2026-08-18T01:30:00Z", recorded: book.now, actor: "Ada", reason: "tenant locked" },
    },
  );
  const emergency = book.register.n;
  expect(status(book)).toEqual(
    [`trigger:${emergency}:bg-1`, "sealed:A005/1", "sealed:A005/2"].map((id) => `due ${id}`),
  );
  book.on("2026-08-26");
  expect(status(book)).toContain(`overdue trigger:${emergency}:bg-1`);
  perform(book, { set: "A006", account: "bg-1", generation: 6, slips });
  book.put(...steps.destroy("A005"));
  expect(status(book)).toEqual([]);

  // The fourth rotation of bg-2, and what the first sheet of paper still proves.
  book.on("2026-09-14");
  perform(book, { set: "B005", account: "bg-2", generation: 5, slips });
  book.put(...steps.destroy("B004"));
  expect(status(book)).toEqual([]);
  expect(book.register.contradictions).toEqual([]);
  const journal = readJournal(book.bytes, nodeHash);
  expect(foldRegister(journal.entries)).toEqual(book.register);
  expect(judgeAnchor(journal, parseAnchor(firstAnchor))).toEqual({
    ...{ verdict: "holds", unprotected: book.register.n - Number(firstAnchor.split("-")[0]) },
  });
});
