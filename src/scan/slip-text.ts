/** Whether a code's text claims to be a slip's, in whatever version of the format. */
export function beginsLikeSlip(text: string): boolean {
  return /^BG[0-9]{1,2}:/i.test(text);
}
