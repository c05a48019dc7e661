const LETTERS =
  "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu".split(
    " ",
  );
const DIGITS = "zero one two three four five six seven eight nine".split(" ");

/** Unicode's names for the printable ASCII symbols, shortened where everyday English is clearer. */
const SYMBOLS: Readonly<Record<string, string>> = {
  " ": "blank",
  "!": "exclamation mark",
  '"': "double quote",
  "#": "number sign",
  $: "dollar sign",
  "%": "percent sign",
  "&": "ampersand",
  "'": "apostrophe",
  "(": "left parenthesis",
  ")": "right parenthesis",
  "*": "asterisk",
  "+": "plus sign",
  ",": "comma",
  "-": "hyphen",
  ".": "full stop",
  "/": "slash",
  ":": "colon",
  ";": "semicolon",
  "<": "less-than sign",
  "=": "equals sign",
  ">": "greater-than sign",
  "?": "question mark",
  "@": "at sign",
  "[": "left square bracket",
  "\\": "backslash",
  "]": "right square bracket",
  "^": "caret",
  _: "underscore",
  "`": "backtick",
  "{": "left brace",
  "|": "vertical bar",
  "}": "right brace",
  "~": "tilde",
};

/** A character of a password as it is drawn and as it is said. */
export interface SpelledCharacter {
  readonly char: string;
  /** Such as `capital Romeo`, `small kilo`, `digit zero`, `plus sign`, or `U+00E9` for what has no word here. */
  readonly words: string;
}

function letterWord(capital: string): string {
  return LETTERS[capital.charCodeAt(0) - 65]!;
}

/** One code point in words that can't be taken for those of another. */
function spell(char: string): string {
  if (/^[A-Z]$/.test(char)) return `capital ${letterWord(char)}`;
  if (/^[a-z]$/.test(char)) return `small ${letterWord(char.toUpperCase()).toLowerCase()}`;
  if (char >= "0" && char <= "9") return `digit ${DIGITS[Number(char)]!}`;
  return SYMBOLS[char] ?? `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Every code point of a text, spelled by the NATO alphabet. */
export function spellText(text: string): SpelledCharacter[] {
  return [...text].map((char) => ({ char, words: spell(char) }));
}

/** A character as it can be seen: a blank as an open box; what a screen would obey, or hide, not at all. */
export function shownCharacter({ char }: SpelledCharacter): string {
  if (char === " ") return "\u2423";
  return /[\p{C}\p{Z}\p{M}]/u.test(char) ? "\u{fffd}" : char;
}
