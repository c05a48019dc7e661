/** Does what may fail where its failure changes nothing: undoing, tidying up. */
export function quietly(step: () => void): void {
  try {
    step();
  } catch {
    return;
  }
}
