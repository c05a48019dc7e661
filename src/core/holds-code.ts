/** Five groups of four symbols with a digit among them, or a QR text. */
const CODE = /BG\d+:|(?=[A-Z -]{0,23}\d)(?:\b[0-9A-HJKMNP-TV-Z]{4}\b[ -]*){5}/i;

/** Whether a text looks like a line of a slip's code, or holds one: it belongs in no name and no register. */
export function holdsCode(text: string): boolean {
  return CODE.test(text);
}
