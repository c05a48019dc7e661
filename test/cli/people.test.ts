import { expect, test } from "vitest";
import { peopleIn } from "../../src/cli/journal/people.ts";
import { foldRegister } from "../../src/custody/fold/fold.ts";
import { readJournal } from "../../src/custody/journal.ts";
import { opened } from "../custody/book.ts";

test("people are offered who are here: custodians, and whoever did or saw something, each once", () => {
  const book = opened().put(
    { kind: "process-reviewed", actor: "Sample Officer", witness: "Ada" },
    { kind: "process-reviewed", actor: "not named" },
    { kind: "custodian-gone", custodian: "Flo" },
    { kind: "process-reviewed", actor: "Sample Auditor", witness: "Flo" },
  );
  const journal = readJournal(book.bytes);
  const register = foldRegister(journal.entries);
  expect(peopleIn({ folder: "", register, journal, notes: [] })).toEqual([
    ...["Ada", "Dan", "Bea", "Eve", "Cy", "Lea Lead", "Sample Officer", "Sample Auditor"],
  ]);
});
