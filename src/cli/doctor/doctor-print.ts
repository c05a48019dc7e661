import type { Surroundings } from "../system/surroundings.ts";
import { fine, notLookedFor, type Finding } from "./finding.ts";

const TOPIC = "print spool";
const SPOOL = "/var/spool/cups";
const IN_MEMORY = ["tmpfs", "ramfs"];

/** Where the print system keeps what it prints, and for how long. */
export function printFinding({ platform, read, list }: Surroundings): Finding {
  if (platform !== "linux") return notLookedFor(TOPIC);
  if (!list("/etc/cups").includes("cupsd.conf")) return fine(TOPIC, "no print system");
  if (isInMemory(read("/proc/mounts") ?? "")) return fine(TOPIC, "print spool in memory");
  const settings = read("/etc/cups/cupsd.conf");
  const keeps = /^\s*PreserveJobFiles\s+(\S+)/im.exec(settings ?? "")?.[1];
  const todo = `before slips are printed: sudo mount -t tmpfs -o mode=0710,gid=lp tmpfs ${SPOOL} && sudo systemctl restart cups`;
  if (settings === undefined)
    return {
      ...{ topic: TOPIC, verdict: "unknown", found: "print spool on disk, settings not readable" },
      ...{ means: "slips that are printed pass through the disk, and may stay there", todo },
    };
  const forgets = keeps !== undefined && /^(?:no|off|false|0)$/i.test(keeps);
  return {
    ...{ topic: TOPIC, verdict: "settle", todo },
    found: forgets ? "print spool ON DISK" : "print spool ON DISK, keeping files",
    means: forgets
      ? "slips that are printed pass through the disk, and what is deleted is not erased"
      : "slips that are printed stay on the disk for a day, unless breakglass can have them deleted (ipptool)",
  };
}

/** Whether the spool, or the folder nearest above it that is mounted, lies in memory. */
function isInMemory(mounts: string): boolean {
  const above = mounts.split("\n").flatMap((row) => {
    const [, folder = "", kind = ""] = row.split(" ");
    const holds = folder === "/" || folder === SPOOL || SPOOL.startsWith(`${folder}/`);
    return holds && folder !== "" ? [{ folder, kind }] : [];
  });
  // Of two that are mounted at one place the later one counts.
  const nearest = above.reduce<(typeof above)[number] | undefined>(
    (best, next) => (best === undefined || next.folder.length >= best.folder.length ? next : best),
    undefined,
  );
  return nearest !== undefined && IN_MEMORY.includes(nearest.kind);
}
