import type { Recovered } from "../core/assembly.ts";
import { slipName, setName } from "../core/slip.ts";
import { shownCharacter, spellText, type SpelledCharacter } from "../core/spelling.ts";
import { decodeUtf8 } from "../core/utf8.ts";
import { CLIPBOARD_SECONDS, ClipboardLoan, type LoanState } from "./clipboard.ts";
import { button, element, focusOn } from "./dom.ts";
import { faultNotice, notice } from "./notice.ts";
import type { Outcome } from "./outcome.ts";

const GROUP = 4;

/** The password: only once it is complete, only when asked for, and taken away again. */
export class PasswordView {
  readonly #root: HTMLElement;
  readonly #body: HTMLElement;
  readonly #announce: (text: string) => void;
  readonly #choose: (set: string) => void;
  readonly #loan = new ClipboardLoan();
  #recovered: Recovered | undefined;

  constructor(
    root: HTMLElement,
    body: HTMLElement,
    announce: (text: string) => void,
    choose: (set: string) => void,
  ) {
    this.#root = root;
    this.#body = body;
    this.#announce = announce;
    this.#choose = choose;
  }

  /** Shows what the slips come to; a password only as a button to ask for it. */
  show(outcome: Outcome): void {
    this.wipe();
    this.#root.dataset["state"] = outcome.kind;
    this.#root.hidden = outcome.kind === "waiting";
    switch (outcome.kind) {
      case "waiting":
        return;
      case "choice":
        this.#body.append(
          notice(
            "careful",
            "More than one set is complete.",
            "Take the one of the higher generation first (the top of the slips says it), then the other; two attempts only.",
            this.#choices(outcome.complete),
          ),
        );
        break;
      case "failed":
        this.#body.append(faultNotice(outcome.fault));
        this.#offerOthers(outcome.others);
        break;
      default:
        this.#recovered = outcome.recovered;
        this.#offer(outcome.recovered);
        this.#offerOthers(outcome.others);
    }
    focusOn(this.#root.querySelector("h2")!);
  }

  /** Whether a copied password may still be on the clipboard. */
  get isLent(): boolean {
    return this.#loan.isOpen;
  }

  /** Takes a copied password off the clipboard, as far as the browser lets. */
  takeBack(): void {
    void this.#loan.takeBack();
  }

  /** Overwrites the secret, and empties this part of the page. */
  wipe(): void {
    this.#recovered?.secret.fill(0);
    this.#recovered = undefined;
    this.#body.replaceChildren();
    this.#root.hidden = true;
    this.takeBack();
  }

  #choices(names: readonly string[]): HTMLElement {
    const buttons = names.map((name) =>
      button(`Take set ${name}`, "plain", () => this.#choose(name)),
    );
    return element("p", { class: "buttons" }, ...buttons);
  }

  /** Sets that could be taken instead: the tenant may hold the password of the other generation. */
  #offerOthers(names: readonly string[]): void {
    if (names.length > 0)
      this.#body.append(
        element(
          "div",
          { class: "others" },
          element(
            "p",
            {},
            `${names.join(", ")} ${names.length === 1 ? "is" : "are"} complete too.`,
          ),
          this.#choices(names),
        ),
      );
  }

  #offer(recovered: Recovered): void {
    const { misfits, slips } = recovered;
    const from = slips.map((slip) => slip.index).join(", ");
    const set = setName(slips[0]!.setId);
    if (misfits.length > 0) {
      const names = misfits.map(slipName).join(", ");
      const box = notice(
        "careful",
        `${names} ${misfits.length === 1 ? "does" : "do"} not fit the other slips of the set.`,
        "It was altered, or is not of this set. Keep that paper as evidence, and treat the set as compromised. The password below comes from the other slips, which fit each other.",
      );
      box.dataset["failure"] = "misfit";
      this.#body.append(box);
    }
    const text = decodeUtf8(recovered.secret);
    if (text === undefined) {
      this.#body.append(
        notice(
          "fault",
          "What was recovered is not text, and can't be shown.",
          "Write it to a file with the command line: breakglass recover --stdout",
        ),
      );
      return;
    }
    const hidden = element("div", { class: "veil" });
    // Beside both, for a copy outlasts what is shown.
    const copied = element("p", { class: "quiet", role: "status" });
    const show = button("Show the password", "primary", () => {
      if (this.#recovered === recovered) this.#reveal(hidden, recovered, show, copied);
    });
    hidden.append(
      element(
        "p",
        {},
        `Set ${set}, from slips ${from}: complete, and proved by the digest inside it.`,
      ),
      element("p", { class: "quiet" }, "Only those who must see it should see this screen now."),
      element("p", { class: "buttons" }, show),
    );
    this.#body.append(hidden, copied);
    this.#announce(`The password of set ${set} is complete. It is hidden until you ask for it.`);
  }

  #reveal(hidden: HTMLElement, recovered: Recovered, show: HTMLElement, copied: HTMLElement): void {
    const text = decodeUtf8(recovered.secret);
    if (text === undefined) return;
    const characters = spellText(text);
    const shown = element("div", { class: "revealed" });
    const hide = button("Hide it", "primary", () => {
      shown.remove();
      hidden.hidden = false;
      this.takeBack();
      focusOn(show);
    });
    const buttons = element("p", { class: "buttons" }, hide);
    if (ClipboardLoan.offered)
      buttons.append(
        button(
          `Copy for ${CLIPBOARD_SECONDS} seconds`,
          "plain",
          () => void this.#copy(recovered, copied),
        ),
      );
    shown.append(
      element("p", { class: "password code", id: "password-text" }, ...groups(characters)),
      element(
        "p",
        { class: "quiet" },
        `${characters.length} ${characters.length === 1 ? "character" : "characters"}. The gaps only help the eye; \u2423 would be a blank.`,
      ),
      buttons,
      element("ol", { class: "spelled" }, ...characters.map(spelledItem)),
      element(
        "p",
        {},
        "Check the keyboard layout before you type it. After use, the password must be replaced: issue a new set of slips.",
      ),
    );
    hidden.hidden = true;
    hidden.after(shown);
    focusOn(hide);
  }

  async #copy(recovered: Recovered, says: HTMLElement): Promise<void> {
    const text = decodeUtf8(recovered.secret) ?? "";
    try {
      await this.#loan.lend(text, (state) => {
        says.textContent = loanWords(state);
      });
    } catch {
      says.textContent = "This browser does not let the page copy: type the password.";
    }
  }
}

function loanWords(state: LoanState): string {
  if (state === "returned") return "The clipboard was emptied.";
  if (state === "kept")
    return "The clipboard can't be emptied from here: come back to this page, or copy something else.";
  return `Copied: paste it in another tab or window. The clipboard is emptied in ${state} s, or when this is hidden or left; a clipboard history may keep it.`;
}

function groups(characters: readonly SpelledCharacter[]): HTMLElement[] {
  return Array.from({ length: Math.ceil(characters.length / GROUP) }, (_, i) =>
    element(
      "span",
      { class: "group" },
      characters
        .slice(i * GROUP, (i + 1) * GROUP)
        .map(shownCharacter)
        .join(""),
    ),
  );
}

function spelledItem(character: SpelledCharacter): HTMLElement {
  return element(
    "li",
    {},
    element("span", { class: "code character" }, shownCharacter(character)),
    element("span", {}, character.words),
  );
}
