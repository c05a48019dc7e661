/*
 * What CUPS' programs answer, in the language `C`. Printers name themselves and their troubles, so
 * nothing here is taken for more than it says.
 */

/** How a job stands. `unknown`: it ended, and the print system does not say how. */
export type JobState = "waiting" | Ended | "unreachable";
type Ended = "completed" | "cancelled" | "aborted" | "unknown";

/** A job in the queue of a printer. */
export interface Job {
  readonly printer: string;
  readonly id: number;
}

/** The printers that `lpstat -e` lists. */
export function printersOf(listed: string): string[] {
  return listed.split("\n").filter((line) => line !== "");
}

/** The printer that `lpstat -d` says is the usual one; text that is no printer's name if there is none. */
export function usualOf(answer: string): string | undefined {
  return answer.trim().split(/:\s*/).at(-1);
}

/** What is the matter with a printer, in CUPS' keywords, by `lpstat -l -p` and `lpstat -a`. */
export function alertsOf(state: string, accepts: string): string[] {
  const alerts = /^\s*Alerts: (.*)$/m.exec(state)?.[1]?.split(" ") ?? [];
  return [
    ...(accepts.includes("not accepting") ? ["rejecting"] : []),
    ...alerts.filter((alert) => /^[a-z][a-z-]*$/.test(alert) && alert !== "none"),
  ];
}

/** Whether `lpstat -v` gives an address on a network. */
export function isNetworkDevice(device: string): boolean {
  const host = /: (?:ipps?|https?|socket|lpd|smb|dnssd):\/\/(?:[^@/\s]*@)?([^/\s]+)/.exec(device);
  return host !== null && !isLocal(host[1]!);
}

/** Whether a server is this computer: a socket's path, or a name or number of its own. */
export function isLocal(server: string): boolean {
  if (server.startsWith("/")) return true;
  const host = server.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** The job that `lp` says it made. */
export function jobOf(printer: string, answer: string): Job | undefined {
  const at = answer.indexOf(` ${printer}-`);
  const id = /^[1-9]\d{0,9}(?!\d)/.exec(answer.slice(at + printer.length + 2))?.[0];
  return at >= 0 && id !== undefined ? { printer, id: Number(id) } : undefined;
}

/** Whether a job is in a list of `lpstat -o`. */
export function isListed(job: Job, list: string): boolean {
  return blockOf(job, list) !== undefined;
}

/**
 * How a job ended, by `lpstat -l -W completed -o`: some versions of CUPS say it there, and others
 * only over IPP.
 */
export function outcomeOf(job: Job, list: string): Ended | undefined {
  const reasons = blockOf(job, list) ?? "";
  if (/\bjob-completed-successfully\b/.test(reasons)) return "completed";
  if (/\bjob-canceled-/.test(reasons)) return "cancelled";
  if (/\b(?:aborted-by-system|job-completed-with-errors)\b/.test(reasons)) return "aborted";
  return undefined;
}

/** How a job ended, by what `ipptool` shows of its attributes. */
export function outcomeOfIpp(attributes: string): Ended {
  const state = /\bjob-state \(enum\) = ([a-z-]+)/.exec(attributes)?.[1];
  if (state === "completed" || state === "aborted") return state;
  return state === "canceled" ? "cancelled" : "unknown";
}

/** Whether `ipptool` was answered that there is no such job. */
export function isGone(answer: string): boolean {
  return answer.includes("status-code = client-error-not-found");
}

/** What a list of jobs says of one of them: its line, and the indented ones below it. */
function blockOf({ printer, id }: Job, list: string): string | undefined {
  const lines = list.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${printer}-${id} `));
  if (start < 0) return undefined;
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("\t"));
  return lines.slice(start, end < 0 ? undefined : end).join("\n");
}
