import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../tools.ts";
import { breakglass } from "./breakglass.ts";
import { checked } from "./ceremony-room.ts";
import { Session } from "./session.ts";

const EMERGENCY = ["recover", "--purpose", "emergency", "slip1.txt", "slip2.txt"];

function recoveries(cwd: string): string[] {
  const journal = readFileSync(join(cwd, "custody/journal.jsonl"), "utf8");
  return journal
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string; actor: string })
    .filter(({ kind }) => kind === "password-recovered")
    .map(({ actor }) => actor);
}

test.skipIf(needs("pdftotext"))(
  "a password that was seen is written down, however its screen is left",
  { timeout: 60_000 },
  async () => {
    const { cwd } = checked();
    // Left hidden, nobody has seen it.
    const hidden = new Session(EMERGENCY, { cwd });
    await hidden.sees("Press Enter to show it");
    hidden.type("\u0003");
    expect(await hidden.status()).toBe(130);
    expect(hidden.remains).toContain("nothing was kept");
    expect(recoveries(cwd)).toEqual([]);

    const named = new Session(EMERGENCY, { cwd });
    await named.answers("Press Enter to show it", "");
    await named.answers("q and Enter leaves. ", "q");
    // An answer is never dropped unsaid.
    await named.answers("Who recovered it, for the register?", "4711");
    await named.sees("that is nobody's name; say a name, or Enter alone to name nobody");
    await named.answers("Who recovered it, for the register?", "Sample Responder");
    expect(await named.status()).toBe(0);
    expect(recoveries(cwd)).toEqual(["Sample Responder"]);

    const ways: ((session: Session) => void)[] = [
      (session) => session.type("\u0003"),
      (session) => session.kill("SIGTERM"),
      (session) => session.kill("SIGHUP"),
    ];
    for (const [i, leave] of ways.entries()) {
      const session = new Session(EMERGENCY, { cwd });
      await session.answers("Press Enter to show it", "");
      await session.sees("q and Enter leaves. ");
      leave(session);
      expect(await session.status()).toBe(130);
      expect(recoveries(cwd)).toHaveLength(2 + i);
    }
    const asked = new Session(EMERGENCY, { cwd });
    await asked.answers("Press Enter to show it", "");
    await asked.answers("q and Enter leaves. ", "q");
    await asked.sees("Who recovered it, for the register?");
    asked.kill("SIGHUP");
    expect(await asked.status()).toBe(130);
    expect(recoveries(cwd)).toEqual(["Sample Responder", ...Array<string>(4).fill("not named")]);
    // Five times is one thing to do, with an assessment for each.
    const { stdout } = breakglass(["status"], { cwd });
    expect(stdout.match(/was used in an emergency/g)).toHaveLength(1);
    expect(stdout.match(/or breakglass record assessed/g)).toHaveLength(5);
  },
);
