/** What is meant by leaving out something of which the register may know what it is now. */
export function asBefore(now: string | undefined): string {
  return now === undefined ? "as before" : `as before, ${now}`;
}
