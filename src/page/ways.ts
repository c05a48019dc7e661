import { BreakglassError } from "../core/errors.ts";
import type { SlipReading } from "../core/reader.ts";
import { noSlip } from "../scan/errors.ts";
import { draftOfCode, readCode, type SlipSource } from "../scan/read-code.ts";
import { beginsLikeSlip } from "../scan/slip-text.ts";
import { Camera } from "./camera.ts";
import { button, byId, element, focusOn } from "./dom.ts";
import { findInFile } from "./find.ts";
import type { Intake } from "./intake.ts";
import { faultNotice, notice } from "./notice.ts";
import { Scanner } from "./scanner.ts";
import type { TypingForm } from "./typing-form.ts";
import { scanFaultOf } from "./words.ts";

const WAYS = ["camera", "file", "paste", "type"] as const;
type Way = (typeof WAYS)[number];

/** The ways by which a slip can be given, of which one is shown. */
export class Ways {
  readonly #intake: Intake;
  readonly #typing: TypingForm;
  readonly #pasted = byId("pasted", HTMLTextAreaElement);
  readonly #camera: Camera;
  readonly #scanner = new Scanner();
  /** Files are read one after the other. */
  #queue = Promise.resolve();
  /** Counts wipes: what is read for somebody who wiped the page is dropped. */
  #turn = 0;

  constructor(intake: Intake, typing: TypingForm) {
    this.#intake = intake;
    this.#typing = typing;
    this.#camera = new Camera({
      seen: (text): void => this.#seen(text),
      refused: (): void => this.#noCamera(),
    });
    for (const way of WAYS)
      byId(`by-${way}`, HTMLInputElement).addEventListener("change", () => this.show(way));
    byId("paste-read", HTMLButtonElement).addEventListener("click", () => {
      intake.begin();
      if (intake.text(this.#pasted.value)) this.#pasted.value = "";
    });
    for (const id of ["files", "photo"]) {
      const input = byId(id, HTMLInputElement);
      input.addEventListener("change", () => {
        this.files([...(input.files ?? [])]);
        input.value = "";
      });
    }
    this.#acceptPastes();
    this.#acceptDrops();
    this.show(Camera.offered ? "camera" : "type");
  }

  /** Shows one way; the others are put aside, with what was typed in them. */
  show(wanted: Way): void {
    this.#camera.stop();
    for (const way of WAYS) byId(`way-${way}`, HTMLElement).hidden = way !== wanted;
    byId(`by-${wanted}`, HTMLInputElement).checked = true;
  }

  /** Switches the camera off. */
  pause(): void {
    this.#camera.stop();
  }

  /** Gives up what is running, and empties the fields. */
  wipe(): void {
    this.#turn++;
    this.#camera.stop();
    this.#scanner.end();
    this.#pasted.value = "";
  }

  /** Reads files, one after the other; what was read from one stays if the next is no good. */
  files(files: readonly File[]): void {
    if (files.length === 0) return;
    this.#intake.begin();
    const turn = this.#turn;
    for (const file of files)
      this.#queue = this.#queue.then(() =>
        turn === this.#turn ? this.#file(file, turn) : undefined,
      );
  }

  async #file(file: File, turn: number): Promise<void> {
    const busy = notice("careful", `Reading ${file.name} \u2026`);
    this.#intake.tell(busy);
    // Where no worker can, this thread reads, and what is said has to be drawn before.
    await new Promise((resolve) => setTimeout(resolve, 50));
    try {
      const { texts, from } = await findInFile(file, (job) => this.#scanner.ask(job));
      if (turn !== this.#turn) return;
      for (const { text, page } of texts)
        this.#take(text, from, page === undefined ? file.name : `${file.name}, page ${page}`);
    } catch (error) {
      // What is no error of ours comes from the browser: the stick was pulled, say.
      const told = error instanceof BreakglassError ? error : notReadable();
      if (turn === this.#turn) this.#unread(told, file.name);
    } finally {
      busy.remove();
      this.#scanner.end(); // the next file finds nothing of this one
    }
  }

  #take(text: string, from: SlipSource, where?: string): void {
    if (from === "text") {
      this.#intake.text(text, where);
      return;
    }
    let reading: SlipReading;
    try {
      reading = readCode(draftOfCode(text), { acceptCorrections: false });
    } catch (error) {
      this.#unread(error, where);
      return;
    }
    this.#intake.slip(reading, false, where, from);
  }

  /** Says why something was not read, and offers to have its lines typed instead. */
  #unread(error: unknown, where?: string): void {
    const box = faultNotice(scanFaultOf(error), where);
    box.querySelector(".notice-text")?.append(
      element(
        "p",
        { class: "buttons" },
        button("Type the lines", "plain", () => this.#type()),
      ),
    );
    this.#intake.tell(box);
  }

  #type(): void {
    this.show("type");
    this.#typing.focus();
  }

  #seen(text: string): void {
    this.#intake.begin();
    if (beginsLikeSlip(text)) this.#take(text, "picture");
    else this.#unread(noSlip(1), "The camera");
  }

  #noCamera(): void {
    this.#intake.begin();
    this.#intake.tell(
      notice(
        "careful",
        "There is no camera, or it is not allowed.",
        "Take or choose a photo below, or type the lines.",
      ),
    );
    focusOn(byId("photo", HTMLInputElement));
  }

  /** Takes pictures from the clipboard, on the whole page; where text is typed, text goes first. */
  #acceptPastes(): void {
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const hasText = event.clipboardData?.types.includes("text/plain") === true;
      if (files.length === 0 || (hasText && isField(event.target))) return;
      event.preventDefault();
      this.files(files);
    });
  }

  /** What is dropped beside a field would otherwise take the place of this page. */
  #acceptDrops(): void {
    const mark = (on: boolean): boolean => document.body.classList.toggle("dropping", on);
    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") === true;
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event) && isField(event.target)) return;
      event.preventDefault();
      mark(hasFiles(event));
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) mark(false);
    });
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event) && isField(event.target)) return;
      event.preventDefault();
      mark(false);
      this.files([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

/** Whether text that is pasted or dropped there goes into it. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea");
}

function notReadable(): BreakglassError {
  return new BreakglassError(
    "file",
    "this file can't be read",
    "look that it is still there, and give it again; or type the lines of the slip",
  );
}
