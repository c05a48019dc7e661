/** Seconds after which a copied password is taken off the clipboard again. */
export const CLIPBOARD_SECONDS = 30;

/**
 * What is told of a loan: the seconds that are left, that the clipboard is empty again, or that it
 * could not be emptied yet.
 */
export type LoanState = number | "returned" | "kept";

/** A password on the clipboard, for a while. */
export class ClipboardLoan {
  #timer: number | undefined;
  #owed = false;
  #tell: (state: LoanState) => void = () => undefined;

  /** Whether the browser offers a clipboard here. */
  static get offered(): boolean {
    return "clipboard" in navigator;
  }

  /** Whether the password may still be on the clipboard. */
  get isOpen(): boolean {
    return this.#owed;
  }

  /**
   * Copies, and takes it back after {@link CLIPBOARD_SECONDS}.
   *
   * @param tell is told every second how it stands
   */
  async lend(text: string, tell: (state: LoanState) => void): Promise<void> {
    await navigator.clipboard.writeText(text);
    window.clearInterval(this.#timer);
    this.#owed = true;
    this.#tell = tell;
    // By the clock, not by counting: a browser slows the timers of a page in the background.
    const until = Date.now() + CLIPBOARD_SECONDS * 1000;
    tell(CLIPBOARD_SECONDS);
    this.#timer = window.setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0) tell(left);
      else void this.takeBack();
    }, 1000);
  }

  /** Empties the clipboard if the password may still be on it; if the browser refuses now, later. */
  async takeBack(): Promise<void> {
    window.clearInterval(this.#timer);
    if (!this.#owed) return;
    try {
      await navigator.clipboard.writeText("");
      this.#owed = false;
      this.#tell("returned");
    } catch {
      this.#tell("kept");
      // It may do so only while the page has the keyboard: then when that comes back.
      window.addEventListener("focus", () => void this.takeBack(), { once: true });
    }
  }
}
