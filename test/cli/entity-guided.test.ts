import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { needs } from "../tools.ts";
import { breakglass, type Ran } from "./breakglass.ts";
import { checked, kinds, register } from "./ceremony-room.ts";
import { Session } from "./session.ts";

const AGREE = "It stays there for good. (y/n)";
const BY = ["--by", "Sample Lead"];

let cwd: string;
beforeEach(() => {
  cwd = register();
});

function run(...args: string[]): Ran {
  return breakglass(args, { cwd });
}

function session(...args: string[]): Session {
  return new Session(args, { cwd });
}

/** The newest entry. */
function last(): Record<string, unknown> {
  const all = JSON.parse(run("log", "--json").stdout) as Record<string, unknown>[];
  return all.at(-1)!;
}

describe("a name that the register has already", () => {
  test.each([
    [["site", "add"], "Safe (such as Safe A):", "Safe A", "Site it stands at:"],
    [["custodian", "add"], "Custodian:", "Sample One", "Alternate, who stands in"],
    [["account", "add"], "Account (such as", "bg-2@contoso.com", "Who says so:"],
  ])("is refused as it is typed: %s", async (command, question, taken, next) => {
    run("account", "add", "bg-2@contoso.com", ...BY);
    const typed = session(...command);
    await typed.answers(question, taken);
    await typed.sees(`${taken} is in the register already; choose`);
    typed.type(`\u0015${taken.toUpperCase()}\r`);
    await typed.sees("and this name differs");
    expect(typed.written).not.toContain(next);
    typed.type(`\u0015${taken}x\r`);
    await typed.sees(next);
    typed.kill("SIGINT");
    await typed.status();
    // Nor is anything asked for about one that was given.
    const given = session(...command, taken);
    expect(await given.status()).toBe(8);
    expect(given.written).not.toContain(next);
  });

  test("in another spelling is no second site either", async () => {
    const typed = session("site", "add", "Safe D", ...BY);
    await typed.answers("Site it stands at:", "site a");
    await typed.sees("Site A is in the register already");
    typed.type("\u0015Site D\r");
    await typed.answers(AGREE, "y");
    expect(await typed.status()).toBe(0);
  });
});

describe("a change", () => {
  test("that changes nothing is said to, and makes no entry", () => {
    const before = kinds(cwd).length;
    run("record", "item-added", "Key 1", "--type", "FIDO2 key", "--location", "Safe A", ...BY);
    for (const same of [
      ["custodian", "change", "Sample One"],
      ["custodian", "change", "sample one", "--alternate", "alternate one"],
      ["record", "item-moved", "Key 1"],
      ["record", "item-moved", "Key 1", "--location", "Safe A"],
    ]) {
      const ran = run(...same, ...BY);
      expect(ran).toMatchObject({ status: 8, stdout: "" });
      expect(ran.stderr).toContain("already: nothing would change\n  say what is new: --");
    }
    expect(kinds(cwd)).toHaveLength(before + 1);
    expect(run("custodian", "change", "Sample One", "--phone", "+43 1", ...BY).status).toBe(0);
  });

  test("is asked for where none was said", async () => {
    const changed = session("custodian", "change", "sample one");
    await changed.answers("for Sample One (-: as before, Alternate One):", "SampleOne");
    await changed.sees("nobody stands in for themselves");
    changed.type("\u0015alternate one\r");
    await changed.sees("that is so already; say what is new, or < goes back");
    changed.type("\u0015-\r");
    await changed.answers("Phone, for the runbook (-: as before):", "+43 1 234");
    await changed.answers("E-mail, for the runbook (-: as before):", "");
    await changed.answers("Role, for the record (-: as before):", "");
    await changed.answers("Who says so:", "Sample Lead");
    await changed.answers(AGREE, "y");
    expect(await changed.status()).toBe(0);
    expect(last()).toMatchObject({ kind: "custodian-changed", phone: "+43 1 234" });
    expect(last()).not.toHaveProperty("alternate");
    const said = session("custodian", "change", "Sample One", "--role", "auditor", ...BY);
    expect(await said.status()).toBe(0);
    const same = session("custodian", "change", "Sample One", ...BY);
    await same.answers("for Sample One", "-");
    await same.answers("Phone", "+43 1 234");
    await same.sees("that is so already");
    same.type("\u0015<\r");
    for (const what of ["for Sample One", "Phone", "E-mail", "Role"]) await same.answers(what, "-");
    expect(await same.status()).toBe(8);
    expect(same.remains).toContain("nothing would change");
  });
});

describe("the question before can be answered anew", () => {
  test("of a register", async () => {
    cwd = mkdtempSync(join(tmpdir(), "init-"));
    const opened = session("init");
    await opened.answers("Tenant", "contoso .onmicrosoft.com");
    await opened.sees("has a blank in it");
    opened.type("\u0015fabrikam.onmicrosoft.com\r");
    await opened.answers("Organisation", "Sample Bank AG");
    await opened.answers("Who opens the register", "<");
    await opened.answers("Organisation", "<");
    await opened.answers("Tenant", "contoso.onmicrosoft.com");
    await opened.answers("Organisation", "-");
    await opened.answers("Who opens the register", "Sample Lead");
    await opened.answers(AGREE, "y");
    expect(await opened.status()).toBe(0);
    expect(last()).toMatchObject({ tenant: "contoso.onmicrosoft.com", policy: {} });
    expect(opened.remains.replaceAll("\n", "")).toMatch(
      /init --tenant contoso.onmicrosoft.com --by 'Sample Lead'$/,
    );
  });

  test("of a safe, a custodian and an account", async () => {
    const safe = session("site", "add");
    await safe.answers("Safe (such as", "Safe E");
    await safe.answers("Site it stands at:", "<");
    await safe.answers("Safe (such as", "Safe D");
    await safe.answers("Site it stands at:", "Site D");
    await safe.answers("Who says so:", "<");
    await safe.answers("Site it stands at:", "Site E");
    await safe.answers("Who says so:", "Sample Lead");
    await safe.answers(AGREE, "y");
    expect(await safe.status()).toBe(0);
    expect(last()).toMatchObject({ location: "Safe D", site: "Site E" });

    const person = session("custodian", "add");
    await person.answers("Custodian:", "Sample Forr");
    await person.answers("for Sample Forr", "<");
    await person.answers("Custodian:", "Sample Four");
    await person.answers("for Sample Four", "1");
    await person.answers("Phone", "<");
    await person.answers("for Sample Four", "-");
    await person.answers("Phone", "-");
    await person.answers("Who says so:", "Sample Lead");
    await person.answers(AGREE, "y");
    expect(await person.status()).toBe(0);
    expect(last()).toMatchObject({ custodian: "Sample Four" });
    expect(last()).not.toHaveProperty("alternate");
    expect(person.remains).not.toContain("--alternate");

    const account = session("account", "add");
    await account.answers("Account (such as", "bg-3@contoso.onmicrosoft.com");
    await account.answers("Who says so:", "<");
    await account.answers("Account (such as", "bg-2@contoso.onmicrosoft.com");
    await account.answers("Who says so:", "Sample Lead");
    await account.answers(AGREE, "y");
    expect(await account.status()).toBe(0);
    expect(last()).toMatchObject({ account: "bg-2@contoso.onmicrosoft.com" });
  });
});

test.skipIf(needs("pdftotext"))(
  "who confirms a sign-in goes back, and is not asked to agree to what is refused",
  async () => {
    const room = checked();
    ({ cwd } = room);
    room.run("recover", "--stdout", "slip1.txt", "slip2.txt", "--by", "Sample Admin");
    room.run("recover", "--stdout", "slip2.txt", "slip3.txt", "--by", "Sample Second");
    const refused = session("confirm");
    await refused.answers("Account:", "");
    await refused.answers("Who signed in:", "Sample Admin");
    await refused.answers("From which slips", "two");
    await refused.sees("--slips");
    refused.type("\u00152,3\r");
    expect(await refused.status()).toBe(8);
    expect(refused.written).not.toContain(AGREE);
    const confirmed = session("confirm");
    await confirmed.answers("Account:", "<");
    await confirmed.sees("this is the first question");
    await confirmed.answers("Account:", "");
    await confirmed.answers("Who signed in:", "Sample Admin");
    await confirmed.answers("From which slips", "<");
    await confirmed.answers("Who signed in:", "<");
    await confirmed.answers("Account:", "");
    await confirmed.answers("Who signed in:", "Sample Second");
    await confirmed.answers("From which slips", "2,3");
    await confirmed.answers(AGREE, "y");
    expect(await confirmed.status()).toBe(0);
    expect(last()).toMatchObject({ kind: "sign-in-confirmed", actor: "Sample Second" });
  },
);
