import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";

/** What `doctor` can see of the computer and of the session that it runs in. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** This process. */
  readonly pid: number;
  /** The text of a file, or undefined if it can't be read. */
  readonly read: (path: string) => string | undefined;
  /** Where a symbolic link leads, or undefined. */
  readonly link: (path: string) => string | undefined;
  /** The names in a folder; none if it can't be read. */
  readonly list: (path: string) => readonly string[];
  /** Names of network interfaces that have an address, but for the computer's own. */
  readonly networks: () => readonly string[];
}

/** This computer, as it is now. */
export const HERE: Surroundings = {
  platform: process.platform,
  env: process.env,
  pid: process.pid,
  read: (path) => maybe(() => readFileSync(path, "utf8")),
  link: (path) => maybe(() => readlinkSync(path)),
  list: (path) => maybe(() => readdirSync(path)) ?? [],
  networks: () =>
    Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
      addresses?.some(({ internal }) => !internal) === true ? [name] : [],
    ),
};

function maybe<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** More generations of processes than any session has. */
const ANCESTORS_MAX = 100;

/** The names of the programs that this one was started by, the nearest first (Linux). */
export function ancestors({ read, pid }: Surroundings): string[] {
  const names: string[] = [];
  let current = parentOf(read(`/proc/${pid}/stat`));
  // No process is its own ancestor; a /proc that says so is not believed for ever.
  for (let height = 0; current > 0 && height < ANCESTORS_MAX; height++) {
    const name = read(`/proc/${current}/comm`)?.trim();
    if (name !== undefined) names.push(name);
    current = parentOf(read(`/proc/${current}/stat`));
  }
  return names;
}

/** The fourth field; the second, in brackets, may hold blanks and brackets. */
function parentOf(stat: string | undefined): number {
  return Number(/^.*\) \S+ (\d+)/s.exec(stat ?? "")?.[1] ?? 0);
}

/** The names of all programs that run (Linux). */
export function programs({ list, read }: Surroundings): Set<string> {
  const ids = list("/proc").filter((name) => /^\d+$/.test(name));
  return new Set(ids.flatMap((id) => read(`/proc/${id}/comm`)?.trim() ?? []));
}
