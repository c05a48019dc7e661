import type { Assembly } from "../core/assembly.ts";
import type { SlipDraft } from "../core/document.ts";
import { fillsOnly } from "../core/line.ts";
import type { SlipReading } from "../core/reader.ts";
import { encodeSlip, slipName } from "../core/slip.ts";
import { readingNotes, requireSpare } from "../core/verdict.ts";
import type { SlipSource } from "../scan/read-code.ts";
import { verdict } from "./check-view.ts";
import { comparedLine } from "./comparison.ts";
import { button, element, focusOn } from "./dom.ts";
import { faultNotice, notice } from "./notice.ts";
import { needSentence } from "./sets-view.ts";
import { slipsIn } from "./text-slips.ts";
import { faultOf, sentence } from "./words.ts";

/** What is done with slips: put together, or each judged by itself. */
export type Purpose = "recover" | "check";

/** What the intake knows of the page, and tells it. */
export interface IntakeHooks {
  readonly purpose: () => Purpose;
  readonly announce: (text: string) => void;
  /** A slip was added. */
  readonly added: () => void;
}

/** Where slips come in, by whatever way, and what is said of each. */
export class Intake {
  readonly #assembly: Assembly;
  readonly #news: HTMLElement;
  readonly #hooks: IntakeHooks;

  constructor(assembly: Assembly, news: HTMLElement, hooks: IntakeHooks) {
    this.#assembly = assembly;
    this.#news = news;
    this.#hooks = hooks;
  }

  /** Takes what was said before off the page, as something new is given. */
  begin(): void {
    this.#news.replaceChildren();
  }

  /** Says something about what was given. */
  tell(box: HTMLElement): void {
    this.#news.append(box);
    box.scrollIntoView({ block: "nearest" });
    // A fault's title says what is wrong, and the rest what to do, which must be heard as well.
    const said = box.matches(".fault") ? ".notice-text > p:not(.buttons)" : ".notice-title";
    const parts = [...box.querySelectorAll(said)].map(({ textContent }) => textContent);
    this.#hooks.announce(parts.join(" "));
  }

  /**
   * Takes every slip in a text.
   *
   * @param where such as a file's name
   * @returns whether all of it was read
   */
  text(text: string, where?: string): boolean {
    let whole = true;
    for (const found of slipsIn(text))
      if (found.kind === "read") this.slip(found.reading, false, where);
      else {
        whole = false;
        if (found.kind === "fault") this.tell(faultNotice(found.fault, where));
        else this.#compare(found.draft, found.reading, where);
      }
    return whole;
  }

  /**
   * Takes a slip.
   *
   * @param confirmed whether a person compared every line, the spare line too, with the paper
   */
  slip(reading: SlipReading, confirmed: boolean, where?: string, from: SlipSource = "text"): void {
    if (this.#hooks.purpose() === "check") this.#check(reading, confirmed, where, from);
    else this.#add(reading, where);
  }

  #add(reading: SlipReading, where: string | undefined): void {
    const { added, set } = this.#assembly.add(reading.slip);
    const name = slipName(reading.slip);
    const from = where === undefined ? "" : `${where}: `;
    const notes = readingNotes(reading).map(sentence);
    const box =
      added === "conflict"
        ? notice(
            "careful",
            `${from}${name} was given before with other content.`,
            "One of the two papers is not genuine. Both are kept for now; what fits the other slips will show.",
            ...notes,
          )
        : notice(
            "good",
            added === "new"
              ? `${from}${name} is in.`
              : `${from}${name} was given before; it counts once.`,
            ...notes,
          );
    box.dataset["added"] = added;
    this.tell(box);
    this.#hooks.announce(`${name}. ${needSentence(set)}`);
    this.#hooks.added();
  }

  #check(
    reading: SlipReading,
    confirmed: boolean,
    where: string | undefined,
    from: SlipSource,
  ): void {
    try {
      requireSpare(reading, confirmed);
      this.tell(verdict(reading, from));
    } catch (error) {
      this.tell(faultNotice(faultOf(error), where));
    } finally {
      reading.slip.payload.fill(0);
    }
    focusOn(this.#news);
  }

  /** Shows each line that was given otherwise than it must be, for a person with the paper. */
  #compare(draft: SlipDraft, reading: SlipReading, where: string | undefined): void {
    const printed = encodeSlip(reading.slip);
    const from = where === undefined ? "" : `${where}: `;
    const box = notice(
      "careful",
      `${from}${slipName(reading.slip)} is not as printed. Compare with the paper:`,
      ...reading.corrections.map(({ line, edits }) =>
        comparedLine(
          line,
          draft.lines.get(line) ?? "",
          printed.lines[line - 1] ?? printed.spare,
          edits.filter((edit) => !fillsOnly([edit])),
        ),
      ),
      element(
        "p",
        { class: "buttons" },
        button("Yes, the paper says this", "primary", () => {
          box.remove();
          this.slip(reading, false, where);
        }),
        button("No, leave it out", "plain", () => {
          reading.slip.payload.fill(0);
          box.remove();
        }),
      ),
    );
    box.dataset["failure"] = "corrections-needed";
    this.tell(box);
    focusOn(box);
  }
}
