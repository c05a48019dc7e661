import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { issue, opened, perform, steps, type Book, type Happening } from "../custody/book.ts";
import { Session } from "./session.ts";

/** A folder with the register of a book. */
function folderOf(book: Book): string {
  const cwd = mkdtempSync(join(tmpdir(), "apart-"));
  mkdirSync(join(cwd, "custody"));
  writeFileSync(join(cwd, "custody", "journal.jsonl"), book.bytes);
  return cwd;
}

/** Two accounts with an active set each, and the first one's next set checked. */
function checkedNext(): Book {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  perform(book, { set: "9ZZW", account: "bg-2", generation: 1 });
  return book.put(
    issue({ set: "M0XA", account: "bg-1", generation: 2 }),
    ...steps.print("M0XA"),
    ...steps.check("M0XA"),
  );
}

test.each([
  ["to be confirmed", 0, /second person.*, and confirm: breakglass confirm bg-2/],
  ["to be backed out", 2, /recover set 9ZZW .*: breakglass record backed-out TT4T --restored 9ZZW/],
])(
  "a sitting ends where another account of the tenant is being set first, %s",
  async (_, lost, what) => {
    const book = checkedNext().put(
      issue({ set: "TT4T", account: "bg-2", generation: 2 }),
      ...steps.print("TT4T"),
      ...steps.check("TT4T"),
      ...steps.begin("TT4T"),
    );
    for (let slip = 1; slip <= lost; slip++)
      book.put({ kind: "slip-lost", slip: { set: "TT4T", slip } });
    const session = new Session(["rotate", "bg-1"], { cwd: folderOf(book), columns: 400 });
    await session.sees("set M0XA (generation 2): every slip was checked");
    await session.sees("next: first, for account bg-2:");
    await session.sees("to go on from here at any time: breakglass rotate bg-1");
    expect(await session.status()).toBe(0);
    expect(session.written).toMatch(what);
  },
);

test("a sitting ends where a sign-in has to show first what the tenant holds", async () => {
  const book = checkedNext().put(
    { kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
    { kind: "slip-lost", slip: { set: "M0XA", slip: 3 } },
  );
  const session = new Session(["rotate", "bg-1"], { cwd: folderOf(book), columns: 400 });
  await session.sees("set M0XA (generation 2): M0XA/3 is lost");
  await session.sees("next: sign in with set K7Q2");
  await session.sees("if that fails, write that down: breakglass record sign-in-failed K7Q2");
  await session.sees(": breakglass confirm bg-1");
  await session.sees("to go on from here at any time: breakglass rotate bg-1");
  expect(await session.status()).toBe(0);
});

test("who gives a slip up hears that a sign-in comes before its set is shredded", async () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  book.put(
    issue({ set: "M0XA", account: "bg-1", generation: 2 }),
    ...[...steps.print("M0XA"), ...steps.check("M0XA").slice(0, 2)],
    { kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
  );
  const session = new Session(["rotate", "bg-1"], { cwd: folderOf(book), columns: 400 });
  await session.answers("t, d, q? ", "d");
  await session.sees(
    "If M0XA/3 is given up, so is the whole set M0XA: its slips are shredded once a sign-in with set K7Q2 was confirmed, and another set is issued.",
  );
  await session.answers("b, x? ", "b");
  await session.answers("t, d, q? ", "q");
  expect(await session.status()).toBe(0);
});

/** A first set in files whose password an emergency showed before a slip of it was lost. */
function seenFirst(...checks: readonly Happening[]): Book {
  return opened().put(
    issue({ set: "K7Q2", account: "bg-1", generation: 1 }),
    { kind: "slip-printed", slip: { set: "K7Q2", slip: 1 }, to: "file" },
    ...checks,
    { kind: "password-recovered", set: "K7Q2", slips: [1, 2], purpose: "emergency" },
    { kind: "slip-lost", slip: { set: "K7Q2", slip: 3 } },
  );
}

/** Has the set given up, up to what becomes of its files. */
async function givesUp(book: Book): Promise<Session> {
  const options = ["--by", "Ada", "--witness", "Bea"];
  const session = new Session(["rotate", "bg-1", ...options], {
    ...{ cwd: folderOf(book), columns: 400 },
  });
  await session.sees(
    "abandon set K7Q2: its slips are kept, since somebody may have set its password",
  );
  await session.answers("a, q? ", "a");
  await session.answers("Why", "");
  return session;
}

test("nobody is told to shred what the tenant may hold, nor to delete its files", async () => {
  const session = await givesUp(seenFirst());
  await session.sees("The slip files of set K7Q2 are kept, too");
  await session.sees("or generation 1 (set K7Q2)");
  await session.answers("i, q? ", "q");
  expect(await session.status()).toBe(0);
  expect(session.written).not.toMatch(/shred|no longer needed|delete/);
});

test("files of what the tenant may hold go where its slips were checked from paper", async () => {
  const session = await givesUp(seenFirst(...steps.check("K7Q2")));
  await session.sees("The slips of set K7Q2 were written into files");
  await session.answers("f, h, l? ", "h");
  await session.answers("i, q? ", "q");
  expect(await session.status()).toBe(0);
  expect(session.written).toContain("breakglass record files-deleted K7Q2");
});

test("a rotation that is due is said before the loose ends of the last one, and recommended after an emergency", async () => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1 });
  perform(book, { set: "M0XA", account: "bg-1", generation: 2, replaceBy: "2026-01-02" });
  const late = new Session(["rotate", "bg-1"], { cwd: folderOf(book), columns: 400 });
  await late.sees(
    "due since 2026-01-02: the password of bg-1 is to be replaced (set M0XA, generation 2); what the last rotation left comes first, and then: breakglass rotate bg-1",
  );
  await late.sees("== 3 old slips are not destroyed yet");
  late.type("\u0003");
  expect(await late.status()).toBe(130);

  book.on("2026-02-01").put({
    ...{ kind: "password-recovered", set: "M0XA", slips: [1, 2], purpose: "emergency" },
  });
  const session = new Session(["rotate", "bg-1"], { cwd: folderOf(book), columns: 400 });
  await session.sees(
    "due since 2026-02-01: the password of bg-1 is to be replaced: the password was used in an emergency",
  );
  await session.sees("set M0XA (generation 2) is active, and 2 of its slips are not sealed");
  await session.answers(
    "i to issue another set now, which is recommended, or g to finish these first",
    "i",
  );
  await session.sees("the anchor on minutes");
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});
