import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { execFileSync, spawnSync } from "../child.ts";
import { needs } from "../tools.ts";
import type { Ran } from "./breakglass.ts";
import { programWith } from "./program-copy.ts";

/** What kit does with the page does not depend on what is in it. */
const PAGE = "<!doctype html><title>a page</title>\n";
const PAGE_HASH = createHash("sha256").update(PAGE).digest("hex");
const IN_FOURS = PAGE_HASH.match(/..../g)!.join(" ");

let program = "";
let folder = "";
let ran: Ran;

function run(binary: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  return spawnSync(process.execPath, [binary, ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

beforeAll(() => {
  program = programWith(PAGE);
  folder = join(mkdtempSync(join(tmpdir(), "kit-")), "new/stick");
  ran = run(program, ["kit", folder]);
});

function contents(of: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(of).map((name) => [name, readFileSync(join(of, name)).toString("base64")]),
  );
}

test("says the SHA-256 of the page, and of the list that stands for the kit", () => {
  const sums = readFileSync(join(folder, "SHA256SUMS"));
  const kitHash = createHash("sha256").update(sums).digest("hex");
  expect(ran.stdout).toBe(
    `${PAGE_HASH}  ${folder}/recover.html\n${kitHash}  ${folder}/SHA256SUMS\n`,
  );
  expect(ran.stderr).toContain(`\n  ${IN_FOURS}\n`);
  expect(ran.status).toBe(0);
});

test("the same version writes the same bytes, wherever and whenever", () => {
  const other = mkdtempSync(join(tmpdir(), "kit-"));
  const env = { TZ: "Pacific/Auckland", LANG: "de_AT.UTF-8", SOURCE_DATE_EPOCH: "1" };
  expect(run(program, ["kit", other], env).status).toBe(0);
  expect(contents(other)).toEqual(contents(folder));
});

test.skipIf(needs("faketime"))("on another day too", () => {
  const other = join(mkdtempSync(join(tmpdir(), "kit-")), "later");
  execFileSync("faketime", ["2031-05-01 12:00:00", process.execPath, program, "kit", other], {
    stdio: "pipe",
  });
  expect(contents(other)).toEqual(contents(folder));
});

test("can be read by everybody, on any system", () => {
  for (const name of readdirSync(folder)) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o644);
    expect(name).toMatch(/^[A-Za-z0-9_.-]+$/);
  }
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

test("README.txt names each file, and fits on a small screen in plain ASCII", () => {
  const readme = readFileSync(join(folder, "README.txt"), "utf8");
  expect(readme).toMatch(/^[\x20-\x7e\n]+$/);
  for (const line of readme.split("\n")) expect(line.length).toBeLessThanOrEqual(79);
  const list = readme.split("WHAT IS HERE\n")[1]!;
  const named = [...list.matchAll(/^ {3}([\w.-]+) /gm)].map(([, name]) => name!);
  expect(["README.txt", ...named].sort()).toEqual(readdirSync(folder).sort());
});

test.skipIf(needs("sha256sum"))("SHA256SUMS covers all other files", () => {
  const checked = execFileSync("sha256sum", ["-c", "SHA256SUMS"], {
    cwd: folder,
    encoding: "utf8",
  });
  const names = readdirSync(folder).filter((name) => name !== "SHA256SUMS");
  expect(checked.trimEnd().split("\n").sort()).toEqual(names.sort().map((name) => `${name}: OK`));
});

test.skipIf(needs("python3"))("its reader runs from where it lies", () => {
  const help = execFileSync("python3", [join(folder, "read_slips.py"), "--help"], {
    encoding: "utf8",
  });
  expect(help).toContain("--accept-corrections");
});

test("links in the guide lead to files that are there", () => {
  const text = readFileSync(join(folder, "recover-by-hand.md"), "utf8");
  const targets = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
  expect(targets).not.toEqual([]);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(targets));
});

test("without a page there is no kit, and no folder", () => {
  const target = join(mkdtempSync(join(tmpdir(), "kit-")), "stick");
  const refused = run(programWith(undefined), ["kit", target]);
  expect(refused.stderr).toBe(
    "breakglass: the recovery page (recover.html) is not beside this program\n  build it first: npm run build\n",
  );
  expect(refused.status).toBe(9);
  expect(existsSync(target)).toBe(false);
});

test("a folder with something in it is left as it is", () => {
  const target = mkdtempSync(join(tmpdir(), "kit-"));
  writeFileSync(join(target, "holiday.txt"), "mine");
  const refused = run(program, ["kit", target]);
  expect(refused.stderr).toContain(`the folder ${target} is not empty`);
  expect(refused.status).toBe(9);
  expect(readdirSync(target)).toEqual(["holiday.txt"]);
});

test.skipIf(needs("pdftotext"))("the runbook prints the page's SHA-256, if there is a page", () => {
  const register = mkdtempSync(join(tmpdir(), "kit-"));
  const journal = new URL("../golden/v1/journals/life.jsonl", import.meta.url);
  writeFileSync(join(register, "journal.jsonl"), readFileSync(journal));
  const runbook = (binary: string): string => {
    const out = mkdtempSync(join(tmpdir(), "kit-"));
    const args = ["ceremony", "runbook", "bg-1", "--register", register, "--out", out];
    const path = run(binary, args).stdout.trim();
    return execFileSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
  };
  expect(runbook(program)).toMatch(new RegExp(`recover\\.html, SHA-256 +${IN_FOURS}\n`));
  expect(runbook(programWith(undefined))).not.toContain("recover.html, SHA-256");
});

describe("the guide's PDF", () => {
  const pdf = (): string => join(folder, "recover-by-hand.pdf");
  const tool = (name: string, ...args: string[]): string =>
    execFileSync(name, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

  test.skipIf(needs("qpdf", "pdfinfo", "pdffonts"))(
    "is sound, tagged, and brings its fonts",
    () => {
      expect(tool("qpdf", "--check", pdf())).toContain("No syntax or stream encoding errors");
      const info = tool("pdfinfo", "-isodates", pdf());
      expect(info).toMatch(/^Tagged: +yes$/m);
      expect(info).toMatch(/^Title: +Recover by hand$/m);
      expect(info).toMatch(/^CreationDate: +2026-11-23T/m);
      for (const font of tool("pdffonts", pdf()).trim().split("\n").slice(2))
        expect(font).toMatch(/DejaVu.* yes yes yes /);
    },
  );

  test.skipIf(needs("pdftotext"))("reads as no slip's code", () => {
    for (const mode of [[], ["-layout"], ["-raw"]]) {
      const lines = tool("pdftotext", ...mode, pdf(), "-").split(/[\n\f]/);
      expect(lines.filter((line) => /^\s*(\d+|S)\)|BG\d+:/i.test(line))).toEqual([]);
    }
  });

  test.skipIf(needs("pdftotext"))("says everything that the Markdown says", () => {
    const bare = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, "");
    const markdown = readFileSync(join(folder, "recover-by-hand.md"), "utf8")
      .replaceAll(/^```sh$/gm, "")
      .replaceAll(/\]\([^)]*\)/g, "]");
    // Heads of pages lie between; what is compared is each row of the Markdown, cell by cell.
    const printed = bare(
      tool("pdftotext", "-raw", pdf(), "-").replaceAll(
        /^.*(page \d+ of \d+|nothing secret.*)$/gm,
        "",
      ),
    );
    for (const part of markdown.split(/[\n|]/)) {
      const said = bare(part.replace(/^\d+\. /, ""));
      // a sentence may go over a line or a page; its beginning does not
      expect(printed, part).toContain(said.slice(0, 40));
    }
  });

  test("Letter is Letter", () => {
    const target = join(mkdtempSync(join(tmpdir(), "kit-")), "letter");
    mkdirSync(target);
    expect(run(program, ["kit", target, "--page", "Letter"]).status).toBe(0);
    const bytes = readFileSync(join(target, "recover-by-hand.pdf"), "latin1");
    expect(bytes).toMatch(/MediaBox \[0 0 612(\.0*)? 792(\.0*)?\]/);
  });
});
