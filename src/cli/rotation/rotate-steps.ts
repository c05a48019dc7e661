import type { SetState } from "../../custody/register.ts";
import { isoDate } from "../../custody/times.ts";
import { parseCeremony } from "../../paper/ceremony-template.ts";
import { registerFacts } from "../../paper/register-facts.ts";
import { sectionTexts, type SectionText } from "../../paper/step-text.ts";
import { loadFonts, readTemplate } from "../printing/stationery.ts";
import { withoutCommands } from "./without-commands.ts";
import type { Sitting } from "./sitting.ts";

/** What the script has typed, and this sitting does itself. */
const DONE_HERE = /^ *breakglass (?:recover|confirm|record alert-seen) /;

/**
 * Says how the password is set in the tenant, in the way that is chosen; or how the second person
 * signs in. They are the words of the printed script.
 */
export async function settingSteps(
  sitting: Sitting,
  set: SetState,
  what: "set" | "signIn" = "set",
): Promise<void> {
  const { options, now } = sitting;
  const { path, text } = readTemplate(options.templates, "ceremony.json");
  const template = parseCeremony(path, text, loadFonts());
  const { register } = sitting.state();
  const printing = { anchor: undefined, printed: isoDate(now) };
  const purpose = set.stage === "active" ? "held" : "next";
  const facts = registerFacts(register, options.account, purpose, printing)!;
  const { ways, afterwards, signIn } = template.screen;
  const texts = (keys: readonly string[]): SectionText[] =>
    sectionTexts(template, keys, facts).map(({ heading, lines }) => ({
      heading,
      lines: lines.filter((line) => !DONE_HERE.test(line)).map(withoutCommands),
    }));
  const chosen = what === "signIn" ? [] : await chooseWay(sitting, texts(ways));
  await show(sitting, [...chosen, ...texts(what === "signIn" ? signIn : afterwards)]);
  await sitting.terminal.pause("Enter when everybody has read these steps. ");
}

async function chooseWay(
  sitting: Sitting,
  ways: readonly SectionText[],
): Promise<readonly SectionText[]> {
  if (ways.length < 2) return ways;
  const choices = Object.fromEntries(ways.map(({ heading }, i) => [String(i + 1), heading]));
  const chosen = await sitting.choose(choices);
  return [ways[Number(chosen) - 1]!];
}

/** One screen after the other, since nobody can scroll back while somebody waits. */
async function show(sitting: Sitting, sections: readonly SectionText[]): Promise<void> {
  const lines = sections.flatMap((section) => ["", section.heading, ...section.lines]);
  await sitting.terminal.sayByScreens([...lines, ""]);
}
