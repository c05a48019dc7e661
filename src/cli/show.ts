import { BreakglassError } from "../core/errors.ts";
import { spellText, type SpelledCharacter } from "../core/spelling.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import type { Terminal } from "./terminal.ts";

const GROUP = 4;
const COLUMNS = 3;
const COLUMN_WIDTH = 26;

/**
 * Shows a password on the alternate screen after a key press, and takes it away again.
 *
 * @param secret well-formed UTF-8
 * @throws BreakglassError `refused` if it is no text, `interrupted`
 */
export async function showPassword(terminal: Terminal, secret: Uint8Array): Promise<void> {
  const text = decodeUtf8(secret);
  if (text === undefined)
    throw new BreakglassError(
      "refused",
      "the recovered secret is not text, and can't be shown",
      "write it to a file or pipe with --stdout",
    );
  const characters = spellText(text);
  terminal.say(
    `the password is complete and proved by its digest: ${characters.length} characters`,
  );
  await terminal.alternate(async () => {
    terminal.say("The password comes next. Only those who must see it should see this screen.");
    await terminal.ask("Press Enter to show it, Ctrl-C to leave it hidden. ");
    terminal.clear();
    for (const line of passwordScreen(characters)) terminal.say(line);
    await terminal.ask("Press Enter to hide it. ");
  });
  terminal.say("the password is hidden again; every use of it means a new set of slips");
}

/** The password in groups of four, then every character with its number and its words. */
function passwordScreen(characters: readonly SpelledCharacter[]): string[] {
  const shown = characters.map(shownCharacter);
  const groups = Array.from({ length: Math.ceil(shown.length / GROUP) }, (_, i) =>
    shown.slice(i * GROUP, (i + 1) * GROUP).join(""),
  );
  const cells = characters.map(({ words }, i) => {
    const number = String(i + 1).padStart(3);
    return `${number}  ${shown[i]!}  ${words}`.padEnd(COLUMN_WIDTH);
  });
  const rows = Math.ceil(cells.length / COLUMNS);
  return [
    ...wrapGroups(groups),
    "",
    "The gaps only help the eye: there is none in the password, unless a blank is spelled out.",
    "",
    ...Array.from({ length: rows }, (_, row) =>
      Array.from({ length: COLUMNS }, (_, column) => cells[column * rows + row] ?? "")
        .join("")
        .trimEnd(),
    ),
    "",
  ];
}

function wrapGroups(groups: readonly string[]): string[] {
  const perRow = 12;
  return Array.from({ length: Math.ceil(groups.length / perRow) }, (_, i) =>
    groups.slice(i * perRow, (i + 1) * perRow).join("  "),
  );
}

/** A character as it can be seen: a blank as an open box; what a terminal would obey, or hide, not at all. */
function shownCharacter({ char }: SpelledCharacter): string {
  if (char === " ") return "\u2423";
  return /[\p{C}\p{Z}\p{M}]/u.test(char) ? "\u{fffd}" : char;
}
