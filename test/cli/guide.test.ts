import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { opened, perform, type Happening } from "../custody/book.ts";
import { breakglass } from "./breakglass.ts";
import { Session } from "./session.ts";

test("alone it asks what to do: first without a register, then with what is due", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  const first = new Session([], { cwd });
  await first.sees("there is no register in custody");
  for (const no of ["9", "1.5", ""]) await first.answers("or q to leave: ", no);
  await first.answers("or q to leave: ", "2");
  await first.sees("the same by itself: breakglass init");
  await first.answers("Tenant", "contoso.onmicrosoft.com");
  await first.answers("Organisation, printed on slips", "");
  await first.answers("Who opens the register", "Sample Lead");
  await first.answers("It stays there for good. (y/n)", "y");
  await first.sees(
    "the same without questions: breakglass init --tenant contoso.onmicrosoft.com --by 'Sample Lead'",
  );
  await first.answers("or q to leave: ", "q");
  expect(await first.status()).toBe(0);

  breakglass(["custodian", "add", "Sample One", "--by", "Sample Lead"], { cwd });
  const second = new Session([], { cwd });
  await second.sees("contoso.onmicrosoft.com (custody)");
  await second.sees("Sample One is to be trained");
  const screen = await second.screen();
  const number = /(\d+) {2}[a-z]+: [^\n]*Sample One is to be trained/.exec(screen)![1]!;
  await second.answers("or q to leave: ", number);
  await second.answers("Who did it", "Sample Lead");
  await second.sees("trained Sample One; by Sample Lead");
  await second.answers("It stays there for good. (y/n)", "y");
  await second.sees("entry 3: trained Sample One");
  expect(await second.status()).toBe(0);

  const third = new Session([], { cwd });
  await third.answers("or q to leave: ", "");
  await third.answers("or q to leave: ", "q");
  expect(third.written.match(/^ +1 {2}/gm)).toHaveLength(2);
  expect(await third.status()).toBe(0);
});

test("in an emergency it says where the slips lie, before any is asked for", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  mkdirSync(join(cwd, "custody"));
  const life = new URL("../golden/v1/journals/life.jsonl", import.meta.url);
  cpSync(life, join(cwd, "custody", "journal.jsonl"));
  const session = new Session([], { cwd });
  await session.answers("or q to leave: ", "e");
  await session.sees("set A003, 2 of these 2 slips:");
  await session.sees(
    "A003/1  Safe A, Vienna, opened 2026-02-28, not sealed again: Ada\u00a0(+43\u00a01\u00a0234\u00a0567), or Dan; damaged",
  );
  await session.answers("Enter, once the slips are here: ", "");
  await session.sees("Type the numbered lines of a slip as printed");
  session.type("\x03");
  expect(await session.status()).toBe(130);
});

test.each<[string, Happening[], string, string]>([
  ["whose account has no password on slips", [], "for the sign-in:", "PIN pin-1: set 42SY"],
  [
    "whose account was retired",
    [{ kind: "account-retired", account: "bg-1" }],
    "pin-1",
    "set 42SY, 2 of these 3 slips:",
  ],
])("in an emergency it says where the slips of a PIN lie, %s", async (_, later, heading, row) => {
  const book = opened().put({
    ...{ kind: "account-added", account: "pin-1", secret: "pin", belongsTo: "bg-1" },
  });
  perform(book, { set: "42SY", account: "pin-1", generation: 1, alsoNeeded: [] });
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  mkdirSync(join(cwd, "custody"));
  writeFileSync(join(cwd, "custody", "journal.jsonl"), book.put(...later).bytes);
  const session = new Session([], { cwd });
  await session.answers("or q to leave: ", "e");
  await session.sees(heading);
  await session.sees(row);
  await session.answers("Enter, once the slips are here: ", "");
  await session.sees("Type the numbered lines of a slip as printed");
  session.type("\x03");
  expect(await session.status()).toBe(130);
});

test("whoever stands in for another is no custodian of a slip besides", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  const by = ["--by", "Sample Lead"];
  breakglass(["init", "--tenant", "contoso.onmicrosoft.com", ...by], { cwd });
  for (const [name, alternate] of ["One", "Two", "Three"].map((each, i, all) => [each, all[i + 1]]))
    if (alternate !== undefined)
      breakglass(["custodian", "add", name!, "--alternate", alternate, ...by], { cwd });
  const session = new Session([], { cwd });
  // Two stands in for One, and Three for Two: only One can hold a slip.
  await session.sees("add a custodian with an alternate (1 of 3, one for each slip)");
  await session.sees("prepare: add Three, the alternate of Two");
  await session.answers("or q to leave: ", "q");
  expect(await session.status()).toBe(0);
});

/** Chooses what begins with a text from the menu. */
async function choose(session: Session, what: string): Promise<void> {
  await session.sees(what);
  await session.sees("or q to leave: ");
  const screen = await session.screen();
  // However low the screen, the emergency stands on it.
  expect(screen).toContain("e  recover a password from its slips (emergency)");
  const row = screen.split("\n").findLast((each) => each.includes(`  ${what}`));
  session.type(`${/\d+/.exec(row!)![0]}\r`);
}

test(
  "from an empty folder the menu leads to safes, people and account, and the first set on to its checks",
  { timeout: 60_000 },
  async () => {
    const cwd = mkdtempSync(join(tmpdir(), "guide-"));
    const session = new Session([], { cwd, rows: 24 });
    await choose(session, "open a register");
    await session.answers("Tenant", "contoso.onmicrosoft.com");
    await session.answers("Organisation, printed on slips", "Sample Bank AG");
    await session.answers("Who opens the register", "Sample Lead");
    await session.answers("It stays there for good. (y/n)", "y");
    // A slip of the finger that is seen in time does not end it.
    await choose(session, "prepare: add a safe (0 of 3");
    await session.answers("Safe (such as Safe A)", "Safe Q");
    await session.answers("Site it stands at", "Site A");
    await session.answers("(Sample Lead)", "");
    await session.answers("It stays there for good. (y/n)", "n");
    await session.sees("nothing was written");
    for (const [i, safe] of ["A", "B", "C"].entries()) {
      await choose(session, `prepare: add a safe (${i} of 3`);
      await session.answers("Safe (such as Safe A)", `Safe ${safe}`);
      await session.answers("Site it stands at", `Site ${safe}`);
      await session.answers("(Sample Lead)", "");
      await session.answers("It stays there for good. (y/n)", "y");
    }
    for (const [i, name] of ["One", "Two", "Three"].entries()) {
      await choose(session, `prepare: add a custodian with an alternate (${i} of 3`);
      await session.answers("Custodian:", `Sample ${name}`);
      await session.answers("Alternate, who stands in", `sample ${name}`);
      await session.sees("nobody stands in for themselves");
      session.type(`\u0015Alternate ${name}\r`); // Ctrl-U: it stays to be edited
      await session.answers("Phone", i === 0 ? "+43 1 000" : "");
      await session.answers("(Sample Lead)", "");
      await session.answers("It stays there for good. (y/n)", "y");
      await session.sees("the same without questions: breakglass custodian add");
      await choose(session, `prepare: add Alternate ${name}, the alternate of Sample ${name}`);
      await session.answers("Alternate, who stands in", "");
      await session.answers("Phone", "");
      await session.answers("(Sample Lead)", "");
      await session.answers("It stays there for good. (y/n)", "y");
    }
    // What is refused does not end the preparation.
    await choose(session, "prepare: add the emergency account");
    await session.answers("Account (such as", "bg-1@@contoso.onmicrosoft.com");
    await session.sees("has nothing before or after its @");
    session.type("\u0015bg-1@contoso.onmicrosoft.com\r");
    await session.sees("(Sample Lead)");
    // Somebody else was quicker.
    const added = ["account", "add", "bg-1@contoso.onmicrosoft.com", "--by", "Sample Other"];
    expect(breakglass(added, { cwd }).status).toBe(0);
    session.type("\r");
    await session.sees("breakglass: account bg-1@contoso.onmicrosoft.com is in the register");
    await choose(session, "due: bg-1@contoso.onmicrosoft.com has no password on slips");
    await session.sees("the same by itself: breakglass issue bg-1@contoso.onmicrosoft.com");
    for (const [i, safe] of ["A", "B", "C"].entries()) {
      await session.answers(`Custodian of slip ${i + 1} of 3`, String(2 * i + 1));
      await session.answers(`Where slip ${i + 1} of 3 will lie`, `Safe ${safe}`);
    }
    await session.answers("Folder for the slips", "slips");
    await session.answers("(Sample Lead)", "");
    await session.sees("Sample Bank AG");
    await session.answers("q leaves", "y");
    await session.sees("0 of 3 slips checked from paper");
    // What a ceremony says of where it was stopped is not lost in the menu it was begun from.
    await session.sees("t, d, q? ");
    session.type("\u0003");
    await session.sees("what was done is in the register");
    await session.sees("go on from there: breakglass rotate bg-1@contoso.onmicrosoft.com");
    expect(await session.status()).toBe(130);
    expect(session.written).not.toContain("next: print");
    const people = breakglass(["custodian", "list"], { cwd }).stdout;
    expect(people.split("\n")).toContain("Sample Three, alternate Alternate Three");
  },
);

test("who stops after something was written is not told that nothing was kept", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  const session = new Session([], { cwd, rows: 24 });
  await choose(session, "open a register");
  await session.answers("Tenant", "contoso.onmicrosoft.com");
  await session.answers("Organisation, printed on slips", "-");
  await session.answers("Who opens the register", "-");
  await session.sees("this can't be left out");
  session.type("\u0015Sample Lead\r");
  await session.answers("It stays there for good. (y/n)", "y");
  await session.sees("a number, e, or q to leave: ");
  session.type("\u0003");
  await session.sees("what was written before is in the register");
  expect(await session.status()).toBe(130);
  expect(session.written).not.toContain("nothing was kept");
});

test("a broken register does not stand before a recovery", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  breakglass(["init", "--tenant", "contoso.onmicrosoft.com", "--by", "Sample Lead"], { cwd });
  const session = new Session([], {
    cwd,
    env: { BREAKGLASS_REGISTER: join(cwd, "custody/journal.jsonl") },
  });
  await session.sees("recover a password from its slips");
  await session.answers("or q to leave: ", "e");
  await session.sees("Type the numbered lines of a slip");
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});

test("Ctrl-C that comes with the choice in one read leaves, and starts nothing", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  const session = new Session([], { cwd });
  await session.sees("or q to leave: ");
  session.type("1\r\u0003");
  expect(await session.status()).toBe(130);
  expect(session.remains).toContain("interrupted");
  expect(session.written).not.toContain("the same by itself");
});
