import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { spawnSync } from "../child.ts";
import { machineFindings } from "../../src/cli/doctor/doctor-machine.ts";
import { printFinding } from "../../src/cli/doctor/doctor-print.ts";
import { registerFindings } from "../../src/cli/doctor/doctor-register.ts";
import { sessionFindings } from "../../src/cli/doctor/doctor-session.ts";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import type { Surroundings } from "../../src/cli/system/surroundings.ts";
import { needs } from "../tools.ts";
import { BINARY, breakglass } from "./breakglass.ts";
import { writeSampleSlips } from "./sample-slips.ts";

interface Answer {
  readonly findings: readonly Finding[];
  readonly line: string;
}

/** What `doctor` says under a command that the shell runs, such as one that sets a limit. */
function doctorUnder(shell: string, env: NodeJS.ProcessEnv = {}): Answer {
  const command = `${shell} "${process.execPath}" "${BINARY}" doctor --json`;
  const ran = spawnSync("sh", ["-c", command], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return JSON.parse(ran.stdout) as Answer;
}

function found({ findings }: Pick<Answer, "findings">, topic: string): Finding {
  return findings.find((finding) => finding.topic === topic)!;
}

describe("on this computer", () => {
  test("what is to be settled is told with reason and remedy, and by the exit status", () => {
    const env = { ...process.env, TMUX: "/tmp/tmux-0/default,1,0" };
    const ran = breakglass(["doctor"], { env });
    expect(ran.stdout).toMatch(
      /^SETTLE {2}MULTIPLEXER \(TMUX\)\n {8}why {2}it keeps what was on the screen.*\n {8}do {3}leave it/m,
    );
    expect(ran.stdout).toMatch(
      /\n\ndoctor \d{4}-\d\d-\d\dT\d\d:\d\dZ: .*MULTIPLEXER \(TMUX\).*\n$/,
    );
    expect(ran.status).toBe(10);
  });

  test("everything that is to be settled says what it means and what to do, on one line each", () => {
    for (const { verdict, means, todo } of doctorUnder("").findings)
      if (verdict === "settle") {
        expect(means).toMatch(/^[^\n]+$/);
        expect(todo).toMatch(/^[^\n]+$/);
      }
  });

  test.skipIf(process.platform !== "linux" || needs("prlimit"))("core dumps", () => {
    const off = found(doctorUnder("ulimit -c 0;"), "core dumps");
    expect(off.found).toMatch(/^core dumps off/);
    const on = found(doctorUnder("prlimit --core=4096:unlimited"), "core dumps");
    expect(on).toMatchObject({ verdict: "settle", found: "core dumps ON" });
    expect(on.todo).toContain("ulimit -c 0");
  });

  test("a session over SSH", () => {
    const answer = doctorUnder("", { SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" });
    expect(found(answer, "remote session").verdict).toBe("settle");
    expect(answer.line).not.toContain("192.0.2.1");
  });

  test.skipIf(process.platform !== "linux" || needs("script"))("a recorded terminal", () => {
    const file = join(mkdtempSync(join(tmpdir(), "doctor-")), "typescript");
    const ran = spawnSync("script", ["-qec", `"${process.execPath}" "${BINARY}" doctor`, file], {
      encoding: "utf8",
      input: "",
    });
    expect(ran.stdout).toContain("RECORDED (script)");
  });

  test.skipIf(process.getuid?.() !== 0 || needs("unshare"))("a network, and none", () => {
    const off = found(doctorUnder("unshare --net"), "network");
    expect(off).toMatchObject({ verdict: "fine", found: "network OFF" });
  });

  test("a register that others can read, one that is broken, and a clock that is behind it", () => {
    const folder = mkdtempSync(join(tmpdir(), "doctor-"));
    const by = ["--register", folder, "--by", "Sample Lead"];
    expect(breakglass(["init", "--tenant", "contoso.onmicrosoft.com", ...by]).status).toBe(0);
    const now = new Date();
    const say = (at: Date): string[] => registerFindings(folder, at).map((each) => each.found);
    chmodSync(folder, 0o700);
    expect(say(now)).toEqual(["register private", "clock plausible"]);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "journal.jsonl"), 0o644);
    expect(say(now)[0]).toBe("register readable by others");
    chmodSync(folder, 0o777);
    expect(say(now)[0]).toBe("register OPEN to changes by others");
    const earlier = new Date(now.getTime() - 3_600_000);
    expect(say(earlier)[1]).toMatch(/^clock WRONG/);
    expect(registerFindings(join(folder, "none"), new Date(0)).map((each) => each.found)).toEqual([
      "no register here",
      "clock WRONG (1970-01-01T00:00:00Z)",
    ]);
    const journal = join(folder, "journal.jsonl");
    writeFileSync(journal, readFileSync(journal, "utf8").replace("contoso", "c0ntoso"));
    expect(say(now)[0]).toBe("register NOT READABLE");
  });
});

/** A computer made of files, of which nothing else is known. */
function computer(
  files: Readonly<Record<string, string>>,
  more: Partial<Surroundings> = {},
): Surroundings {
  return {
    ...{ platform: "linux", env: {}, pid: 30 },
    read: (path) => files[path],
    link: (path) => files[path],
    list: (folder) => [
      ...new Set(
        Object.keys(files)
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split("/")[0]!),
      ),
    ],
    networks: () => [],
    ...more,
  };
}

function said(findings: readonly Finding[]): string[] {
  return findings.map((finding) => finding.found);
}

const SWAPS = "Filename\tType\tSize\tUsed\tPriority\n";
const LIMITS =
  "Limit  Soft Limit  Hard Limit  Units\nMax core file size        0    unlimited    bytes\n";

describe("on computers of other kinds", () => {
  test("one that keeps and sends nothing", () => {
    const here = computer({
      "/proc/swaps": `${SWAPS}/dev/zram0 partition 100 0 100\n`,
      "/proc/self/limits": LIMITS,
      "/proc/sys/kernel/core_pattern": "|/usr/lib/systemd/systemd-coredump %P %u\n",
      "/sys/power/state": "freeze mem disk\n",
    });
    expect(said([...machineFindings(here), ...sessionFindings(here), printFinding(here)])).toEqual([
      ...["no swap", "no hibernation", "core dumps off", "network OFF", "no remote session"],
      ...["no multiplexer", "no recording", "no clipboard manager", "no print system"],
    ]);
  });

  test("one that swaps, hibernates, hands crashes on and is online", () => {
    const files = {
      "/proc/swaps": `${SWAPS}/swap.img file 100 0 -2\n`,
      "/proc/self/limits": LIMITS,
      "/proc/sys/kernel/core_pattern": "|/usr/share/apport/apport -p%p\n",
      "/sys/power/state": "freeze mem disk\n",
    };
    const here = computer(files, { networks: () => ["eth0", "wlan0"] });
    expect(said(machineFindings(here))).toEqual([
      ...["swap ON (/swap.img)", "hibernation possible"],
      ...["core dumps off, but crashes go to /usr/share/apport/apport", "network ON (eth0, wlan0)"],
    ]);
    const masks = ["hibernate", "hybrid-sleep", "suspend-then-hibernate"].map((unit) => [
      ...[`/etc/systemd/system/${unit}.target`, "/dev/null"],
    ]);
    const masked = computer({ ...files, ...(Object.fromEntries(masks) as typeof files) });
    expect(said(machineFindings(masked))[1]).toBe("no hibernation");
  });

  test("who started this session, and what else runs", () => {
    const here = computer({
      "/proc/30/stat": "30 (node) S 20 30 30",
      "/proc/20/stat": "20 (an (odd) name) S 10 20 20",
      "/proc/20/comm": "bash\n",
      "/proc/10/stat": "10 (tmux: server) S 5 10 10",
      "/proc/10/comm": "tmux: server\n",
      "/proc/5/stat": "5 (sshd) S 1 5 5",
      "/proc/5/comm": "sshd\n",
      "/proc/99/comm": "copyq\n",
      "/proc/98/comm": "obs\n",
    });
    expect(said(sessionFindings(here))).toEqual([
      ...["REMOTE session (sshd)", "MULTIPLEXER (tmux: server)", "RECORDED (obs)"],
      "clipboard manager (copyq)",
    ]);
  });

  test("a server for SSH that runs for others is no remote session; a shared screen is one", () => {
    expect(said(sessionFindings(computer({ "/proc/7/comm": "sshd\n" })))[0]).toBe(
      "no remote session",
    );
    expect(said(sessionFindings(computer({ "/proc/7/comm": "x11vnc\n" })))[0]).toBe(
      "REMOTE session (x11vnc)",
    );
  });

  test.each([
    ["tmpfs /var/spool/cups tmpfs rw 0 0", "", "print spool in memory"],
    ["/dev/sda1 / ext4 rw 0 0\ntmpfs /var tmpfs rw 0 0", "", "print spool in memory"],
    ["tmpfs / tmpfs rw 0 0\n/dev/sda1 /var ext4 rw 0 0", "", "print spool ON DISK, keeping files"],
    ["/dev/sda1 / ext4 rw 0 0", "PreserveJobFiles No\n", "print spool ON DISK"],
    ["/dev/sda1 / ext4 rw 0 0", "PreserveJobFiles 3600\n", "print spool ON DISK, keeping files"],
  ])("a print spool: %s", (mounts, settings, expected) => {
    const files = { "/proc/mounts": `${mounts}\n`, "/etc/cups/cupsd.conf": settings };
    expect(printFinding(computer(files)).found).toBe(expected);
  });

  test("what can't be looked for is said, and is no all-clear", () => {
    const here = computer({}, { platform: "darwin" });
    for (const finding of [...machineFindings(here), ...sessionFindings(here), printFinding(here)])
      if (!["network", "multiplexer"].includes(finding.topic)) {
        expect(finding.verdict).toBe("unknown");
        expect(finding.found).toMatch(/not looked for/);
      }
  });
});

test.skipIf(process.platform !== "linux" || needs("prlimit"))(
  "issue and recover warn while core dumps are on",
  () => {
    const cwd = mkdtempSync(join(tmpdir(), "doctor-"));
    writeSampleSlips(cwd);
    for (const args of [
      "issue bg-1 --no-register --discreet Blue --json --out",
      "recover --stdout one.txt two.txt --register",
    ])
      for (const [prefix, warned] of [
        ["prlimit --core=4096:unlimited", true],
        ["ulimit -c 0;", false],
      ] as const) {
        const command = `${prefix} "${process.execPath}" "${BINARY}" ${args} none-${warned}`;
        const ran = spawnSync("sh", ["-c", command], { cwd, encoding: "utf8" });
        expect(ran.status).toBe(0);
        expect(/^careful: core dumps are on.*: ulimit -c 0$/m.test(ran.stderr)).toBe(warned);
      }
  },
);
