/** Blanks in any of their Unicode forms, for the inside of a class of a pattern. */
export const BLANKS = String.raw`\s\u00ad\u200b-\u200d\u2060\ufeff`;
/** Hyphens and dashes, which programs make of each other, likewise. */
export const DASHES = String.raw`\u2010-\u2015\u2212-`;
