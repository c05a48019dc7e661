import { BreakglassError } from "../../core/errors.ts";
import { shownCharacter, spellText, type SpelledCharacter } from "../../core/spelling.ts";
import { decodeUtf8 } from "../../core/utf8.ts";
import { inRows, oneLine } from "../system/output.ts";
import { isPlain } from "./plain.ts";
import { needPrivateScreen } from "./private-screen.ts";
import { RESIZED, type Terminal } from "./terminal.ts";

const GROUP = 4;
const GROUP_GAP = "  ";
/** The length of the longest question below it. */
const QUESTION = 80;
const GAPS_HINT = "The gaps only help the eye: a blank in the password would be spelled out.";

/** Whose password it is: by its slips, and by the register where there is one. */
export interface PasswordOf {
  readonly set: string;
  readonly account?: string | undefined;
}

/**
 * Shows a password on the alternate screen after a key press, page by page if it needs several,
 * and takes it away again. Hidden it can be shown once more, until the person leaves; after five
 * minutes it is hidden by itself.
 *
 * @param secret well-formed UTF-8
 * @param of whose password it is
 * @param warning what is to be known before it is shown
 * @param shown is called when it is about to be seen
 * @throws BreakglassError `refused` if it is no text, `no-terminal` if the screen can't be cleared
 *   afterwards, `interrupted`
 */
export async function showPassword(
  terminal: Terminal,
  secret: Uint8Array,
  of: PasswordOf,
  warning: readonly string[] = [],
  shown: () => void = () => undefined,
): Promise<void> {
  const text = decodeUtf8(secret);
  if (text === undefined)
    throw new BreakglassError(
      "refused",
      "the recovered secret is not text, and can't be shown",
      "write it to a file or pipe with --stdout",
    );
  needPrivateScreen(terminal);
  const characters = spellText(text);
  const account = of.account === undefined ? "" : ` (${of.account})`;
  terminal.say(
    inRows(
      oneLine(
        `the password of set ${of.set}${account} is complete and proved by its digest: ${characters.length} characters`,
      ),
    ),
  );
  await terminal.alternate(async () => {
    for (const line of warning) terminal.say(line);
    terminal.say("The password comes next. Only those who must see it should see this screen.");
    await terminal.pause("Press Enter to show it, Ctrl-C to leave it hidden. ");
    shown();
    for (let next: Wish = "show"; next !== "leave";)
      if (next === "show") next = await showPages(terminal, characters, of.set);
      else if (next === "read back") next = await readBack(terminal, characters);
      else next = await askHidden(terminal);
  });
  terminal.say("the password is hidden again");
}

/** Nobody may be there any more to hide it. */
const SHOWN_MS = 5 * 60 * 1000;

/** What the person wants next. */
type Wish = "show" | "hide" | "read back" | "leave";

/** Shows one page after the other; if the screen changes its size, they are laid out anew. */
async function showPages(
  terminal: Terminal,
  characters: readonly SpelledCharacter[],
  set: string,
): Promise<Wish> {
  let pages = passwordPages(characters, terminal.size);
  for (let i = 0; i < pages.length;) {
    terminal.clear();
    for (const line of pages[i]!) terminal.say(line);
    const last = i === pages.length - 1;
    const typed = await terminal.pauseUntilResized(
      last
        ? `Set ${set}, ${characters.length} characters. Enter hides it; r reads it back; q and Enter leaves. `
        : `Set ${set}, page ${i + 1} of ${pages.length}. Enter for the next; q and Enter leaves. `,
      SHOWN_MS,
    );
    if (typed === RESIZED) {
      pages = passwordPages(characters, terminal.size);
      i = Math.min(i, pages.length - 1);
      continue;
    }
    if (typed === undefined) return "hide";
    if (isKey(typed, "q")) return "leave";
    if (isKey(typed, "r")) return "read back";
    i++;
  }
  return "hide";
}

/** One character after the other, for two people: one reads it aloud, the other confirms it. */
async function readBack(
  terminal: Terminal,
  characters: readonly SpelledCharacter[],
): Promise<Wish> {
  for (let i = 0; i < characters.length;) {
    const character = characters[i]!;
    terminal.clear();
    terminal.say(`Character ${i + 1} of ${characters.length}`);
    terminal.say();
    terminal.say(`    ${shownCharacter(character)}    ${character.words}`);
    terminal.say();
    const typed = await terminal.pause(
      "Enter when the other has confirmed it; b goes one back; q ends the reading. ",
      SHOWN_MS,
    );
    if (typed === undefined || isKey(typed, "q")) return "hide";
    i = Math.max(0, i + (isKey(typed, "b") ? -1 : 1));
  }
  return "hide";
}

async function askHidden(terminal: Terminal): Promise<Wish> {
  terminal.clear();
  terminal.say("The password is hidden, and not lost.");
  for (;;) {
    const typed = await terminal.pause(
      "s shows it again; r reads it back one by one; q and Enter leaves. ",
    );
    if (isKey(typed, "s")) return "show";
    if (isKey(typed, "r")) return "read back";
    if (isKey(typed, "q")) return "leave";
  }
}

function isKey(typed: string, key: string): boolean {
  return typed.trim().toLowerCase() === key;
}

/**
 * The password in groups of four, and under it every character with its number and its words: for a
 * screen reader, which goes along the rows, one in each.
 */
function passwordPages(
  characters: readonly SpelledCharacter[],
  { rows, columns }: Terminal["size"],
): string[][] {
  const shown = characters.map(shownCharacter);
  const groups = Array.from({ length: Math.ceil(shown.length / GROUP) }, (_, i) =>
    shown.slice(i * GROUP, (i + 1) * GROUP).join(""),
  );
  const head = [...wrapGroups(groups, columns), "", ...inRows(GAPS_HINT).split("\n"), ""];
  const cells = characters.map(
    ({ words }, i) => `${String(i + 1).padStart(3)}  ${shown[i]!}  ${words}`,
  );
  const width = Math.max(...cells.map((cell) => cell.length)) + GROUP_GAP.length;
  const across = isPlain() ? 1 : Math.max(1, Math.floor(columns / width));
  // Rows are left for the question; a screen with no room for both shows them one by one.
  const question = 1 + Math.ceil(QUESTION / columns);
  const room = rows - head.length - question;
  const table = room >= 4 ? room : Math.max(1, rows - question);
  const pages = Array.from({ length: Math.ceil(cells.length / (across * table)) }, (_, page) =>
    tableRows(cells.slice(page * across * table, (page + 1) * across * table), across, width),
  );
  return room >= 4 ? pages.map((page) => [...head, ...page]) : [head, ...pages];
}

/** Cells in columns, to be read downwards. */
function tableRows(cells: readonly string[], across: number, width: number): string[] {
  const rows = Math.ceil(cells.length / across);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: across }, (__, column) => (cells[column * rows + row] ?? "").padEnd(width))
      .join("")
      .trimEnd(),
  );
}

function wrapGroups(groups: readonly string[], columns: number): string[] {
  const across = Math.max(1, Math.floor(columns / (GROUP + GROUP_GAP.length)));
  return Array.from({ length: Math.ceil(groups.length / across) }, (_, i) =>
    groups.slice(i * across, (i + 1) * across).join(GROUP_GAP),
  );
}
