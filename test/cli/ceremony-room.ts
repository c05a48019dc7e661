import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { execFileSync } from "../child.ts";
import { breakglass, type Ran } from "./breakglass.ts";
import type { Session } from "./session.ts";

/** The account whose password is rotated. */
export const ACCOUNT = "bg-1@contoso.onmicrosoft.com";
/** Who keeps its slips, and where, as flags. */
export const HOLDERS = ["One", "Two", "Three"].flatMap((name, i) => [
  ...["--custodian", `Sample ${name}`, "--location", `Safe ${"ABC".charAt(i)}`],
]);

/** A folder with a register of one account, three custodians with alternates, and three sites. */
export function register(): string {
  const cwd = mkdtempSync(join(tmpdir(), "rotate-"));
  const by = ["--by", "Sample Lead"];
  const commands = [
    ["init", "--tenant", "contoso.onmicrosoft.com", "--organisation", "Sample Bank AG"],
    ...["A", "B", "C"].map((safe) => ["site", "add", `Safe ${safe}`, "--site", `Site ${safe}`]),
    ...["One", "Two", "Three"].flatMap((name) => [
      ["custodian", "add", `Sample ${name}`, "--alternate", `Alternate ${name}`],
      ["custodian", "add", `Alternate ${name}`],
    ]),
    ["account", "add", ACCOUNT],
  ];
  for (const command of commands)
    expect(breakglass([...command, ...by], { cwd }).stderr).not.toContain("breakglass:");
  return cwd;
}

/** The kinds of all events, as `log` tells them. */
export function kinds(cwd: string): string[] {
  const { stdout } = breakglass(["log", "--json"], { cwd });
  return (JSON.parse(stdout) as { kind: string }[]).map(({ kind }) => kind);
}

/** A room in which a set was issued and every slip checked from paper: slip1.txt and so on. */
export function checked(): { cwd: string; set: string; run: (...args: string[]) => Ran } {
  const cwd = register();
  const run = (...args: string[]): Ran => breakglass(args, { cwd });
  expect(run("issue", ACCOUNT, "--out", "one", "--by", "Sample Lead", ...HOLDERS)).toMatchObject({
    status: 0,
  });
  for (const [i, name] of readdirSync(join(cwd, "one")).toSorted().entries()) {
    execFileSync("pdftotext", [join(cwd, "one", name), join(cwd, `slip${i + 1}.txt`)]);
    expect(run("check", `slip${i + 1}.txt`, "--by", "Sample Custodian").status).toBe(0);
  }
  return { cwd, set: readdirSync(join(cwd, "one"))[0]!.slice(0, 4), run };
}

/** The lines of a printed slip, 1 to L and then the spare line, as somebody types them. */
function linesOf(pdf: string): string[] {
  const text = execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });
  const line = /^\s*(?:\d+|S)\) ((?:[0-9A-Z]{4} ){4} ?[0-9A-Z]{4})/gm;
  return [...text.matchAll(line)].map(([, symbols]) => symbols!);
}

/** The lines of every slip in a folder, slip 1 first. */
export function paperOf(folder: string): string[][] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => linesOf(join(folder, name)));
}

/** Has a slip checked: typed line by line, in the hands of somebody. */
export async function typeSlip(
  session: Session,
  lines: readonly string[],
  by: string,
): Promise<void> {
  await session.answers("t, d, q? ", "t");
  await session.answers("Who checks it", by);
  for (const [i, line] of lines.entries())
    await session.answers(i + 1 < lines.length ? `${i + 1}) ` : "S) ", line);
  await session.sees(": intact; issued for");
  await session.sees("write it into the table on the slip, and into the script");
}

/** Looks at the password, and leaves. */
export async function show(session: Session): Promise<string> {
  await session.answers("Press Enter to show it", "");
  await session.sees("The gaps only help the eye");
  const [password] = (await session.screen()).split("\n");
  await session.answers("q and Enter leaves. ", "q");
  return password!.replaceAll(" ", "");
}
