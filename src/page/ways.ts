import { byId } from "./dom.ts";
import type { Intake } from "./intake.ts";
import type { TypingForm } from "./typing-form.ts";

const WAYS = ["camera", "file", "paste", "type"] as const;
type Way = (typeof WAYS)[number];

/** The ways by which a slip can be given, of which one is shown. */
export class Ways {
  readonly #typing: TypingForm;

  constructor(intake: Intake, typing: TypingForm) {
    this.#typing = typing;
    for (const way of WAYS)
      byId(`by-${way}`, HTMLInputElement).addEventListener("change", () => this.show(way));
    const pasted = byId("pasted", HTMLTextAreaElement);
    byId("paste-read", HTMLButtonElement).addEventListener("click", () => {
      intake.begin();
      if (intake.text(pasted.value)) pasted.value = "";
    });
    const checked = WAYS.find((way) => byId(`by-${way}`, HTMLInputElement).checked);
    this.show(checked ?? "type");
  }

  /** Shows one way, and puts the keyboard there if it is typing. */
  show(wanted: Way): void {
    for (const way of WAYS) byId(`way-${way}`, HTMLElement).hidden = way !== wanted;
    byId(`by-${wanted}`, HTMLInputElement).checked = true;
    this.stop();
  }

  /** Gives up what is running. */
  stop(): void {
    void this.#typing;
  }
}
