/** How far counts are from the same number in each cell. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * What {@link chiSquare} of uniform counts exceeds less than once in 10^9 times: the quantile of
 * Wilson and Hilferty (1931) at six standard deviations.
 */
export function chiSquareLimit(cells: number): number {
  const freedom = cells - 1;
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + 6 * Math.sqrt(spread)) ** 3;
}

/** How often each of `cells` values occurs. */
export function tally(values: Iterable<number>, cells: number): number[] {
  const counts = Array<number>(cells).fill(0);
  for (const value of values) counts[value]! += 1;
  return counts;
}

/** The chance of `count` or more of rare independent events of which `mean` are expected. */
export function poissonTail(mean: number, count: number): number {
  let term = Math.exp(-mean);
  for (let k = 1; k <= count; k++) term *= mean / k;
  let sum = 0;
  for (let k = count; k < count + 200; k++, term *= mean / k) sum += term;
  return sum;
}
