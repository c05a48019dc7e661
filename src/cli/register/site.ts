import type { Register } from "../../custody/register.ts";
import type { DeedOptions } from "../journal/deed.ts";
import { parseChoice } from "../system/options.ts";
import { answer } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { askFor } from "../terminal/questions.ts";
import { knownNames, list, newName, write } from "./entity.ts";

export interface SiteOptions extends DeedOptions {
  readonly site?: string;
}

/** `breakglass site add|change|gone|list`: a safe, and the site it stands at. */
export async function site(
  action: string,
  name: string | undefined,
  options: SiteOptions,
  clock: Clock,
): Promise<void> {
  const what = parseChoice("site", ["list", "add", "change", "gone"], action);
  if (what === "list") {
    await list(options, ({ locations }) =>
      [...locations.values()].map(
        ({ location, site: at, gone }) => `${location}, at ${at}${gone ? " (gone)" : ""}`,
      ),
    );
    return;
  }
  const known = what === "add" ? newName(options) : await knownNames(options, knownSafes);
  const location = await askFor("NAME", "Safe (such as Safe A)", name, known);
  const at = what === "gone" ? "" : await askFor("--site", "Site it stands at", options.site);
  const done = what === "add" ? "added" : what === "change" ? "changed" : "gone";
  const where = what === "gone" ? "" : `, at ${at}`;
  await write(options, clock, `${location}${where}: ${done}`, (deed) => {
    if (what === "gone") return { kind: "location-gone", ...deed, location };
    return {
      kind: what === "add" ? "location-added" : "location-changed",
      ...deed,
      location,
      site: at,
    };
  });
  answer(`${location}: ${done}\n`);
}

function knownSafes({ locations }: Register): string[] {
  return [...locations.values()].flatMap(({ location: each, gone }) =>
    gone === undefined ? [each] : [],
  );
}
