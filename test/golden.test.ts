import type { SpawnSyncReturns } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { execFileSync, spawnSync } from "./child.ts";
import { ALL_KINDS } from "../src/custody/events.ts";
import { parseCeremony } from "../src/paper/ceremony-template.ts";
import { parseLabels } from "../src/paper/labels.ts";
import { parseMinutes } from "../src/paper/minutes-template.ts";
import { parseRunbook } from "../src/paper/runbook.ts";
import { parseWording } from "../src/paper/wording.ts";
import { breakglass, issueArgs } from "./cli/breakglass.ts";
import { readSlips, recover } from "./core/read.ts";
import { summaryOf } from "./golden/summary.ts";
import { fonts } from "./paper/samples.ts";
import { needs } from "./tools.ts";

const V1 = fileURLToPath(new URL("golden/v1", import.meta.url));
const READER = fileURLToPath(new URL("../docs/read_slips.py", import.meta.url));

function namesIn(folder: string): string[] {
  return readdirSync(join(V1, folder)).sort();
}

test("no file of format version 1 was changed, added unseen or removed", () => {
  const found = readdirSync(V1, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "SHA256SUMS")
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
      return `${sum}  ${relative(V1, path)}`;
    });
  const listed = readFileSync(join(V1, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  expect(found.sort()).toEqual(listed.sort());
});

/** Texts with one slip in each. */
type Slips = readonly string[];

/** As few slips as open the set: the first ones, and the last ones. */
function enough(slips: Slips): Slips[] {
  const { threshold } = readSlips({ documents: slips, acceptCorrections: false })[0]!;
  return [slips.slice(0, threshold), slips.slice(-threshold)];
}

function written(slips: Slips): string[] {
  const folder = mkdtempSync(join(tmpdir(), "golden-"));
  return slips.map((text, i) => {
    const file = join(folder, `${i + 1}.txt`);
    writeFileSync(file, text);
    return file;
  });
}

function byCore(slips: Slips): string {
  return Buffer.from(recover({ documents: slips, acceptCorrections: false })).toString();
}

function byProgram(slips: Slips): string {
  const ran = breakglass(["recover", "--stdout", ...written(slips)]);
  expect(ran.stderr).not.toContain("breakglass:");
  return ran.stdout;
}

function byPython(slips: Slips): string {
  const ran = spawnSync("python3", [READER, ...written(slips)], { encoding: "utf8" });
  expect(ran.stderr).toBe("");
  return ran.stdout;
}

/** Runs the program that the by-hand guide has on one page: it reads typed lines. */
function onePage(input: string): SpawnSyncReturns<string> {
  const guide = readFileSync(new URL("../docs/recover-by-hand.md", import.meta.url), "utf8");
  const [, page] = /^```python\n(.*?)^```$/ms.exec(guide)!;
  return spawnSync("python3", ["-c", page!], { input, encoding: "utf8" });
}

function byOnePage(slips: Slips): string {
  const ran = onePage(slips.join("\n"));
  expect(ran.status).toBe(0);
  return ran.stdout.slice(0, -1);
}

const READERS: readonly [name: string, read: (slips: Slips) => string, tools: string[]][] = [
  ["the core", byCore, []],
  ["the program", byProgram, []],
  ["read_slips.py", byPython, ["python3"]],
];

describe.each(READERS)("slips of version 1 as text, by %s", (_, read, tools) => {
  describe.skipIf(needs(...tools)).each(namesIn("slips"))("%s", (name) => {
    const password = readFileSync(join(V1, "slips", name, "password"), "utf8");
    test.each([
      ["typed.txt", /\n\n/],
      ["qr.txt", /\n/],
    ])("%s", (file, between) => {
      const text = readFileSync(join(V1, "slips", name, file), "utf8");
      const slips = text.trimEnd().split(between);
      for (const some of enough(slips)) expect(read(some)).toBe(password);
    });
  });
});

test.skipIf(needs("python3")).each(namesIn("slips"))(
  "typed slips of version 1, by one_page.py: %s",
  (name) => {
    const password = readFileSync(join(V1, "slips", name, "password"), "utf8");
    const typed = readFileSync(join(V1, "slips", name, "typed.txt"), "utf8");
    for (const some of enough(typed.trimEnd().split("\n\n")))
      expect(byOnePage(some)).toBe(password);
  },
);

test.skipIf(needs("python3"))("one_page.py asks for lines where there are none", () => {
  const qr = readFileSync(join(V1, "slips", "shamir-2of3", "qr.txt"), "utf8");
  for (const given of [qr, "", "?\n"]) {
    const { stderr, status } = onePage(given);
    expect(stderr).toContain("no line was found: begin each as printed, like 1)");
    expect(status).toBe(1);
  }
});

/** The text layer of each slip's pages. */
function extracted(pdfs: readonly string[]): Slips {
  return pdfs.map((pdf) => execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8" }));
}

/** The QR code of each slip's pages, as a camera would see it. */
function photographed(pdfs: readonly string[]): Slips {
  const folder = mkdtempSync(join(tmpdir(), "golden-"));
  return pdfs.map((pdf, i) => {
    execFileSync("pdftoppm", ["-r", "200", "-gray", "-png", pdf, join(folder, String(i))]);
    const pages = readdirSync(folder).filter((name) => name.startsWith(`${i}-`));
    // It ends with 4 where a page has no code, as some pages of a long slip have none.
    return spawnSync("zbarimg", ["-q", "--raw", ...pages.map((page) => join(folder, page))], {
      encoding: "utf8",
    }).stdout;
  });
}

const SIGHTS: readonly [name: string, see: (pdfs: readonly string[]) => Slips, tools: string[]][] =
  [
    ["pdftotext", extracted, ["pdftotext"]],
    ["zbarimg", photographed, ["pdftoppm", "zbarimg"]],
  ];

describe.each(SIGHTS)("pages of version 1, by %s", (_, see, tools) => {
  test.skipIf(needs("python3", ...tools)).each(namesIn("pages"))("%s", (name) => {
    const folder = join(V1, "pages", name);
    const password = readFileSync(join(folder, "password"), "utf8");
    const pdfs = namesIn(join("pages", name)).filter((file) => file.endsWith(".pdf"));
    const slips = see(pdfs.map((file) => join(folder, file)));
    for (const some of enough(slips))
      for (const [, read] of READERS) expect(read(some)).toBe(password);
  });
});

describe("pages of version 1, by the program's own scanner", () => {
  test.each(namesIn("pages"))("%s", (name) => {
    const folder = join(V1, "pages", name);
    const pdfs = namesIn(join("pages", name)).filter((file) => file.endsWith(".pdf"));
    const ran = breakglass(["recover", "--stdout", ...pdfs], { cwd: folder });
    expect(ran.stderr).not.toContain("breakglass:");
    expect(ran.stdout).toBe(readFileSync(join(folder, "password"), "utf8"));
  });
});

describe("journals of version 1", () => {
  const names = namesIn("journals").filter((name) => name.endsWith(".jsonl"));
  const summary = (name: string): { kinds: string[] } =>
    JSON.parse(readFileSync(join(V1, "journals", name.replace(/l$/, "")), "utf8")) as {
      kinds: string[];
    };

  test.each(names)("%s verifies, and says what it said", (name) => {
    expect(summaryOf(readFileSync(join(V1, "journals", name)))).toEqual(summary(name));
  });

  test("have every kind of event that the format had", () => {
    const { kinds } = summary("life.jsonl");
    expect(kinds).toHaveLength(43);
    expect(ALL_KINDS).toEqual(expect.arrayContaining(kinds));
  });

  test.each(names)("%s: the program reads it", (name) => {
    const folder = mkdtempSync(join(tmpdir(), "golden-"));
    writeFileSync(join(folder, "journal.jsonl"), readFileSync(join(V1, "journals", name)));
    const ran = breakglass(["log", "--verify", "--register", folder]);
    expect(ran.status).toBe(0);
    const { anchor } = summary(name) as unknown as { anchor: string };
    expect(ran.stdout).toContain(anchor);
  });
});

describe("templates of version 1", () => {
  const text = (name: string): string => readFileSync(join(V1, "templates", name), "utf8");

  test("are whole for this version", () => {
    expect(() => parseWording("slip.json", text("slip.json"), fonts)).not.toThrow();
    expect(() => parseCeremony("ceremony.json", text("ceremony.json"), fonts)).not.toThrow();
    expect(() => parseRunbook("runbook.json", text("runbook.json"), fonts)).not.toThrow();
    expect(() => parseLabels("labels.json", text("labels.json"), fonts)).not.toThrow();
    expect(() => parseMinutes("minutes.json", text("minutes.json"), fonts)).not.toThrow();
  });

  test("print slips", () => {
    const out = mkdtempSync(join(tmpdir(), "golden-"));
    const ran = breakglass(issueArgs(out, 3, "--templates", join(V1, "templates")));
    expect(ran.stdout.trim().split("\n")).toHaveLength(3);
  });
});
