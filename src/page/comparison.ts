import { symbolsToText } from "../core/base32.ts";
import { placeName, type Edit, type Suggestion } from "../core/line.ts";
import { LINE_DATA } from "../core/reed-solomon.ts";
import { asPrinted } from "../core/typing.ts";
import { button, element } from "./dom.ts";

const GROUP = 4;

/** A line of 20 in groups, with some of its places marked. */
function markedLine(line: string, places: readonly number[]): HTMLElement {
  const shown = element("code", { class: "code" });
  [...line].forEach((symbol, place) => {
    if (place > 0 && place % GROUP === 0) shown.append(place === LINE_DATA ? "  " : " ");
    shown.append(places.includes(place) ? element("mark", {}, symbol) : symbol);
  });
  return shown;
}

function places(number: number, edits: readonly Edit[]): string {
  return edits.map(({ place, kind }) => `${placeName(number, place)} (${kind})`).join("; ");
}

/** What was given for a line, and below it what may be meant. */
export function comparedLine(
  number: number,
  given: string,
  line: string,
  edits: readonly Edit[],
): HTMLElement {
  const marked = edits.map((edit) => edit.place);
  return element(
    "div",
    { class: "compared" },
    element(
      "dl",
      {},
      element("dt", {}, "given"),
      element("dd", {}, element("code", { class: "code" }, asPrinted(given))),
      element("dt", {}, "perhaps"),
      element("dd", {}, markedLine(line, marked)),
    ),
    element("p", { class: "places" }, edits.length > 0 ? `Look at ${places(number, edits)}.` : ""),
  );
}

/**
 * Lines that may be meant by one that was typed, for a person to compare with the paper. No button
 * has the focus at first, so that a second press of Enter accepts nothing unread.
 */
export function suggestionBox(
  number: number,
  given: string,
  suggestions: readonly Suggestion[],
  question: string,
  answers: { readonly yes: (line: string) => void; readonly no: () => void },
): HTMLElement {
  const box = element("div", { class: "suggestions", role: "group", "aria-label": question });
  box.append(element("p", { class: "question" }, question));
  const yes = (text: string): HTMLElement =>
    button("Yes, the paper says this", "primary", () => answers.yes(text));
  const several = suggestions.length > 1;
  const no = button(
    several ? "No, none of these" : "No, I will type it again",
    "plain",
    answers.no,
  );
  for (const { line, edits } of suggestions) {
    const text = symbolsToText(line);
    box.append(
      comparedLine(number, given, text, edits),
      element("p", { class: "buttons" }, yes(text), ...(several ? [] : [no])),
    );
  }
  if (several) box.append(element("p", { class: "buttons" }, no));
  return box;
}
