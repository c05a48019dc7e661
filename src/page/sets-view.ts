import type { SetState } from "../core/assembly.ts";
import { element, unseen } from "./dom.ts";

/** What is here of every set, and what it still needs. */
export function showSets(root: HTMLElement, sets: readonly SetState[]): void {
  if (sets.length === 0) {
    root.replaceChildren(
      element(
        "p",
        { class: "quiet" },
        "None yet. The top of each slip says which set it belongs to, and how many are needed.",
      ),
    );
    return;
  }
  root.replaceChildren(...sets.map(setCard));
}

function setCard(set: SetState): HTMLElement {
  const indexes = Array.from({ length: set.total }, (_, i) => i + 1);
  const card = element(
    "article",
    { class: "set", "data-need": String(set.need) },
    element(
      "header",
      {},
      element("h3", {}, "Set ", element("span", { class: "name" }, set.name)),
      element("p", {}, neededWords(set)),
    ),
    element("ul", { class: "chips" }, ...indexes.map((index) => chip(set, index))),
    element("p", { class: "need" }, needSentence(set)),
  );
  return card;
}

function neededWords({ threshold, total }: SetState): string {
  return threshold === total
    ? `all ${total} slips are needed`
    : `any ${threshold} of ${total} slips`;
}

function chip({ have, conflicts }: SetState, index: number): HTMLElement {
  const state = conflicts.includes(index) ? "conflict" : have.includes(index) ? "here" : "open";
  const words = { conflict: "two different", here: "here", open: "not here" }[state];
  const sign = { conflict: "!", here: "\u2713", open: "\u00a0" }[state];
  return element(
    "li",
    { class: `chip ${state}` },
    element("span", { class: "tick", "aria-hidden": "true" }, sign),
    `slip ${index}`,
    state === "conflict" ? `: ${words}` : unseen(`: ${words}`),
  );
}

/** Such as "1 of the 2 needed slips is here. Fetch one more: slip 2 or 3." */
export function needSentence({ have, threshold, total, need, conflicts }: SetState): string {
  const doubt =
    conflicts.length > 0
      ? ` Two different papers say that they are slip ${conflicts.join(", ")}: one of them is not genuine.`
      : "";
  const given = have.join(", ");
  if (need === 0) return `Enough: ${have.length === 1 ? "slip" : "slips"} ${given}.${doubt}`;
  const missing = Array.from({ length: total }, (_, i) => i + 1).filter((i) => !have.includes(i));
  const which = missing.join(need === missing.length ? " and " : " or ");
  const count = `${have.length} of the ${threshold} needed slips ${have.length === 1 ? "is" : "are"} here`;
  return `${count}. Fetch ${need === 1 ? "one" : need} more: slip ${which}.${doubt}`;
}
