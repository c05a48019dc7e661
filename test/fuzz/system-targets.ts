import {
  alertsOf,
  isGone,
  isListed,
  isLocal,
  isNetworkDevice,
  jobOf,
  outcomeOf,
  outcomeOfIpp,
  printersOf,
  usualOf,
} from "../../src/cli/printing/print-answers.ts";
import { machineFindings } from "../../src/cli/doctor/doctor-machine.ts";
import { printFinding } from "../../src/cli/doctor/doctor-print.ts";
import { sessionFindings } from "../../src/cli/doctor/doctor-session.ts";
import { periodOf } from "../../src/cli/register/evidence.ts";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { oneLine } from "../../src/cli/system/output.ts";
import { troublesOf } from "../../src/cli/printing/printer-words.ts";
import type { Surroundings } from "../../src/cli/system/surroundings.ts";
import { bytes, check, text, type Target } from "./target.ts";

/** What is shown of an answer of the system's must not move the cursor, nor be two lines. */
function checkShown(shown: string): void {
  // eslint-disable-next-line no-control-regex
  check(!/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/.test(shown), "something shown has controls");
}

/** What each of CUPS' programs answers, parted by form feeds; the first part is the printer's name. */
const printerAnswers: Target = {
  words: [
    ...["\f", "\n", "\t", "sample-1 ", " sample-", "Alerts: ", "not accepting", "-error", "none"],
    ...[
      "job-completed-successfully",
      "job-canceled-at-device",
      "aborted-by-system",
      "127.",
      "[::1]",
    ],
    ...["job-state (enum) = ", "status-code = client-error-not-found", ": ipp://", "@", ":631"],
  ],
  seeds: () =>
    bytes(
      [
        "sample",
        "sample\nother\n",
        "system default destination: sample\n",
        "printer sample is idle.  enabled since Mon Nov 23 10:00:00 2026\n\tForm mounted:\n\tAlerts: media-empty-error paused\n",
        "sample accepting requests since Mon Nov 23 10:00:00 2026\n",
        "device for sample: ipp://localhost:8631/ipp/print\n",
        "request id is sample-12 (1 file(s))\n",
        "sample-12               root              1024   Mon Nov 23 10:00:00 2026\n\tStatus: \n\tAlerts: job-completed-successfully\n\tqueued for sample\n",
        "    job-state (enum) = completed\n        status-code = successful-ok (successful-ok)\n",
      ].join("\f"),
      [
        "a-b",
        "a-b",
        "no system default destination\n",
        "printer a-b disabled since Mon Nov 23 10:00:00 2026 -\n\tPaused\n\tAlerts: cover-open-report\n",
        "a-b not accepting requests since Mon Nov 23 10:00:00 2026 -\n\tRejecting Jobs\n",
        "device for a-b: usb://Sample/Laser?serial=1\n",
        "request id is a-b-3 (0 file(s))\n",
        "a-b-3 root 1024 now\n\tAlerts: job-canceled-by-user\na-b-4 root 1 now\n",
        "        status-code = client-error-not-found (The printer or class does not exist.)\n",
      ].join("\f"),
    ),
  run: (input) => {
    const [name = "", listed = "", usual = "", state = "", accepts = "", device = "", ...rest] =
      text(input).split("\f");
    const [submitted = "", list = "", attributes = ""] = rest;
    printersOf(listed).map(oneLine).forEach(checkShown);
    usualOf(usual);
    for (const { what, todo } of troublesOf(oneLine(name), alertsOf(state, accepts))) {
      checkShown(what);
      checkShown(todo);
    }
    if (isNetworkDevice(device)) check(device.includes("://"), "no address is on a network");
    isLocal(device);
    const job = jobOf(name, submitted);
    if (job !== undefined) {
      check(job.id >= 0 && submitted.includes(`-${job.id}`), "a job has another number");
      isListed(job, list);
      outcomeOf(job, list);
    }
    outcomeOfIpp(attributes);
    isGone(attributes);
  },
};

const FILES = [
  ...["/proc/swaps", "/sys/power/state", "/proc/self/limits", "/proc/sys/kernel/core_pattern"],
  ...["/proc/mounts", "/etc/cups/cupsd.conf", "/proc/7/stat", "/proc/7/comm", "/proc/3/stat"],
  "/proc/3/comm",
];

/** Files that `doctor` reads, parted by form feeds; then names of networks and in the environment. */
const doctorFiles: Target = {
  words: [
    ...["\f", "\n", " ", "(", ")", "0", "/dev/zram0", "|", "tmpfs", "/var/spool/cups", "disk"],
    ...[
      "Max core file size",
      "unlimited",
      "PreserveJobFiles No",
      "tmux: server",
      "sshd",
      "\u001b[2J",
    ],
  ],
  seeds: () =>
    bytes(
      [
        "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t8388604\t\t0\t\t-2\n",
        "freeze mem disk\n",
        "Limit                     Soft Limit           Hard Limit           Units     \nMax core file size        0                    unlimited            bytes     \n",
        "|/usr/lib/systemd/systemd-coredump %P %u\n",
        "/dev/sda1 / ext4 rw 0 0\ntmpfs /var/spool/cups tmpfs rw 0 0\n",
        "LogLevel warn\nPreserveJobFiles No\n",
        "7 (node) S 3 7 7 34816 7 4194304\n",
        "node\n",
        "3 (a (b) c) S 1 3 3 34816 7 4194304\n",
        "tmux: server\n",
        "wlan0\neth0",
        "SSH_TTY\nTMUX",
      ].join("\f"),
      Array<string>(12).fill("").join("\f"),
    ),
  run: (input) => {
    const parts = text(input).split("\f");
    const [networks = "", env = ""] = parts.slice(FILES.length);
    const here: Surroundings = {
      platform: "linux",
      env: Object.fromEntries(env.split("\n").map((name) => [name, "1"])),
      pid: 7,
      read: (path) => parts[FILES.indexOf(path)],
      link: (path) => (path.endsWith("hibernate.target") ? parts[1] : "/dev/null"),
      list: (path) => (path === "/proc" ? ["3", "7", "x"] : ["cupsd.conf"]),
      networks: () => networks.split("\n"),
    };
    const findings: Finding[] = [
      ...machineFindings(here),
      ...sessionFindings(here),
      printFinding(here),
    ];
    for (const { found, means = "", todo = "" } of findings)
      for (const shown of [found, means, todo]) checkShown(oneLine(shown));
  },
};

/** `--since` and `--until`, a line each. */
const days: Target = {
  words: ["-", "2026-02-29", "0000", "9999-12-31", "-01-01", "+", "T", "Z", "\n"],
  seeds: () =>
    bytes("2026-01-01\n2026-11-23", "\n2024-02-29", "2025-11-24\n", "0000-01-01\n9999-12-31"),
  run: (input) => {
    const [since, until] = text(input).split("\n");
    const given = { ...(since ? { since } : {}), ...(until ? { until } : {}) };
    const period = periodOf(given, new Date("2026-11-23T10:00:00Z"));
    for (const day of [period.since, period.until])
      check(/^\d{4}-\d{2}-\d{2}$/.test(day), "a period has an end that is no day");
    check(period.since <= period.until, "a period ends before it begins");
  },
};

/** What the computer, its printers and the command line answer. */
export const SYSTEM_TARGETS: Readonly<Record<string, Target>> = {
  "printer-answers": printerAnswers,
  "doctor-files": doctorFiles,
  days,
};
