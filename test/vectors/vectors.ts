import { readable } from "./readable.ts";
import { vectorJson } from "./scenario.ts";
import { sets } from "./sets.ts";
import { unreadable } from "./unreadable.ts";

/** Every vector's file, by name. */
export function vectorFiles(): Map<string, string> {
  const scenarios = [...readable(), ...unreadable(), ...sets()];
  const files = scenarios.map((scenario): [string, string] => [
    `${scenario.name}.json`,
    vectorJson(scenario),
  ]);
  if (new Set(files.map(([name]) => name)).size !== files.length)
    throw new Error("two vectors have one name");
  return new Map(files);
}
