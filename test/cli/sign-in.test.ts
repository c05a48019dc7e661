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
