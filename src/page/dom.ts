type Child = Node | string;

/**
 * Makes an element. Text always enters as text: nothing here reads markup.
 *
 * @param attributes `false` leaves an attribute out, `true` sets it without a value
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...children);
  return made;
}

/** An element of the skeleton. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/** A button that does something. */
export function button(text: string, kind: "primary" | "plain", run: () => void): HTMLElement {
  const made = element("button", { type: "button", class: kind }, text);
  made.addEventListener("click", run);
  return made;
}

/** Text for screen readers alone. */
export function unseen(text: string): HTMLElement {
  return element("span", { class: "unseen" }, text);
}

/** Moves the keyboard, and a screen reader, to what comes next. */
export function focusOn(target: HTMLElement): void {
  if (!target.matches("input, textarea, button")) target.tabIndex = -1;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}
