import { registerFolder } from "../journal/register-folder.ts";
import { EXIT_DUE } from "../system/exit-status.ts";
import { answer, answerInRows, oneLine } from "../system/output.ts";
import { HERE } from "../system/surroundings.ts";
import { machineFindings } from "./doctor-machine.ts";
import { printFinding } from "./doctor-print.ts";
import { registerFindings } from "./doctor-register.ts";
import { sessionFindings } from "./doctor-session.ts";
import type { Finding } from "./finding.ts";

export interface DoctorOptions {
  readonly register?: string;
  readonly json?: boolean;
}

/**
 * `breakglass doctor`: looks, where it can, for what on this computer would keep a secret or show it
 * to others. It changes nothing.
 *
 * @returns the exit status: 0, or 10 if something is to be settled before a ceremony
 */
export function doctor({ register, json }: DoctorOptions, now: Date): number {
  const findings = [
    ...machineFindings(HERE),
    ...sessionFindings(HERE),
    printFinding(HERE),
    ...registerFindings(registerFolder(register), now),
  ];
  const line = lineOf(findings, now);
  if (json === true) answer(`${JSON.stringify({ findings, line }, null, 2)}\n`);
  else answerInRows(`${[...findings.flatMap(textOf), "", line].map(oneLine).join("\n")}\n`);
  return findings.some(({ verdict }) => verdict === "settle") ? EXIT_DUE : 0;
}

const MARKS: Readonly<Record<Finding["verdict"], string>> = {
  fine: "ok",
  settle: "SETTLE",
  unknown: "look",
};

function textOf({ verdict, found, means, todo }: Finding): string[] {
  return [
    `${MARKS[verdict].padEnd(8)}${found}`,
    ...(means === undefined ? [] : [`        why  ${means}`]),
    ...(todo === undefined ? [] : [`        do   ${todo}`]),
  ];
}

/** One line for the script or the minutes of a ceremony. */
function lineOf(findings: readonly Finding[], now: Date): string {
  const time = `${now.toISOString().slice(0, 16)}Z`;
  return `doctor ${time}: ${findings.map(({ found }) => found).join(", ")}`;
}
