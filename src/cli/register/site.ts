import type { Register } from "../../custody/register.ts";
import type { DeedOptions } from "../journal/deed.ts";
import { needRegister } from "../journal/register-folder.ts";
import { parseChoice } from "../system/options.ts";
import { answer } from "../system/output.ts";
import type { Clock } from "../system/system.ts";
import { Answer } from "../terminal/answer.ts";
import { inTurn } from "../terminal/in-turn.ts";
import { askFor } from "../terminal/questions.ts";
import { knownNames, list, nameFor, registerOf, saidBy, sayerOf, write } from "./entity.ts";

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
  needRegister(options.register);
  const known = what === "add" ? {} : await knownNames(options, knownSafes);
  const named = await nameFor(`site ${what}`, "Safe (such as Safe A)", name, options, known);
  const standsAt = new Answer("--site", options.site, async () =>
    askFor("--site", "Site it stands at", undefined, {
      back: true,
      judge: async (typed) => {
        const { needSite } = await import("../../custody/lifecycle/needs.ts");
        const safe = { location: named.value!, site: typed };
        const refused = needSite(safe, await registerOf(options));
        return refused === undefined || `${refused.refusal}; ${refused.hint}`;
      },
    }),
  );
  const sayer = sayerOf(options);
  await inTurn(() => (what === "gone" ? [named, sayer] : [named, standsAt, sayer]));
  const location = named.value!;
  const at = what === "gone" ? "" : standsAt.value!;
  const done = what === "add" ? "added" : what === "change" ? "changed" : "gone";
  const where = what === "gone" ? "" : `, at ${at}`;
  await write(saidBy(options, sayer), clock, `${location}${where}: ${done}`, (deed) => {
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
