import type { CeremonyTemplate } from "./ceremony-template.ts";
import type { PaperFacts } from "./facts.ts";
import { commonValues, fillCommand, isMeant } from "./steps.ts";
import { fill } from "./wording.ts";

/** A section of a ceremony's script, for a screen. */
export interface SectionText {
  readonly heading: string;
  /** Its note and its numbered steps, each with its branches and with what is to be typed. */
  readonly lines: readonly string[];
}

/**
 * Sections of a ceremony's script as plain lines. What is said once for each slip is left out, and
 * so is the room to write in: both are on the paper.
 *
 * @param keys names of sections; those that are not meant for this account are left out
 */
export function sectionTexts(
  { sections, roles, words }: CeremonyTemplate,
  keys: readonly string[],
  facts: PaperFacts,
): SectionText[] {
  const values = commonValues(facts, words);
  return keys
    .map((key) => sections[key]!)
    .filter((section) => section.for === undefined && isMeant(section.only, facts))
    .map(({ heading, note, steps }) => {
      const lines = note === undefined ? [] : [fill(note, values)];
      let number = 0;
      for (const step of steps) {
        if (step.for !== undefined || !isMeant(step.only, facts)) continue;
        const who = step.who === undefined ? "" : `${roles[step.who]!.title}: `;
        if (step.do !== undefined) lines.push(`${++number}. ${who}${fill(step.do, values)}`);
        else {
          lines.push(`   ${words.if} ${fill(step.if!, values)}`);
          lines.push(`   ${words.then} ${fill(step.then!, values)}`);
        }
        for (const command of step.type ?? []) lines.push(`     ${fillCommand(command, values)}`);
      }
      return { heading: fill(heading, values), lines };
    });
}
