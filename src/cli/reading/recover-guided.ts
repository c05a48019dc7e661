import { misfitError, type Assembly, type Recovered } from "../../core/assembly.ts";
import { isFirstRow } from "../../core/document.ts";
import { BreakglassError } from "../../core/errors.ts";
import { say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import { noteFile, noteTypedSlip } from "../terminal/asked.ts";
import { Terminal } from "../terminal/terminal.ts";
import { typeSlip } from "../terminal/typing.ts";
import type { About } from "./set-news.ts";
import { SlipInput } from "./slip-input.ts";
import { needSet, takeFile, takeSlip, type TakingFiles } from "./take-slip.ts";
import { needWords } from "./wording.ts";

// What only a person at a terminal needs, in one file to be loaded then.
export { lendToClipboard, needClipboard } from "../terminal/clipboard.ts";
export { needPrivateScreen } from "../terminal/private-screen.ts";
export { showPassword } from "../terminal/show.ts";
export { Terminal };

export interface RecoveringOptions {
  /** The set to take, where slips of several are given. */
  readonly wanted: string | undefined;
  readonly acceptCorrections: boolean;
  /** Whether slips of other sets are refused: in a ceremony it is known which set is asked for. */
  readonly noOthers?: boolean;
  /** What a register says of sets, if it is asked. */
  readonly about?: About;
}

/**
 * Asks for slips until one set is complete and its password proved. A file can be named in place of
 * a slip's first line: a better photograph than the one before.
 */
export async function recoverAt(
  terminal: Terminal,
  assembly: Assembly,
  { wanted, acceptCorrections, noOthers = false, about }: RecoveringOptions,
): Promise<Recovered> {
  const only = noOthers ? wanted : undefined;
  let news = assembly.sets.map(needWords);
  const asked = wanted === undefined ? [] : [`slips of set ${wanted} are asked for`];
  news.push(...asked);
  const told = new Set<string>();
  for (;;) {
    // What is only said once stays before the eyes of who types the next slip.
    for (const block of (await about?.(assembly.sets)) ?? []) {
      const text = block.join("\n");
      if (!told.has(text)) for (const line of block) say(line);
      told.add(text);
      news.push(...block);
    }
    const complete = assembly.sets.filter(
      (set) => set.need === 0 && (wanted === undefined || set.name === wanted),
    );
    if (complete.length > 0) {
      const recovered = await tryRecover(terminal, assembly, await choose(terminal, complete));
      if (recovered !== undefined) return recovered;
    }
    try {
      const given = await terminal.alternate(() =>
        typeSlip(terminal, { assembly, news, takesFiles: true }),
      );
      terminal.forgetUntil(isFirstRow);
      if (given === undefined) break;
      if ("file" in given) news = await fromFile(given.file, assembly, { acceptCorrections, only });
      else {
        needSet(given.slip, only);
        noteTypedSlip();
        news = takeSlip(assembly, given, "this slip");
      }
      // Slips of other sets that are here already stay in view.
      const here = assembly.sets.map(needWords);
      news.unshift(...here.filter((line) => !news.includes(line)));
      // One that is complete ends nothing where another one was asked for.
      if (assembly.sets.some(({ name }) => name !== wanted)) news.push(...asked);
    } catch (error) {
      if (!(error instanceof BreakglassError) || error.code === "interrupted") throw error;
      reportError(error);
      news = [`not taken: ${error.message}`, ...assembly.sets.map(needWords)];
    }
  }
  return assembly.recover(wanted); // says what is missing
}

/** Takes what a file holds, and gives what was said. */
async function fromFile(
  file: string,
  assembly: Assembly,
  how: Omit<TakingFiles, "tell">,
): Promise<string[]> {
  const input = new SlipInput([file]);
  const news: string[] = [];
  const tell = (error: BreakglassError): void => {
    reportError(error);
    news.push(`not taken: ${error.message}`);
  };
  try {
    const said = await takeFile(input, 0, assembly, { ...how, tell });
    if (said.length > 0) noteFile(file);
    return [...news, ...said, ...(said.length === 0 ? assembly.sets.map(needWords) : [])];
  } finally {
    input.close();
  }
}

async function choose(
  terminal: Terminal,
  complete: readonly { readonly name: string }[],
): Promise<string> {
  const names = complete.map((set) => set.name);
  if (names.length === 1) return names[0]!;
  terminal.say(`${names.length} sets are complete: ${names.join(", ")}`);
  terminal.say("try the one of the higher generation first, unless the register says otherwise");
  for (;;) {
    const name = (await terminal.ask("which set? ")).trim().toUpperCase();
    if (names.includes(name)) return name;
  }
}

/** The password, or undefined if another slip is to be typed first. */
async function tryRecover(
  terminal: Terminal,
  assembly: Assembly,
  name: string,
): Promise<Recovered | undefined> {
  try {
    const recovered = assembly.recover(name);
    if (recovered.misfits.length === 0) return recovered;
    const { message, hint } = misfitError(recovered.misfits);
    terminal.say(`careful: ${message}`);
    terminal.say(`  ${hint}`);
    terminal.say("the password below comes from the other slips, which fit each other");
    if (await terminal.confirm("go on without it?")) return recovered;
    recovered.secret.fill(0);
    throw misfitError(recovered.misfits);
  } catch (error) {
    const set = assembly.sets.find((state) => state.name === name);
    const more = set?.scheme === "shamir" && set.have.length < set.total;
    if (!(error instanceof BreakglassError) || error.code !== "wrong-result" || !more) throw error;
    terminal.say(error.message);
    terminal.say(`  ${error.hint}`);
    return undefined;
  }
}
