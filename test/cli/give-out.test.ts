import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../tools.ts";
import { breakglass } from "./breakglass.ts";
import { ACCOUNT, checked } from "./ceremony-room.ts";
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

test.skipIf(needs("pdftotext"))(
  "who leaves the password of a ceremony hidden is told what is in the register, and how to go on",
  { timeout: 60_000 },
  async () => {
    const { cwd, set } = checked();
    const alone = new Session(["recover", "slip1.txt", "slip2.txt", "--by", "Sample Admin"], {
      cwd,
    });
    await alone.sees("Press Enter to show it");
    alone.type("\u0003");
    expect(await alone.status()).toBe(130);
    expect(recoveries(cwd)).toEqual(["Sample Admin"]);
    const said = alone.remains.replaceAll(/\s+/g, " ");
    expect(said).not.toContain("nothing was kept");
    expect(said).toContain(`the password of set ${set} was recovered, seen or not`);
    expect(said).toContain(`or back out: breakglass rotate ${ACCOUNT}`);
    const again = `recover --set ${set} --purpose ceremony`;
    expect(said).toContain(`to see the password again: breakglass ${again};`);
    const slips = ["slip1.txt", "slip2.txt", "--stdout", "--by", "Sample Admin"];
    expect(breakglass([...again.split(" "), ...slips], { cwd }).status).toBe(0);

    const led = new Session(["rotate", ACCOUNT, "--by", "Sample Lead"], { cwd, rows: 60 });
    await led.answers("r, e, a, b, q? ", "a");
    await led.answers("Who sets it in the tenant", "Sample Admin");
    await led.answers("1, 2, 3? ", "1");
    await led.answers("read these steps. ", "");
    for (const slip of [1, 2]) await led.answers("1) ", `slip${slip}.txt`);
    await led.sees("Press Enter to show it");
    led.type("\u0003");
    expect(await led.status()).toBe(130);
    expect(recoveries(cwd)).toHaveLength(3);
    expect(led.written).not.toContain("nothing was kept");
    expect(led.remains).toContain("what was done is in the register");
    expect(led.remains).toContain(`go on from there: breakglass rotate ${ACCOUNT}`);
  },
);
