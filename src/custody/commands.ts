import type { SlipRef } from "./events.ts";
import { refText } from "./slip-ref.ts";

/** A word of a command line, quoted where a shell would take it apart. */
function word(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command line, as somebody would type it. */
export function commandLine(words: readonly string[]): string {
  return words.map(word).join(" ");
}

/** The commands that settle what is due, as somebody would type them. */
export const COMMANDS = {
  init: () => "breakglass init",
  addAccount: () => "breakglass account add",
  issue: (account: string) => `breakglass issue ${word(account)}`,
  rotate: (account: string) => `breakglass rotate ${word(account)}`,
  check: (slip: SlipRef) => `breakglass check ${refText(slip)}`,
  recover: (set: string) => `breakglass recover --set ${set}`,
  /** To go back to a set that was active before the one that is being set. */
  recoverAgain: (set: string) => `breakglass recover --set ${set} --purpose ceremony`,
  confirm: (account: string) => `breakglass confirm ${word(account)}`,
  issueScript: (account: string) => `breakglass ceremony issue ${word(account)}`,
  rotateScript: (account: string) => `breakglass ceremony rotate ${word(account)}`,
  drillScript: (account: string) => `breakglass ceremony drill-full ${word(account)}`,
  recordDrill: (account: string) =>
    `breakglass record drill --type full --account ${word(account)}`,
  minutes: (account: string) => `breakglass ceremony minutes ${word(account)}`,
  exposure: (account: string) => `breakglass exposure ${word(account)}`,
  log: (n: number) => `breakglass log --entry ${n}`,
  addLocation: () => "breakglass site add",
  addCustodian: (custodian?: string) =>
    ["breakglass custodian add", ...(custodian === undefined ? [] : [word(custodian)])].join(" "),
  recordSlip: (
    what: "sealed" | "opened" | "destroyed" | "moved" | "lost" | "found" | "checked",
    slip: SlipRef,
  ) => `breakglass record ${what} ${refText(slip)}`,
  recordSet: (what: "files-deleted" | "sign-in-failed" | "backed-out" | "abandoned", set: string) =>
    `breakglass record ${what} ${set}`,
  recordRecovered: (set: string, slips?: readonly number[], by = "NAME") =>
    `breakglass record recovered ${set} --slips ${slips?.join(",") ?? "NUMBERS"} --purpose ceremony --by ${word(by)}`,
  recordAccount: (what: "alert-seen", account: string) =>
    `breakglass record ${what} ${word(account)}`,
  recordLocation: (location: string) => `breakglass record combination-changed ${word(location)}`,
  recordItem: (item: string) => `breakglass record item-tested ${word(item)}`,
  moveItem: (item: string) => `breakglass record item-moved ${word(item)}`,
  addItem: (account: string) =>
    `breakglass record item-added --type 'FIDO2 key' --account ${word(account)}`,
  recordReviewed: () => "breakglass record reviewed",
  recordTrained: (people: readonly string[]) =>
    `breakglass record trained ${people.map(word).join(" ")}`,
  assess: (trigger: number, account: string, byTwo: boolean) =>
    `breakglass record assessed ${trigger} --account ${word(account)} --reason REASON${byTwo ? " --witness NAME" : ""}`,
  closeException: (n: number) => `breakglass record exception-closed ${n}`,
} as const;
