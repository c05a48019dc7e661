import { CORE_DUMPS_OFF, parseCoreLimit } from "../system/core-dumps.ts";
import { oneLine } from "../system/output.ts";
import type { Surroundings } from "../system/surroundings.ts";
import { fine, notLookedFor, type Finding } from "./finding.ts";

/** What of this machine could keep a secret, or let it out. */
export function machineFindings(here: Surroundings): Finding[] {
  return [swap(here), hibernation(here), coreDumps(here), network(here)];
}

/** The devices that memory is swapped out to; one that lies in memory itself is none. */
function swapDevices({ read }: Surroundings): string[] {
  const rows = (read("/proc/swaps") ?? "").split("\n").slice(1);
  return rows.flatMap((row) => {
    const device = row.split(/\s+/)[0]!;
    return device === "" || device.startsWith("/dev/zram") ? [] : [device];
  });
}

function swap(here: Surroundings): Finding {
  if (here.platform !== "linux") return notLookedFor("swap");
  const devices = swapDevices(here);
  if (devices.length === 0) return fine("swap", "no swap");
  return {
    ...{ topic: "swap", verdict: "settle" },
    found: `swap ON (${devices.map(oneLine).join(", ")})`,
    means: "the system may write the password from memory to the disk, where it stays",
    todo: "sudo swapoff -a",
  };
}

const HIBERNATION = ["hibernate", "hybrid-sleep", "suspend-then-hibernate"];

function hibernation(here: Surroundings): Finding {
  if (here.platform !== "linux") return notLookedFor("hibernation");
  const able = here.read("/sys/power/state")?.split(/\s+/).includes("disk") === true;
  const masked = HIBERNATION.every(
    (unit) => here.link(`/etc/systemd/system/${unit}.target`) === "/dev/null",
  );
  if (!able || masked || swapDevices(here).length === 0)
    return fine("hibernation", "no hibernation");
  return {
    ...{ topic: "hibernation", verdict: "settle", found: "hibernation possible" },
    means: "closing the lid may write all of the memory to the disk",
    todo: `sudo systemctl mask ${HIBERNATION.map((unit) => `${unit}.target`).join(" ")}`,
  };
}

function coreDumps(here: Surroundings): Finding {
  const topic = "core dumps";
  const means = "a crash would write what is in memory, the password too, to the disk";
  const allowed = parseCoreLimit(here.read("/proc/self/limits") ?? "");
  if (allowed === undefined) return notLookedFor(topic);
  if (allowed)
    return {
      ...{ topic, verdict: "settle", found: "core dumps ON", means },
      todo: `${CORE_DUMPS_OFF} (in this shell, before breakglass is started)`,
    };
  // Linux hands a crash to a program whatever the limit is; systemd's keeps to the limit.
  const pattern = here.read("/proc/sys/kernel/core_pattern")?.trim() ?? "";
  const collector = /^\|\s*(\S+)/.exec(pattern)?.[1];
  if (collector === undefined || collector.endsWith("/systemd-coredump"))
    return fine(topic, "core dumps off");
  return {
    ...{ topic, verdict: "settle", means },
    found: `core dumps off, but crashes go to ${oneLine(collector)}`,
    todo: "sudo sysctl kernel.core_pattern=core",
  };
}

function network(here: Surroundings): Finding {
  const names = here.networks();
  if (names.length === 0) return fine("network", "network OFF");
  return {
    ...{
      topic: "network",
      verdict: "settle",
      found: `network ON (${names.map(oneLine).join(", ")})`,
    },
    means: "any program on this computer could send the password away",
    todo: "unplug the cable, and switch Wi-Fi and Bluetooth off, until the computer is switched off",
  };
}
