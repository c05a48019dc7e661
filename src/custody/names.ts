/** A name as it is compared: however somebody typed it, it is the same person. */
function folded(name: string): string {
  return name.normalize("NFKC").replaceAll(/\s/g, "").toUpperCase().toLowerCase();
}

/** Whether two names are one person's, but for case, blanks and ways to write the same letters. */
export function isSamePerson(name: string, other: string | undefined): boolean {
  return other !== undefined && folded(name) === folded(other);
}
