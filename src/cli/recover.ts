import { Assembly, misfitError, type Recovered } from "../core/assembly.ts";
import { BreakglassError } from "../core/errors.ts";
import { readSlip, type SlipReading } from "../core/reader.ts";
import { slipName } from "../core/slip.ts";
import { parseSetName } from "./options.ts";
import { answer, say } from "./output.ts";
import { reportError } from "./report-error.ts";
import { showPassword } from "./show.ts";
import { givenSlips, inContext } from "./slip-input.ts";
import { Terminal, hasTerminal } from "./terminal.ts";
import { typeSlip } from "./typing.ts";
import { needWords, readingNotes } from "./wording.ts";

export interface RecoverOptions {
  readonly stdout?: boolean;
  readonly acceptCorrections?: boolean;
  readonly set?: string;
}

/**
 * `breakglass recover`: takes slips until there are enough, and shows the password, or writes it
 * to standard output. It needs no register and nothing else but the slips.
 */
export async function recover(files: readonly string[], options: RecoverOptions): Promise<void> {
  const wanted = options.set === undefined ? undefined : parseSetName(options.set);
  const assembly = new Assembly();
  // With a terminal, slips from files are a beginning, and the rest is typed.
  const terminal = canAsk(files) ? new Terminal() : undefined;
  try {
    if (terminal === undefined && options.stdout !== true) throw noScreen();
    const acceptCorrections = options.acceptCorrections === true;
    for (const file of files)
      keepGoing(terminal, () => {
        for (const { draft, where } of givenSlips(file))
          keepGoing(terminal, () => {
            take(
              assembly,
              inContext(where, () => readSlip(draft, { acceptCorrections })),
              where,
            );
          });
      });
    const recovered =
      terminal === undefined
        ? assembly.recover(wanted)
        : await recoverAt(terminal, assembly, wanted);
    try {
      if (terminal === undefined && recovered.misfits.length > 0)
        throw misfitError(recovered.misfits);
      if (options.stdout === true) answer(recovered.secret);
      else if (terminal !== undefined) await showPassword(terminal, recovered.secret);
    } finally {
      recovered.secret.fill(0);
    }
  } finally {
    assembly.wipe();
    terminal?.close();
  }
}

/** At a terminal, what can't be read from a file is told, and can still be typed. */
function keepGoing(terminal: Terminal | undefined, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (terminal === undefined || !(error instanceof BreakglassError)) throw error;
    reportError(error);
  }
}

/** Standard input that holds slips can't be asked as well. */
function canAsk(files: readonly string[]): boolean {
  return hasTerminal() && !files.includes("-");
}

function noScreen(): BreakglassError {
  return new BreakglassError(
    "no-terminal",
    "the password is shown on a terminal only, and there is none here",
    "run this in a terminal, or add --stdout to write the password to a pipe or file",
  );
}

/** Adds a slip and says what that makes. */
function take(assembly: Assembly, reading: SlipReading, where: string): void {
  const { added, set } = assembly.add(reading.slip);
  const name = slipName(reading.slip);
  for (const note of readingNotes(reading)) say(`${name}: ${note}`);
  if (added === "same again") say(`${where}: ${name} was given before; it counts once`);
  if (added === "conflict")
    say(`${where}: ${name} was given before with other content; one of the two is not genuine`);
  say(needWords(set));
}

/** Asks for slips until one set is complete and its password proved. */
async function recoverAt(
  terminal: Terminal,
  assembly: Assembly,
  wanted: string | undefined,
): Promise<Recovered> {
  for (;;) {
    const complete = assembly.sets.filter(
      (set) => set.need === 0 && (wanted === undefined || set.name === wanted),
    );
    if (complete.length > 0) {
      const recovered = await tryRecover(terminal, assembly, await choose(terminal, complete));
      if (recovered !== undefined) return recovered;
    }
    const reading = await terminal.alternate(() => typeSlip(terminal, { assembly }));
    terminal.forget();
    if (reading !== undefined) take(assembly, reading, "this slip");
    else assembly.recover(wanted); // says what is missing
  }
}

async function choose(
  terminal: Terminal,
  complete: readonly { readonly name: string }[],
): Promise<string> {
  const names = complete.map((set) => set.name);
  if (names.length === 1) return names[0]!;
  terminal.say(`${names.length} sets are complete: ${names.join(", ")}`);
  terminal.say("try the one of the higher generation first");
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
