import { ancestors, type Surroundings } from "./surroundings.ts";

const RECORDERS = ["script", "asciinema", "ttyrec", "tlog-rec-sessio", "termrec", "t-rec"];

/** The first of some names of programs that is known. */
export function among(names: Iterable<string>, known: readonly string[]): string | undefined {
  return [...names].find((name) => known.includes(name));
}

/** The program that records this terminal, if one does (Linux). */
export function recorderOf(here: Surroundings): string | undefined {
  return among(ancestors(here), RECORDERS);
}
