import { BreakglassError } from "../core/errors.ts";
import { nextStep } from "../custody/lifecycle.ts";
import { accountLines, due, type Finding } from "../custody/schedule.ts";
import { openRegister } from "./journal/journal-file.ts";
import { folderName, hasRegister, registerFolder } from "./journal/register-folder.ts";
import { oneLine, say } from "./system/output.ts";
import { reportError } from "./system/report-error.ts";
import { Terminal } from "./terminal/terminal.ts";

/** Something that can be done now. */
interface Choice {
  /** One line. */
  readonly what: string;
  /** As somebody would type it. */
  readonly command: string;
}

const FIRST = 5;

/** An emergency waits for nobody's register, and for nothing that is due. */
const EMERGENCY: Choice = {
  what: "recover a password from its slips (emergency)",
  command: "breakglass recover",
};

/** What is always of use. */
const ALWAYS: readonly Choice[] = [{ what: "check a slip, alone", command: "breakglass check" }];

const WITHOUT_REGISTER: readonly Choice[] = [
  { what: "open a register of custodians, safes and sets", command: "breakglass init" },
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

/**
 * `breakglass` alone, at a terminal: an emergency first, then what is due, and what else can be done. Each choice names
 * its command, so that it can be typed the next time.
 *
 * @param run runs a command line
 */
export async function guide(
  run: (args: readonly string[]) => Promise<void>,
  now: Date,
): Promise<void> {
  const folder = registerFolder(undefined);
  const known = hasRegister(folder);
  const choices = [
    EMERGENCY,
    ...(known ? fromRegister(folder, now) : []),
    ...ALWAYS,
    ...(known ? WITH_REGISTER : WITHOUT_REGISTER),
  ];
  if (!known) say(`there is no register in ${folderName(folder)}`);
  for (const [i, { what, command }] of choices.entries()) {
    say(oneLine(`${String(i + 1).padStart(3)}  ${what}`));
    say(oneLine(`     ${command}`));
  }
  const choice = choices[(await chosen(choices.length)) - 1];
  if (choice === undefined) return;
  const { parseArgsStringToArgv } = await import("string-argv");
  const [, ...args] = parseArgsStringToArgv(choice.command);
  say(oneLine(`the same by itself: ${choice.command}`));
  say("");
  await run(args);
}

async function chosen(count: number): Promise<number> {
  const terminal = new Terminal();
  try {
    for (;;) {
      const typed = (await terminal.ask("a number, or q to leave: ")).trim();
      if (typed === "q") return 0;
      if (/^\d+$/.test(typed) && Number(typed) >= 1 && Number(typed) <= count) return Number(typed);
      say("type one of the numbers, or q");
    }
  } finally {
    terminal.close();
  }
}

/** What is under way, then what is due, the worst first. A broken register is told, and no more. */
function fromRegister(folder: string, now: Date): Choice[] {
  try {
    const { register } = openRegister(folder);
    say(oneLine(`${register.opened?.tenant ?? ""} (${folderName(folder)})`));
    const underWay = accountLines(register, now).flatMap(({ account }) => {
      const { pending, where } = nextStep(register, account);
      const what = `go on with ${where}`;
      return pending === undefined ? [] : [{ what, command: `breakglass rotate ${account}` }];
    });
    const findings = due(register, now).filter(({ command }) => command !== undefined);
    if (findings.length === 0 && underWay.length === 0) say("nothing is due");
    const all = eachOnce([...underWay, ...byHarm(findings).map(choiceOf)]);
    const shown = all.slice(0, underWay.length + FIRST);
    if (shown.length < all.length)
      say(`the first ${shown.length} of ${all.length} things to do; all: breakglass status`);
    return shown;
  } catch (error) {
    if (!(error instanceof BreakglassError)) throw error;
    reportError(error);
    return [];
  }
}

/** Of what is equally late, a password that is to be made comes first. */
function byHarm(findings: readonly Finding[]): Finding[] {
  const severities = [...new Set(findings.map(({ severity }) => severity))];
  return severities.flatMap((each) => {
    const alike = findings.filter(({ severity }) => severity === each);
    const isPassword = ({ command = "" }: Finding): boolean =>
      /^breakglass (rotate|issue) /.test(command);
    return [...alike.filter(isPassword), ...alike.filter((finding) => !isPassword(finding))];
  });
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
