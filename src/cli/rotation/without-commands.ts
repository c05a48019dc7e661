/** A sentence as it is said here, where nobody is to type the command that it names. */
export function withoutCommands(sentence: string): string {
  return sentence.replaceAll(/ \(breakglass [^)]*\)/g, "");
}
