/** The flags of a command line by their names, each with its values; one that takes none has none. */
type Flags = ReadonlyMap<string, readonly string[]>;

let command = "";
let args: readonly string[] = [];
/** Arguments that were answered, by what they are called. */
const answered = new Map<string, string>();
const flags = new Map<string, readonly string[]>();
let typedSlips = 0;
let open = true;
let guided = false;
/** Who said so last, at the lines before, too: one person prepares one thing after the other. */
let teller: string | undefined;

/** Notes the command line as it was given; the menu runs one after the other. */
export function beginLine(name: string, given: readonly string[], options: Flags): void {
  command = name;
  args = given;
  answered.clear();
  flags.clear();
  typedSlips = 0;
  open = true;
  guided = false;
  for (const [flag, values] of options) flags.set(flag, values);
}

/**
 * Notes an answer; one that is given anew takes the place of the earlier one.
 *
 * @param another whether the flag is given several times, and this is one more
 */
export function noteAnswer(flag: string, answer: string, another = false): void {
  guided = true;
  if (flag === "--by") teller = answer;
  if (!open) return;
  if (!flag.startsWith("--")) answered.set(flag, answer);
  else flags.set(flag, another ? [...(flags.get(flag) ?? []), answer] : [answer]);
}

/** Forgets an answer, since who gave it goes back to its question. */
export function takeBack(flag: string): void {
  if (!open) return;
  answered.delete(flag);
  flags.delete(flag);
}

/** Who answered last for what is written down. */
export function lastTeller(): string | undefined {
  return teller;
}

/** Notes that a slip was typed, which a file could have said. */
export function noteTypedSlip(): void {
  if (open) typedSlips++;
}

/** Notes a file that was named at a question. */
export function noteFile(file: string): void {
  guided = true;
  if (open) args = [...args, file];
}

/** Says arguments anew, in the place of those that were given and answered. */
export function restateArguments(words: readonly string[]): void {
  if (!open) return;
  args = words;
  answered.clear();
}

/** Says a flag anew, in the place of what was given and answered; without values it is left out. */
export function restateFlag(flag: string, values: readonly string[] | undefined): void {
  if (!open) return;
  flags.delete(flag);
  if (values !== undefined) flags.set(flag, values);
}

/** What is asked from here on is no part of the command line: it leads through steps of their own. */
export function closeLine(): void {
  open = false;
}

/** Whether anything was asked at the terminal. */
export function wasAsked(): boolean {
  return guided;
}

/** Whether slips were typed, which only files could have said. */
export function wasTyped(): boolean {
  return typedSlips > 0;
}

/** The words of the command line that would have asked nothing, or undefined if nothing was asked. */
export function sameWords(): readonly string[] | undefined {
  if (answered.size === 0 && !guided && typedSlips === 0) return undefined;
  const slips = Array.from({ length: typedSlips }, (_, i) => `typed-${i + 1}.txt`);
  const all = [...args, ...answered.values(), ...slips];
  const said = [...flags].flatMap(([flag, values]) =>
    values.length === 0 ? [flag] : values.flatMap((value) => flagWords(flag, value)),
  );
  // What begins with a dash is an argument only after two of them.
  return all.some((word) => word.startsWith("-") && word !== "-")
    ? ["breakglass", command, ...said, "--", ...all]
    : ["breakglass", command, ...all, ...said];
}

function flagWords(flag: string, value: string): string[] {
  return value.startsWith("-") ? [`${flag}=${value}`] : [flag, value];
}
