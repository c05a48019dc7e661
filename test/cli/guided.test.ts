import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "../child.ts";
import { expect, test } from "vitest";
import { needs } from "../tools.ts";
import { BINARY, breakglass, issueArgs } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, checked, kinds, paperOf, register } from "./ceremony-room.ts";
import { SAMPLE_PASSWORD, writeSampleSlips } from "./sample-slips.ts";
import { Session } from "./session.ts";

const AGREE = "It stays there for good. (y/n)";
const BY = ["--by", "Sample Lead"];

/** The entries of a journal. */
function entries(cwd: string): number {
  return readFileSync(join(cwd, "custody/journal.jsonl"), "utf8").trim().split("\n").length;
}

/** The one line that a session ended with, as a shell takes it. */
function sameLine({ written }: Session): string {
  const lines = [...written.matchAll(/the same [^:]*: breakglass ([^\r]*)/g)];
  expect(lines).toHaveLength(1);
  return lines[0]![1]!;
}

test("issue goes back, judges holders as they are named, changes anything, and says it all in one line", async () => {
  const cwd = register();
  const session = new Session(
    ["issue", "--generation", "7", "--length", "30", "--override", "two people only"],
    { cwd, rows: 60 },
  );
  await session.answers("Account:", "99");
  await session.sees("type one of these names, or its number");
  session.type(`\u0015${ACCOUNT}\r`);
  await session.answers("Custodian of slip 1 of 3:", "Sample One");
  await session.answers("Where slip 1 of 3 will lie:", "Safe B");
  await session.answers("Custodian of slip 2 of 3:", "<");
  await session.answers("Where slip 1 of 3 will lie:", "Safe A");
  await session.answers("Custodian of slip 2 of 3:", "Sample One");
  await session.answers("Where slip 2 of 3 will lie:", "Safe A");
  await session.sees("careful: Sample One would hold slips 1 and 2: enough to open the set");
  await session.answers("Custodian of slip 3 of 3:", "Sample Three");
  await session.answers("Where slip 3 of 3 will lie:", "Safe C");
  await session.answers("Folder for the slips, or print:", "/proc/nope");
  await session.sees("name another folder");
  session.type("\u0015one\r");
  await session.sees("one does not exist: it is made with the slips");
  await session.answers("Who leads the ceremony:", "Sample Lead");
  for (const row of ["g  generation   7", "l  characters   30", "f  folder       one"])
    await session.sees(row);
  await session.answers("q leaves:", "x");
  await session.sees("type y, q, or one of a g s");
  session.type("\u0015l\r");
  await session.answers("characters (< leaves it)", "26");
  await session.sees("l  characters   26");
  await session.answers("q leaves:", "2");
  await session.answers("Custodian of slip 2 of 3:", "Sample One");
  await session.answers("Alternate of slip 2 of 3:", "<");
  await session.answers("Custodian of slip 2 of 3:", "Sample Two");
  await session.answers("Alternate of slip 2 of 3:", "Alternate Two");
  await session.answers("Where slip 2 of 3 will lie:", "<");
  await session.answers("Alternate of slip 2 of 3:", "Alternate Two");
  await session.answers("Where slip 2 of 3 will lie:", "Safe B");
  await session.answers("q leaves:", "o");
  await session.answers("organisation (< leaves it)", "Other Sample");
  await session.answers("q leaves:", "f");
  await session.answers("Folder for the slips, or print:", "it's here");
  await session.answers("q leaves:", "y");
  await session.sees("3 slips, any 2 of them");
  // Whoever was asked for the set is led on to its checks.
  await session.answers("t, d, q? ", "q");
  expect(await session.status()).toBe(0);
  expect(existsSync(join(cwd, "one"))).toBe(false);
  // Said literally in a shell it makes the same once more.
  const line = sameLine(session);
  expect(line).toContain("--length 26 --organisation 'Other Sample' --generation 7");
  const again = line.replace("here", "there").replace("--generation 7", "--generation 8");
  const [set] = /[0-9A-Z]{4}(?=-slip-1)/.exec(readdirSync(join(cwd, "it's here")).join(" "))!;
  breakglass(["record", "abandoned", set, "--reason", "tried out", ...BY], { cwd });
  execFileSync("sh", ["-c", `"${process.execPath}" "${BINARY}" ${again}`], { cwd, stdio: "pipe" });
  expect(readdirSync(join(cwd, "it's there"))).toHaveLength(3);
  const issued = breakglass(["log", "--kind", "set-issued", "--json"], { cwd }).stdout;
  const [first, second] = JSON.parse(issued) as { slips: { custodian: string }[] }[];
  expect(second!.slips.map(({ custodian }) => custodian)).toEqual(
    first!.slips.map(({ custodian }) => custodian),
  );
});

test("an account is chosen from a register that is verified before anything is done with it", async () => {
  const journal = "custody/journal.jsonl";
  for (const [from, to] of [
    ['"account-added"', '"account-addes"'],
    [`"account":"${ACCOUNT}"`, '"account":5'],
    ['"Safe A"', '"Safe Q"'],
  ] as const)
    for (const command of ["issue", "rotate", "confirm"]) {
      const cwd = register();
      const text = readFileSync(join(cwd, journal), "utf8").replace(from, to);
      writeFileSync(join(cwd, journal), text);
      const session = new Session([command], { cwd });
      if (to === '"Safe Q"') await session.answers("Account:", "1");
      expect(await session.status()).toBe(7);
      expect(session.remains).toMatch(/line \d+ of the journal is damaged: its hash does not hold/);
    }
});

test("what breaks a rule is not issued, and nothing that was said is lost", async () => {
  const cwd = register();
  const people = ["One", "One", "Three"].flatMap((name) => ["--custodian", `Sample ${name}`]);
  const places = ["A", "B", "C"].flatMap((name) => ["--location", `Safe ${name}`]);
  const session = new Session(["issue", ACCOUNT, ...people, ...places, ...BY, "--out", "one"], {
    ...{ cwd, rows: 60 },
  });
  await session.sees("refused: Sample One would hold slips 1 and 2");
  await session.answers("q leaves:", "y");
  await session.sees("change what is refused first; or leave, and add another");
  // The question whose answer is refused is put again, with the summary before it.
  await session.answers("Custodian of slip 2 of 3:", "<");
  await session.answers("q leaves:", "y");
  // Who leaves it half-way changes nothing.
  await session.answers("Custodian of slip 2 of 3:", "Sample Two");
  await session.answers("Alternate of slip 2 of 3:", "<");
  await session.answers("Custodian of slip 2 of 3:", "<");
  await session.sees("2  Sample One, alternate Alternate One, Safe B");
  await session.answers("q leaves:", "y");
  await session.answers("Custodian of slip 2 of 3:", "Sample Two");
  await session.answers("Alternate of slip 2 of 3:", "");
  await session.sees("2  Sample Two, alternate Alternate Two, Safe B");
  await session.answers("q leaves:", "q");
  expect(session.written.split("refused: ")).toHaveLength(4);
  expect(await session.status()).toBe(130);
  expect(breakglass(["log", "--json"], { cwd }).stdout).not.toContain("set-issued");
});

test("why an answer will not do is said in rows of whole words", async () => {
  const cwd = register();
  const session = new Session(["issue", ACCOUNT, ...HOLDERS, ...BY, "--split", "2of3"], {
    ...{ cwd, rows: 60, columns: 76 },
  });
  await session.answers("Folder for the slips, or print:", "one");
  await session.answers("q leaves:", "s");
  await session.answers("split (< leaves it)", "x");
  await session.sees("or concat:3");
  expect((await session.screen()).replaceAll("\n", " ")).toContain(
    "> --split does not name a split; give --split 2of3 (any 2 of 3 slips; at least 2, at most 16 slips), concat:2 or concat:3",
  );
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});

test("what turns out only later not to be possible leads back to the summary", async () => {
  const cwd = register();
  const session = new Session(["issue", ACCOUNT, ...HOLDERS, ...BY], { cwd, rows: 60 });
  await session.answers("Folder for the slips, or print:", "one");
  await session.answers("q leaves:", "o");
  await session.answers("organisation (< leaves it)", "Sample \u{1f642}");
  await session.answers("q leaves:", "y");
  await session.sees("that the slip's fonts can't print");
  await session.sees("o  organisation Sample \u{1f642}");
  await session.answers("q leaves:", "o");
  await session.answers("organisation (< leaves it)", "Sample");
  await session.answers("q leaves:", "y");
  await session.sees("3 slips, any 2 of them");
  await session.answers("t, d, q? ", "q");
  expect(await session.status()).toBe(0);
  expect(kinds(cwd).filter((kind) => kind === "set-issued")).toHaveLength(1);
});

test("what was put together by questions is written only after a yes", async () => {
  const cwd = register();
  const before = entries(cwd);
  const no = new Session(["custodian", "gone"], { cwd });
  await no.answers("Custodian:", "99");
  await no.sees("type one of these names, or its number");
  no.type("\u00151\r");
  await no.answers("Who says so:", "Sample Lead");
  await no.sees("custodian Sample One: gone; says Sample Lead");
  await no.answers(AGREE, "n");
  await no.sees("nothing was written");
  expect(await no.status()).toBe(130);
  expect(entries(cwd)).toBe(before);

  const yes = new Session(["account", "retire"], { cwd });
  await yes.sees(`1  ${ACCOUNT}`);
  await yes.answers("Account:", "1");
  await yes.answers("Who says so:", "Sample Lead");
  await yes.answers(AGREE, "y");
  expect(await yes.status()).toBe(0);
  expect(sameLine(yes)).toBe(`account retire ${ACCOUNT} --by 'Sample Lead'`);
  // A command line that said everything was read before it was sent off.
  const whole = new Session(["record", "reviewed", ...BY], { cwd });
  expect(await whole.status()).toBe(0);
  expect(entries(cwd)).toBe(before + 2);
});

test.skipIf(needs("pdftotext"))(
  "who checks is asked before a slip is typed, and b goes back a line",
  async () => {
    const cwd = register();
    const issue = ["issue", ACCOUNT, "--out", "one", ...HOLDERS, ...BY];
    expect(breakglass(issue, { cwd }).status).toBe(0);
    const [lines] = paperOf(join(cwd, "one"));
    const session = new Session(["check"], { cwd });
    await session.answers("Who checks it", "Sample One");
    await session.answers("1) ", "b");
    await session.sees("this is the first line");
    await session.answers("1) ", lines![0]!);
    await session.answers("2) ", lines![1]!);
    await session.answers("3) ", "B");
    await session.answers("2) ", "b");
    for (const [i, line] of lines!.entries())
      await session.answers(i + 1 < lines!.length ? `${i + 1}) ` : "S) ", line);
    await session.sees("written down as entry");
    expect(await session.status()).toBe(0);
    expect(sameLine(session)).toBe("check typed-1.txt --by 'Sample One'");

    // An anchor that is given is compared, also where a rotation goes on.
    const other = new Session(["rotate", ACCOUNT, "--anchor", "1"], { cwd });
    expect(await other.status()).not.toBe(0);
  },
);

test("the folder of a kit and of evidence is asked for, and must be new or empty", async () => {
  const cwd = register();
  const session = new Session(["evidence"], { cwd });
  await session.answers("Folder for the evidence", "custody");
  await session.sees("there is something in it");
  session.type("\u0015audit\r");
  expect(await session.status()).toBe(0);
  expect(existsSync(join(cwd, "audit"))).toBe(true);
  expect(sameLine(session)).toBe("evidence audit");
});

test("for a screen reader a secret is typed without a redraw, and shown a character in each row", async () => {
  const cwd = register();
  const env = { BREAKGLASS_PLAIN: "1" };
  const args = issueArgs("one", 2, "--split", "2of2", "--import", "--accept-weak");
  const typed = new Session(args, { cwd, env });
  await typed.answers("Secret to be split (not shown): ", "my own secret");
  await typed.answers("The same again: ", "my own secret");
  await typed.sees("slip-2-of-2.pdf");
  expect(await typed.status()).toBe(0);
  expect(typed.written).not.toContain("my own");
  expect(typed.written).not.toContain("\u001b");

  writeSampleSlips(cwd);
  const shown = new Session(["recover", "one.txt", "two.txt"], { cwd, env });
  await shown.answers("Press Enter to show it", "");
  await shown.sees("q and Enter leaves. ");
  const rows = (await shown.screen()).split("\n").filter((row) => /^ *\d+ {2}\S {2}/.test(row));
  expect(rows.map((row) => row.trim().split(/ +/)[1]).join("")).toBe(SAMPLE_PASSWORD);
  shown.type("q\r");
  expect(await shown.status()).toBe(0);
});

test("the password is laid out anew when the window changes, and rows end between words", async () => {
  const cwd = register();
  writeSampleSlips(cwd);
  const session = new Session(["recover", "one.txt", "two.txt"], { cwd, rows: 24 });
  await session.answers("Press Enter to show it", "");
  await session.sees("Enter hides it;");
  session.resize(50, 12);
  await session.sees("page 1 of");
  await session.sees("q and Enter leaves. ");
  let seen = await session.screen();
  session.type("\r");
  await session.sees("q and Enter leaves. ");
  seen += await session.screen();
  for (let i = 1; i <= SAMPLE_PASSWORD.length; i++) expect(seen).toMatch(new RegExp(`${i}  \\S  `));
  session.type("q\r");
  await session.status();

  const narrow = new Session(["status"], { cwd, columns: 50 });
  await narrow.status();
  expect(narrow.written).toMatch(/\r\n {12}[a-z]/);
});

test.skipIf(needs("pdftotext"))(
  "answers end their rows between words, and what is said after Ctrl-C begins a row",
  { timeout: 60_000 },
  async () => {
    const { cwd, run } = checked();
    run("recover", "--stdout", "slip1.txt", "slip2.txt", "--by", "Sample Admin");
    run("recover", "--stdout", "slip2.txt", "slip3.txt", "--by", "Sample Second");
    run("confirm", ACCOUNT, "--slips", "2,3", "--by", "Sample Second");
    const columns = 60;
    for (const args of [["exposure"], ["log"], ["doctor"], ["check", "slip1.txt"]]) {
      const session = new Session(args, { cwd, columns });
      await session.status();
      const rows = session.written.split(/\r?\n/);
      expect(rows.length).toBeGreaterThan(3);
      // Only a word that is longer than a row is broken.
      const broken = rows.filter((row) => row.length > columns && row.trim().includes(" "));
      expect(broken).toEqual([]);
    }
    const session = new Session(["rotate", ACCOUNT, "--by", "Sample Lead"], { cwd });
    await session.sees("d, l? ");
    session.type("\u0003");
    expect(await session.status()).toBe(130);
    expect(session.remains).toMatch(/^breakglass: interrupted/m);
  },
);

test.each([
  [61, ["  add a file that holds it, or type it:", "  breakglass check 9N4M/1"]],
  [24, ["  breakglass check", "  9N4M/1"]],
])("a command in a hint stands in a row of %i columns if it fits", async (columns, rows) => {
  const cwd = register();
  writeSampleSlips(cwd);
  const session = new Session(["check", "two.txt", "9N4M/1"], { cwd, columns });
  expect(await session.status()).toBe(5);
  expect(session.written.split("\r\n").slice(-1 - rows.length, -1)).toEqual(rows);
});

test.each([{}, { BREAKGLASS_PLAIN: "1" }])(
  "a line of a slip's code that is typed at a question is erased: %o",
  async (env) => {
    const cwd = register();
    writeSampleSlips(cwd);
    const [line] = /(?<=^1\) ).*/m.exec(readFileSync(join(cwd, "one.txt"), "utf8"))!;
    const session = new Session(["check"], { cwd, env });
    await session.sees("Who checks it");
    session.type(`${line}\r`);
    await session.sees("it was erased");
    expect(session.remains).not.toContain(line.slice(-9));
    session.type("Sample One\r");
    await session.sees("1) ");
    expect(session.remains).not.toContain(line.slice(-9));
    session.kill("SIGINT");
    expect(await session.status()).toBe(130);
  },
);

test.each([[["status"]], [[]]])(
  "a command alone in a row is not broken, however long, for it is there to be copied: %j",
  async (args) => {
    const cwd = register();
    breakglass(["custodian", "add", "Sam O'Neil", "--by", "Sample Lead"], { cwd });
    const session = new Session(args, { cwd, rows: 24 });
    if (args.length === 0) await session.answers("or q to leave: ", "q");
    await session.status();
    expect(session.written).toContain(
      String.raw`breakglass record trained 'Sample One' 'Alternate One' 'Sample Two' 'Alternate Two' 'Sample Three' 'Alternate Three' 'Sam O'\''Neil'`,
    );
  },
);
