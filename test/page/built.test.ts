import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { recoveryPage } from "../../src/build-page.mjs";
import { PAGE_FILE } from "./recovery-page.ts";

const root = new URL("../../", import.meta.url);
const page = readFileSync(PAGE_FILE, "utf8");
const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
  version: string;
};

test("two builds of the page give the same bytes", async () => {
  expect(await recoveryPage(root, version)).toBe(page);
});

test("the page has at most 4 MB", () => {
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(4_000_000);
});

test("the page allows itself nothing but its own script, styles and WebAssembly", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  const rules = new Map(
    policy.split("; ").map((rule): [string, string] => {
      const [name, ...values] = rule.split(" ");
      return [name!, values.join(" ")];
    }),
  );
  const digest = (pattern: RegExp): string =>
    `'sha256-${createHash("sha256").update(pattern.exec(page)![1]!).digest("base64")}'`;
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(Object.fromEntries(rules)).toEqual({
    "default-src": "'none'",
    "script-src": `${digest(/<script>(.*?)<\/script>/s)} 'wasm-unsafe-eval'`,
    "style-src": digest(/<style>(.*?)<\/style>/s),
    "base-uri": "'none'",
    "form-action": "'none'",
    "worker-src": "blob:",
    "require-trusted-types-for": "'script'",
    "trusted-types": "scanner",
  });
});

test("nothing in the page's markup points anywhere", () => {
  const markup = page.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, "");
  expect(markup).not.toMatch(/\b(src|href|action|srcset|poster|ping|data)\s*=/i);
  expect(/<style>(.*?)<\/style>/s.exec(page)![1]).not.toMatch(/url\(|@import/i);
});
