import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { breakglass } from "./breakglass.ts";
import { Session } from "./session.ts";

test("alone it asks what to do: first without a register, then with what is due", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  const first = new Session([], { cwd });
  await first.sees("there is no register in custody");
  for (const no of ["9", "1.5", ""]) await first.answers("or q to leave: ", no);
  await first.answers("or q to leave: ", "3");
  await first.sees("the same by itself: breakglass init");
  await first.answers("Tenant", "contoso.onmicrosoft.com");
  await first.answers("Who opens the register", "Sample Lead");
  await first.answers("It stays there for good. (y/n)", "y");
  await first.sees(
    "the same without questions: breakglass init --tenant contoso.onmicrosoft.com --by 'Sample Lead'",
  );
  expect(await first.status()).toBe(0);

  breakglass(["custodian", "add", "Sample One", "--by", "Sample Lead"], { cwd });
  const second = new Session([], { cwd });
  await second.sees("contoso.onmicrosoft.com (custody)");
  await second.sees("Sample One is to be trained");
  const screen = await second.screen();
  const number = /(\d+) {2}[a-z]+: [^\n]*Sample One is to be trained/.exec(screen)![1]!;
  await second.answers("or q to leave: ", number);
  await second.answers("Who did it", "Sample Lead");
  await second.sees("trained Sample One; by Sample Lead");
  await second.answers("It stays there for good. (y/n)", "y");
  await second.sees("entry 3: trained Sample One");
  expect(await second.status()).toBe(0);

  const third = new Session([], { cwd });
  await third.answers("or q to leave: ", "q");
  expect(await third.status()).toBe(0);
});

test("a broken register does not stand before a recovery", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "guide-"));
  breakglass(["init", "--tenant", "contoso.onmicrosoft.com", "--by", "Sample Lead"], { cwd });
  const session = new Session([], {
    cwd,
    env: { BREAKGLASS_REGISTER: join(cwd, "custody/journal.jsonl") },
  });
  await session.sees("recover a password from its slips");
  await session.answers("or q to leave: ", "1");
  await session.sees("Type the numbered lines of a slip");
  session.type("\u0003");
  expect(await session.status()).toBe(130);
});
