/** What was asked for in this run, as words of the command line that would have said it. */
export const asked: string[] = [];

/** Notes an answer. Flags go with their name, arguments without. */
export function noteAnswer(flag: string, answer: string): void {
  asked.push(...(flag.startsWith("--") ? [flag] : []), answer);
}
