import { cpSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { needs } from "../tools.ts";
import { breakglass, type Ran } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register } from "./ceremony-room.ts";

/** What the register knows of one event each. */
function entries(cwd: string, kind: string): { n: number; set?: string; reason?: string }[] {
  return JSON.parse(breakglass(["log", "--json", "--kind", kind], { cwd }).stdout) as {
    n: number;
    set?: string;
    reason?: string;
  }[];
}

const BY = ["--by", "Sample Lead"];

test("what the policy does not allow needs a reason, which goes with the set", () => {
  const cwd = register();
  const issue = (...more: string[]): Ran =>
    breakglass(["issue", ACCOUNT, "--out", "one", ...BY, ...HOLDERS, ...more], { cwd });
  const weak = issue("--length", "10", "--accept-weak", "--replace-by", "2099-12-31");
  expect(weak.status).toBe(8);
  expect(weak.stderr).toMatch(/bits would be left if one slip is seen.*; it is to be replaced by/);
  expect(weak.stderr).toMatch(/take a stronger secret, name an earlier day \(--replace-by\), or/);
  expect(entries(cwd, "set-issued")).toEqual([]);
  const named = issue(
    "--length",
    "10",
    "--replace-by",
    "2099-12-31",
    "--override",
    "a test tenant",
  );
  expect(named.status).toBe(0);
  const set = entries(cwd, "set-issued")[0]?.set;
  expect(entries(cwd, "rule-overridden").map((entry) => [entry.set, entry.reason])).toEqual([
    [set, "a test tenant"],
    [set, "a test tenant"],
  ]);
});

test("an account's slips carry what the register says, its password or a PIN", () => {
  const cwd = register();
  const run = (...args: string[]): Ran => breakglass([...args, ...BY], { cwd });
  expect(run("account", "add", "Key 1", "--pin-of", ACCOUNT).status).toBe(0);
  const issue = (account: string, secret: string): Ran =>
    run("issue", account, "--secret", secret, "--out", "one", ...HOLDERS);
  const pin = issue(ACCOUNT, "pin");
  expect(pin.status).toBe(8);
  expect(pin.stderr).toContain("the slips of this account carry its password");
  expect(issue("Key 1", "passphrase").stderr).toContain("carry the PIN of a key");
  expect(entries(cwd, "set-issued")).toEqual([]);
  expect(issue(ACCOUNT, "passphrase").status).toBe(0);
  expect(issue("Key 1", "pin").status).toBe(0);
});

test("a set that is under way is told before anything else is asked for", () => {
  const cwd = register();
  const issue = (...more: string[]): Ran => breakglass(["issue", ACCOUNT, ...more], { cwd });
  expect(issue("--out", "one", ...BY, ...HOLDERS).status).toBe(0);
  const again = issue();
  expect(again.status).toBe(8);
  expect(again.stderr).toContain("(generation 1) of");
  expect(again.stderr).toContain("finish it, or abandon it");
});

test("a rotation asks for an anchor that is as new as the newest slips", () => {
  const cwd = register();
  const run = (...args: string[]): Ran => breakglass([...args, ...BY], { cwd });
  const anchorNow = (): string =>
    /\d+-[0-9a-f]{30}/.exec(breakglass(["log", "--verify"], { cwd }).stdout)![0];
  const before = anchorNow();
  expect(run("issue", ACCOUNT, "--out", "one", ...HOLDERS).status).toBe(0);
  const set = readdirSync(join(cwd, "one"))[0]!.slice(0, 4);
  const n = entries(cwd, "set-issued")[0]?.n;
  expect(run("record", "abandoned", set, "--reason", "a try").status).toBe(0);
  const old = run("rotate", ACCOUNT, "--out", "two", "--anchor", before);
  expect(old.status).toBe(8);
  expect(old.stderr).toContain(`set ${set} (generation 1) was issued later, as entry ${n ?? 0}`);
  expect(old.stderr).toContain(`take the anchor from a slip of set ${set}`);
  // A script is printed before the set is issued: its anchor would be refused again.
  expect(old.stderr).not.toContain("script");
  expect(run("rotate", ACCOUNT, "--out", "two", "--anchor", anchorNow(), ...HOLDERS).status).toBe(
    0,
  );
});

test("an anchor that is a slip of the finger away is to be read again, and accuses nobody", () => {
  const cwd = register();
  const log = (anchor: string): Ran => breakglass(["log", "--verify", "--anchor", anchor], { cwd });
  const printed = /\d+-[0-9a-f]{30}/.exec(breakglass(["log", "--verify"], { cwd }).stdout)![0];
  expect(log(printed).status).toBe(0);
  const wrong = printed.slice(0, -1) + (printed.endsWith("0") ? "1" : "0");
  for (const [typed, what] of [
    [wrong, "but for one or two digits: most likely it was mistyped"],
    [`3-${printed.split("-")[1]!}`, "of another entry than 3: most likely its number was mistyped"],
  ] as const) {
    const { status, stderr, stdout } = log(typed);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toContain("read it from the paper again");
    expect(stderr).not.toContain("it was rewritten");
  }
  const rewritten = log(`3-${"0".repeat(30)}`);
  expect(rewritten.status).toBe(7);
  expect(rewritten.stderr).toContain("it was rewritten");
});

test("an anchor that is given is compared, also where no slip is on paper", () => {
  const cwd = register();
  const anchor = `99-${"0".repeat(30)}`;
  const args = ["rotate", ACCOUNT, "--out", "one", "--anchor", anchor, ...BY, ...HOLDERS];
  const ran = breakglass(args, { cwd });
  expect(ran.status).not.toBe(0);
  expect(ran.stderr).toContain("it is an older copy");
  expect(entries(cwd, "set-issued")).toEqual([]);
});

test.skipIf(needs("pdftotext")).each(["validate-only", "rotate-after-use"])(
  "where the policy keeps the password (%s), paper says by when to try it",
  (mode) => {
    const cwd = register();
    const run = (...args: string[]): Ran => breakglass(args, { cwd });
    expect(run("policy", "--mode", mode, "--validation-days", "30", ...BY).status).toBe(0);
    expect(run("issue", ACCOUNT, "--out", "one", ...BY, ...HOLDERS).status).toBe(0);
    for (const paper of ["labels", "rotate", "minutes"])
      expect(run("ceremony", paper, ACCOUNT, "--out", "one").status).toBe(0);
    const soon = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    for (const name of readdirSync(join(cwd, "one"))) {
      const text = execFileSync("pdftotext", ["-layout", join(cwd, "one", name), "-"], {
        encoding: "utf8",
      });
      expect(text).toMatch(new RegExp(`(Validate by|to be\\s+validated by)\\s+${soon}`));
      expect(text).not.toMatch(/Replace by|to be\s+replaced by/);
    }
  },
);

test("a second paper of one day lies beside the first", () => {
  const cwd = register();
  expect(breakglass(["issue", ACCOUNT, "--out", "one", ...BY, ...HOLDERS], { cwd }).status).toBe(0);
  const paper = (): Ran => breakglass(["ceremony", "minutes", ACCOUNT, "--out", "papers"], { cwd });
  const first = paper().stdout.trim();
  expect(paper().stdout.trim()).toBe(first.replace(".pdf", "-2.pdf"));
  expect(paper().stdout.trim()).toBe(first.replace(".pdf", "-3.pdf"));
});

test("the script of a rotation says what the rotation would be refused for", () => {
  const cwd = mkdtempSync(join(tmpdir(), "rules-"));
  mkdirSync(join(cwd, "custody"));
  const life = new URL("../golden/v1/journals/life.jsonl", import.meta.url);
  cpSync(life, join(cwd, "custody", "journal.jsonl"));
  const run = (...args: string[]): Ran => breakglass(args, { cwd });
  expect(run("custodian", "add", "Gil", ...BY).status).toBe(0);
  const script = (...more: string[]): Ran =>
    run("ceremony", "rotate", "bg-1", "--out", "papers", ...more);
  expect(script().stderr).toContain("the rotation would be refused: Cy (slip 3) has left; name");
  const others = ["Ada", "Bea", "Flo"].flatMap((name) => ["--custodian", name]);
  others.push(...["Dan", "Eve", "Gil"].flatMap((name) => ["--alternate", name]));
  const good = script(...others);
  expect([good.status, good.stderr]).toEqual([0, ""]);
});
