/** A name as it is compared: however somebody typed it, it is the same one. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").replaceAll(/\s/g, "").toUpperCase().toLowerCase();
}

/**
 * Whether two names are one person's, safe's, site's or account's: they differ in nothing, or only in
 * case, blanks and ways to write the same letters.
 */
export function isSameName(name: string, other: string | undefined): boolean {
  return other !== undefined && (name === other || nameKey(name) === nameKey(other));
}

/** A name as it is spelled among those that are known, if it is one of them; else as it was given. */
export function spelledAs(name: string, known: Iterable<string>): string {
  const names = [...known];
  return names.includes(name) ? name : (names.find((other) => isSameName(name, other)) ?? name);
}
