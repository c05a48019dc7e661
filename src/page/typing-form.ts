import type { SetState } from "../core/assembly.ts";
import { isFirstRow, numberedRow } from "../core/document.ts";
import { SPARE, lineName } from "../core/line.ts";
import type { SlipReading } from "../core/reader.ts";
import { LINES_MAX, groupLine, slipName, type Heading } from "../core/slip.ts";
import { disputeError, headingDoubt, headingOf, readTyped } from "../core/typing.ts";
import { button, element, focusOn } from "./dom.ts";
import { faultNotice, notice } from "./notice.ts";
import { TypedRow, type RowEvents } from "./typed-row.ts";
import { faultOf, sentence } from "./words.ts";

/** What the form knows of the page, and tells it. */
export interface TypingHooks {
  /** Sets of the slips that are here already. */
  readonly sets: () => readonly SetState[];
  /** Whether the spare line is wanted though nothing is lost. */
  readonly wantSpare: () => boolean;
  readonly done: (reading: SlipReading) => void;
  /** Text that is more than one line: pasted, or from a scanner that types. */
  readonly text: (text: string) => void;
  readonly announce: (text: string) => void;
}

/**
 * Leads through typing one slip: line 1 first, which says how many more there are. Each line is
 * judged by itself, and the slip by its check, all by the rules of the core.
 */
export class TypingForm {
  readonly #hooks: TypingHooks;
  readonly #list = element("ol", { class: "lines" });
  readonly #heading = element("div");
  readonly #foot = element("div");
  readonly #count = element("div");
  readonly #read: HTMLElement;
  readonly #events: RowEvents;
  #rows: TypedRow[] = [];
  #lines: number | undefined;
  #spareAsked = false;

  constructor(root: HTMLElement, hooks: TypingHooks) {
    this.#hooks = hooks;
    this.#events = {
      changed: (row): void => this.#changed(row),
      entered: (row): void => this.#next(row),
      intercepts: (row): boolean => this.#intercepts(row),
      announce: hooks.announce,
    };
    this.#read = button("Read this slip", "primary", () => this.#finish());
    root.append(
      this.#list,
      this.#count,
      this.#foot,
      element(
        "p",
        { class: "buttons" },
        this.#read,
        button("Empty the lines", "plain", () => {
          this.reset();
          this.focus();
        }),
      ),
    );
    root.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/\S\s*[\r\n]+\s*\S/.test(text)) return;
      event.preventDefault();
      hooks.text(text);
    });
    this.reset();
  }

  /** Empties every field, for the next slip. */
  reset(): void {
    for (const row of this.#rows) row.wipe();
    this.#lines = undefined;
    this.#spareAsked = false;
    this.#rows = [];
    this.#list.replaceChildren();
    this.#heading.replaceChildren();
    this.#foot.replaceChildren();
    this.#count.replaceChildren();
    this.#add(1, LINES_MAX);
    this.#read.hidden = true;
  }

  /** Asks for what is wanted now, which may be other than before. */
  refresh(): void {
    this.#offerSpare();
  }

  /** Puts the keyboard where typing goes on. */
  focus(): void {
    const open = this.#rows.find((row) => row.confirmed === undefined) ?? this.#rows[0]!;
    focusOn(open.input);
  }

  #add(number: number, lastNumber: number): TypedRow {
    const row = new TypedRow(number, lastNumber, this.#events);
    this.#rows.push(row);
    this.#list.append(row.root);
    if (number === 1) row.root.append(this.#heading);
    return row;
  }

  #row(number: number): TypedRow | undefined {
    return this.#rows.find((row) => row.number === number);
  }

  #intercepts(row: TypedRow): boolean {
    const text = row.input.value;
    if (!isFirstRow(text) || numberedRow(text) !== undefined) return false;
    row.wipe();
    this.#hooks.text(text);
    return true;
  }

  #changed(row: TypedRow): void {
    this.#foot.replaceChildren();
    if (row.number === 1) this.#first(row);
    this.#offerSpare();
  }

  /** Learns from line 1 which slip this is, and how many lines it has. */
  #first(row: TypedRow): void {
    this.#heading.replaceChildren();
    this.#count.replaceChildren();
    if (row.confirmed === undefined) return;
    if (row.confirmed.line === undefined) {
      this.#askCount();
      return;
    }
    let heading: Heading;
    try {
      heading = headingOf(row.confirmed.line);
    } catch (error) {
      row.refuse(faultOf(error));
      return;
    }
    const news = `This is ${slipName(heading)}; it has ${heading.lines} lines.`;
    const doubt = headingDoubt(heading, this.#hooks.sets());
    this.#hooks.announce(`${news} ${doubt ?? ""}`);
    this.#heading.append(
      doubt === undefined
        ? element("p", { class: "says" }, news)
        : notice(
            "careful",
            news,
            `${sentence(doubt)} You can type it all the same.`,
            element(
              "p",
              { class: "buttons" },
              button("Take another slip", "plain", () => {
                this.reset();
                this.focus();
              }),
            ),
          ),
    );
    this.#setLines(heading.lines);
  }

  #askCount(): void {
    const id = "line-count";
    const input = element("input", {
      id,
      type: "number",
      min: "2",
      max: String(LINES_MAX),
      inputmode: "numeric",
    });
    input.addEventListener("change", () => {
      const count = input.valueAsNumber;
      if (Number.isInteger(count) && count >= 2 && count <= LINES_MAX) {
        this.#setLines(count);
        this.focus();
      }
    });
    this.#count.append(
      element(
        "label",
        { for: id },
        "How many numbered lines does the slip have? The highest number before a bracket:",
      ),
      input,
    );
    focusOn(input);
  }

  /** Makes as many rows as the slip has lines; what was typed in them stays. */
  #setLines(count: number): void {
    if (this.#lines === count) return;
    this.#lines = count;
    const spare = this.#row(SPARE);
    for (const row of this.#rows.filter(({ number }) => number > count)) row.root.remove();
    this.#rows = this.#rows.filter(({ number }) => number !== SPARE && number <= count);
    for (const row of this.#rows) row.lastNumber = count;
    for (let number = this.#rows.length + 1; number <= count; number++) this.#add(number, count);
    if (spare !== undefined) {
      spare.lastNumber = count;
      this.#rows.push(spare);
      this.#list.append(spare.root);
    }
    this.#read.hidden = false;
    this.#offerSpare();
  }

  #offerSpare(): void {
    if (this.#lines === undefined || this.#row(SPARE) !== undefined) return;
    const lost = this.#rows.some(
      ({ confirmed }) => confirmed?.typed === "?" && confirmed.line === undefined,
    );
    if (!lost && !this.#spareAsked && !this.#hooks.wantSpare()) return;
    const row = this.#add(SPARE, this.#lines);
    row.say(
      lost
        ? "The spare line replaces the line that is lost."
        : this.#spareAsked
          ? "The spare line can show which line is wrong."
          : "The spare line, to be checked too; leave it empty if the slip has none.",
    );
  }

  /** Goes on to the next line that is still to be typed, or reads the slip. */
  #next(row: TypedRow): void {
    if (row.isEmpty && row.number !== SPARE) {
      if (row.number > 1) row.say(`Give only ? if ${lineName(row.number)} is lost.`);
      return;
    }
    if (this.#lines === undefined) return;
    const open = this.#rows.find(({ confirmed }) => confirmed === undefined);
    if (open === undefined || (open === row && row.number === SPARE)) this.#finish();
    else focusOn(open.input);
  }

  #finish(): void {
    const open = this.#rows.find(
      (row) => row.confirmed === undefined && (row.number !== SPARE || !row.isEmpty),
    );
    if (open !== undefined) {
      if (open.isEmpty)
        open.say(
          `${sentence(lineName(open.number)).slice(0, -1)} is still to be typed; give only ? if it is lost.`,
        );
      focusOn(open.input);
      return;
    }
    const lines = new Map(
      this.#rows.flatMap((row) =>
        row.confirmed === undefined ? [] : [[row.number, row.confirmed]],
      ),
    );
    try {
      const { reading, disputed } = readTyped(lines);
      if (disputed.length === 0) this.#hooks.done(reading);
      else this.#dispute(reading, disputed);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Has what the check asks for compared with the paper once more. */
  #dispute(
    reading: SlipReading,
    [first, ...rest]: readonly { readonly number: number; readonly line: string }[],
  ): void {
    if (first === undefined) {
      this.#hooks.done(reading);
      return;
    }
    const { number, line } = first;
    const box = notice(
      "careful",
      `${sentence(lineName(number)).slice(0, -1)} must be something else than was confirmed:`,
      element("p", {}, element("code", { class: "code" }, groupLine(line))),
      "Does the paper say this?",
      element(
        "p",
        { class: "buttons" },
        button("Yes, the paper says this", "primary", () => this.#dispute(reading, rest)),
        button("No", "plain", () => this.#fail(disputeError(number))),
      ),
    );
    this.#foot.replaceChildren(box);
    focusOn(box);
  }

  #fail(error: unknown): void {
    const fault = faultOf(error);
    this.#spareAsked = true;
    const known = this.#row(SPARE) !== undefined;
    this.#offerSpare();
    const box = faultNotice(fault);
    this.#foot.replaceChildren(box);
    this.#hooks.announce(`${fault.message} ${fault.hint}`);
    if (known) focusOn(box);
    else focusOn(this.#row(SPARE)!.input);
  }
}
