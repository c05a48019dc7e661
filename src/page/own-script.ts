/**
 * The text of the script that runs here, which the scanner's worker is made of too: one file holds
 * all, and the readers stand in it once. Undefined in that worker.
 */
export const ownScript =
  "document" in globalThis ? (document.currentScript?.textContent ?? undefined) : undefined;
