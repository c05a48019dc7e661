import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { execFileSync, spawnSync } from "../child.ts";
import { needs } from "../tools.ts";
import { breakglass, issueArgs } from "./breakglass.ts";

/** What the program really printed: the paths of the slips of a new set. */
function issued(total: number, ...flags: string[]): string[] {
  const out = mkdtempSync(join(tmpdir(), "paper-"));
  const ran = breakglass(issueArgs(out, total, ...flags));
  expect(ran.stderr).not.toContain("breakglass:");
  return ran.stdout.trim().split("\n");
}

/** A slip's pages as pictures, as a scanner would make them. */
function scanned(pdf: string): string[] {
  const stem = pdf.replace(/\.pdf$/, "");
  execFileSync("pdftoppm", ["-r", "200", "-gray", "-png", pdf, stem]);
  const folder = join(pdf, "..");
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path.startsWith(`${stem}-`) && path.endsWith(".png"))
    .sort();
}

/** Writes what was read from a slip beside it. */
function noted(pdf: string, text: string): string {
  const file = pdf.replace(/\.pdf$/, ".txt");
  writeFileSync(file, text);
  return file;
}

/** Recovers from every pair of neighbours and expects one password from all. */
function passwordOf(files: readonly string[], needed: number, ...flags: string[]): string {
  const passwords = files.map((_, i) => {
    const chosen = Array.from({ length: needed }, (_, k) => files[(i + k) % files.length]!);
    const ran = breakglass(["recover", "--stdout", ...flags, ...chosen]);
    expect(ran.stderr).not.toContain("breakglass:");
    return ran.stdout;
  });
  expect(new Set(passwords).size).toBe(1);
  return passwords[0]!;
}

const SETS: readonly (readonly [string, number, number, readonly string[]])[] = [
  ["2 of 3", 3, 2, []],
  ["3 of 5 on Letter", 5, 3, ["--split", "3of5", "--page", "Letter"]],
  ["a concatenation in two", 2, 2, ["--split", "concat:2"]],
  ["a concatenation in three", 3, 3, ["--split", "concat:3"]],
  ["a long password", 3, 2, ["--length", "100"]],
  ["the longest password in two", 2, 2, ["--length", "256", "--split", "concat:2"]],
  ["a passphrase", 3, 2, ["--secret", "passphrase"]],
  ["a PIN", 3, 2, ["--secret", "pin"]],
  ["a discreet set", 2, 2, ["--split", "2of2", "--discreet", "Blue"]],
];

describe.skipIf(needs("pdftoppm", "pdftotext", "zbarimg"))("what issue prints comes back", () => {
  test.each(SETS)("%s, by QR code and by its lines", (_, total, needed, flags) => {
    const pdfs = issued(total, ...flags);
    const byQr = pdfs.map((pdf) =>
      // It ends with 4 where a page has no code, as some pages of a long slip have none.
      noted(pdf, spawnSync("zbarimg", ["-q", ...scanned(pdf)], { encoding: "utf8" }).stdout),
    );
    const password = passwordOf(byQr, needed);
    for (const layout of [[], ["-layout"], ["-raw"]]) {
      const byText = pdfs.map((pdf) =>
        noted(pdf, execFileSync("pdftotext", [...layout, pdf, "-"], { encoding: "utf8" })),
      );
      expect(passwordOf(byText, needed)).toBe(password);
    }
  });
});

test.skipIf(needs("pdftotext"))("an imported secret comes back byte by byte", () => {
  // Blanks at both ends, a letter and its accent apart, and characters that no font has
  const secret = Buffer.from("  pa\u0301ss \u{1f511}\u4e2d\t\n", "utf8");
  for (const split of ["2of3", "concat:2", "concat:3"]) {
    const out = mkdtempSync(join(tmpdir(), "paper-"));
    const total = split === "concat:2" ? 2 : 3;
    const flags = ["--split", split, "--import", "--accept-weak"];
    const ran = breakglass(issueArgs(out, total, ...flags), { input: secret });
    const pdfs = ran.stdout.trim().split("\n");
    const files = pdfs.map((pdf) =>
      noted(pdf, execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8" })),
    );
    expect(Buffer.from(passwordOf(files, split === "2of3" ? 2 : total))).toEqual(secret);
  }
});

test.skipIf(needs("pdftoppm", "tesseract"))(
  "nearly all slips come back from a picture of the page alone",
  () => {
    const pdfs = [
      ...issued(16, "--split", "2of16"),
      ...issued(2, "--split", "concat:2"),
      ...issued(2, "--split", "2of2", "--page", "Letter"),
    ];
    const read = pdfs.filter((pdf) => {
      const text = scanned(pdf).map((page) =>
        execFileSync("tesseract", [page, "-"], {
          encoding: "utf8",
          stdio: "pipe",
          // More threads than cores make it many times slower.
          env: { ...process.env, OMP_THREAD_LIMIT: "1" },
        }),
      );
      return (
        breakglass(["check", "--accept-corrections", noted(pdf, text.join("\f"))]).status === 0
      );
    });
    // The slips are others each time; of 100 some three are read wrongly beyond correction.
    expect(read.length).toBeGreaterThanOrEqual(17);
  },
);

test.skipIf(needs("pdftotext", "python3"))("the Python reader gives the same password", () => {
  const pdfs = issued(3);
  const files = pdfs.map((pdf) =>
    noted(pdf, execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8" })),
  );
  const reader = new URL("../../docs/read_slips.py", import.meta.url).pathname;
  const ran = spawnSync("python3", [reader, files[0]!, files[2]!], { encoding: "utf8" });
  expect(ran.stdout).toBe(passwordOf(files, 2));
});
