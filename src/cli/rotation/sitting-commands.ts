import { commandLine } from "../../custody/commands.ts";
import type { Entry } from "../../custody/events.ts";
import { refText } from "../../custody/slip-ref.ts";

/** The commands that write the same by themselves as a sitting wrote, in its order, each once. */
export function commandsOf(entries: readonly Entry[], account: string): string[] {
  return [...new Set(entries.flatMap((entry) => wordsOf(entry, account) ?? []).map(commandLine))];
}

/** One command as its words; undefined for what has none, or is written together with something else. */
function wordsOf(entry: Entry, account: string): string[][] | undefined {
  const { actor, witness } = entry;
  const by = ["--by", actor, ...(witness === undefined ? [] : ["--witness", witness])];
  const record = (what: string, about: string, ...flags: readonly string[]): string[][] => [
    ["breakglass", "record", what, about, ...flags, ...by],
  ];
  switch (entry.kind) {
    case "slip-printed":
      return record("printed", refText(entry.slip), ...flag("--note", entry.note));
    case "slip-checked":
      return [["breakglass", "check", refText(entry.slip), ...by]];
    case "password-recovered":
      return [["breakglass", "recover", "--set", entry.set, "--purpose", entry.purpose, ...by]];
    case "sign-in-confirmed":
      return [["breakglass", "confirm", account, "--slips", entry.slips.join(","), ...by]];
    case "sign-in-failed":
      return record("sign-in-failed", entry.set);
    case "set-backed-out":
      return record("backed-out", entry.set, ...flag("--restored", entry.restored));
    case "set-abandoned":
      return record("abandoned", entry.set, "--reason", entry.reason);
    case "slip-files-deleted":
      return record("files-deleted", entry.set);
    case "slip-damaged":
      return record("damaged", refText(entry.slip), ...flag("--reason", entry.reason));
    case "slip-sealed":
      return record("sealed", refText(entry.slip), ...flag("--bag", entry.bag));
    case "slip-destroyed":
      return record("destroyed", refText(entry.slip));
    case "alert-seen":
      return record("alert-seen", entry.account);
    default:
      return undefined;
  }
}

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}
