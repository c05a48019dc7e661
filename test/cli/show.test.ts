import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "../child.ts";
import { sessionFindings } from "../../src/cli/doctor/doctor-session.ts";
import { needs } from "../tools.ts";
import { BINARY } from "./breakglass.ts";
import { ACCOUNT, HOLDERS, register } from "./ceremony-room.ts";
import { SAMPLE_PASSWORD, writeSampleSlips } from "./sample-slips.ts";
import { Session } from "./session.ts";
import { X_TOOLS, startX, type XServer } from "./x-server.ts";

const cwd = mkdtempSync(join(tmpdir(), "show-"));
beforeAll(() => writeSampleSlips(cwd));
const SLIPS = ["one.txt", "two.txt"];

test("one reads the password back, the other confirms it, character by character", async () => {
  const session = new Session(["recover", ...SLIPS], { cwd });
  await session.answers("Press Enter to show it", "");
  await session.answers("q and Enter leaves. ", "r");
  await session.sees("Character 1 of 12");
  await session.sees("k    small kilo");
  expect(await session.screen()).not.toContain("kR");
  await session.answers("q ends the reading. ", "");
  await session.sees("Character 2 of 12");
  await session.answers("q ends the reading. ", "b");
  await session.sees("Character 1 of 12");
  for (let i = 1; i <= 12; i++) await session.answers("q ends the reading. ", "");
  await session.sees("The password is hidden, and not lost.");
  await session.answers("q and Enter leaves. ", "q");
  expect(await session.status()).toBe(0);
  expect(session.remains).not.toContain("small kilo");
});

test("who waits for a set is told what is done before it is proved, and before it is made", async () => {
  const issue = ["issue", "bg-1", "--no-register", "--discreet", "Blue", "--out", "waited"];
  const session = new Session(issue, { cwd });
  await session.sees("splitting the password, and proving that it comes back ...");
  await session.sees("making 3 slips ...");
  expect(await session.status()).toBe(0);
});

describe.skipIf(process.platform !== "linux" || needs("prlimit"))("where core dumps are on", () => {
  const before = ["prlimit", "--core=4096:unlimited"];
  const warnings = (session: Session): number =>
    session.written.split("careful: core dumps are on").length - 1;

  test("a rotation says so once, also where it goes on or another set is issued", async () => {
    const room = register();
    const rotate = ["rotate", ACCOUNT, "--by", "Sample Lead", "--out", "one"];
    const first = new Session([...rotate, ...HOLDERS], { cwd: room, rows: 60, before });
    await first.answers("q leaves:", "y");
    await first.answers("t, d, q? ", "q");
    expect(await first.status()).toBe(0);
    expect(warnings(first)).toBe(1);
    const second = new Session(rotate, { cwd: room, rows: 60, before });
    await second.sees("careful: core dumps are on");
    await second.answers("t, d, q? ", "d");
    await second.answers("p, b, x? ", "x");
    await second.answers("What is wrong with it", "torn");
    await second.answers("a, q? ", "a");
    await second.answers("Why", "");
    for (const answer of ["l", "l", "l", "l"]) await second.answers("d, l? ", answer);
    await second.answers("i, q? ", "i");
    await second.answers("q leaves:", "y");
    await second.answers("t, d, q? ", "q");
    expect(await second.status()).toBe(0);
    expect(warnings(second)).toBe(1);
  });

  test("a check says so once", async () => {
    const session = new Session(["check", ...SLIPS], { cwd, before });
    expect(await session.status()).toBe(0);
    expect(warnings(session)).toBe(1);
  });
});

describe.skipIf(needs("script"))("where the screen is recorded", () => {
  test.each([
    ["recover one.txt two.txt", "nothing is shown"],
    ["recover", "no slip is typed to recover"],
    ["check", "no slip is typed to be checked"],
  ])("%s: %s", async (args) => {
    const program = join(cwd, "recorded");
    const command = `'${process.execPath}' '${BINARY}' ${args}`;
    writeFileSync(program, `#!/bin/sh\nexec script -qec "${command}" typescript\n`);
    chmodSync(program, 0o755);
    const session = new Session([], { cwd, program });
    await session.sees("this terminal is recorded (script)");
    expect(await session.status()).toBe(2);
    expect(session.written).not.toMatch(/kR7#|1\) /);
  });
});

/** Linux' name for a file system in memory. */
const TMPFS = 0x01021994;

test.skipIf(process.platform !== "linux" || statfsSync("/tmp").type === TMPFS)(
  "wl-copy is not given the password where its own copy would lie on a disk",
  async () => {
    const asked = join(cwd, "wl-copy-asked");
    const program = join(cwd, "wl-copy");
    writeFileSync(program, `#!/bin/sh\n: > '${asked}'\n`);
    chmodSync(program, 0o755);
    const session = new Session(["recover", "--clipboard", ...SLIPS], {
      ...{ cwd, env: { PATH: cwd, DISPLAY: "", WAYLAND_DISPLAY: "wayland-0" } },
    });
    await session.sees("wl-copy would write the password to a disk, for /tmp is not in memory");
    await session.sees("install xclip or xsel, and run this in an X terminal");
    expect(await session.status()).toBe(9);
    expect(existsSync(asked)).toBe(false);
  },
);

test.skipIf(process.getuid?.() !== 0 || needs("unshare", "mount"))(
  "on Wayland wl-copy comes before xclip where its copy stays in memory, and after it nothing else",
  async () => {
    const bin = mkdtempSync(join(tmpdir(), "bin-"));
    const held = join(bin, "held");
    const programs = {
      "wl-copy": `if [ "$1" = --clear ]; then rm '${held}'; else cat > '${held}'; fi`,
      "wl-paste": `cat '${held}'`,
      xclip: `: > '${bin}/xclip-asked'`,
    };
    for (const [name, does] of Object.entries(programs))
      writeFileSync(join(bin, name), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
    // A /tmp in memory for this program alone, with what it needs of the real one.
    const script = `mount --rbind /tmp /mnt && mount -t tmpfs tmpfs /tmp || exit 1
      for folder in "$PROGRAM" '${bin}'; do case $folder in /tmp/*)
        mkdir -p "$folder" && mount --bind "/mnt$\{folder#/tmp}" "$folder" || exit 1
      esac; done; exec "$@"`;
    const session = new Session(["recover", "--clipboard", ...SLIPS], {
      ...{ cwd, before: ["unshare", "--mount", "sh", "-c", script, "sh"] },
      env: {
        ...{ PATH: `${bin}${delimiter}${process.env["PATH"]!}`, PROGRAM: dirname(BINARY) },
        ...{ DISPLAY: ":0", WAYLAND_DISPLAY: "wayland-0" },
      },
    });
    await session.sees("It is taken off after");
    expect(readFileSync(held, "utf8")).toBe(SAMPLE_PASSWORD);
    session.type("\r");
    await session.sees("the password was taken off the clipboard");
    expect(await session.status()).toBe(0);
    expect(session.written).not.toContain("X terminal");
    expect(readdirSync(bin).toSorted()).toEqual(Object.keys(programs).toSorted());
  },
);

test("the clipboard history of Plasma is known by the shell that it runs in", () => {
  const findings = sessionFindings({
    ...{ platform: "linux", env: {}, pid: 1, link: () => undefined, networks: () => [] },
    read: (path) => (path === "/proc/7/comm" ? "plasmashell\n" : undefined),
    list: (folder) => (folder === "/proc" ? ["7"] : []),
  });
  expect(findings.at(-1)).toMatchObject({
    found: "clipboard manager (plasmashell)",
    todo: "switch Klipper off in its system tray, or copy no password",
  });
});

describe.skipIf(needs(...X_TOOLS, "faketime"))("the clipboard", () => {
  let server: XServer;
  let env: XServer["env"];
  beforeAll(async () => {
    server = await startX();
    ({ env } = server);
  });
  afterAll(() => {
    server.stop();
  });

  const xclip = (...args: string[]): string[] => ["-selection", "clipboard", ...args];
  const held = (): string =>
    // One that asks just as another takes the clipboard over is never answered.
    execFileSync("sh", ["-c", "timeout 5 xclip -selection clipboard -out 2>/dev/null || true"], {
      ...{ encoding: "utf8", env: { ...process.env, ...env } },
    });
  // Thirty seconds pass in three.
  const quick = { LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1", FAKETIME: "+0 x10" };

  test("holds the password for thirty seconds, and it is shown nowhere", async () => {
    const session = new Session(["recover", "--clipboard", ...SLIPS], {
      ...{ cwd, env: { ...env, ...quick } },
    });
    await session.sees("It is taken off after 30 seconds, or at Enter.");
    expect(held()).toBe(SAMPLE_PASSWORD);
    await session.sees("the password was taken off the clipboard");
    expect(held()).toBe("");
    expect(await session.status()).toBe(0);
    expect(session.written).not.toContain("kR7#");
  });

  test("is left alone if something else was copied, and cleared at Ctrl-C", async () => {
    const session = new Session(["recover", "--clipboard", ...SLIPS], { cwd, env });
    await session.sees("It is taken off after");
    execFileSync("xclip", xclip("-in"), {
      ...{ input: "another text", stdio: ["pipe", "ignore", "ignore"] },
      env: { ...process.env, ...env },
    });
    await expect.poll(held, { timeout: 30_000 }).toBe("another text");
    session.type("\r");
    await session.sees("something else is on the clipboard by now");
    expect(held()).toBe("another text");
    expect(await session.status()).toBe(0);
    const stopped = new Session(["recover", "--clipboard", ...SLIPS], { cwd, env });
    await stopped.sees("It is taken off after");
    stopped.type("\u0003");
    expect(await stopped.status()).toBe(130);
    expect(held()).toBe("");
  });

  test.skipIf(statfsSync("/tmp").type === TMPFS)(
    "says on Wayland that it is there by X, where wl-copy would write to a disk",
    async () => {
      const session = new Session(["recover", "--clipboard", ...SLIPS], {
        ...{ cwd, env: { ...env, WAYLAND_DISPLAY: "wayland-0" } },
      });
      await session.sees("where it can't be pasted, use an X terminal such as xterm");
      expect(held()).toBe(SAMPLE_PASSWORD);
      session.type("\r");
      expect(await session.status()).toBe(0);
    },
  );

  test("is missed in one line where there is none", async () => {
    // Before anything is typed
    const session = new Session(["recover", "--clipboard"], {
      ...{ cwd, env: { PATH: cwd, DISPLAY: ":no", WAYLAND_DISPLAY: "" } },
    });
    await session.sees("no command of this system can reach a clipboard");
    expect(await session.status()).toBe(9);
    expect(session.written).not.toContain("1) ");
  });

  test("that does not answer is told, and the password is shown instead", async () => {
    const session = new Session(["recover", "--clipboard", ...SLIPS], {
      ...{ cwd, env: { DISPLAY: ":no", WAYLAND_DISPLAY: "" } },
    });
    await session.sees("no command of this system can reach a clipboard");
    await session.answers("Press Enter to show it", "");
    await session.sees("kR7#");
    await session.answers("q and Enter leaves. ", "q");
    expect(await session.status()).toBe(0);
  });
});
