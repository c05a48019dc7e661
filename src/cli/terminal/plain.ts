/** Whether questions are asked line by line and nothing is drawn anew, as screen readers want it. */
export function isPlain(): boolean {
  const { TERM, BREAKGLASS_PLAIN = "" } = process.env;
  return TERM === "dumb" || BREAKGLASS_PLAIN !== "";
}
