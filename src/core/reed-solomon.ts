/**
 * The line code: a Reed-Solomon code over GF(32), shortened to 21 symbols of which the first, the
 * line's number, stands in the margin and is always known. Its distance is 5, so any two wrong
 * symbols, or any four illegible ones, have exactly one answer.
 *
 * Field: x^5 + x^2 + 1, alpha = 2. Generator roots: alpha^1 .. alpha^4.
 */

/** Symbols of the stream that a line carries. */
export const LINE_DATA = 16;
/** Parity symbols that follow them. */
export const LINE_PARITY = 4;
/** Symbols on a line. */
export const LINE_LENGTH = LINE_DATA + LINE_PARITY;

const ORDER = 31;
const EXP = new Uint8Array(2 * ORDER);
const LOG = new Uint8Array(ORDER + 1);
for (let power = 0, x = 1; power < ORDER; power++) {
  EXP[power] = EXP[power + ORDER] = x;
  LOG[x] = power;
  x <<= 1;
  if (x > ORDER) x ^= 0b100101;
}

function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : EXP[LOG[a]! + LOG[b]!]!;
}

function divide(a: number, b: number): number {
  return a === 0 ? 0 : EXP[LOG[a]! + ORDER - LOG[b]!]!;
}

/** (x - alpha)(x - alpha^2)(x - alpha^3)(x - alpha^4), highest power first. */
const GENERATOR = ((): readonly number[] => {
  let poly = [1];
  for (let root = 1; root <= LINE_PARITY; root++) {
    const next = [...poly, 0];
    poly.forEach((coefficient, i) => (next[i + 1]! ^= multiply(coefficient, EXP[root]!)));
    poly = next;
  }
  return poly;
})();

/**
 * The four parity symbols of a line.
 *
 * @param number the line's number: 1 to 31, or 0 for the spare line
 * @param data its 16 stream symbols
 */
export function lineParity(number: number, data: Uint8Array): Uint8Array {
  const rest = new Uint8Array(1 + LINE_DATA + LINE_PARITY);
  rest[0] = number;
  rest.set(data, 1);
  for (let i = 0; i <= LINE_DATA; i++) {
    const lead = rest[i]!;
    for (let j = 0; j <= LINE_PARITY; j++) rest[i + j]! ^= multiply(GENERATOR[j]!, lead);
  }
  return rest.slice(1 + LINE_DATA);
}

/** The locator alpha^(power of x) of a place 0..19 on the line. */
function locator(place: number): number {
  return EXP[LINE_LENGTH - 1 - place]!;
}

function syndromes(number: number, line: Uint8Array): number[] {
  return [1, 2, 3, 4].map((root) => {
    let sum = number;
    for (const symbol of line) sum = multiply(sum, EXP[root]!) ^ symbol;
    return sum;
  });
}

/**
 * Solves sum over k of e_k X_k^j = S_j for the e_k by elimination: at most four unknowns, so plain
 * linear algebra is shorter to trust than Forney's formula.
 *
 * @param places distinct, and enough to explain the syndromes
 */
function magnitudes(places: readonly number[], syndrome: readonly number[]): number[] {
  const unknowns = places.length;
  const rows = syndrome
    .slice(0, unknowns)
    .map((sum, j) => [
      ...places.map((place) => EXP[(LOG[locator(place)]! * (j + 1)) % ORDER]!),
      sum,
    ]);
  for (let column = 0; column < unknowns; column++) {
    const pivot = rows.findIndex((row, i) => i >= column && row[column] !== 0);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]!;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (i === column || row[column] === 0) continue;
      const factor = divide(row[column]!, lead[column]!);
      for (let k = column; k <= unknowns; k++) row[k]! ^= multiply(factor, lead[k]!);
    }
  }
  return places.map((_, k) => divide(rows[k]![unknowns]!, rows[k]![k]!));
}

/**
 * Syndromes that what stands at a place has no part in, one fewer: from e X^(j+1) and e X^j,
 * which it adds to two in a row, the first less X times the second is nothing.
 */
function without(syndrome: readonly number[], place: number): number[] {
  const x = locator(place);
  return syndrome.slice(1).map((sum, j) => sum ^ multiply(x, syndrome[j]!));
}

/** The first `count` places, of those not yet erased, without which nothing is wrong. */
function findWrong(
  syndrome: readonly number[],
  count: number,
  erased: readonly number[],
  from = 0,
): number[] | undefined {
  if (count === 0) return syndrome.every((sum) => sum === 0) ? [] : undefined;
  for (let place = from; place < LINE_LENGTH; place++) {
    if (erased.includes(place)) continue;
    const others = findWrong(without(syndrome, place), count - 1, erased, place + 1);
    if (others !== undefined) return [place, ...others];
  }
  return undefined;
}

/**
 * The one codeword within reach of a line, where 2 x errors + erasures <= 4.
 *
 * @param number the line's number (0 for the spare line), taken as known
 * @param line 20 symbols; undefined marks an illegible one
 * @param maxErrors wrong symbols to allow beside the illegible ones, 0 to 2
 * @returns the corrected 20 symbols, or undefined if none is within reach
 */
export function correctLine(
  number: number,
  line: readonly (number | undefined)[],
  maxErrors: 0 | 1 | 2,
): Uint8Array | undefined {
  const erased: number[] = [];
  const received = new Uint8Array(LINE_LENGTH);
  line.forEach((symbol, place) => {
    if (symbol === undefined) erased.push(place);
    else received[place] = symbol;
  });
  const syndrome = syndromes(number, received);
  const reach = Math.min(maxErrors, Math.floor((LINE_PARITY - erased.length) / 2));
  const legible = erased.slice(0, LINE_PARITY).reduce(without, syndrome);
  for (let errors = 0; errors <= reach; errors++) {
    const wrong = findWrong(legible, errors, erased);
    if (wrong === undefined) continue;
    const places = [...erased, ...wrong];
    magnitudes(places, syndrome).forEach((error, k) => (received[places[k]!]! ^= error));
    return received;
  }
  return undefined;
}
