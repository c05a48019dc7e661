import { BreakglassError } from "../core/errors.ts";
import { interrupted } from "./interrupt.ts";
import { say } from "./output.ts";
import { hasTerminal } from "./is-terminal.ts";

/**
 * What was given for a flag, or what the person at the terminal says.
 *
 * @param flag how messages name it
 * @param times how often the flag is to be given, if more than once
 * @throws BreakglassError `usage` if it is missing or empty and nobody can be asked, or `interrupted`
 */
export async function askFor(
  flag: string,
  question: string,
  given: string | undefined,
  times = 1,
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
  const { default: input } = await import("@inquirer/input");
  return prompted(() =>
    input({ message: `${question}:`, required: true }, { output: process.stderr }),
  );
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
  try {
    return await prompt();
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw interrupted();
    throw error;
  }
}
