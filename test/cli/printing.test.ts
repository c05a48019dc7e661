import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../tools.ts";
import { breakglass, type Ran } from "./breakglass.ts";
import { CUPS_TOOLS, Cups } from "./cups.ts";

describe.skipIf(needs(...CUPS_TOOLS, "pdftotext", "pdftoppm", "zbarimg"))("a real printer", () => {
  let cups: Cups;
  beforeAll(async () => { cups = await Cups.start(); });
  afterAll(async () => cups.stop());

  test("a test page", () => {
    console.time("t");
    const ran = breakglass(["print-test"], { env: cups.env });
    console.timeEnd("t");
    expect(ran.stderr).toBe("");
    console.log(ran, cups.spool, cups.received);
  });
});
