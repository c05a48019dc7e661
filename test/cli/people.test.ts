import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { peopleIn } from "../../src/cli/journal/people.ts";
import { NO_NAME } from "../../src/cli/terminal/questions.ts";
import { foldRegister } from "../../src/custody/fold/fold.ts";
import { readJournal } from "../../src/custody/journal.ts";
import { nodeHash, opened } from "../custody/book.ts";
import { breakglass } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register as room } from "./ceremony-room.ts";
import { Session } from "./session.ts";

test("a name of one letter is nobody's, unless somebody is known by it", async () => {
  const cwd = room();
  const by = ["--by", "Sample Lead"];
  expect(breakglass(["custodian", "add", "Ö", ...by], { cwd }).status).toBe(0);
  const asked = new Session(["record", "reviewed"], { cwd });
  await asked.answers("Who did it", "X");
  await asked.sees(NO_NAME);
  asked.type("\u007Fö\r");
  await asked.answers("It stays there for good. (y/n)", "y");
  expect(await asked.status()).toBe(0);
  expect(breakglass(["log", "--kind", "process-reviewed"], { cwd }).stdout).toContain("by Ö");

  const rotate = ["rotate", ACCOUNT, "--out", "one", ...by, ...HOLDERS];
  const sitting = new Session(rotate, { cwd, rows: 60 });
  await sitting.answers("q leaves:", "y");
  await sitting.answers("t, d, q? ", "t");
  await sitting.answers("Who checks it", "X");
  await sitting.sees(NO_NAME);
  await sitting.answers("Who checks it", "ö");
  await sitting.sees("1) ");
  sitting.type("\u0003");
  expect(await sitting.status()).toBe(130);

  // Also who recovers is known.
  const issued = readdirSync(join(cwd, "one")).map((name) => join("one", name));
  const recover = ["recover", "--purpose", "emergency", ...issued];
  const session = new Session(recover, { cwd });
  await session.answers("Press Enter to show it", "");
  await session.answers("q and Enter leaves. ", "q");
  await session.answers("Who recovered it, for the register?", "Ö");
  expect(await session.status()).toBe(0);
  expect(breakglass(["log", "--kind", "password-recovered"], { cwd }).stdout).toContain("by Ö");
});

test("people are offered who are here: custodians, and whoever did or saw something, each once", () => {
  const book = opened().put(
    { kind: "process-reviewed", actor: "Sample Officer", witness: "Ada" },
    { kind: "process-reviewed", actor: "not named" },
    { kind: "custodian-gone", custodian: "Flo" },
    { kind: "process-reviewed", actor: "Sample Auditor", witness: "Flo" },
  );
  const journal = readJournal(book.bytes, nodeHash);
  const register = foldRegister(journal.entries);
  expect(peopleIn({ register, journal })).toEqual([
    ...["Ada", "Dan", "Bea", "Eve", "Cy", "Lea Lead", "Sample Officer", "Sample Auditor"],
  ]);
});
