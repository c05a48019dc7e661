/** Every way to choose `size` of the items, in order. */
export function* combinations<T>(items: readonly T[], size: number): Generator<T[]> {
  if (size === 0) yield [];
  else
    for (let i = 0; i <= items.length - size; i++)
      for (const rest of combinations(items.slice(i + 1), size - 1)) yield [items[i]!, ...rest];
}

/** Every way to choose one option at each place. */
export function* product<T>(options: readonly (readonly T[])[]): Generator<T[]> {
  const [head, ...tail] = options;
  if (head === undefined) yield [];
  else for (const rest of product(tail)) for (const choice of head) yield [choice, ...rest];
}
