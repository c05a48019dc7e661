import { BreakglassError } from "../../core/errors.ts";
import { holdsCode } from "../../core/holds-code.ts";
import { interrupted, onStop } from "../system/interrupt.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { oneLine, say } from "../system/output.ts";
import { noteAnswer } from "./asked.ts";

export interface Question {
  /** How often the flag is to be given, if more than once. */
  readonly times?: number;
  /** What Enter takes. */
  readonly usual?: string | undefined;
  /** Names that a register has, of which a number can be typed instead. */
  readonly known?: readonly string[];
  /** Whether it must be one of these names. */
  readonly closed?: boolean;
}

/**
 * What was given for a flag, or what the person at the terminal says.
 *
 * @param flag how messages name it
 * @throws BreakglassError `usage` if it is missing or empty and nobody can be asked, or `interrupted`
 */
export async function askFor(
  flag: string,
  question: string,
  given?: string,
  { times = 1, usual, known = [], closed = false }: Question = {},
): Promise<string> {
  if (given?.includes("\u{fffd}") === true)
    throw new BreakglassError("usage", `${flag} is not text in UTF-8`, `type ${flag} again`);
  if (given !== undefined && given.trim() !== "") return given;
  if (!hasTerminal())
    throw new BreakglassError(
      "usage",
      `${flag} is missing`,
      times > 1 ? `give ${flag} once for every slip, in order (${times} times)` : `give ${flag}`,
    );
  for (const [i, name] of known.entries()) say(`  ${i + 1}  ${oneLine(name)}`);
  const meant = (typed: string): string => known[Number(typed) - 1] ?? typed;
  const validate = (typed: string): true | string => {
    if (holdsCode(typed)) return "this looks like the code of a slip, which is not asked for here";
    return !closed || known.includes(meant(typed)) || "type one of these names, or its number";
  };
  if (isPlain()) return noted(flag, meant(await askPlainly(question, usual, validate)));
  const { default: input } = await import("@inquirer/input");
  const typed = await prompted(() =>
    input(
      {
        message: `${question}:`,
        required: true,
        validate,
        ...(usual === undefined || usual === "" ? {} : { default: usual, prefill: "tab" as const }),
      },
      { output: process.stderr },
    ),
  );
  return noted(flag, meant(typed));
}

function noted(flag: string, answer: string): string {
  noteAnswer(flag, answer);
  return answer;
}

/** Whether questions are asked line by line and nothing is drawn anew, as screen readers want it. */
function isPlain(): boolean {
  const { TERM, BREAKGLASS_PLAIN = "" } = process.env;
  return TERM === "dumb" || BREAKGLASS_PLAIN !== "";
}

async function askPlainly(
  question: string,
  usual: string | undefined,
  validate: (typed: string) => true | string,
): Promise<string> {
  const { Terminal } = await import("./terminal.ts");
  const terminal = new Terminal();
  try {
    for (;;) {
      const hint = usual === undefined || usual === "" ? "" : ` [${oneLine(usual)}]`;
      const typed = (await terminal.ask(`${question}${hint}: `)).trim() || (usual ?? "");
      const verdict = typed === "" ? "say something; Ctrl-C leaves" : validate(typed);
      if (verdict === true) return typed;
      say(verdict);
    }
  } finally {
    terminal.close();
  }
}

/**
 * A secret typed at the terminal, unseen, and once more to be sure.
 *
 * @throws BreakglassError `interrupted`
 */
export async function askHidden(question: string): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  const ask = async (message: string): Promise<string> =>
    prompted(() =>
      password({ message, mask: false, toggleMask: false }, { output: process.stderr }),
    );
  for (;;) {
    const first = await ask(`${question}:`);
    if (first === (await ask("The same again:"))) return first;
    say("the two differ; type it again");
  }
}

async function prompted<T>(prompt: () => Promise<T>): Promise<T> {
  const release = onStop(() => undefined); // and so listens for signals, Ctrl-Z's too
  try {
    return await prompt();
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw interrupted();
    throw error;
  } finally {
    release();
  }
}
