import { element } from "./dom.ts";
import type { Fault } from "./words.ts";

export type Tone = "good" | "careful" | "fault";

const SIGNS: Readonly<Record<Tone, string>> = { good: "\u2713", careful: "!", fault: "\u00d7" };

/** A message in a box, whose tone is a sign and a word, not a colour alone. */
export function notice(
  tone: Tone,
  title: string,
  ...more: readonly (Node | string)[]
): HTMLElement {
  const body = element(
    "div",
    { class: "notice-text" },
    element("p", { class: "notice-title" }, title),
  );
  for (const part of more) body.append(typeof part === "string" ? element("p", {}, part) : part);
  const sign = element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[tone]);
  return element("div", { class: `notice ${tone}` }, sign, body);
}

/** What went wrong, and what to do. @param where such as a file's name */
export function faultNotice(fault: Fault, where?: string): HTMLElement {
  const title = where === undefined ? fault.message : `${where}: ${fault.message}`;
  const made = notice("fault", title, fault.hint);
  made.dataset["failure"] = fault.code;
  return made;
}
