import { hasTerminal } from "../system/is-terminal.ts";
import { say } from "../system/output.ts";

/** Tells a person at the terminal what takes a while; a script is not told. */
export function progress(what: string): void {
  if (hasTerminal()) say(`${what} ...`);
}
