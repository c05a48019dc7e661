import type { SlipRef } from "./events.ts";

/** A slip as people write it: `K7Q2/2`. */
export function refText({ set, slip }: SlipRef): string {
  return `${set}/${slip}`;
}
