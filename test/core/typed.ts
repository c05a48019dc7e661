import { encodeSlip, groupLine, type Slip, type SlipText } from "../../src/core/slip.ts";

export const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What somebody types from a slip: for each line its number (or S) and its symbols, ungrouped. */
export type Rows = readonly { readonly label: string; readonly symbols: string }[];

/** All lines of a slip and its spare line, without a mistake. */
export function rowsOf(code: SlipText): Rows {
  const lines = code.lines.map((symbols, i) => ({ label: String(i + 1), symbols }));
  return [...lines, { label: "S", symbols: code.spare }];
}

/** Rows as text, grouped as printed. */
export function typed(rows: Rows): string {
  return rows.map(({ label, symbols }) => `${label}) ${groupLine(symbols)}\n`).join("");
}

/** A whole slip as text. */
export function typedSlip(slip: Slip): string {
  return typed(rowsOf(encodeSlip(slip)));
}

/** Rows with one line typed otherwise. */
export function change(rows: Rows, label: string, how: (symbols: string) => string): Rows {
  return rows.map((row) => (row.label === label ? { label, symbols: how(row.symbols) } : row));
}

/** Rows with some left out. */
export function without(rows: Rows, ...labels: string[]): Rows {
  return rows.filter(({ label }) => !labels.includes(label));
}

/** Symbols with one put in the place of another. */
export function put(symbols: string, place: number, symbol: string): string {
  return symbols.slice(0, place) + symbol + symbols.slice(place + 1);
}

/** Symbols with each of some places given as the symbol `step` further in the alphabet. */
export function mistype(symbols: string, places: readonly number[], step = 1): string {
  return places.reduce((text, place) => {
    const value = SYMBOLS.indexOf(text.charAt(place));
    return put(text, place, SYMBOLS.charAt((value + step) % SYMBOLS.length));
  }, symbols);
}

/** Symbols with `?` at some places. */
export function blur(symbols: string, places: readonly number[]): string {
  return places.reduce((text, place) => put(text, place, "?"), symbols);
}

/** Symbols without the one at a place. */
export function drop(symbols: string, place: number): string {
  return symbols.slice(0, place) + symbols.slice(place + 1);
}

/** Symbols with the one at a place twice. */
export function double(symbols: string, place: number): string {
  return symbols.slice(0, place + 1) + symbols.slice(place);
}

/** Symbols with the one at a place and the next in the other order. */
export function swap(symbols: string, place: number): string {
  const [a, b] = [symbols.charAt(place), symbols.charAt(place + 1)];
  return symbols.slice(0, place) + b + a + symbols.slice(place + 2);
}
