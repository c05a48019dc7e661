import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import QRCode from "qrcode";
import { beforeAll, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { needs } from "../tools.ts";
import { breakglass, issueArgs } from "./breakglass.ts";
import { SAMPLE_PASSWORD, writeSampleSlips } from "./sample-slips.ts";
import { Session } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "typing-"));
beforeAll(() => writeSampleSlips(folder));

/** The lines of a sample slip without their numbers: 1 to L, then the spare line. */
function lines(name: string): string[] {
  return readFileSync(join(folder, `${name}.txt`), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.slice(3));
}

/** A line with the symbol at a place replaced by another one. */
function mistyped(line: string, place: number): string {
  return `${line.slice(0, place)}${line.charAt(place) === "7" ? "8" : "7"}${line.slice(place + 1)}`;
}

async function typeWhole(session: Session, name: string): Promise<void> {
  const typed = lines(name).slice(0, -1);
  for (const [i, line] of typed.entries()) await session.answers(`${i + 1}) `, line);
}

test("two slips typed line by line give the password, and leave no trace of it", async () => {
  const session = new Session(["recover"], { cwd: folder });
  await typeWhole(session, "one");
  await session.sees("slip 1 of 3: 1 more needed");
  await typeWhole(session, "two");
  await session.sees("slips 1, 2 of 3: enough");
  await session.sees("Press Enter to show it");
  expect(session.written).not.toContain(SAMPLE_PASSWORD.slice(0, 4));
  session.type("\r");
  await session.sees("kR7#  mX2-  vQ9+");
  await session.sees("small kilo");
  await session.sees("plus sign");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
  expect(session.remains).not.toMatch(/kR7#|small kilo/);
  expect(session.remains).not.toContain(lines("one")[1]);
  expect(session.onAlternateScreen).toBe(false);
  // Neither the window's title nor the terminal's own clipboard is touched.
  expect(session.written).not.toContain("\u001b]");
});

test("the spare line of a slip that is whole is not taken for the next slip", async () => {
  const session = new Session(["recover"], { cwd: folder });
  const spare = lines("one").at(-1)!;
  await session.answers("1) ", spare);
  await session.sees("that is the spare line; a slip begins with line 1");
  await typeWhole(session, "one");
  for (const typed of [spare, `S) ${spare}`]) {
    await session.answers("1) ", typed);
    await session.sees("the slip before is whole without it; line 1 of the next slip is asked for");
  }
  await typeWhole(session, "two");
  await session.sees("slips 1, 2 of 3: enough");
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});

test("a slip of the finger is located, suggested, and only counts once confirmed", async () => {
  const [first, second, ...rest] = lines("one") as [string, string, ...string[]];
  const session = new Session(["check"], { cwd: folder });
  await session.answers("1) ", first);
  await session.answers("2) ", mistyped(second, 6));
  await session.sees("typed    ");
  await session.sees(`perhaps  ${second}`);
  await session.answers("does the paper say this? (y/n)", "n");
  await session.sees("then type line 2 again");
  await session.answers("2) ", mistyped(second, 6));
  await session.answers("does the paper say this? (y/n)", "y");
  for (const line of rest) await session.answers(") ", line);
  await session.sees("9N4M slip 1 of 3: intact");
  await session.sees("EAFJ FK89");
  await session.sees("corrected: line 2, group 2, symbol 2");
  expect(await session.status()).toBe(0);
});

test("illegible symbols and a lost line come back", async () => {
  const typed = lines("one");
  const session = new Session(["check"], { cwd: folder });
  await session.answers("1) ", typed[0]!.replace(/^..../, "????"));
  await session.sees(`perhaps  ${typed[0]!}`);
  await session.answers("does the paper agree where it can be read? (y/n)", "y");
  await session.answers("2) ", "?");
  await session.sees("line 2 counts as lost");
  for (const [i, line] of typed.slice(2, -1).entries()) await session.answers(`${i + 3}) `, line);
  await session.answers("S) ", typed.at(-1)!);
  await session.sees("can be read, but is damaged: replace it");
  await session.sees("4 illegible symbols filled in");
  await session.sees("line 2 was lost, and came back from the spare line");
  expect(await session.status()).toBe(3);
});

test("slips of another set than the one asked for are taken, and which is asked for is said each time", async () => {
  const session = new Session(["recover", "--set", "9N4M"], { cwd: folder });
  const asked = "slips of set 9N4M are asked for";
  await session.sees(asked);
  await typeWhole(session, "other-one");
  await session.sees("set BFQ3: slip 1 of 3: 1 more needed");
  await session.sees(asked);
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});

test("each kind of mistake has a message of its own", async () => {
  const [first, second] = lines("one") as [string, string];
  const session = new Session(["recover", "one.txt"], { cwd: folder });
  await session.sees("slip 1 of 3: 1 more needed");
  await session.answers("1) ", second);
  await session.sees("what was given as line 1 is line 2");
  await session.answers("1) ", first);
  await session.sees("this slip is here already; another one of set 9N4M is needed");
  await session.answers("type it all the same? (y/n)", "n");
  await session.answers("1) ", lines("other-one")[0]!);
  await session.sees("it is of set BFQ3, and the slips so far are of set 9N4M");
  await session.answers("type it all the same? (y/n)", "n");
  await session.answers("1) ", "0123 4567");
  await session.sees("line 1 has 8 symbols, and 20 are printed");
  await session.answers("1) ", "");
  await session.sees("set 9N4M needs 2 slips, and 1 is here");
  expect(await session.status()).toBe(4);
});

test("a slip that was typed stays in view when a picture brings one of another set", async () => {
  const code = readFileSync(join(folder, "other-one-qr.txt"), "utf8").trim();
  await QRCode.toFile(join(folder, "other-one.png"), code, { scale: 6 });
  const session = new Session(["recover"], { cwd: folder });
  await typeWhole(session, "one");
  await session.sees("slip 1 of 3: 1 more needed");
  await session.answers("1) ", "other-one.png");
  await session.sees("Type the numbered lines of a slip");
  await session.sees("1) ");
  const screen = await session.screen();
  expect(screen).toContain("set 9N4M: slip 1 of 3: 1 more needed");
  expect(screen).toContain("set BFQ3: slip 1 of 3: 1 more needed");
  // Nothing of it is said twice.
  expect(screen.match(/more needed/g)).toHaveLength(2);
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});

test("a whole slip, or the text of a QR code, can be pasted at once", async () => {
  const session = new Session(["recover"], { cwd: folder });
  await session.sees("1) ");
  session.type(readFileSync(join(folder, "three.txt"), "utf8").replaceAll("\n", "\r"));
  await session.sees("slip 3 of 3: 1 more needed");
  await session.answers("1) ", readFileSync(join(folder, "one-qr.txt"), "utf8").trim());
  await session.sees("slips 1, 3 of 3: enough");
  await session.answers("Press Enter to show it", "");
  await session.sees("kR7#");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
});

test("with more slips than needed the altered one is named, and a person decides", async () => {
  const session = new Session(["recover", "one.txt", "two-altered.txt"], { cwd: folder });
  await session.sees("one of them was altered");
  await session.sees("add another slip of set 9N4M");
  await typeWhole(session, "three");
  await session.sees("9N4M slip 2 of 3 does not fit the other slips");
  await session.answers("go on without it? (y/n)", "y");
  await session.answers("Press Enter to show it", "");
  await session.sees("kR7#");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
});

test("what can't be read from a file can be typed", async () => {
  const session = new Session(["recover", "typo.txt", "two.txt", "notes.txt"], { cwd: folder });
  await session.sees("typo.txt: not as printed: line 2, group 2, symbol 1");
  await session.sees("slip 2 of 3: 1 more needed");
  await session.sees("notes.txt: there is no slip in this text");
  await typeWhole(session, "one");
  await session.answers("Press Enter to show it", "");
  await session.sees("kR7#");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
});

test("of two complete sets a person chooses one", async () => {
  const files = ["one.txt", "two.txt", "other-one.txt", "other-two.txt"];
  const session = new Session(["recover", ...files], { cwd: folder });
  await session.sees("2 sets are complete: 9N4M, BFQ3");
  await session.answers("which set?", "bfq3");
  await session.sees("Press Enter to show it");
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});

test.each([
  ["while a line is typed", "1) ", "0123"],
  ["before the password", "Press Enter to show it", ""],
  ["while the password is shown", "Enter hides it;", ""],
])("Ctrl-C %s ends with 130 and a clean screen", async (_, moment, keys) => {
  const files = moment === "1) " ? [] : ["one.txt", "two.txt"];
  const session = new Session(["recover", ...files], { cwd: folder });
  if (moment === "Enter hides it;") await session.answers("Press Enter to show it", "");
  await session.sees(moment);
  session.type(`${keys}\u0003`);
  expect(await session.status()).toBe(130);
  expect(session.onAlternateScreen).toBe(false);
  expect(session.remains).toContain("interrupted");
  expect(session.remains).not.toMatch(/kR7#|small kilo|0123/);
});

test.each([
  ["SIGTERM", 130],
  ["SIGHUP", 130],
] as const)("%s while the password is shown leaves a clean screen", async (signal, status) => {
  const session = new Session(["recover", "one.txt", "two.txt"], { cwd: folder });
  await session.answers("Press Enter to show it", "");
  await session.sees("Enter hides it;");
  session.kill(signal);
  expect(await session.status()).toBe(status);
  expect(session.onAlternateScreen).toBe(false);
  expect(session.remains).not.toMatch(/kR7#|small kilo/);
});

test("what issue was not told is asked for, and an imported secret is typed unseen", async () => {
  const session = new Session(
    [
      ...["issue", "--no-register", "--split", "concat:2", "--import", "--accept-weak"],
      ...["--custodian", "Sample One", "--custodian", "Sample Two"],
    ],
    { cwd: folder },
  );
  await session.answers("Account", "bg-2@contoso.onmicrosoft.com");
  await session.answers("Alternate of slip 1 of 2", "Sample Three");
  await session.answers("Where slip 1 of 2 will lie", "Safe A");
  await session.answers("Alternate of slip 2 of 2", "Sample Four");
  await session.answers("Where slip 2 of 2 will lie", "Safe B");
  await session.answers("Folder for the slips", "asked");
  await session.sees("k  kind         import");
  await session.answers("q leaves", "2");
  await session.answers("Custodian of slip 2 of 2:", "Sample Five");
  await session.answers("Alternate of slip 2 of 2:", "");
  await session.answers("Where slip 2 of 2 will lie:", "");
  await session.sees("2  Sample Five, alternate Sample Four, Safe B");
  await session.answers("q leaves", "y");
  await session.answers("Secret to be split", "my own secret");
  await session.answers("The same again", "my own sekret");
  await session.sees("the two differ");
  await session.answers("Secret to be split", "my own secret");
  await session.answers("The same again", "my own secret");
  await session.sees("slip-2-of-2.pdf");
  await session.sees(
    "the same without questions: breakglass issue bg-2@contoso.onmicrosoft.com --accept-weak --no-register --split concat:2 --import --out asked --custodian 'Sample One' --custodian 'Sample Five'",
  );
  expect(await session.status()).toBe(0);
  expect(session.written).not.toContain("my own");
});

test.skipIf(needs("pdftotext"))(
  "a password too long for the screen is shown page by page, all of it",
  async () => {
    const out = join(folder, "long");
    const secret = Array.from({ length: 256 }, (_, i) => String.fromCharCode(33 + (i % 94))).join(
      "",
    );
    const flags = ["--import", "--accept-weak", "--split", "2of2"];
    const { stdout } = breakglass(issueArgs(out, 2, ...flags), { input: secret });
    const files = stdout
      .trim()
      .split("\n")
      .map((pdf) => {
        const file = `${pdf}.txt`;
        writeFileSync(file, execFileSync("pdftotext", [pdf, "-"]));
        return file;
      });
    const session = new Session(["recover", ...files], { cwd: folder, rows: 24 });
    await session.answers("Press Enter to show it", "");
    let seen = "";
    for (let page = 1; ; page++) {
      await session.sees("q and Enter leaves. ");
      seen += await session.screen();
      const last = seen.includes("Enter hides it");
      session.type(last ? "q\r" : "\r");
      if (last) break;
    }
    expect(await session.status()).toBe(0);
    for (let i = 1; i <= 256; i++) expect(seen).toMatch(new RegExp(`(^|\\s)${i}  \\S  `));
    for (let i = 0; i < 256; i += 4) expect(seen).toContain(secret.slice(i, i + 4));
  },
);

test("hidden it is not lost: it can be shown again, until the person leaves", async () => {
  const session = new Session(["recover", "one.txt", "two.txt"], { cwd: folder });
  await session.answers("Press Enter to show it", "");
  await session.answers("q and Enter leaves. ", "");
  await session.sees("The password is hidden, and not lost.");
  expect(await session.screen()).not.toContain("kR7#");
  await session.answers("s shows it again; r reads it back one by one; q and Enter leaves. ", "s");
  await session.sees("kR7#  mX2-  vQ9+");
  await session.answers("q and Enter leaves. ", "");
  await session.answers("s shows it again; r reads it back one by one; q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
  expect(session.remains).not.toContain("kR7#");
});

test.skipIf(needs("faketime"))("left alone it is hidden after five minutes", async () => {
  const session = new Session(["recover", "one.txt", "two.txt"], {
    cwd: folder,
    // Five minutes pass in three seconds.
    env: { LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1", FAKETIME: "+0 x100" },
  });
  await session.answers("Press Enter to show it", "");
  await session.sees("kR7#  mX2-  vQ9+");
  await session.sees("The password is hidden, and not lost.");
  expect(await session.screen()).not.toContain("kR7#");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
});

test("nothing is shown on a terminal that can't be cleared, nor by --stdout on any", async () => {
  const dumb = new Session(["recover", "one.txt", "two.txt"], {
    cwd: folder,
    env: { TERM: "dumb" },
  });
  await dumb.sees("can't be cleared");
  expect(await dumb.status()).toBe(2);
  const plain = new Session(["recover", "--stdout", "one.txt", "two.txt"], { cwd: folder });
  await plain.sees("would leave the password on this terminal");
  expect(await plain.status()).toBe(2);
  expect(dumb.written + plain.written).not.toContain("kR7#");
});

test("a terminal that goes away ends the program, and makes it dump nothing", async () => {
  const session = new Session(["recover", "one.txt", "two.txt"], { cwd: folder });
  await session.answers("Press Enter to show it", "");
  await session.sees("Enter hides it;");
  session.hangUp();
  expect([0, 1, 9]).toContain(await session.signal());
});

test("a check that was left is not a slip that is intact", async () => {
  const left = new Session(["check"], { cwd: folder });
  await left.answers("1) ", "");
  await left.sees("no slip was typed");
  expect(await left.status()).toBe(3);
  // Lines of two slips that each hold: only the check can tell
  const [one, two] = [lines("one"), lines("two")];
  const session = new Session(["check"], { cwd: folder });
  await session.answers("1) ", one[0]!);
  await session.answers("2) ", two[1]!);
  for (const line of one.slice(2)) await session.answers(") ", line);
  await session.answers("Which line shall be typed again?", "");
  await session.sees("the check of this slip does not hold");
  expect(await session.status()).toBe(3);
});

test("two slips pasted at once are both taken", async () => {
  const session = new Session(["recover"], { cwd: folder });
  await session.sees("1) ");
  session.type(readFileSync(join(folder, "two-and-three.txt"), "utf8").replaceAll("\n", "\r"));
  await session.sees("slips 2, 3 of 3: enough");
  await session.answers("Press Enter to show it", "");
  await session.sees("kR7#");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
});

test("a file can be named in place of a slip, and one that can't be read leaves the others", async () => {
  const session = new Session(["recover", "notes.txt"], { cwd: folder });
  await session.answers("1) ", "'one.txt'");
  await session.sees("slip 1 of 3: 1 more needed");
  await session.answers("1) ", "typo.txt");
  await session.sees("not taken: typo.txt: not as printed");
  await session.sees("slip 1 of 3: 1 more needed");
  await session.answers("1) ", "two.txt");
  await session.sees("slips 1, 2 of 3: enough");
  await session.answers("Press Enter to show it", "");
  await session.sees("kR7#");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
});

test("check takes a file in place of a slip, and says so when there is none of that name", async () => {
  const session = new Session(["check"], { cwd: folder });
  for (const wrong of ["nope.png", "./one", "'no such.PDF'"]) {
    await session.answers("1) ", wrong);
    await session.sees("there is no file of that name");
  }
  await session.answers("1) ", "one.txt");
  await session.sees("9N4M slip 1 of 3: intact");
  await session.sees("the same without questions: breakglass check one.txt");
  expect(await session.status()).toBe(0);
});

test("check goes on to typing where a file can't be read, and the slip counts then", async () => {
  const session = new Session(["check", "cut-qr.txt", "two.txt"], { cwd: folder });
  await session.sees("breakglass: cut-qr.txt: ");
  await session.sees("9N4M slip 2 of 3: intact");
  await session.sees("not read: cut-qr.txt: ");
  await session.answers("1) ", "notes.txt");
  await session.sees("breakglass: notes.txt: ");
  await session.sees("not read: notes.txt: ");
  const typed = lines("one");
  for (const [i, line] of typed.entries())
    await session.answers(i + 1 < typed.length ? `${i + 1}) ` : "S) ", line);
  await session.sees("9N4M slip 1 of 3: intact");
  await session.sees(
    "the same from files with the typed lines: breakglass check two.txt typed-1.txt",
  );
  expect(await session.status()).toBe(0);

  const left = new Session(["check", "9N4M/1", "cut-qr.txt"], { cwd: folder });
  await left.sees("slip 9N4M/1");
  await left.answers("1) ", "");
  expect(await left.status()).toBe(3);
  expect(left.remains).not.toContain("no slip was typed");

  // What was read, and is another slip, is not typed once more; nor does a script wait for typing.
  const other = new Session(["check", "9N4M/1", "two.txt"], { cwd: folder });
  expect(await other.status()).toBe(5);
  const script = new Session(["check", "--json", "cut-qr.txt"], { cwd: folder });
  expect(await script.status()).toBe(3);
});

test("of the slips that were named, one that was read is not taken for another", async () => {
  const files = ["one.txt", "cut-qr.txt"];
  const session = new Session(["check", ...files, "9N4M/1", "9N4M/2"], { cwd: folder });
  await session.sees("slip 9N4M/2");
  await session.answers("1) ", "one.txt");
  await session.sees("not taken: one.txt: this is 9N4M slip 1 of 3, which was read before");
  // Beside the one that is asked for it does no harm.
  writeFileSync(
    join(folder, "both.txt"),
    ["one", "two"].map((name) => readFileSync(join(folder, `${name}.txt`), "utf8")).join(""),
  );
  await session.answers("1) ", "both.txt");
  await session.sees("9N4M slip 2 of 3: intact");
  await session.sees("without questions: breakglass check 9N4M/1 9N4M/2 one.txt both.txt");
  expect(await session.status()).toBe(0);
  expect(session.written).not.toContain("9N4M/1 or 9N4M/2");
});

test("another slip than the one that was named does not answer for it", async () => {
  const session = new Session(["check", "cut-qr.txt", "9N4M/1"], { cwd: folder });
  await session.answers("1) ", "two.txt");
  await session.sees("not taken: two.txt: this is 9N4M slip 2 of 3, and not one that was named");
  await session.answers("1) ", "one.txt");
  await session.sees("9N4M slip 1 of 3: intact");
  await session.sees("the same without questions: breakglass check 9N4M/1 one.txt");
  expect(await session.status()).toBe(0);

  const left = new Session(["check", "9N4M/1"], { cwd: folder });
  await left.answers("1) ", "two.txt");
  await left.sees("not taken: two.txt");
  await left.answers("1) ", "");
  expect(await left.status()).toBe(5);
});

test("the text of another slip's QR code is not taken, and check asks again", async () => {
  const pasted = readFileSync(join(folder, "one-qr.txt"), "utf8").trim();
  const session = new Session(["check", "9N4M/2", "9N4M/1"], { cwd: folder });
  await session.answers("1) ", pasted);
  await session.sees("not taken: typed: this is 9N4M slip 1 of 3, and not one that was named");
  await session.answers("1) ", "two.txt");
  await session.sees("9N4M slip 2 of 3: intact");
  await session.answers("1) ", pasted);
  await session.sees("9N4M slip 1 of 3: intact");
  await session.sees("breakglass check 9N4M/2 9N4M/1 two.txt typed-1.txt");
  expect(await session.status()).toBe(0);
});

test("whoever leaves before every slip that was named is read hears which is missing", async () => {
  const session = new Session(["check", "9N4M/1", "9N4M/2"], { cwd: folder });
  await session.answers("1) ", "one.txt");
  await session.sees("slip 9N4M/2");
  await session.answers("1) ", "");
  await session.sees("breakglass: slip 9N4M/2 was named, and not read");
  expect(await session.status()).toBe(3);
  expect(session.written).not.toContain("no slip was typed");
});

test("a file of which one slip could be read is in the command that is said in the end", async () => {
  writeFileSync(
    join(folder, "mixed.txt"),
    ["two", "typo"].map((name) => readFileSync(join(folder, `${name}.txt`), "utf8")).join(""),
  );
  for (const first of ["mixed.txt", "cut-qr.txt"]) {
    const session = new Session(["check", first], { cwd: folder });
    if (first === "cut-qr.txt") await session.answers("1) ", "mixed.txt");
    await session.sees("9N4M slip 2 of 3: intact");
    await session.sees("not read: slip 2 in mixed.txt: not as printed");
    await session.answers("1) ", "one.txt");
    await session.sees("9N4M slip 1 of 3: intact");
    await session.sees("the same without questions: breakglass check mixed.txt one.txt");
    expect(await session.status()).toBe(0);
  }
});

test("who types a slip whose picture could not be read is asked who checks it", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "typing-"));
  breakglass(["init", "--tenant", "contoso.onmicrosoft.com", "--by", "Sample Lead"], { cwd });
  const session = new Session(["check", join(folder, "cut-qr.txt")], { cwd });
  await session.answers("Who checks it", "Sample One");
  await session.answers("1) ", join(folder, "one.txt"));
  await session.sees("set 9N4M is not in this register");
  await session.sees(`breakglass check ${join(folder, "one.txt")} --by 'Sample One'`);
  expect(await session.status()).toBe(0);
  expect(session.written).not.toContain("what was read before this question");

  // The command in the end writes down what was read before anybody was named.
  const files = ["two.txt", "cut-qr.txt"].map((name) => join(folder, name));
  const later = new Session(["check", ...files], { cwd });
  await later.answers("Who checks it", "Sample One");
  await later.sees("note: what was read before this question is not written down");
  await later.answers("1) ", join(folder, "one.txt"));
  expect(await later.status()).toBe(0);
});
