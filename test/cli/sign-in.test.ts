import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { needs } from "../tools.ts";
import type { Ran } from "./breakglass.ts";
import { ACCOUNT, checked, kinds } from "./ceremony-room.ts";
import { Session } from "./session.ts";

/** The last kinds of events. */
function last(cwd: string, count: number): string[] {
  return kinds(cwd).slice(-count);
}

test.skipIf(needs("pdftotext"))(
  "after a sign-in that failed, only who set the password sets it again; anybody else signs in",
  () => {
    const { cwd, set, run } = checked();
    const recover = (by: string, ...slips: number[]): Ran =>
      run("recover", "--stdout", ...slips.map((n) => `slip${n}.txt`), "--by", by);
    const failed = (): Ran =>
      run(
        "record",
        "sign-in-failed",
        set,
        "--reason",
        "a slip of the pen",
        "--by",
        "Sample Second",
      );
    expect(recover("Sample Admin", 1, 2).status).toBe(0);
    expect(failed().status).toBe(0);
    expect(recover("Sample Second", 1, 3).status).toBe(0);
    expect(last(cwd, 2)).toEqual(["sign-in-failed", "password-recovered"]);
    // What was recovered by hand is judged as what the tool showed.
    expect(
      run(
        ...["record", "recovered", set, "--slips", "2,3"],
        ...["--purpose", "ceremony", "--by", "Sample Third"],
      ).status,
    ).toBe(0);
    expect(last(cwd, 1)).toEqual(["password-recovered"]);
    expect(recover("sample admin", 1, 2).status).toBe(0);
    expect(last(cwd, 2)).toEqual(["setting-begun", "password-recovered"]);
    expect(run("confirm", ACCOUNT, "--slips", "1,3", "--by", "Sample Second")).toMatchObject({
      status: 0,
    });
  },
);

test.skipIf(needs("pdftotext"))(
  "a sign-in with the active set is confirmed while the next one is only issued",
  () => {
    const { cwd, set, run } = checked();
    const confirm = (slips: string): Ran =>
      run("confirm", ACCOUNT, "--slips", slips, "--by", "Sample Second");
    run("recover", "--stdout", "slip1.txt", "slip2.txt", "--by", "Sample Admin");
    run("recover", "--stdout", "slip1.txt", "slip3.txt", "--by", "Sample Second");
    expect(confirm("1,3").status).toBe(0);
    const slips = [1, 2, 3].map((slip) => `${set}/${slip}`);
    const sealed = run("record", "sealed", ...slips, "--by", "Sample Lead");
    expect(sealed.status).toBe(0);
    // What was left out is said, and can be added.
    expect(sealed.stderr).toContain(`note: no bag is on record for ${slips.join(", ")}`);
    expect(sealed.stderr).toContain("note: no witness is on record");
    const add = ["record", "sealed", slips[0]!, "--bag", "4711", "--note", "its serial"];
    expect(sealed.stderr).toContain(`breakglass ${add.slice(0, 4).join(" ")} SERIAL --note WHY`);
    const added = run(...add, "--by", "Sample Lead", "--witness", "Sample Second");
    expect(added).toMatchObject({ status: 0, stderr: "" });
    const anchor = /\d+-[0-9a-f]{30}/.exec(run("log", "--verify").stdout)![0];
    expect(
      run("rotate", ACCOUNT, "--out", "two", "--by", "Sample Lead", "--anchor", anchor).status,
    ).toBe(0);
    expect(confirm("1,2")).toMatchObject({ status: 0 });
    expect(last(cwd, 1)).toEqual(["sign-in-confirmed"]);
  },
);

/** Where all slips of a set lie, each in a row. */
function listOf(set: string): RegExp {
  const rows = [1, 2, 3].map((slip) => String.raw`\n {2}${set}/${slip} {2}Safe .*`);
  return new RegExp(`set ${set}, 2 of these 3 slips:${rows.join("")}`);
}

test.skipIf(needs("pdftotext"))(
  "after an emergency with the next set the active one is set again where its sign-in fails, and then confirmed",
  { timeout: 60_000 },
  () => {
    const { cwd, set, run } = checked();
    const recover = (...args: string[]): Ran => run("recover", "--stdout", ...args);
    recover("slip1.txt", "slip2.txt", "--by", "Sample Admin");
    recover("slip1.txt", "slip3.txt", "--by", "Sample Second");
    const confirm = (): Ran => run("confirm", ACCOUNT, "--slips", "1,3", "--by", "Sample Second");
    confirm();
    run("record", "sealed", ...[1, 2, 3].map((slip) => `${set}/${slip}`), "--by", "Sample Lead");
    const anchor = /\d+-[0-9a-f]{30}/.exec(run("log", "--verify").stdout)![0];
    run("rotate", ACCOUNT, "--out", "two", "--by", "Sample Lead", "--anchor", anchor);
    const next = readdirSync(join(cwd, "two"))[0]!.slice(0, 4);
    const emergency = ["--purpose", "emergency", "--slips", "1,2", "--by", "Sample Lead"];
    run("record", "recovered", next, ...emergency);
    run("record", "lost", `${next}/3`, "--by", "Sample Lead");
    const again = (): Ran =>
      recover("slip1.txt", "slip2.txt", "--purpose", "ceremony", "--by", "Sample Admin");
    const abandon = (): Ran =>
      run("record", "abandoned", next, "--reason", "a slip is lost", "--by", "Sample Lead");
    expect(again()).toMatchObject({ status: 8, stdout: "" });
    expect(abandon().stderr).toContain(`record sign-in-failed ${set}`);
    run("record", "sign-in-failed", set, "--by", "Sample Second");
    expect(abandon().stderr).toContain(`recover --set ${set} --purpose ceremony`);
    expect(again().status).toBe(0);
    expect(confirm().status).toBe(0);
    expect(abandon().status).toBe(0);
    expect(last(cwd, 4)).toEqual([
      ...["sign-in-failed", "password-recovered", "sign-in-confirmed", "set-abandoned"],
    ]);
  },
);

test.skipIf(needs("pdftotext"))(
  "who recovers from slips of a set that was replaced hears which set the tenant holds, and which slips to fetch",
  { timeout: 60_000 },
  async () => {
    const { cwd, set, run } = checked();
    const recover = (by: string, ...files: string[]): Ran =>
      run("recover", "--stdout", ...files, "--by", by);
    const setAndSigned = (name: string, during = (): void => undefined): void => {
      recover("Sample Admin", `${name}1.txt`, `${name}2.txt`);
      during();
      recover("Sample Second", `${name}2.txt`, `${name}3.txt`);
      expect(run("confirm", ACCOUNT, "--slips", "2,3", "--by", "Sample Second").status).toBe(0);
    };
    setAndSigned("slip");
    run("record", "sealed", ...[1, 2, 3].map((slip) => `${set}/${slip}`), "--by", "Sample Lead");
    const anchor = /\d+-[0-9a-f]{30}/.exec(run("log", "--verify").stdout)![0];
    run("rotate", ACCOUNT, "--out", "two", "--by", "Sample Lead", "--anchor", anchor);
    const next = readdirSync(join(cwd, "two"))[0]!.slice(0, 4);
    for (const i of [1, 2, 3]) {
      const pdf = join(cwd, "two", `${next}-slip-${i}-of-3.pdf`);
      execFileSync("pdftotext", [pdf, join(cwd, `next${i}.txt`)]);
      run("check", `next${i}.txt`, "--by", "Sample Custodian");
    }
    // Nor is anybody sent after slips of a set that was never set: its password opens nothing yet.
    const early = run("recover", "--stdout", "next1.txt", "--purpose", "emergency");
    expect(early.status).toBe(4);
    expect(early.stderr).toContain(
      `set ${next} (generation 2) is not set yet, says the register; the tenant holds generation 1 (set ${set})\n`,
    );
    expect(early.stderr).toMatch(listOf(set));
    expect(early.stderr).not.toContain(`the others of set ${next}`);
    setAndSigned("next", () => {
      // Whoever fetched the old slips while the new password is being set is in an emergency.
      const old = run("recover", "--stdout", "slip1.txt", "slip2.txt");
      expect(old.status).toBe(0);
      expect(old.stderr).toContain("purpose emergency");
    });

    const held = `set ${set} (generation 1) is superseded, says the register; the tenant holds generation 2 (set ${next})`;
    const one = run("recover", "--stdout", "slip1.txt");
    expect(one.status).toBe(4);
    expect(one.stderr).toContain(held);
    expect(one.stderr).toMatch(new RegExp(`${next}/2 {2}Safe B, .*: Sample Two`));
    // An emergency is never held up: its password comes all the same.
    const both = run("recover", "--stdout", "slip1.txt", "slip2.txt");
    expect(both.status).toBe(0);
    expect(both.stdout).toHaveLength(24);
    expect(both.stderr).toContain(held);
    expect(run("recover", "--stdout", "next1.txt", "next2.txt").stderr).not.toContain("Safe");
    // Of the set that the tenant holds it says where the others lie.
    const others = new RegExp(`the others of set ${next}:\n {2}${next}/2 .*\n {2}${next}/3 `);
    expect(run("recover", "--stdout", "next1.txt").stderr).toMatch(others);
    // With slips of both, each list is whole.
    const mixed = run("recover", "--stdout", "next1.txt", "slip1.txt").stderr;
    expect(mixed).toMatch(others);
    expect(mixed).toMatch(listOf(next));
    const guided = new Session(["recover", "slip1.txt"], { cwd, columns: 200 });
    await guided.answers("1) ", "next1.txt");
    await guided.sees(`the others of set ${next}:`);
    await guided.sees("1) ");
    guided.type("\u0003");
    expect(await guided.status()).toBe(130);
    expect(guided.remains).toMatch(others);

    const shredded = ["--by", "Sample Lead", "--witness", "Sample Witness"];
    run("record", "sealed", ...[1, 2, 3].map((slip) => `${next}/${slip}`), "--by", "Sample Lead");
    expect(run("record", "destroyed", `${set}/1`, ...shredded).stderr).toBe("");
    expect(run("recover", "--stdout", "slip1.txt", "slip2.txt").stderr).toMatch(
      new RegExp(`careful: ${set} slip 1 of 3 was destroyed, says entry \\d+ of the register`),
    );

    const session = new Session(["recover", "slip1.txt"], { cwd });
    await session.sees(`careful: set ${set}`);
    await session.sees(`set ${next}, 2 of these 3 slips`);
    await session.answers("1) ", "slip2.txt");
    await session.answers("Press Enter to show it", "");
    await session.answers("q and Enter leaves. ", "q");
    await session.answers("Who recovered it, for the register?", "Sample Responder");
    expect(await session.status()).toBe(0);
    expect(run("log", "--kind", "password-recovered").stdout).toContain("by Sample Responder");
  },
);
