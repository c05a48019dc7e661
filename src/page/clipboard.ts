/** Seconds after which a copied password is taken off the clipboard again. */
export const CLIPBOARD_SECONDS = 30;

/** A password on the clipboard, for a while. */
export class ClipboardLoan {
  #timer: number | undefined;
  #owed = false;

  /** Whether the browser offers a clipboard here. */
  static get offered(): boolean {
    return "clipboard" in navigator;
  }

  /**
   * Copies, and takes it back after {@link CLIPBOARD_SECONDS}.
   *
   * @param tick is told every second how many are left; -1: it could not be taken back
   */
  async lend(text: string, tick: (left: number) => void): Promise<void> {
    await navigator.clipboard.writeText(text);
    window.clearInterval(this.#timer);
    this.#owed = true;
    // By the clock, not by counting: a browser slows the timers of a page in the background.
    const until = Date.now() + CLIPBOARD_SECONDS * 1000;
    tick(CLIPBOARD_SECONDS);
    this.#timer = window.setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0) tick(left);
      else void this.takeBack().then((done) => tick(done ? 0 : -1));
    }, 1000);
  }

  /**
   * Empties the clipboard if the password may still be on it.
   *
   * @returns false if the browser refused
   */
  async takeBack(): Promise<boolean> {
    window.clearInterval(this.#timer);
    if (!this.#owed) return true;
    try {
      await navigator.clipboard.writeText("");
      this.#owed = false;
      return true;
    } catch {
      // It may do so only while the page has the keyboard: then when that comes back.
      window.addEventListener("focus", () => void this.takeBack(), { once: true });
      return false;
    }
  }
}
