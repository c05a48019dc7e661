import { statSync } from "node:fs";
import { join } from "node:path";
import { BreakglassError } from "../../core/errors.ts";
import { isoTime } from "../../custody/times.ts";
import { openRegister } from "../journal/journal-file.ts";
import { JOURNAL, folderName, hasRegister } from "../journal/register-folder.ts";
import { isAhead } from "../journal/register-notes.ts";
import { isPlausible } from "../system/system.ts";
import { fine, notLookedFor, type Finding } from "./finding.ts";

/** Whether the register can be read, and by others than its owner; and the clock, which it knows something of. */
export function registerFindings(folder: string, now: Date): Finding[] {
  if (!hasRegister(folder)) return [fine("register", "no register here"), clock(undefined, now)];
  try {
    const { written } = openRegister(folder).register;
    return [access(folder), clock(written, now)];
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    const broken: Finding = {
      ...{ topic: "register", verdict: "settle", found: "register NOT READABLE" },
      ...{ means: error.message, todo: error.hint },
    };
    return [broken, clock(undefined, now)];
  }
}

function access(folder: string): Finding {
  const topic = "register";
  if (process.platform === "win32") return notLookedFor("access to the register");
  const [others, writable] = [0o077, 0o022].map((bits) =>
    [folder, join(folder, JOURNAL)].some((path) => (statSync(path).mode & bits) !== 0),
  );
  // A folder that nobody else can enter hides what is in it.
  const closed = (statSync(folder).mode & 0o077) === 0;
  if (closed || others === false) return fine(topic, "register private");
  return {
    ...{ topic, verdict: "settle" },
    found: writable === true ? "register OPEN to changes by others" : "register readable by others",
    means:
      "it holds no secret, but says who keeps which slip where; and only its owner should write it",
    todo: `chmod 700 ${folderName(folder)}`,
  };
}

function clock(written: string | undefined, now: Date): Finding {
  const topic = "clock";
  const late = isAhead(written, now);
  if (!late && isPlausible(now)) return fine(topic, "clock plausible");
  return {
    ...{ topic, verdict: "settle", found: `clock WRONG (${isoTime(now)})` },
    means: late
      ? `the register's newest entry was written at ${written!}, which is later`
      : "there was no breakglass at that time",
    todo: "set the clock, in UTC, by a watch that two people agree on",
  };
}
