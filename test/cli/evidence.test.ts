import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spawnSync } from "../child.ts";
import { anchor, readJournal } from "../../src/custody/journal.ts";
import { eventIn, journalOf, nodeHash, opened, perform, steps } from "../custody/book.ts";
import type { CustodyEvent } from "../../src/custody/events.ts";
import { needs } from "../tools.ts";
import { breakglass } from "./breakglass.ts";

/** A journal of a year that is past, by whatever clock this test runs. */
const journal = ((): Buffer => {
  const book = opened();
  perform(book, { set: "K7Q2", account: "bg-1", generation: 1, replaceBy: "2026-04-01" });
  book.on("2026-03-20");
  perform(book, { set: "9N4M", account: "bg-1", generation: 2, replaceBy: "2026-06-18" });
  book.on("2026-03-22").put(...steps.destroy("K7Q2"));
  book
    .on("2026-05-01")
    .put(
      { kind: "exception-noted", problem: '=HYPERLINK("http://x"), he said\u{1f511}' },
      { kind: "drill-held", type: "full", result: "passed", minutes: 30 },
    );
  for (const set of ["K7Q2", "9N4M"])
    book.force(book.event({ kind: "set-abandoned", set, reason: "a slip of the finger" }));
  book.put({ kind: "exception-closed", exception: book.register.n, remedy: "nothing came of it" });
  const events = readJournal(book.bytes, nodeHash).entries.map(eventIn);
  const past = JSON.stringify(events).replaceAll("2026-", "2025-");
  return journalOf(JSON.parse(past) as CustodyEvent[]);
})();
const { entries, head } = readJournal(journal, nodeHash);
const PERIOD = ["--since", "2025-01-01", "--until", "2025-12-31"];

function newFolder(): string {
  const cwd = mkdtempSync(join(tmpdir(), "evidence-"));
  mkdirSync(join(cwd, "custody"));
  writeFileSync(join(cwd, "custody", "journal.jsonl"), journal);
  return cwd;
}

function run(cwd: string, program: string, ...args: readonly string[]): string {
  const ran = spawnSync(program, args, { cwd, encoding: "utf8" });
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  return ran.stdout;
}

const TABLES = `
import csv, glob, json
def table(name):
    with open(name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))
print(json.dumps({name: table(name) for name in glob.glob("*.csv")}))
`;

function tablesIn(pack: string): Record<string, Record<string, string>[]> {
  return JSON.parse(run(pack, "python3", "-c", TABLES)) as ReturnType<typeof tablesIn>;
}

test.skipIf(needs("python3", "sha256sum"))("a folder that an auditor can verify without us", () => {
  const cwd = newFolder();
  const papers = [12, entries.length].map((n) => anchor({ n, hash: entries[n - 1]!.hash }));
  const args = [...PERIOD, ...papers.flatMap((paper) => ["--anchor", paper])];
  const ran = breakglass(["evidence", "pack", ...args], { cwd });
  expect([ran.status, ran.stderr]).toEqual([
    ...[0, "evidence of 2025-01-01 to 2025-12-31; begin with README.txt\n"],
  ]);
  const pack = join(cwd, "pack");
  const names = readdirSync(pack).toSorted();
  expect(ran.stdout.trimEnd().split("\n").toSorted()).toEqual(names.map((name) => `pack/${name}`));
  expect(statSync(pack).mode & 0o777).toBe(0o700);
  expect(names.every((name) => (statSync(join(pack, name)).mode & 0o777) === 0o600)).toBe(true);
  expect(readFileSync(join(pack, "journal.jsonl"))).toEqual(journal);

  // The README names every file, and what it says to type works.
  const readme = readFileSync(join(pack, "README.txt"), "utf8");
  expect(names.filter((name) => !readme.includes(`\n${name} `))).toEqual([]);
  const checked = run(pack, "sha256sum", "-c", "SHA256SUMS").trimEnd().split("\n");
  expect(checked).toHaveLength(names.length - 1);
  const verified = run(pack, "python3", "verify_journal.py", "journal.jsonl", ...papers);
  expect(verified).toContain(`anchor ${anchor(head)}\n`);
  expect(readme).toContain(`It must name the anchor ${anchor(head)}.`);
  const summary = readFileSync(join(pack, "summary.txt"), "utf8");
  const odd = /entry (\d+) can't be so: set (\w{4}) was abandoned though it was \w+; (.*)/g;
  expect([...summary.matchAll(odd)].map(([, n, set, closed]) => [Number(n), set, closed])).toEqual([
    [entries.length - 2, "K7Q2", "open"],
    [
      ...[entries.length - 1, "9N4M"],
      `closed ${entries.at(-1)!.at} by entry ${entries.length}: nothing came of it`,
    ],
  ]);
  const chain = readFileSync(join(pack, "chain.txt"), "utf8");
  for (const paper of papers) expect(chain).toContain(`${paper}  agrees`);
  const again = ["log", "--register", ".", "--verify", "--anchor", papers[0]!];
  expect(breakglass(again, { cwd: pack }).status).toBe(0);
  expect(breakglass(["evidence", "again", "--register", ".", ...args], { cwd: pack }).status).toBe(
    0,
  );
  for (const name of names.filter((each) => !["SHA256SUMS"].includes(each))) {
    const [before, after] = [pack, join(pack, "again")].map((folder) =>
      readFileSync(join(folder, name), "utf8").replaceAll(/(made |on )20[\d:TZ-]+/g, "$1then"),
    );
    expect(after, name).toBe(before);
  }

  const tables = tablesIn(pack);
  expect(tables["journal.csv"]).toHaveLength(entries.length);
  expect(tables["rotations.csv"]).toEqual([
    expect.objectContaining({ set: "K7Q2", "in time": "", "confirmed from slips": "2 3" }),
    expect.objectContaining({
      ...{ set: "9N4M", "replaces set": "K7Q2", "in time": "in time", "was due by": "2025-04-01" },
      ...{ "sign-in confirmed by": "Bea", "days since the rotation before": "78" },
    }),
  ]);
  const slips = tables["slips.csv"]!;
  expect(slips).toHaveLength(6);
  expect(slips[0]).toMatchObject({ slip: "K7Q2/1", bag: "K7Q2-1", "destroyed witness": "Wim" });
  const issued = entries.find(({ kind }) => kind === "set-issued")!;
  expect(tables["rotations.csv"]![0]!["anchor on its slips"]).toBe(
    anchor({ n: issued.n, hash: issued.hash }),
  );
  expect(tables["exceptions.csv"]![0]!["problem"]).toMatch(/^'=HYPERLINK\("http:\/\/x"\), he said/);
  for (const rows of Object.values(tables))
    for (const cell of rows.flatMap((row) => Object.values(row)))
      expect(cell).not.toMatch(/^[=+@-]/);
  const status = JSON.parse(readFileSync(join(pack, "status.json"), "utf8")) as { entries: number };
  expect(status.entries).toBe(entries.length);
});

test("a period before the register was opened is refused, and one in which it was opened says so", () => {
  const cwd = newFolder();
  const pack = (...period: string[]): ReturnType<typeof breakglass> =>
    breakglass(["evidence", "pack", ...period], { cwd });
  const before = pack("--since", "2024-01-01", "--until", "2024-12-31");
  expect(before.status).toBe(2);
  expect(before.stderr).toContain(
    "the register was opened on 2025-01-01, and knows nothing of 2024-01-01 to 2024-12-31",
  );
  expect(readdirSync(cwd)).toEqual(["custody"]);
  expect(pack("--since", "2024-07-01", "--until", "2025-06-30").status).toBe(0);
  expect(readFileSync(join(cwd, "pack", "summary.txt"), "utf8")).toContain(
    "the register was opened on 2025-01-01: of the time before",
  );
});

test("what is there is never touched, and nothing is left of what failed", () => {
  const cwd = newFolder();
  const evidence = (...args: string[]): ReturnType<typeof breakglass> =>
    breakglass(["evidence", ...args], { cwd });
  expect(evidence("custody", ...PERIOD)).toMatchObject({
    ...{ status: 9, stdout: "" },
    stderr: expect.stringMatching(/custody is not empty/) as string,
  });
  const older = `${head.n + 1}-${"0".repeat(30)}`;
  for (const [wrong, status, message] of [
    [["--anchor", `3-${"0".repeat(30)}`], 7, /entry 3 of this register is not the one/],
    [["--anchor", older], 7, /it is an older copy/],
    [["--anchor", "mistyped"], 2, /this is no anchor/],
    [["--since", "2025-02-30"], 2, /--since is not a date/],
    [["--since", "2025-12-32", "--until", "2025-12-31"], 2, /--since is not a date/],
    [["--since", "2025-12-31", "--until", "2025-01-01"], 2, /ends before it begins/],
    [["--since", "2999-01-01", "--until", "2999-12-31"], 2, /has not begun/],
    [["--register", "nowhere"], 7, /there is no register/],
  ] as const) {
    const ran = evidence("pack", ...PERIOD, ...wrong);
    expect([ran.status, ran.stdout]).toEqual([status, ""]);
    expect(ran.stderr).toMatch(message);
  }
  expect(readdirSync(cwd)).toEqual(["custody"]);
  expect(readFileSync(join(cwd, "custody", "journal.jsonl"))).toEqual(journal);
  mkdirSync(join(cwd, "empty"));
  expect(evidence("empty", ...PERIOD).status).toBe(0);
});

test("what is torn is told, and is no part of the copy", () => {
  const cwd = newFolder();
  writeFileSync(join(cwd, "custody", "journal.jsonl"), Buffer.concat([journal, Buffer.from("{")]));
  const ran = breakglass(["evidence", "pack", ...PERIOD], { cwd });
  expect(ran.status).toBe(0);
  expect(ran.stderr).toMatch(/the journal breaks off/);
  expect(readFileSync(join(cwd, "pack", "journal.jsonl"))).toEqual(journal);
  expect(readFileSync(join(cwd, "pack", "summary.txt"), "utf8")).toMatch(/breaks off/);
  expect(readdirSync(join(cwd, "custody"))).toEqual(["journal.jsonl"]);
});
