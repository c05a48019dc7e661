import { BreakglassError } from "../core/errors.ts";
import { COMMANDS } from "../custody/commands.ts";
import { nextStep } from "../custody/lifecycle/standing.ts";
import { passwordAccounts, type Register } from "../custody/register.ts";
import { accountLines } from "../custody/schedule/account-lines.ts";
import type { Finding } from "../custody/schedule/duty.ts";
import { due } from "../custody/schedule/schedule.ts";
import { whereabouts, whereaboutsText } from "../custody/whereabouts.ts";
import { openRegister } from "./journal/journal-file.ts";
import { folderName, hasRegister, registerFolder } from "./journal/register-folder.ts";
import { countRows, oneLine, say } from "./system/output.ts";
import type { Clock } from "./system/system.ts";
import { afterWriting, interrupted } from "./system/interrupt.ts";
import { reportError } from "./system/report-error.ts";
import { NotAgreed } from "./terminal/agree.ts";
import { Terminal } from "./terminal/terminal.ts";

/** Something that can be done now. */
interface Choice {
  /** One line. */
  readonly what: string;
  /** As somebody would type it. */
  readonly command: string;
}

const FIRST = 5;
/** The register's name, how many things are left out, and the question. */
const OTHER_ROWS = 3;

/**
 * An emergency waits for nobody's register, and for nothing that is due. It stands next to the question, where no
 * screen is too low for it.
 */
const EMERGENCY: Choice = {
  what: "recover a password from its slips (emergency)",
  command: "breakglass recover --purpose emergency",
};
const EMERGENCY_KEY = "e";

/** What is always of use. */
const ALWAYS: readonly Choice[] = [{ what: "check a slip, alone", command: "breakglass check" }];

const WITHOUT_REGISTER: readonly Choice[] = [
  { what: "open a register of custodians, safes and sets", command: COMMANDS.init() },
  {
    what: "print slips that are in no register",
    command: "breakglass issue --no-register",
  },
];

const WITH_REGISTER: readonly Choice[] = [
  { what: "everything at a glance", command: "breakglass status" },
  { what: "write down what happened away from the tool", command: "breakglass record" },
  { what: "read the journal", command: "breakglass log" },
];

/** What comes before a first set, after each of which there is more to do: the menu comes back. */
const PREPARING = /^breakglass (?:init|site add|custodian add|account add)\b/;

/**
 * `breakglass` alone, at a terminal: what is due first, what else can be done, and at the question an emergency. Each
 * choice names its command, so that it can be typed the next time. Until a first set can be issued the menu comes back
 * for what else it needs.
 *
 * @param run runs a command line
 */
export async function guide(
  run: (args: readonly string[]) => Promise<void>,
  clock: Clock,
): Promise<void> {
  const { parseArgsStringToArgv } = await import("string-argv");
  for (let prepared = 0; ;) {
    const choice = await afterwards(prepared, () => chosen(clock()));
    if (choice === undefined) return;
    const [, ...args] = parseArgsStringToArgv(choice.command);
    say(oneLine(`the same by itself: ${choice.command}`));
    say("");
    const isPreparing = PREPARING.test(choice.command);
    try {
      await afterwards(prepared, () => run(args));
      if (!isPreparing) return;
      prepared++;
    } catch (error) {
      // A name that is there already, say, or a slip of the finger seen in time: the menu has what is missing.
      const isTold = error instanceof BreakglassError && error.code !== "interrupted";
      if (!(error instanceof NotAgreed) && !(isPreparing && isTold)) throw error;
      if (error instanceof NotAgreed) say(error.message);
      else reportError(error);
    }
    say("");
  }
}

async function afterwards<T>(prepared: number, run: () => Promise<T>): Promise<T> {
  if (prepared === 0) return run();
  const hint = "what was written before is in the register; go on from there: breakglass";
  return afterWriting(hint, run);
}

/** What somebody chooses from the menu, or undefined. */
async function chosen(now: Date): Promise<Choice | undefined> {
  const terminal = new Terminal();
  try {
    const choice = await choose(terminal, now);
    // Ctrl-C that came with Enter in one read reached nobody.
    if (terminal.hasEnded) throw interrupted();
    return choice;
  } finally {
    terminal.close();
  }
}

async function choose(terminal: Terminal, now: Date): Promise<Choice | undefined> {
  const { choices, register } = choicesFor(terminal.size.rows, now);
  const list = (): void => {
    for (const [i, choice] of choices.entries()) say(choiceText(String(i + 1), choice));
    say(choiceText(EMERGENCY_KEY, EMERGENCY));
  };
  list();
  for (;;) {
    const typed = (
      await terminal.askWords(`a number, ${EMERGENCY_KEY}, or q to leave: `)
    ).toLowerCase();
    if (typed === "q") return undefined;
    if (typed === EMERGENCY_KEY) {
      if (register !== undefined) await fetchSlips(register, terminal);
      return EMERGENCY;
    }
    // What was said since may have pushed the list off the screen.
    if (typed === "") {
      list();
      continue;
    }
    const choice = /^\d+$/.test(typed) ? choices[Number(typed) - 1] : undefined;
    if (choice !== undefined) return choice;
    say(`type one of the numbers, ${EMERGENCY_KEY} or q; Enter alone shows them again`);
  }
}

/** The slips are in safes, and whoever has just woken up is told in which, and whom to call. */
async function fetchSlips(register: Register, terminal: Terminal): Promise<void> {
  const live = [...register.accounts.values()].filter(({ retired }) => retired === undefined);
  const isLive = (name: string): boolean => live.some(({ account }) => account === name);
  // A PIN's slips are told with the account that its key belongs to, as long as that is there.
  const accounts = live.filter(({ belongsTo }) => belongsTo === undefined || !isLive(belongsTo));
  const rows = accounts.flatMap(({ account }) => {
    const told = whereaboutsText(whereabouts(register, account));
    return told.length === 0 ? [] : ["", account, ...told];
  });
  if (rows.length === 0) return;
  await terminal.sayByScreens([...rows.map(oneLine), ""]);
  await terminal.askWords("Enter, once the slips are here: ");
}

function choiceText(key: string, { what, command }: Choice): string {
  return `${oneLine(`${key.padStart(3)}  ${what}`)}\n${oneLine(`     ${command}`)}`;
}

function rowsOf(choice: Choice): number {
  return countRows(choiceText("1", choice), process.stderr.columns || 80);
}

/** What there is to choose from, and the register, if there is one that can be read. */
interface Choices {
  readonly choices: readonly Choice[];
  readonly register: Register | undefined;
}

/** Everything but the emergency, as much of what is due as the screen has rows for. */
function choicesFor(rows: number, now: Date): Choices {
  const folder = registerFolder(undefined);
  const known = hasRegister(folder);
  const others = [...ALWAYS, ...(known ? WITH_REGISTER : WITHOUT_REGISTER)];
  if (!known) {
    say(`there is no register in ${folderName(folder)}`);
    return { choices: others, register: undefined };
  }
  const taken = [...others, EMERGENCY].reduce((sum, choice) => sum + rowsOf(choice), OTHER_ROWS);
  const { choices, register } = fromRegister(folder, rows - taken, now);
  return { choices: [...choices, ...others], register };
}

/**
 * What is under way, what a first set needs, then what is due, the worst first. A broken register is told, and no
 * more.
 */
function fromRegister(folder: string, rows: number, now: Date): Choices {
  try {
    const { register } = openRegister(folder);
    say(oneLine(`${register.opened?.tenant ?? ""} (${folderName(folder)})`));
    const underWay = accountLines(register, now).flatMap(({ account }) => {
      const { pending, where } = nextStep(register, account);
      const what = `go on with ${where}`;
      return pending === undefined ? [] : [{ what, command: COMMANDS.rotate(account) }];
    });
    const findings = due(register, now).filter(({ command }) => command !== undefined);
    const all = eachOnce([...underWay, ...preparations(register), ...findings.map(choiceOf)]);
    if (all.length === 0) say("nothing is due");
    const shown = fitting(all.slice(0, underWay.length + FIRST), rows);
    if (shown.length < all.length)
      say(`the first ${shown.length} of ${all.length} things to do; all: breakglass status`);
    return { choices: shown, register };
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    reportError(error);
    return { choices: [], register: undefined };
  }
}

/** As many as there are rows for, and the first in any case. */
function fitting(choices: readonly Choice[], rows: number): Choice[] {
  let left = rows;
  return choices.filter((choice, i) => (left -= rowsOf(choice)) >= 0 || i === 0);
}

/** The usual set has so many slips, each with a safe, a custodian and an alternate of its own. */
const USUAL_SLIPS = 3;

/** What a register lacks for its first set. */
function preparations(register: Register): Choice[] {
  const { sets, locations, custodians } = register;
  if (sets.size > 0) return [];
  const isHere = ({ gone }: { readonly gone: unknown }): boolean => gone === undefined;
  const safes = [...locations.values()].filter(isHere).length;
  const pairs = [...custodians.values()]
    .filter(isHere)
    .flatMap(({ custodian, alternate }) =>
      alternate === undefined ? [] : [{ custodian, alternate }],
    );
  // Whoever stands in for somebody holds no slip of the set besides.
  const standIns = new Set(pairs.map(({ alternate }) => alternate));
  const holders = pairs.filter(({ custodian }) => !standIns.has(custodian)).length;
  const steps: (Choice | false)[] = [
    safes < USUAL_SLIPS && {
      what: `prepare: add a safe (${safes} of ${USUAL_SLIPS}, one for each slip)`,
      command: COMMANDS.addLocation(),
    },
    holders < USUAL_SLIPS && {
      what: `prepare: add a custodian with an alternate (${holders} of ${USUAL_SLIPS}, one for each slip)`,
      command: COMMANDS.addCustodian(),
    },
    ...pairs.map(
      ({ custodian, alternate }) =>
        !custodians.has(alternate) && {
          what: `prepare: add ${alternate}, the alternate of ${custodian}`,
          command: COMMANDS.addCustodian(alternate),
        },
    ),
    passwordAccounts(register) === 0 && {
      what: "prepare: add the emergency account",
      command: COMMANDS.addAccount(),
    },
  ];
  return steps.filter((step) => step !== false);
}

/** Of several reasons to do the same, the first. */
function eachOnce(choices: readonly Choice[]): Choice[] {
  const seen = new Set<string>();
  return choices.filter(({ command }) => !seen.has(command) && seen.add(command));
}

function choiceOf({ severity, what, until, command }: Finding): Choice {
  const day = until === undefined ? "" : ` (${until.slice(0, 10)})`;
  // What is only a place for words is asked for.
  return { what: `${severity}: ${what}${day}`, command: command!.replace(" --reason REASON", "") };
}
