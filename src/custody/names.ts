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

/**
 * Whether a text can be somebody's name: an answer to another question, such as `y` or `<`, is none, unless somebody
 * is known by it.
 */
export function canBeName(text: string, known: Iterable<string> = []): boolean {
  return /\p{L}.*\p{L}/u.test(text) || [...known].some((name) => isSameName(text, name));
}

/** A name as it is spelled among those that are known, if it is one of them; else as it was given. */
export function spelledAs(name: string, known: Iterable<string>): string {
  const names = [...known];
  return names.includes(name) ? name : (names.find((other) => isSameName(name, other)) ?? name);
}

/** Shorter names are too often one letter apart. */
const NEAR_MIN = 4;

/** A known name that one slip of the finger makes of this one, which is not known. */
export function nearName(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const key = nameKey(name);
  if (key.length < NEAR_MIN || names.some((other) => isSameName(name, other))) return undefined;
  return names.find((other) => isOneSlipApart(key, nameKey(other)));
}

/** Whether one letter was left out, doubled or mistaken, or two were exchanged. */
function isOneSlipApart(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const [left, right] = [one, other].map((text) => text.slice(start, text.length - end));
  return (
    Math.max(left!.length, right!.length) <= 1 ||
    (left!.length === 2 && left === [...right!].toReversed().join(""))
  );
}
