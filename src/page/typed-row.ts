import { fillsOnly, lineName, SPARE } from "../core/line.ts";
import { LINE_LENGTH } from "../core/reed-solomon.ts";
import { groupLine } from "../core/slip.ts";
import { judgeLine, type ConfirmedLine } from "../core/typing.ts";
import { suggestionBox } from "./comparison.ts";
import { element, focusOn, unseen } from "./dom.ts";
import { faultOf, sentence, type Fault } from "./words.ts";

/** What a row tells the form it stands in. */
export interface RowEvents {
  /** A line was taken, or taken back. */
  readonly changed: (row: TypedRow) => void;
  /** Enter was pressed, and the line stands (or is empty). */
  readonly entered: (row: TypedRow) => void;
  /** Takes what is no line at all, such as a QR code's text; true if it was that. */
  readonly intercepts: (row: TypedRow) => boolean;
  /** For screen readers. */
  readonly announce: (text: string) => void;
}

/** One line of a slip to be typed: its field, and below it what is to be said of it. */
export class TypedRow {
  readonly number: number;
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #count: HTMLElement;
  readonly #says: HTMLElement;
  readonly #below: HTMLElement;
  readonly #events: RowEvents;
  /** The highest number a line of this slip may have. */
  lastNumber: number;
  #confirmed: ConfirmedLine | undefined;
  /** What stood in the field when it was judged. */
  #judged: string | undefined;

  constructor(number: number, lastNumber: number, events: RowEvents) {
    this.number = number;
    this.lastNumber = lastNumber;
    this.#events = events;
    const id = `line-${number === SPARE ? "s" : number}`;
    this.input = element("input", {
      id,
      class: "code",
      type: "text",
      autocomplete: "off",
      autocapitalize: "characters",
      autocorrect: "off",
      spellcheck: "false",
      enterkeyhint: "next",
      "aria-describedby": `${id}-says`,
      "data-gramm": "false",
    });
    this.#count = element("span", { class: "count" });
    this.#says = element("div", { class: "says", id: `${id}-says` });
    this.#below = element("div");
    const label = number === SPARE ? "S)" : `${number})`;
    this.root = element(
      "li",
      { class: "line" },
      element(
        "label",
        { for: id },
        element("span", { "aria-hidden": "true" }, label),
        unseen(sentence(lineName(number)).slice(0, -1)),
      ),
      this.input,
      this.#count,
      this.#says,
      this.#below,
    );
    this.input.addEventListener("input", () => this.#typing());
    this.input.addEventListener("change", () => {
      // Enter judged it before, and what it said stands below.
      if (this.input.value !== this.#judged) this.#judge();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (this.#confirmed === undefined) this.#judge();
      if (this.#below.hasChildNodes()) focusOn(this.#below);
      else if (this.#confirmed !== undefined || this.isEmpty) this.#events.entered(this);
    });
  }

  /** The line as the person confirmed it. */
  get confirmed(): ConfirmedLine | undefined {
    return this.#confirmed;
  }

  get isEmpty(): boolean {
    return this.input.value.trim() === "";
  }

  /** Says something below the line: a fault, or only news. */
  say(text: string, fault?: Fault): void {
    this.#says.replaceChildren(text);
    if (fault !== undefined) this.#says.dataset["failure"] = fault.code;
    else delete this.#says.dataset["failure"];
    this.#says.classList.toggle("wrong", fault !== undefined);
    this.input.setAttribute("aria-invalid", String(fault !== undefined));
    if (text !== "") this.#events.announce(text);
  }

  /** Shows what is to be compared or decided. */
  ask(box: HTMLElement): void {
    this.#below.replaceChildren(box);
  }

  /** Refuses the line as it stands. */
  refuse(fault: Fault): void {
    this.#confirmed = undefined;
    this.#mark();
    this.#below.replaceChildren();
    this.say(`${fault.message} ${fault.hint}`, fault);
  }

  /** Takes a line that the paper says, whatever was typed. */
  take(confirmed: ConfirmedLine): void {
    this.#confirmed = confirmed;
    this.#below.replaceChildren();
    if (confirmed.line !== undefined) this.input.value = groupLine(confirmed.line);
    this.#mark();
    this.say(
      confirmed.line === undefined
        ? `${sentence(lineName(this.number)).slice(0, -1)} counts as lost.`
        : "",
    );
    if (confirmed.line !== undefined) this.#events.announce(`${lineName(this.number)} is right`);
    this.#events.changed(this);
  }

  /** Empties the field. */
  wipe(): void {
    this.input.value = "";
    this.#confirmed = undefined;
    this.#judged = undefined;
    this.#below.replaceChildren();
    this.#mark();
    this.say("");
  }

  /** While somebody types nothing is called wrong, but a line that is right is right at once. */
  #typing(): void {
    const before = this.#confirmed;
    this.#judged = undefined;
    this.#confirmed = undefined;
    this.#below.replaceChildren();
    this.say("");
    const judged = this.isEmpty
      ? undefined
      : judgeLine(this.number, this.input.value, this.lastNumber);
    if (judged?.kind === "taken" && judged.line.line !== undefined) {
      const atEnd = this.input.selectionEnd === this.input.value.length;
      if (atEnd) this.take(judged.line);
      else this.#confirmed = judged.line;
    }
    this.#mark();
    if (before !== undefined && this.#confirmed === undefined) this.#events.changed(this);
  }

  #judge(): void {
    if (this.isEmpty || this.#confirmed !== undefined || this.#events.intercepts(this)) return;
    this.#judged = this.input.value;
    const judged = judgeLine(this.number, this.input.value, this.lastNumber);
    if (judged.kind === "taken") this.take(judged.line);
    else if (judged.kind === "refused") this.refuse(faultOf(judged.fault));
    else {
      const { text, suggestions } = judged;
      const fills = suggestions.every(({ edits }) => fillsOnly(edits));
      const question = fills
        ? "Does the paper agree where it can be read?"
        : `${sentence(lineName(this.number)).slice(0, -1)} can't be quite that. Does the paper say this?`;
      this.say("");
      this.ask(
        suggestionBox(this.number, text, suggestions, question, {
          yes: (line) => {
            this.take({ typed: text, line });
            this.#events.entered(this);
          },
          no: () => {
            this.#below.replaceChildren();
            this.say(`Then type ${lineName(this.number)} again.`);
            focusOn(this.input);
            this.input.select();
          },
        }),
      );
      this.#events.announce(question);
    }
  }

  #mark(): void {
    const symbols = this.input.value
      .replace(/^\s*(?:\d{1,2}|[Ss])\s*\)/, "")
      .replaceAll(/[\s-]/g, "").length;
    this.root.dataset["state"] =
      this.#confirmed === undefined
        ? "open"
        : this.#confirmed.line === undefined
          ? "lost"
          : "right";
    this.#count.replaceChildren(
      this.#confirmed?.line !== undefined
        ? "\u2713 right"
        : this.#confirmed !== undefined
          ? "lost"
          : symbols === 0
            ? ""
            : `${symbols} of ${LINE_LENGTH}`,
    );
  }
}
