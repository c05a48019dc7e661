import { BreakglassError } from "../core/errors.ts";

/** Control characters, of which a terminal could make something else than text. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside (a file's name, a message of the system) as one harmless line. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, "\u{fffd}");
}

/** Says something to the person: on standard error, so that standard output is the answer alone. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Writes the answer to standard output and waits until it is out.
 *
 * @throws BreakglassError `file` if nobody reads it to the end
 */
export async function answer(bytes: Uint8Array | string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => {
      if (error == null) resolve();
      else
        reject(
          new BreakglassError(
            "file",
            "standard output was closed, or is full, before everything was written",
            "run the command again and read all of its output",
          ),
        );
    });
  });
}
