import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Session } from "./session.ts";

test.each([
  ["where nothing can be drawn anew", { TERM: "dumb" }],
  ["for a screen reader", { BREAKGLASS_PLAIN: "1" }],
])("questions are plain lines %s", async (_, env) => {
  const cwd = mkdtempSync(join(tmpdir(), "plain-"));
  const session = new Session(["init"], { cwd, env });
  await session.answers("Tenant (such as contoso.onmicrosoft.com): ", "");
  await session.sees("say something; Ctrl-C leaves");
  await session.answers("Tenant (such as contoso.onmicrosoft.com): ", "contoso.onmicrosoft.com");
  await session.answers("Organisation, printed on slips (-: none) [-]: ", "");
  await session.answers("Who opens the register: ", "Sample Lead");
  await session.answers("It stays there for good. (y/n)", "y");
  await session.sees("a register for contoso.onmicrosoft.com");
  await session.sees(
    "the same without questions: breakglass init --tenant contoso.onmicrosoft.com --by 'Sample Lead'",
  );
  expect(await session.status()).toBe(0);
});

test("without colour nothing is coloured", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "plain-"));
  const session = new Session(["init"], { cwd, env: { NO_COLOR: "1" } });
  await session.answers("Tenant", "contoso.onmicrosoft.com");
  await session.answers("Organisation", "");
  await session.answers("Who opens the register", "Sample Lead");
  await session.answers("It stays there for good. (y/n)", "y");
  expect(await session.status()).toBe(0);
  // eslint-disable-next-line no-control-regex
  expect(session.written).not.toMatch(/\u001b\[[0-9;]*3\dm/);
});
