import { Assembly, misfitError, type Recovered } from "../../core/assembly.ts";
import { BreakglassError } from "../../core/errors.ts";
import { setName, type Slip } from "../../core/slip.ts";
import { canBeName } from "../../custody/names.ts";
import { isoTime } from "../../custody/times.ts";
import { hasRegister, registerFolder } from "../journal/register-folder.ts";
import { warnOfCoreDumps } from "../system/core-dumps.ts";
import { hasTerminal, isTerminal } from "../system/is-terminal.ts";
import { parseChoice, parseSetName } from "../system/options.ts";
import { answer, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import { isPlausible, type Clock } from "../system/system.ts";
import type { PasswordOf } from "../terminal/show.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { PURPOSES, type Purpose, type RecoverOptions } from "./recover-options.ts";
import { giveOutAndRecord, giveOutRecorded } from "./give-out.ts";
import type { About, Block, Given } from "./set-news.ts";
import { SlipInput } from "./slip-input.ts";
import { takeFile } from "./take-slip.ts";

const STDOUT = 1;

/**
 * `breakglass recover`: takes slips until there are enough, and shows the password, or writes it
 * to standard output. It needs no register and nothing else but the slips.
 */
export async function recover(
  files: readonly string[],
  options: RecoverOptions,
  clock: Clock,
): Promise<void> {
  const wanted = options.set === undefined ? undefined : parseSetName(options.set);
  const purpose =
    options.purpose === undefined ? undefined : parseChoice("--purpose", PURPOSES, options.purpose);
  const assembly = new Assembly();
  const input = new SlipInput(files);
  // With a terminal, slips from files are a beginning, and the rest is typed.
  const guided = canAsk(files) ? await import("./recover-guided.ts") : undefined;
  const terminal = guided && new guided.Terminal();
  try {
    if (terminal === undefined && options.stdout !== true) throw noScreen();
    if (options.stdout === true && isTerminal(STDOUT)) throw wouldStay();
    // Whoever has typed two slips should not hear only then that nothing can be shown here.
    if (guided !== undefined && terminal !== undefined && options.stdout !== true) {
      if (options.clipboard === true) guided.needClipboard();
      guided.needPrivateScreen(terminal);
    }
    const about: About = async (sets) => aboutSets(options, sets);
    const acceptCorrections = options.acceptCorrections === true;
    const unread: BreakglassError[] = [];
    // What can't be read is told, and the other slips may be enough without it.
    const tell = (error: BreakglassError): void => {
      if (terminal === undefined) unread.push(error);
      else reportError(error);
    };
    for (const i of files.keys()) await takeFile(input, i, assembly, { acceptCorrections, tell });
    warnOfCoreDumps();
    const recovered =
      guided === undefined || terminal === undefined
        ? await join(assembly, wanted, unread, about)
        : await guided.recoverAt(terminal, assembly, { wanted, acceptCorrections, about });
    try {
      if (terminal === undefined && recovered.misfits.length > 0)
        throw misfitError(recovered.misfits);
      await withRecord(
        recovered.slips,
        { ...options, purpose },
        clock,
        terminal,
        async (of, warning, shown) => {
          for (const line of warning) say(line);
          if (options.stdout === true) {
            answer(recovered.secret);
            shown();
          } else if (guided !== undefined && terminal !== undefined)
            if (
              options.clipboard !== true ||
              !(await guided.lendToClipboard(terminal, recovered.secret, shown))
            )
              await guided.showPassword(terminal, recovered.secret, of, warning, shown);
        },
      );
    } finally {
      recovered.secret.fill(0);
    }
  } finally {
    input.close();
    assembly.wipe();
    terminal?.close();
  }
}

/** What a register says of sets; most who recover have none, or need not wait for it. */
async function aboutSets(
  { register }: RecoverOptions,
  sets: readonly Given[],
): Promise<readonly Block[]> {
  const folder = registerFolder(register);
  if (sets.length === 0 || !hasRegister(folder)) return [];
  const { setNews } = await import("./set-news.ts");
  return setNews(folder, sets);
}

/** Gives the password out, and writes into the register that it was; it needs none for that. */
async function withRecord(
  used: readonly Slip[],
  {
    purpose,
    ...options
  }: Omit<RecoverOptions, "purpose"> & { readonly purpose: Purpose | undefined },
  clock: Clock,
  terminal: Terminal | undefined,
  giveOut: (of: PasswordOf, warning: readonly string[], shown: () => void) => Promise<void>,
): Promise<void> {
  const set = setName(used[0]!.setId);
  const slips = used.map((slip) => slip.index);
  const folder = registerFolder(options.register);
  // When it happened, and not when the screen with the password was left.
  const at = options.at ?? timeNow();
  const sayLater = (): void => {
    say(
      `when there is time, write it down in the register: breakglass record recovered ${set} --slips ${slips.join(",")} --purpose ${purpose ?? "emergency"} --at ${at} --by NAME`,
    );
  };
  if (!hasRegister(folder)) {
    await giveOutAndRecord(
      async (shown) => giveOut({ set }, [], shown),
      () => Promise.resolve(undefined),
      sayLater,
    );
    return;
  }
  const {
    accountOf,
    destroyedWarning,
    isCeremony,
    notAsIssued,
    notIssuedError,
    notIssuedWarning,
    peopleHere,
    recordRecovery,
  } = await import("./recover-record.ts");
  const recovery = { folder, set, slips, purpose, options, clock };
  const others = notAsIssued(folder, used);
  const warning = [
    ...(others.length > 0 ? notIssuedWarning(others) : []),
    ...destroyedWarning(folder, used),
  ];
  const warningNow = async (): Promise<string[]> => [
    ...warning,
    ...(await aboutSets(options, [{ name: set, have: slips, need: 0 }])).flat(),
  ];
  const of = { set, account: accountOf(folder, set) };
  if (isCeremony(recovery)) {
    if (others.length > 0) throw notIssuedError(others);
    const by = options.by ?? (await nameOf(terminal, peopleHere(folder)));
    if (!recordRecovery({ ...recovery, options: { ...options, by } })) throw notRecorded();
    // By now the register knows that it is being set.
    const show = async (): Promise<void> => giveOut(of, await warningNow(), () => undefined);
    await giveOutRecorded(show, set, of.account);
    return;
  }
  await giveOutAndRecord(
    async (shown) => giveOut(of, await warningNow(), shown),
    async () => {
      // A register that can't say whose set it is can't be written to, and nobody is asked for it.
      const isAsked = options.stdout !== true && of.account !== undefined;
      return (
        options.by ?? (isAsked ? await nameAfterwards(terminal, peopleHere(folder)) : undefined)
      );
    },
    (by) => {
      const named = by === undefined ? options : { ...options, by };
      if (!recordRecovery({ ...recovery, options: named })) sayLater();
    },
  );
}

/** Nobody waits for it before the password is there; and who has it may leave without a name. */
async function nameAfterwards(
  terminal: Terminal | undefined,
  known: readonly string[],
): Promise<string | undefined> {
  while (terminal !== undefined) {
    const typed = await terminal.askWords(
      "Who recovered it, for the register? (Enter: not named) ",
    );
    if (typed === "") return undefined;
    if (canBeName(typed, known)) return typed;
    terminal.say("that is nobody's name; say a name, or Enter alone to name nobody");
  }
  return undefined;
}

/**
 * Who recovers a password to set it: somebody else has to confirm it.
 *
 * @throws BreakglassError `usage` if nobody can be asked
 */
async function nameOf(terminal: Terminal | undefined, known: readonly string[]): Promise<string> {
  while (terminal !== undefined) {
    const typed = await terminal.askWords("Who recovers it, to set it in the tenant? ");
    if (canBeName(typed, known)) return typed;
    terminal.say("say a name; in an emergency leave with Ctrl-C, and add --purpose emergency");
  }
  throw new BreakglassError(
    "usage",
    "--by is missing: this password is about to be set, and somebody else has to confirm it",
    "name who sets it: --by NAME; in an emergency: --purpose emergency",
  );
}

/** The time to be written down; to be filled in where the clock of a stranger's laptop can't be right. */
function timeNow(): string {
  const now = new Date();
  return isPlausible(now) ? isoTime(now) : "TIME";
}

/** Puts the slips together that files held; what could not be read is told last, where it is looked for. */
async function join(
  assembly: Assembly,
  wanted: string | undefined,
  unread: readonly BreakglassError[],
  about: About,
): Promise<Recovered> {
  try {
    const recovered = assembly.recover(wanted);
    for (const { message } of unread) say(`careful: not used: ${message}`);
    return recovered;
  } catch (error) {
    for (const line of (await about(assembly.sets)).flat()) say(line);
    const tooFew = error instanceof BreakglassError && error.code === "too-few";
    const last = tooFew ? unread.at(-1) : undefined;
    for (const each of unread) if (each !== last) reportError(each);
    throw last ?? error;
  }
}

/** Standard input that holds slips can't be asked as well. */
function canAsk(files: readonly string[]): boolean {
  return hasTerminal() && !files.includes("-");
}

function wouldStay(): BreakglassError {
  return new BreakglassError(
    "usage",
    "--stdout would leave the password on this terminal, and in its scrollback",
    "leave out --stdout to see it on a screen that is cleared, or write to a pipe or file",
  );
}

/** A set is being set from the moment its password is shown, and the register must know it before. */
function notRecorded(): BreakglassError {
  return new BreakglassError(
    "register",
    "so the password is not shown: in a ceremony the register knows of it first",
    "settle that and try again; in an emergency, which waits for no register: --purpose emergency",
  );
}

function noScreen(): BreakglassError {
  return new BreakglassError(
    "no-terminal",
    "the password is shown on a terminal only, and there is none here",
    "run this in a terminal, or add --stdout to write the password to a pipe or file",
  );
}
