import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../tools.ts";
import { BINARY } from "./breakglass.ts";
import { writeSampleSlips } from "./sample-slips.ts";
import { Session } from "./session.ts";

const cwd = mkdtempSync(join(tmpdir(), "signals-"));
beforeAll(() => writeSampleSlips(cwd));

/** A session in which the password is on the screen. */
async function shown(env: Readonly<Record<string, string>> = {}): Promise<Session> {
  const session = new Session(["recover", "one.txt", "two.txt"], { cwd, env });
  await session.answers("Press Enter to show it", "");
  await session.sees("q and Enter leaves. ");
  return session;
}

test.each(["SIGQUIT", "SIGALRM", "SIGABRT"])("%s leaves a clean screen", async (signal) => {
  const session = await shown();
  session.kill(signal);
  expect(await session.status()).toBe(130);
  expect(session.onAlternateScreen).toBe(false);
  expect(session.remains).not.toMatch(/kR7#|small kilo/);
});

test("an error that nobody expected leaves a clean screen, and quotes nothing", async () => {
  const plant = join(cwd, "plant.cjs");
  writeFileSync(plant, `process.on("SIGUSR2", () => { throw new Error("kR7#mX2-vQ9+") });\n`);
  const session = await shown({ NODE_OPTIONS: `--require ${plant}` });
  session.kill("SIGUSR2");
  await session.sees("breakglass failed unexpectedly (Error)");
  expect(await session.status()).toBe(1);
  expect(session.onAlternateScreen).toBe(false);
  expect(session.remains).not.toMatch(/kR7#|small kilo/);
});

test("no debugger can be called in", async () => {
  const session = await shown();
  session.kill("SIGUSR1");
  await session.answers("", "");
  await session.answers("s shows it again", "q");
  expect(await session.status()).toBe(0);
  expect(session.written).not.toContain("Debugger");
});

test.skipIf(needs("bash"))("at Ctrl-Z nothing is left on the screen: it goes on", async () => {
  // Only a shell with job control could be gone back to.
  const session = new Session(["--norc", "-i"], { cwd, program: "bash", env: { PS1: "shell> " } });
  await session.answers("shell> ", `'${process.execPath}' '${BINARY}' recover one.txt two.txt`);
  await session.answers("Press Enter to show it", "");
  await session.sees("Enter hides it;");
  session.type("\u001a\r");
  await session.sees("The password is hidden, and not lost.");
  session.type("\u001aq\r");
  await session.answers("shell> ", `'${process.execPath}' '${BINARY}' init`);
  await session.sees("Tenant");
  session.type("\u001a");
  await new Promise((resolve) => setTimeout(resolve, 1000)); // nothing tells that it went on
  session.type("contoso.onmicrosoft.com\r");
  await session.answers("Organisation", "");
  await session.answers("Who opens the register", "Sample Lead");
  await session.answers("stays there for good. (y/n)", "y");
  await session.sees("a register for contoso.onmicrosoft.com");
  await session.answers("shell> ", "exit");
  await session.status();
  expect(session.written).not.toContain("Stopped");
  expect(session.remains).not.toContain("kR7#");
});
