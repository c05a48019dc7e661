import { expect, test } from "vitest";
import { needs } from "../tools.ts";
import type { Ran } from "./breakglass.ts";
import { ACCOUNT, checked, kinds } from "./ceremony-room.ts";

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
    run("record", "sealed", ...slips, "--by", "Sample Lead");
    const anchor = /\d+-[0-9a-f]{30}/.exec(run("log", "--verify").stdout)![0];
    expect(
      run("rotate", ACCOUNT, "--out", "two", "--by", "Sample Lead", "--anchor", anchor).status,
    ).toBe(0);
    expect(confirm("1,2")).toMatchObject({ status: 0 });
    expect(last(cwd, 1)).toEqual(["sign-in-confirmed"]);
  },
);
