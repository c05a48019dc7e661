import { fstatSync, statSync, type Stats } from "node:fs";
import { devNull } from "node:os";

const STDIN = 0;
const STDERR = 2;

/** Whether a person sits at a terminal: what they type is read, and what is said to them is seen. */
export function hasTerminal(): boolean {
  return isTerminal(STDIN) && isTerminal(STDERR);
}

/** Whether a file descriptor is a terminal. */
export function isTerminal(handle: number): boolean {
  // What is no device is no terminal; asking Node loads its network stack, a third of the time to start.
  const file = fstatSync(handle);
  if (!file.isCharacterDevice() || isNullDevice(file)) return false;
  return process.getBuiltinModule("node:tty").isatty(handle);
}

/** Where monitoring sends what it does not read. */
function isNullDevice({ dev, ino }: Stats): boolean {
  if (process.platform === "win32") return false;
  const none = statSync(devNull);
  return none.dev === dev && none.ino === ino;
}
