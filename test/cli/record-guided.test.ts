import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { breakglass, type Ran } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register } from "./ceremony-room.ts";
import { Session } from "./session.ts";

const AGREE = "It stays there for good. (y/n)";
const BY = ["--by", "Sample Lead"];

let cwd: string;
let set: string;

/** A room in which a set was issued. */
beforeEach(() => {
  cwd = register();
  expect(run("issue", ACCOUNT, "--out", "one", ...HOLDERS, ...BY).status).toBe(0);
  set = readdirSync(join(cwd, "one"))[0]!.slice(0, 4);
});

function run(...args: string[]): Ran {
  return breakglass(args, { cwd });
}

function record(...args: string[]): Session {
  return new Session(["record", ...args], { cwd });
}

/** Writes something down without questions, and gives the number of its entry. */
function entry(...args: string[]): string {
  const ran = run("record", ...args, ...BY);
  expect(ran.stderr).not.toContain("breakglass:");
  return /entry (\d+)/.exec(ran.stdout)![1]!;
}

/** The newest entry. */
function last(): Record<string, unknown> {
  const all = JSON.parse(run("log", "--json").stdout) as Record<string, unknown>[];
  return all.at(-1)!;
}

describe("an entry that is assessed or closed", () => {
  test("is chosen from those that are open, and nothing else is taken for one", async () => {
    const staff = entry("staff-changed", "an administrator left");
    const bought = entry("subscriptions-changed", "another licence");
    entry("assessed", bought, "--reason", "no other rights");
    const session = record("assessed");
    await session.sees(`${staff}  20`);
    await session.sees(`staff changed (an administrator left): ${ACCOUNT}`);
    await session.answers("Number of the entry:", bought);
    await session.sees("type the number of one of these entries");
    session.type(`\u0015${staff}\r`);
    await session.answers("Who did it:", "Sample One");
    await session.answers("Why:", "the account was not theirs");
    await session.answers(AGREE, "y");
    expect(await session.status()).toBe(0);
    expect(session.written).not.toContain("another licence");
    expect(last()).toMatchObject({ kind: "trigger-assessed", trigger: Number(staff) });
  });

  test("is not asked for where none is open, nor anything else for one that is not", async () => {
    const none = record("assessed");
    expect(await none.status()).toBe(8);
    expect(none.remains).toContain("there is nothing to assess: no trigger is open");
    const exception = entry("exception", "no witness came");
    const chosen = record();
    await chosen.answers("What happened:", "assessed");
    await chosen.sees("there is nothing to assess");
    chosen.type("\u0015exception-closed\r");
    await chosen.sees(`${exception}  20`);
    await chosen.sees("no witness came");
    await chosen.answers("Number of the entry:", "");
    await chosen.answers("Who did it:", "Sample One");
    await chosen.answers("How it was settled:", "seen the day after");
    await chosen.answers(AGREE, "y");
    expect(await chosen.status()).toBe(0);
    expect(last()).toMatchObject({ kind: "exception-closed", exception: Number(exception) });
    const closed = record("exception-closed", exception);
    expect(await closed.status()).toBe(8);
    expect(closed.remains).toContain(`entry ${exception} is no exception that is still open`);
    expect(closed.written).not.toContain("Who did it");
  });

  test("of a loss is judged by two people, and for one account alone if that is meant", async () => {
    const other = "bg-2@contoso.onmicrosoft.com";
    run("account", "add", other, ...BY);
    expect(run("issue", other, "--out", "two", ...HOLDERS, ...BY).status).toBe(0);
    entry("lost", `${set}/1`);
    const loss = record("assessed");
    await loss.answers("Number of the entry:", "");
    await loss.answers("Who did it:", "Sample One");
    await loss.sees(`after a loss the password is replaced: breakglass rotate ${ACCOUNT}`);
    await loss.answers("Who agrees that it was not a loss after all:", "sample one");
    await loss.sees("a second person has to agree");
    loss.type("\u0015Sample Two\r");
    await loss.answers("Why:", "it lay in the next compartment");
    await loss.answers(AGREE, "y");
    expect(await loss.status()).toBe(0);
    expect(last()).toMatchObject({ actor: "Sample One", witness: "Sample Two" });
    entry("recovered", set, "--slips", "2,3");
    const emergency = record("assessed", "--by", "Sample One", "--reason", "it was a drill");
    await emergency.answers("Number of the entry:", "");
    await emergency.sees(`after an emergency the password is replaced: breakglass rotate`);
    await emergency.answers("Who agrees that it was not an emergency after all:", "Sample One");
    await emergency.sees("a second person has to agree");
    emergency.type("\u0015Sample Two\r");
    await emergency.answers(AGREE, "y");
    expect(await emergency.status()).toBe(0);
    expect(last()).toMatchObject({ actor: "Sample One", witness: "Sample Two" });
    entry("staff-changed", "somebody left");
    const one = record("assessed");
    await one.answers("Number of the entry:", "");
    await one.answers("Who did it:", "Sample One");
    await one.answers("For which account (-: for all of them):", "2");
    await one.answers("Why:", "never had it");
    await one.answers(AGREE, "y");
    expect(await one.status()).toBe(0);
    expect(last()).toMatchObject({ account: other });
  });
});

test("what the register refuses is refused before anybody agrees to it", async () => {
  const session = record("sealed", `${set}/1`);
  await session.answers("Who did it:", "Sample One");
  await session.answers("Serial of the bag (-: none):", "s");
  await session.sees("that is no bag's serial, which has a digit at least");
  session.type("\u00150815\r");
  await session.answers("Who saw it (-: none):", "");
  expect(await session.status()).toBe(8);
  expect(session.remains).toContain(`no sign-in with set ${set} was confirmed yet`);
  expect(session.written).not.toContain(AGREE);
});

test.each([
  [{}, /Who did it: Sample One$/m],
  [{ BREAKGLASS_PLAIN: "1" }, /Who did it: 1\nSample One$/m],
] as const)("whoever is chosen by a number is named: %o", async (env, row) => {
  const session = new Session(["record", "reviewed"], { cwd, env });
  await session.answers("Who did it:", "1");
  await session.sees(AGREE);
  expect(await session.screen()).toMatch(row);
  session.type("y\r");
  expect(await session.status()).toBe(0);
  expect(last()).toMatchObject({ kind: "process-reviewed", actor: "Sample One" });
});

test("nobody is called y, who is asked for and may be left out", async () => {
  const session = record("opened", `${set}/1`);
  await session.answers("Who did it:", "Sample One");
  await session.answers("Who saw it (-: none):", "y");
  await session.sees("that is nobody's name");
  session.type("\u0015Sample Two\r");
  await session.answers("Why:", "the yearly look");
  await session.answers(AGREE, "y");
  expect(await session.status()).toBe(0);
  expect(last()).toMatchObject({ kind: "slip-opened", witness: "Sample Two" });
});

test("where no slip is lost, nobody is asked which was found", async () => {
  const session = record("found");
  expect(await session.status()).toBe(8);
  expect(session.remains).toContain("there is nothing to find: no slip is lost");
  expect(session.written).not.toContain("slips, such as");
});

test("a lost slip is among those that can be found again", async () => {
  entry("lost", `${set}/2`);
  const session = record("found");
  await session.sees(`1  ${set}/2`);
  await session.answers("slips, such as K7Q2/2:", "1");
  // Who found it perhaps, but nobody who lost one is to be named for that.
  await session.answers("Who says so:", "Sample One");
  await session.answers(AGREE, "y");
  expect(await session.status()).toBe(0);
  expect(last()).toMatchObject({ kind: "slip-found", slip: { slip: 2 } });
});

test("a damaged register is told after the first answer, and before anything is refused for what it says", async () => {
  const journal = join(cwd, "custody/journal.jsonl");
  writeFileSync(journal, readFileSync(journal, "utf8").replace('"Safe A"', '"Safe Q"'));
  const DAMAGED = /line \d+ of the journal is damaged: its hash does not hold/;
  const asked = record("sealed");
  await asked.answers("slips, such as K7Q2/2:", `${set}/1`);
  expect(await asked.status()).toBe(7);
  expect(asked.remains).toMatch(DAMAGED);
  const refused = record("found");
  expect(await refused.status()).toBe(7);
  expect(refused.remains).toMatch(DAMAGED);
  expect(refused.written).not.toContain("there is nothing to find");
});

describe("a slip that was moved", () => {
  test("is asked for what is new of it, and something must be", async () => {
    const session = record("moved", `${set}/1`, ...BY);
    await session.answers("Where it lies now (-: as before, Safe A):", "");
    await session.answers("Who keeps it now (-: as before, Sample One):", "-");
    await session.answers("Who stands in now (nothing else is new):", "-");
    await session.sees("type one of these names, or its number");
    session.type("\u0015<\r");
    await session.answers("Who keeps it now", "Nobody Here");
    await session.sees("type one of these names, or its number");
    session.type("\u0015Alternate One\r");
    await session.answers("Who stands in now (-: as before, Alternate One):", "Sample One");
    await session.answers(AGREE, "y");
    expect(await session.status()).toBe(0);
    expect(last()).toMatchObject({ custodian: "Alternate One", alternate: "Sample One" });
    expect(last()).not.toHaveProperty("location");
    expect(session.remains.replaceAll("\n", "")).toContain(
      "--custodian 'Alternate One' --alternate 'Sample One'",
    );
  });

  test("is told at each question that what is typed is so already", async () => {
    const session = record("moved", `${set}/1`, ...BY);
    await session.answers("Where it lies now", "Safe A");
    await session.sees("that is so already; say what is new, or < goes back");
    session.type("\u0015-\r");
    await session.answers("Who keeps it now", "-");
    await session.answers("Who stands in now (nothing else is new):", "Alternate One");
    await session.sees("that is so already");
    session.type("\u0015Sample Two\r");
    await session.answers(AGREE, "y");
    expect(await session.status()).toBe(0);
    expect(last()).toMatchObject({ kind: "slip-moved", alternate: "Sample Two" });
  });

  test("is not asked for the rest of it once one thing was said", async () => {
    const session = record("moved", `${set}/1`, "--location", "Safe B", ...BY);
    expect(await session.status()).toBe(0);
  });
});

test("record goes back to the question before, and to another event", async () => {
  const session = record();
  await session.answers("What happened:", "<");
  await session.sees("this is the first question");
  await session.answers("What happened:", "drill");
  await session.answers("Who did it:", "Sample One");
  await session.answers("Type:", "full");
  await session.answers("How it went:", "<");
  await session.answers("Type:", "<");
  await session.answers("Who did it:", "<");
  await session.answers("What happened:", "damaged");
  await session.answers("slips, such as K7Q2/2:", `${set}/1`);
  await session.answers("Who says so:", "<");
  await session.answers("slips, such as K7Q2/2:", `${set}/2`);
  await session.answers("Who says so:", "Sample Two");
  await session.answers("Why (-: none):", "wet");
  await session.answers(AGREE, "y");
  expect(await session.status()).toBe(0);
  expect(last()).toMatchObject({ kind: "slip-damaged", actor: "Sample Two", reason: "wet" });
  expect(last()).not.toHaveProperty("type");
  const line = `record damaged ${set}/2 --by 'Sample Two' --reason wet`;
  expect(session.remains.replaceAll("\n", "")).toContain(`without questions: breakglass ${line}`);
});

test("slips that can't have given a password are refused as they are typed", async () => {
  const session = record("recovered", set, ...BY);
  await session.answers("Which slips were used (such as 1,3):", "one");
  await session.sees("--slips");
  session.type("\u00151\r");
  await session.sees(`1 of its slips recover no password of set ${set}`);
  session.type("\u00151,3\r");
  await session.answers(AGREE, "y");
  expect(await session.status()).toBe(0);
});
