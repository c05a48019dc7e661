import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { breakglass, type Ran } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register } from "./ceremony-room.ts";

let cwd: string;
let set: string;

function run(...args: string[]): Ran {
  return breakglass(args, { cwd });
}

beforeAll(() => {
  cwd = register();
  const issued = run(
    "issue",
    ACCOUNT,
    "--out",
    "slips",
    "--by",
    "Sample Lead",
    "--json",
    ...HOLDERS,
  );
  set = (JSON.parse(issued.stdout) as { set: string }).set;
});

describe("a value that the journal can't take is refused at its flag", () => {
  const by = ["--by", "Sample Lead"];
  test.each<[what: string, args: string[], problem: string]>([
    [
      "a number",
      ["policy", "--rotation-days", "99999", ...by],
      "--rotation-days is no whole number",
    ],
    ["a language", ["policy", "--language", "de", ...by], "--language does not know this value"],
    ["a text", ["policy", "--organisation", " ", ...by], "--organisation is empty"],
    [
      "a choice",
      ["record", "drill", "--type", "foo", "--result", "passed", ...by],
      "--type is none",
    ],
    ["a missing choice", ["record", "drill", "--type", "full", ...by], "--result is missing"],
    [
      "a purpose",
      ["record", "recovered", "SET", "--purpose", "x", "--slips", "1,2", ...by],
      "--purpose is none",
    ],
    ["a reason", ["record", "set-compromised", "SET", "--reason", "", ...by], "--reason is empty"],
    ["a witness", ["record", "reviewed", "--witness", "", ...by], "--witness is empty"],
    [
      "minutes",
      ["record", "drill", "--type", "full", "--result", "passed", "--minutes", "x", ...by],
      "--minutes is no whole number",
    ],
    ["a role", ["custodian", "change", "Sample One", "--role", "", ...by], "--role is empty"],
  ])("%s", (_, args, problem) => {
    const ran = run(...args.map((arg) => (arg === "SET" ? set : arg)));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain(`breakglass: ${problem}`);
    expect(ran.stderr.trimEnd().split("\n")).toHaveLength(2);
  });
});

test("an empty reason breaks no rule, and nothing is said to be overridden", () => {
  const other = "bg-2@contoso.onmicrosoft.com";
  expect(run("account", "add", other, "--by", "Sample Lead").status).toBe(0);
  const flags = ["--by", "Sample Lead", "--override", ""];
  const twice = HOLDERS.map((word) => (word === "Sample Two" ? "Sample One" : word));
  const ran = run("issue", other, "--out", "more", ...flags, ...twice);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toContain("--override is empty");
  expect(ran.stderr).not.toContain("overridden:");
});

describe("a recovery that is written down afterwards", () => {
  const recovered = (named: string, slips: string): Ran =>
    run("record", "recovered", named, "--slips", slips, "--by", "Sample Lead");

  test("names a set of the register, slips that it has, and enough of them", () => {
    expect(recovered("ZZZZ", "1,2")).toMatchObject({
      status: 8,
      stderr: expect.stringContaining("set ZZZZ is not in this register") as unknown,
    });
    expect(recovered(set, "1,9").stderr).toContain(`set ${set} has no slip 9`);
    expect(recovered(set, "1").stderr).toContain("1 of its slips recover no password");
    expect(recovered(set, "1,1").status).toBe(8);
  });
});

test("a bag's serial has a digit at least", () => {
  const ran = run("record", "sealed", "K7Q2/1", "--bag", "s", "--by", "Sample Lead");
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain("--bag is no bag's serial");
});

describe("a line of a slip's code in the place of a name is refused, and repeated nowhere", () => {
  const code = "1) 0KY4 0A0G 41H5 9F2B  M3TN";
  test.each([
    ["custodian", "add", code],
    ["custodian", "add", "Sample Nine", "--alternate", code],
    ["site", "add", "Safe Z", "--site", code],
    ["account", "add", code],
    ["init", "--register", "other", "--tenant", code],
    ["issue", "bg-2@contoso.onmicrosoft.com", "--custodian", code, "--no-register"],
    ["record", "moved", "K7Q2/1", "--custodian", code],
    ["record", "sealed", "K7Q2/1", "--bag", code],
    ["record", "trained", code],
    // A key beside the right one makes no path of it.
    ["record", "trained", `${code}/`],
    ["record", "trained", `/${code}`],
    ["record", "trained", `${code}\\`],
    ["log", "--account", code],
  ])("%s %s", (...args) => {
    const ran = run(...args, ...(args[0] === "log" ? [] : ["--by", "Sample Lead"]));
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("looks like the code of a slip");
    expect(ran.stdout + ran.stderr).not.toContain("0KY4");
  });

  test("but the name of a folder that is there is none, though it was drawn", () => {
    const drawn = join(cwd, "breakglass-tests-1a2b3c");
    mkdirSync(drawn);
    expect(run("evidence", join(drawn, "audit")).status).toBe(0);
    expect(run("evidence", join(drawn, "audits", "of", "this year")).status).toBe(0);
    expect(run("status", "--register", drawn).stderr).toContain("there is no register");
    const code = run("status", "--register", "nowhere/0KY4 0A0G 41H5 9F2B M3TN");
    expect(code).toMatchObject({ status: 2, stdout: "" });
    const within = run("status", "--register", join(drawn, "0KY4 0A0G 41H5 9F2B M3TN", "a"));
    expect(within.stderr).toContain("looks like the code of a slip");
  });

  test("but a grouped anchor is none", () => {
    const grouped = `3-${"0a1b ".repeat(7)}0a`;
    expect(run("log", "--verify", "--anchor", grouped).stderr).toContain("it was rewritten");
  });
});

test("a name of JavaScript's own is no command", () => {
  for (const name of ["constructor", "toString", "__proto__"])
    expect(run(name)).toMatchObject({ status: 2, stdout: "" });
});

test.each([
  ["init", "--register", "other", "--tenant", "contoso. onmicrosoft.com"],
  ["account", "add", "bg 2@contoso.onmicrosoft.com"],
  ["account", "add", "bg-2@"],
  ["account", "add", "bg-2@@contoso.onmicrosoft.com"],
  ["custodian", "add", " "],
])("what can only be a slip of the finger is no name: %s %s %s", (...args) => {
  expect(run(...args, "--by", "Sample Lead")).toMatchObject({ status: 2, stdout: "" });
});

describe("names are known whatever their case and blanks", () => {
  test("of people, safes and accounts, and are written as the register spells them", () => {
    const moved = [
      "record",
      "moved",
      `${set}/1`,
      "--custodian",
      " sample one",
      "--location",
      "safe b",
    ];
    expect(run(...moved, "--by", "sample two", "--witness", "SAMPLE THREE ").status).toBe(0);
    const { stdout } = run("log", "--json", "--kind", "slip-moved");
    expect(JSON.parse(stdout)).toMatchObject([
      ...[{ actor: "Sample Two", witness: "Sample Three" }],
    ]);
    expect(JSON.parse(stdout)).toMatchObject([{ custodian: "Sample One", location: "Safe B" }]);
    const capitals = ACCOUNT.toUpperCase();
    expect(run("record", "alert-seen", capitals, "--by", "sample two").status).toBe(0);
    expect(run("record", "trained", "sample one", "--by", "Sample Lead").status).toBe(0);
    expect(run("log", "--account", capitals, "--kind", "alert-seen").stdout).toContain(ACCOUNT);
    expect(run("issue", capitals).stderr).toContain(`set ${set} (generation 1) of ${ACCOUNT}`);
  });

  test("one that is a slip of the finger away is noted, and taken as it is", () => {
    const ran = run("record", "reviewed", "--by", "Sample Too", "--witness", "Wim Witness");
    expect(ran.status).toBe(0);
    expect(ran.stderr).toBe(
      "note: Sample Too is not in the register, and Sample Two is: compare the spelling\n",
    );
  });

  test("and a second one that differs only so is refused, naming the first", () => {
    const added = run("custodian", "add", "sample one", "--by", "Sample Lead");
    expect(added.status).toBe(8);
    expect(added.stderr).toContain("Sample One is in the register already");
  });
});

describe("log", () => {
  test("refuses a set and an entry that are not there", () => {
    expect(run("log", "--set", "ZZZZ")).toMatchObject({ status: 2, stdout: "" });
    expect(run("log", "--entry", "999").stderr).toContain("the last entry of this register is ");
  });

  test("gives one answer, in one form", () => {
    expect(run("log", "--verify", "--json").stderr).toContain(
      "--verify and --json are two answers",
    );
    expect(run("log", "--json", "--csv").stderr).toContain("--json and --csv are two answers");
  });
});

test("status of several registers shows those that can be read, and names the one that can't", () => {
  const missing = join(mkdtempSync(join(tmpdir(), "missing-")), "custody");
  const ran = run("status", "--register", "custody", "--register", missing);
  expect(ran.status).toBe(7);
  expect(ran.stdout).toContain(ACCOUNT);
  expect(ran.stderr).toContain(`there is no register in ${missing} (register 2 of 2)`);
  // What does not look like a path may be something else that was pasted.
  const pasted = run("status", "--register", "custody", "--register", "Xk7-secret");
  expect(pasted.stderr).toContain("the folder that was named (register 2 of 2)");
});
